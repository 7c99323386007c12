import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT, output, run } from '../packaging/sandbox';
import { MANIFEST, pack } from './packages';

const MODULE = 'github.com/cdk-secure-ecr/cdk-secure-ecr-go/cdksecureecr';

/**
 * The Go module: the app compiles and runs, and all Go in the documentation compiles.
 */
export function go(folder: string, outdir: string): void {
  const library = join(pack('go', folder, '--code-only'), 'cdksecureecr');
  const app = join(folder, 'go-app');
  cpSync(join(PROJECT, 'test/languages/go'), app, { recursive: true });
  const required = [...readFileSync(join(library, 'go.mod'), 'utf8').matchAll(/^\t(\S+) (v\S+)/gm)].map(([, name, version]) => ({ name, version }));
  writeFileSync(join(app, 'go.mod'), [
    'module app',
    'go 1.25',
    `require ${MODULE} v${MANIFEST.version}`,
    `replace ${MODULE} => ${library}`,
    ...required.map(({ name, version }) => `require ${name} ${version}`),
    ...required.flatMap(({ name, version }) => available(folder, name, version)),
    '',
  ].join('\n'));

  run(app, 'go', 'mod', 'tidy');
  run(app, 'go', 'build', '-o', join(folder, 'app'), '.');
  run(app, join(folder, 'app'), outdir);
  run(app, 'go', 'vet', '.', './snippets'); // vet compiles
}

/**
 * A version that the module proxy does not have is replaced by its newest of the same major version; nothing is replaced where it has all.
 */
function available(folder: string, name: string, version: string): string[] {
  if (spawnSync('go', ['mod', 'download', `${name}@${version}`], { cwd: folder, stdio: 'ignore' }).status === 0) {
    return [];
  }
  const versions = output(folder, 'go', 'list', '-m', '-versions', name).trim().split(' ').slice(1);
  console.log(`the module proxy does not have ${name} ${version}: the test runs with ${versions.at(-1)}`);
  return [`replace ${name} ${version} => ${name} ${versions.at(-1)}`];
}
