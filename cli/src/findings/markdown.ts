import { type Finding, isOpen } from './finding';
import type { Report } from './report';
import { totals } from './table';

/**
 * A report for a comment of a pull request.
 */
export function renderMarkdown({ findings, summary }: Report): string {
  const open = findings.filter(isOpen);
  return [
    `**${totals(findings)}**`,
    '',
    ...open.length === 0 ? [] : ['| severity | place | rule | finding | fix |', '| --- | --- | --- | --- | --- |', ...open.map(row), ''],
    ...summary.map(escape),
  ].join('\n').trimEnd() + '\n';
}

function row({ severity, file, position, resource, rule, message, fix = '', replaces, controls }: Finding): string {
  const place = position ? `${file}:${position.line}` : file;
  const names = Object.entries(controls).map(([standard, control]) => `${standard} ${control}`).join(', ');
  const cells = [
    severity,
    `\`${place}\` ${escape(resource)}`,
    `${escape(rule)}${names === '' ? '' : `<br>${escape(names)}`}`,
    escape(message),
    `${escape(fix)}${replaces ? ' **replaces the resource**' : ''}`,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Names of resources are text of the user: they neither end a cell nor start markup. */
function escape(text: string): string {
  return text.replace(/[\\`*_[\]<>|~]/g, character => character === '<' ? '&lt;' : character === '>' ? '&gt;' : `\\${character}`).replace(/\s*\n\s*/g, ' ');
}
