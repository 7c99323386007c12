import { type Finding, isOpen } from './finding';

/** The formats of `--format`. */
export const FORMATS = ['table', 'json', 'sarif', 'markdown'] as const;

export type Format = typeof FORMATS[number];

/**
 * The findings of a command, and facts about the run.
 */
export interface Report {
  readonly findings: readonly Finding[];
  /** The last line of the table, such as what was read and skipped. */
  readonly summary: readonly string[];
  /** Facts for the JSON format. */
  readonly facts: { readonly [name: string]: unknown };
}

/**
 * Writes a report in a format.
 */
export function render(report: Report, format: Format): string {
  return renderers[format]()(report);
}

/* eslint-disable @typescript-eslint/no-require-imports -- loads one format only */
const renderers: { readonly [name in Format]: () => (report: Report) => string } = {
  table: () => (require('./table') as typeof import('./table')).renderTable,
  json: () => renderJson,
  sarif: () => (require('./sarif') as typeof import('./sarif')).renderSarif,
  markdown: () => (require('./markdown') as typeof import('./markdown')).renderMarkdown,
};
/* eslint-enable @typescript-eslint/no-require-imports */

function renderJson({ findings, facts }: Report): string {
  return `${JSON.stringify({
    version: 1,
    ...facts,
    findings: findings.filter(isOpen),
    suppressed: findings.filter(({ suppression }) => suppression !== undefined),
    known: findings.filter(({ known }) => known),
  }, undefined, 2)}\n`;
}

/**
 * Findings by file, then by line, then by rule.
 */
export function sorted(findings: readonly Finding[]): Finding[] {
  const key = ({ file, position, rule, resource }: Finding) => [
    file, String(position?.line ?? 0).padStart(8, '0'), String(position?.column ?? 0).padStart(8, '0'), resource, rule,
  ].join('\0');
  return findings.map(finding => [key(finding), finding] as const).sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0).map(([, finding]) => finding);
}
