/**
 * Compares `cdk-secure-ecr-cli check` with checkov and cfn-lint on the templates of cli/test/corpus: `npm run check:corpus`, after
 * `npm run build` and `npm run build:cli`. With `--write` it writes the table into docs/proven.md; otherwise it fails if the page differs.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { PROJECT } from '../packaging/sandbox';
import { withSection } from './accepted-page';
import { pythonCheckers } from './checkers';

const FOLDER = join(PROJECT, 'cli/test/corpus');
const MARK = 'findings of the corpus: written by npm run check:corpus -- --write';

/** The rules with the numbers of resources that they are about. */
function counted(rules: readonly string[]): string {
  const counts = new Map<string, number>();
  rules.forEach(rule => counts.set(rule, (counts.get(rule) ?? 0) + 1));
  return [...counts].sort(([a], [b]) => a < b ? -1 : 1).map(([rule, count]) => count === 1 ? rule : `${rule} (${count})`).join(', ') || '-';
}

function ownRules(file: string): string[] {
  const { stdout } = spawnSync(process.execPath, [join(PROJECT, 'cli/build/main.js'), 'check', file, '--format', 'json'], { encoding: 'utf8' });
  const { findings } = JSON.parse(stdout) as { findings: Array<{ rule: string; resource: string }> };
  return [...new Set(findings.map(({ rule, resource }) => `${rule.replace('EcrChecks.', '')} ${resource}`))].map(it => it.split(' ')[0]);
}

const files = readdirSync(FOLDER).filter(file => file.includes('.')).sort();
const templates = files.map(file => ({ name: file, file: join(FOLDER, file), account: 'unknown-account', region: 'us-east-1' }));
const others = pythonCheckers().filter(({ name }) => ['checkov', 'cfn-lint'].includes(name)).map(({ name, version, check }) => {
  const findings = check(templates);
  return { title: `${name} ${version}`, rulesOf: (file: string) => findings.filter(({ template }) => template === basename(file, '.json')).map(({ rule }) => rule) };
});
const rows = files.map(file => [`\`${file}\``, counted(ownRules(join(FOLDER, file))), ...others.map(({ rulesOf }) => counted(rulesOf(file)))]);
const titles = ['template', 'cdk-secure-ecr-cli', ...others.map(({ title }) => title)];
const table = [titles, titles.map(() => '---'), ...rows].map(row => `| ${row.join(' | ')} |`).join('\n');

const page = join(PROJECT, 'docs/proven.md');
const text = readFileSync(page, 'utf8');
const fresh = withSection(text, table, MARK);
console.log(table);
if (process.argv.includes('--write')) {
  writeFileSync(page, fresh);
} else if (fresh !== text) {
  console.log("docs/proven.md does not show this table: run 'npm run check:corpus -- --write'");
  process.exitCode = 1;
}
