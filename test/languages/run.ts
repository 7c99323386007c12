/**
 * One small app in each language, run with the packages that would be published: its template and the values that it reads back equal those
 * of TypeScript.
 * `npm run test:languages`, or `npm run test:languages -- python java`; after `npm run build` and `npm run docs`.
 */
import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT, inSandbox, run } from '../packaging/sandbox';
import { dotnet } from './dotnet';
import { go } from './go';
import { java } from './java';
import { python } from './python';

const LANGUAGES: Record<string, (folder: string, outdir: string) => boolean | void> = { python, java, go, dotnet };

const chosen = process.argv.slice(2);
const unknown = chosen.filter(language => !(language in LANGUAGES));
assert.deepEqual(unknown, [], `languages are ${Object.keys(LANGUAGES).join(', ')}`);
assert.ok(existsSync(join(PROJECT, 'dist/docs/tablet.json')), "run 'npm run docs' first");

const json = (folder: string, file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));

inSandbox(folder => {
  const typescript = join(folder, 'typescript.out');
  run(PROJECT, 'npx', '--no-install', 'ts-node', 'test/languages/app.ts', typescript);
  for (const language of chosen.length > 0 ? chosen : Object.keys(LANGUAGES)) {
    const outdir = join(folder, `${language}.out`);
    if (LANGUAGES[language](folder, outdir) === false) {
      console.log(`${language}: generated, not compiled`);
      continue;
    }
    for (const file of ['Images.template.json', 'results.json']) {
      assert.deepEqual(json(outdir, file), json(typescript, file), `${file} in ${language}`);
    }
    assert.match(readFileSync(join(outdir, 'validation-report.json'), 'utf8'), /EcrChecks\.broadPermissions/, `EcrChecks ran in ${language}`);
    console.log(`${language}: the app runs, its template equals that of TypeScript`);
  }
});
