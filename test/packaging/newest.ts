/**
 * Runs the tests, unchanged, on the newest aws-cdk-lib and constructs, in a copy of the project: `npm run test:newest`.
 */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT, inSandbox, output, run } from './sandbox';

inSandbox(folder => {
  const files = output(PROJECT, 'git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard');
  for (const file of files.split('\0').filter(name => name !== '')) {
    cpSync(join(PROJECT, file), join(folder, file));
  }

  run(folder, 'git', 'init', '--quiet');
  run(folder, 'git', 'add', '--all');
  run(folder, 'npm', 'install', '--no-audit', '--no-fund', '--loglevel', 'error', '--workspaces', '--include-workspace-root', 'aws-cdk-lib@latest', 'constructs@latest');
  run(folder, 'npm', 'ls', 'aws-cdk-lib', 'constructs', '--depth', '0');
  run(folder, 'npx', 'tsc', '--noEmit', '-p', '.');
  run(folder, 'npx', 'jest', '--ci', '--silent', '--selectProjects', 'unit'); // silent: the newest CDK prints what it makes of every template
  run(folder, 'npx', 'jest', '--ci', '--silent', 'test/hostile');
});
