import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT, run } from '../packaging/sandbox';
import { MANIFEST, pack } from './packages';

const MODULE = 'github.com/cdk-secure-ecr/cdk-secure-ecr-go/cdksecureecr';

/**
 * The Go module: the app compiles and runs, and all Go in the documentation compiles.
 * Returns false if the module proxy lacks a module that the CDK requires: then the module is generated and the Go is parsed, but nothing is compiled.
 */
export function go(folder: string, outdir: string): boolean {
  const library = join(pack('go', folder, '--code-only'), 'cdksecureecr');
  const app = join(folder, 'go-app');
  cpSync(join(PROJECT, 'test/languages/go'), app, { recursive: true });
  const required = [...readFileSync(join(library, 'go.mod'), 'utf8').matchAll(/^\t(\S+) (v\S+)/gm)].map(([, name, version]) => ({ name, version }));
  const missing = required.filter(({ name, version }) => !isDownloadable(folder, name, version) && versionsOf(folder, name).length === 0);
  if (missing.length > 0) {
    run(app, 'gofmt', '-e', '-l', '.');
    run(library, 'gofmt', '-e', '-l', 'main.go', 'SecureRepository.go', 'EcrChecks.go');
    console.log(`NOT COMPILED: the module proxy has no version of ${missing.map(({ name }) => name).join(', ')}`);
    return false;
  }
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
  return true;
}

function isDownloadable(folder: string, name: string, version: string): boolean {
  return spawnSync('go', ['mod', 'download', `${name}@${version}`], { cwd: folder, stdio: 'ignore' }).status === 0;
}

/** The versions that the module proxy has, oldest first. */
function versionsOf(folder: string, name: string): string[] {
  const { status, stdout } = spawnSync('go', ['list', '-m', '-versions', name], { cwd: folder, encoding: 'utf8' });
  return status === 0 ? stdout.trim().split(' ').slice(1) : [];
}

/**
 * A version that the module proxy does not have is replaced by its newest of the same major version; nothing is replaced where it has all.
 */
function available(folder: string, name: string, version: string): string[] {
  if (isDownloadable(folder, name, version)) {
    return [];
  }
  const versions = versionsOf(folder, name);
  console.log(`the module proxy does not have ${name} ${version}: the test runs with ${versions.at(-1)}`);
  return [`replace ${name} ${version} => ${name} ${versions.at(-1)}`];
}
