/** A finding that stays, and why. */
export interface Accepted {
  readonly checkers: string[];
  readonly rule: string;
  /** What the rule wants, in a few words. */
  readonly wants: string;
  readonly templates: string[];
  readonly reason: string;
}

const ACCEPTED = 'accepted findings: written by npm run check:linters -- --write';

/** The accepted findings as a table of Markdown. */
export function acceptedTable(accepted: Accepted[]): string {
  return [
    '| checker | rule | wants | found in | why it stays |',
    '| --- | --- | --- | --- | --- |',
    ...accepted.map(({ checkers, rule, wants, templates, reason }) => `| ${checkers.join(', ')} | ${rule} | ${wants} | ${templates.join(', ')} | ${reason} |`),
  ].join('\n');
}

/** The page with another text between its two marks, which begin with the same words. */
export function withSection(page: string, section: string, mark = ACCEPTED): string {
  const [start, end] = [`<!-- ${mark} -->`, `<!-- end of ${mark.split(':')[0]} -->`];
  const [before, after] = [page.indexOf(start), page.indexOf(end)];
  if (before < 0 || after < before) {
    throw new Error(`the page lacks the marks ${start} and ${end}`);
  }
  return `${page.slice(0, before)}${start}\n\n${section}\n\n${page.slice(after)}`;
}
