/**
 * Packs the library and the command as npm would publish them, installs the pair in an empty folder outside the project, and runs the
 * command there: `npm run test:cli-package`, after `npm run build`.
 */
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packCommand, packLibrary } from './pack';
import { inSandbox, PROJECT, run } from './sandbox';

const SHIPPED = /^(package\.json|README\.md|LICENSE|build\/.+\.js|assets\/.+\.(css|js))$/;

interface Manifest {
  readonly version: string;
  readonly private?: boolean;
  readonly dependencies: Record<string, string>;
}

inSandbox(folder => {
  assert.ok(existsSync(join(PROJECT, '.jsii')), "run 'npm run build' first");
  const library = packLibrary(folder);
  const command = packCommand(folder);
  const paths = command.files.map(({ path }) => path);
  assert.deepEqual(paths.filter(path => !SHIPPED.test(path)), [], 'files that nobody needs');
  for (const path of ['README.md', 'LICENSE', 'build/main.js']) {
    assert.ok(paths.includes(path), `${path} is missing`);
  }

  const staged = JSON.parse(readFileSync(join(PROJECT, 'cli/dist/package.json'), 'utf8')) as Manifest;
  assert.equal(staged.private, undefined);
  assert.equal(staged.dependencies['cdk-secure-ecr'], staged.version, 'the command needs the library of its version');
  for (const [name, version] of Object.entries(staged.dependencies)) {
    assert.match(version, /^\d+\.\d+\.\d+$/, `${name} is pinned`);
  }

  const user = join(folder, 'user');
  mkdirSync(user);
  writeFileSync(join(user, 'package.json'), JSON.stringify({ name: 'user', private: true }));
  run(user, 'npm', 'install', '--no-audit', '--no-fund', '--loglevel', 'error', library.path, command.path);

  writeFileSync(join(user, 'app.yaml'), 'Resources:\n  Api:\n    Type: AWS::ECR::Repository\n    Properties: { RepositoryName: !Sub "${AWS::StackName}" }\n');
  const invoke = (...args: string[]) => spawnSync('npx', ['--no-install', 'cdk-secure-ecr-cli', ...args], { cwd: user, encoding: 'utf8' });
  const check = invoke('check', 'app.yaml');
  assert.equal(check.status, 1, check.stderr);
  assert.match(check.stdout, /2:3 +error +EcrChecks\.noLifecyclePolicy \(Api\)/);
  assert.equal(invoke('diff', 'app.yaml', 'app.yaml').status, 0);
  assert.equal(invoke('check', 'missing.yaml').status, 2);
  assert.equal(invoke('--version').stdout.trim(), staged.version);
  console.log(`the command works in an empty folder: ${command.files.length} files, ${(command.unpackedSize / 1000).toFixed(0)} kB unpacked`);
});
