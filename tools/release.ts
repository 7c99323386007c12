/**
 * Builds every package as it would be published, into `dist/release`, and lists them: `npm run release:packages`, after `npm run build` and
 * `npm run docs`. The release workflow publishes these folders; in a pull request the list is the dry run. Fails if versions, names or
 * READMEs disagree.
 */
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

const PROJECT = join(__dirname, '..');
const OUT = join(PROJECT, 'dist/release');

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly jsii: { readonly targets: { readonly java: { readonly maven: { readonly groupId: string; readonly artifactId: string } } } };
}

const manifest = JSON.parse(read('package.json')) as Manifest;
const { version } = manifest;

function read(...path: string[]): string {
  return readFileSync(join(PROJECT, ...path), 'utf8');
}

function run(command: string, ...args: string[]): void {
  console.log(`$ ${[command, ...args].join(' ').replaceAll(PROJECT, '.')}`);
  execFileSync(command, args, { cwd: PROJECT, stdio: ['ignore', 'ignore', 'inherit'] });
}

const hasDotnet = (): boolean => process.env.PATH!.split(':').some(folder => existsSync(join(folder, 'dotnet')));

function build(): void {
  assert.ok(existsSync(join(PROJECT, '.jsii.tabl.json.gz')), "run 'npm run build' and 'npm run docs' first");
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(join(OUT, 'npm'), { recursive: true });
  run('npm', 'run', '--silent', 'stage', '--workspace', 'cdk-secure-ecr-cli');
  for (const folder of ['.', './cli/dist']) {
    run('npm', 'pack', folder, '--silent', '--ignore-scripts', '--pack-destination', join(OUT, 'npm'));
  }
  const pack = (target: string, ...options: string[]): void =>
    run('npx', '--no-install', 'jsii-pacmak', '--no-npmignore', '--rosetta-unknown-snippets', 'fail', '--targets', target, '--outdir', OUT, ...options);
  pack('python');
  pack('java');
  pack('go', '--code-only'); // a Go module is its source
  pack('dotnet', ...hasDotnet() ? [] : ['--code-only']);
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file => statSync(join(folder, file)).isFile()).sort();
}

function unzip(archive: string, member: string): string {
  return execFileSync('python3', ['-c', 'import sys, zipfile; sys.stdout.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]).decode())', archive, member], { encoding: 'utf8', maxBuffer: 2 ** 26 });
}

/** What goes out, a line for each package, after checks that it is complete. */
function inspect(): string[] {
  const { groupId, artifactId } = manifest.jsii.targets.java.maven;
  const list = (folder: string, pattern: RegExp): string[] => filesOf(join(OUT, folder)).filter(file => pattern.test(file));
  const size = (...path: string[]): string => `${(statSync(join(OUT, ...path)).size / 1000).toFixed(0)} kB`;
  const line = (registry: string, what: string, bytes: string): string => `${registry.padEnd(14)} ${what.padEnd(70)} ${bytes}`;

  const tarballs = list('npm', /\.tgz$/);
  assert.deepEqual(tarballs, [`cdk-secure-ecr-${version}.tgz`, `cdk-secure-ecr-cli-${version}.tgz`].sort(), 'packages for npm');

  const wheel = `cdk_secure_ecr-${version}-py3-none-any.whl`;
  assert.deepEqual(list('python', /./), [wheel, `cdk_secure_ecr-${version}.tar.gz`], 'packages for PyPI');
  const description = unzip(join(OUT, 'python', wheel), `cdk_secure_ecr-${version}.dist-info/METADATA`);
  assert.ok(description.includes('from cdk_secure_ecr import SecureRepository'), 'the README on PyPI shows Python');
  assert.ok(!description.includes("from 'cdk-secure-ecr'"), 'the README on PyPI shows no TypeScript');

  const maven = `${groupId.replaceAll('.', '/')}/${artifactId}/${version}/${artifactId}-${version}`;
  const jars = ['.jar', '-sources.jar', '-javadoc.jar', '.pom'].map(suffix => `${maven}${suffix}`);
  assert.deepEqual(jars.filter(file => !existsSync(join(OUT, 'java', file))), [], 'files that Maven Central asks for');
  const pom = readFileSync(join(OUT, 'java', `${maven}.pom`), 'utf8');
  assert.deepEqual(['name', 'description', 'url', 'licenses', 'developers', 'scm'].filter(element => !pom.includes(`<${element}>`)), [], 'elements that Maven Central asks for');

  assert.equal(readFileSync(join(OUT, 'go/cdksecureecr/version'), 'utf8').trim(), version, 'the version of the Go module');
  const nuget = hasDotnet() ? list('dotnet', /\.nupkg$/) : [];
  assert.equal(nuget.length, hasDotnet() ? 1 : 0, 'packages for NuGet');

  return [
    ...tarballs.map(file => line('npm', file, size('npm', file))),
    ...list('python', /./).map(file => line('PyPI', file, size('python', file))),
    ...jars.map(file => line('Maven Central', file.split('/').at(-1)!, size('java', file))),
    line('Go', `cdksecureecr/v${version}, ${list('go', /./).length} files`, ''),
    hasDotnet() ? line('NuGet', relative('.', nuget[0]), size('dotnet', nuget[0])) : line('NuGet', `CdkSecureEcr.${version}, not built: there is no .NET SDK here`, ''),
  ];
}

const tag = process.env.GITHUB_REF_TYPE === 'tag' ? process.env.GITHUB_REF_NAME : undefined;
assert.ok(tag === undefined || tag === `v${version}`, `the tag must be v${version}, got ${tag}`);
assert.ok(read('CHANGELOG.md').includes(`## ${version}`), `CHANGELOG.md must have a section for ${version}`);
assert.ok(tag === undefined || !read('CHANGELOG.md').includes(`## ${version} - unreleased`), `CHANGELOG.md must have the date of ${version}`);
assert.equal((JSON.parse(read('cli/package.json')) as Manifest).version, version, 'the version of the command');
assert.ok(read('lib/private/core/version.ts').includes(`'${version}'`), `lib/private/core/version.ts must have ${version}`);
build();
console.log(`\nversion ${version}:\n${inspect().join('\n')}`);
