import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT, run } from '../packaging/sandbox';
import { CDK_VERSION, findFile, pack, translationsTo } from './packages';

/**
 * The wheel in an empty environment: the app runs and passes `mypy --strict`, and all Python in the documentation runs.
 */
export function python(folder: string, outdir: string): void {
  const wheel = findFile(pack('python', folder), '.whl');
  run(folder, 'python3', '-m', 'venv', 'venv');
  run(folder, 'venv/bin/pip', 'install', '--quiet', '--disable-pip-version-check', `aws-cdk-lib==${CDK_VERSION}`, 'mypy==1.18.2', wheel);
  const app = join(PROJECT, 'test/languages/python/app.py');
  run(folder, 'venv/bin/python', app, outdir);

  const snippets = join(folder, 'snippets');
  mkdirSync(snippets);
  for (const { name, code } of translationsTo('python')) {
    writeFileSync(join(snippets, `${name}.py`), code);
  }
  const guide = readFileSync(join(PROJECT, 'docs/guide/languages.md'), 'utf8');
  for (const [index, [, code]] of [...guide.matchAll(/^```python\n(.*?)^```$/gms)].entries()) {
    writeFileSync(join(snippets, `by-hand-${index}.py`), code);
  }
  run(snippets, join(folder, 'venv/bin/python'), join(PROJECT, 'test/languages/python/run_snippets.py'), snippets);
  run(folder, 'venv/bin/mypy', '--strict', '--cache-dir', join(folder, 'mypy'), app);
}
