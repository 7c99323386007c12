import { counted, textTable } from '../core/text-table';
import { type Finding, isOpen, SEVERITIES } from './finding';
import type { Report } from './report';

/**
 * A report for a terminal: the findings by file, each with its fix and controls, and a summary.
 */
export function renderTable({ findings, summary }: Report): string {
  const open = findings.filter(isOpen);
  const files = [...new Set(open.map(({ file }) => file))];
  const blocks = files.map(file => [file, ...open.filter(finding => finding.file === file).map(block)].join('\n'));
  return [...blocks, [totals(findings), ...summary].join('\n')].join('\n\n') + '\n';
}

function block({ position, severity, rule, resource, message, fix, replaces, controls }: Finding): string {
  const place = position ? `${position.line}:${position.column}` : '';
  const names = Object.entries(controls).map(([standard, control]) => `${standard} ${control}`).join(', ');
  return textTable([
    [`  ${place}`, severity, `${rule} (${resource})`],
    ['', '', message],
    ...fix === undefined ? [] : [['', '', `fix: ${fix}${replaces ? ' [replaces the resource]' : ''}`]],
    ...names === '' ? [] : [['', '', `controls: ${names}`]],
  ]);
}

/**
 * The number of findings by severity, and of those that do not count.
 */
export function totals(findings: readonly Finding[]): string {
  const open = findings.filter(isOpen);
  const suppressed = findings.filter(({ suppression }) => suppression !== undefined).length;
  const known = findings.filter(it => it.known).length;
  const counts = SEVERITIES.map(severity => [severity, open.filter(finding => finding.severity === severity).length] as const)
    .filter(([severity, count]) => count > 0 || severity !== 'note');
  return [
    counts.map(([severity, count]) => counted(count, severity)).join(', '),
    ...suppressed > 0 ? [`${suppressed} suppressed`] : [],
    ...known > 0 ? [`${known} in the baseline`] : [],
  ].join('; ');
}
