/**
 * Runs checkers that others wrote over the template of a bare `SecureRepository`, of every example and of the app: `npm run check:linters`.
 * A finding fails the run unless `accepted.json` names it with a reason, and an entry there fails the run when nothing matches it any more.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT, inSandbox } from '../packaging/sandbox';
import { acceptedTable, type Accepted, withSection } from './accepted-page';
import { cdkValidation, cfnGuard, type Finding, pythonCheckers } from './checkers';
import { synthesizeAll } from './templates';

const accepted = JSON.parse(readFileSync(join(__dirname, 'accepted.json'), 'utf8')) as Accepted[];

const isAccepted = ({ checker, rule, template }: Finding): boolean => accepted.some(entry => {
  return entry.checkers.includes(checker) && entry.rule === rule && entry.templates.includes(template);
});

inSandbox(folder => {
  const { templates, nag } = synthesizeAll(folder);
  const nagVersion = (JSON.parse(readFileSync(join(PROJECT, 'node_modules/cdk-nag/package.json'), 'utf8')) as { version: string }).version;
  const checkers = [...pythonCheckers(), cfnGuard(), cdkValidation(folder), { name: 'cdk-nag', version: nagVersion, check: () => nag }];

  console.log(`\n${templates.length} templates: ${templates.map(({ name }) => name).join(', ')}\n`);
  const findings = checkers.flatMap(({ name, version, check }) => {
    const found = check(templates);
    const open = found.filter(finding => !isAccepted(finding));
    console.log(`${name} ${version}: ${open.length} findings, ${found.length - open.length} accepted`);
    return found;
  });

  const open = findings.filter(finding => !isAccepted(finding));
  for (const { checker, rule, template, resource, message } of open) {
    console.log(`  ${checker} ${rule} in ${template}, ${resource}: ${message}`);
  }

  const obsolete = accepted.flatMap(({ checkers: named, rule, templates: where }) => named.flatMap(checker => where
    .filter(template => !findings.some(found => found.checker === checker && found.rule === rule && found.template === template))
    .map(template => `${checker} ${rule} in ${template}`)));
  obsolete.forEach(entry => console.log(`  accepted but not found: ${entry}`));

  const bare = findings.filter(({ template }) => template === 'Bare');
  if (bare.length > 0) {
    console.log('  a bare SecureRepository must have no finding, accepted or not');
  }

  const page = join(PROJECT, 'docs/proven.md');
  const text = readFileSync(page, 'utf8');
  const fresh = withSection(text, acceptedTable(accepted));
  if (process.argv.includes('--write')) {
    writeFileSync(page, fresh);
  } else if (fresh !== text) {
    console.log("  docs/proven.md does not show accepted.json: run 'npm run check:linters -- --write'");
  }

  process.exitCode = open.length + obsolete.length + bare.length > 0 || (fresh !== text && !process.argv.includes('--write')) ? 1 : 0;
});
