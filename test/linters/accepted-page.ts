/** A finding that stays, and why. */
export interface Accepted {
  readonly checkers: string[];
  readonly rule: string;
  /** What the rule wants, in a few words. */
  readonly wants: string;
  readonly templates: string[];
  readonly reason: string;
}

const START = '<!-- accepted findings: written by npm run check:linters -- --write -->';
const END = '<!-- end of accepted findings -->';

/** The accepted findings as a table of Markdown. */
export function acceptedTable(accepted: Accepted[]): string {
  return [
    '| checker | rule | wants | found in | why it stays |',
    '| --- | --- | --- | --- | --- |',
    ...accepted.map(({ checkers, rule, wants, templates, reason }) => `| ${checkers.join(', ')} | ${rule} | ${wants} | ${templates.join(', ')} | ${reason} |`),
  ].join('\n');
}

/** The page with another text between its two marks. */
export function withSection(page: string, section: string): string {
  const [before, after] = [page.indexOf(START), page.indexOf(END)];
  if (before < 0 || after < before) {
    throw new Error(`the page lacks the marks ${START} and ${END}`);
  }
  return `${page.slice(0, before)}${START}\n\n${section}\n\n${page.slice(after)}`;
}
