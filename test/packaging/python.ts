/**
 * Packs the library for Python, installs the wheel in an empty environment and runs an app with it: `npm run test:python`, after `npm run build`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT, inSandbox, run } from './sandbox';

inSandbox(folder => {
  const { devDependencies } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as { devDependencies: Record<string, string> };
  run(PROJECT, 'npx', '--no-install', 'jsii-pacmak', '--no-npmignore', '--targets', 'python', '--outdir', folder);
  const wheel = readdirSync(join(folder, 'python')).find(file => file.endsWith('.whl'))!;

  run(folder, 'python3', '-m', 'venv', 'venv');
  run(folder, 'venv/bin/pip', 'install', '--quiet', '--disable-pip-version-check', `aws-cdk-lib==${devDependencies['aws-cdk-lib']}`, join('python', wheel));
  run(folder, 'venv/bin/python', join(PROJECT, 'test/packaging/app.py'));
});
