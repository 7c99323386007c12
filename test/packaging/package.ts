/**
 * Packs the library as npm would publish it, installs the tarball in an empty CDK app outside the project, and uses it there from TypeScript,
 * CommonJS and ES modules: `npm run test:package`, after `npm run build`.
 */
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { basesOf, type Type, typesOf } from '../../tools/assembly';
import { packLibrary } from './pack';
import { PROJECT, inSandbox, output, run } from './sandbox';

const SHIPPED = /^(package\.json|README\.md|LICENSE|\.jsii(\.gz|\.tabl\.json\.gz)?|build\/lib\/.+\.(js|d\.ts))$/;
const EVERY_PACKAGE = ['package.json', 'README.md', 'LICENSE', '.jsii', '.jsii.gz', '.jsii.tabl.json.gz', 'build/lib/index.js', 'build/lib/index.d.ts'];

interface Manifest {
  readonly dependencies?: Record<string, string>;
  readonly devDependencies: Record<string, string>;
  readonly peerDependencies: Record<string, string>;
  readonly scripts: Record<string, string>;
}

function readJson<T>(...path: string[]): T {
  return JSON.parse(readFileSync(join(...path), 'utf8')) as T;
}

function pack(folder: string): string {
  const tarball = packLibrary(folder);
  const paths = tarball.files.map(file => file.path);
  assert.deepEqual(paths.filter(path => !SHIPPED.test(path)), [], 'files that nobody needs');
  assert.deepEqual(EVERY_PACKAGE.filter(path => !paths.includes(path)), [], 'files that are missing');

  const sources = output(PROJECT, 'git', 'ls-files', '--cached', '--others', '--exclude-standard', 'lib').trim().split('\n').map(path => `build/${path.replace(/\.ts$/, '.js')}`);
  assert.deepEqual(paths.filter(path => path.endsWith('.js') && !sources.includes(path)), [], 'compiled code is of the sources');

  console.log(`${basename(tarball.path)}: ${paths.length} files, ${(tarball.size / 1000).toFixed(0)} kB packed, ${(tarball.unpackedSize / 1000).toFixed(0)} kB unpacked`);
  for (const { path, size } of [...tarball.files].sort((a, b) => b.size - a.size).slice(0, 5)) {
    console.log(`  ${(size / 1000).toFixed(0).padStart(4)} kB ${path}`);
  }
  return tarball.path;
}

function checkManifest(manifest: Manifest): void {
  assert.deepEqual(manifest.dependencies ?? {}, {}, 'no runtime dependencies');
  assert.deepEqual(Object.keys(manifest.peerDependencies), ['aws-cdk-lib', 'constructs']);
  for (const [name, range] of Object.entries(manifest.peerDependencies)) {
    assert.equal(range, `^${manifest.devDependencies[name]}`, `the tests run on the floor of ${name}`);
  }
  for (const hook of ['preinstall', 'install', 'postinstall', 'prepare']) {
    assert.equal(manifest.scripts[hook], undefined, `no ${hook} script runs on the machine of a user`);
  }
}

/** Fails unless each class that is not a construct has tests that it refuses text, a look-alike, and each class and enum of the CDK with its name. */
function checkTypeTests(app: string): void {
  const types = typesOf(join(app, 'node_modules/cdk-secure-ecr'));
  const sameName = (name: string): Type[] => ofCdk.filter(type => type.name === name && type.kind !== 'interface');
  const ofCdk = Object.values(typesOf(join(app, 'node_modules/aws-cdk-lib')));
  const missing = Object.values(types)
    .filter(type => type.kind === 'class' && !basesOf(types, type).some(base => !types[base]))
    .flatMap(({ name, locationInModule }) => {
      const room = locationInModule.filename.split('/')[1];
      const tests = readFileSync(join(app, 'types', `${room}.ts`), 'utf8');
      return [`take<${name}>('`, `take<${name}>(lookAlike<${name}>())`, ...sameName(name).map(({ fqn }) => fqn.replace(/^aws-cdk-lib\.(aws_)?/, ''))]
        .filter(text => !tests.includes(text)).map(text => `${room}.ts: ${text}`);
    });
  assert.deepEqual(missing, [], 'type tests that are missing');
}

inSandbox(folder => {
  assert.ok(existsSync(join(PROJECT, '.jsii.tabl.json.gz')), "run 'npm run build' and 'npm run docs' first");
  const manifest = readJson<Manifest>(PROJECT, 'package.json');
  checkManifest(manifest);

  const tarball = pack(folder);
  const app = join(folder, 'app');
  mkdirSync(app);
  cpSync(join(PROJECT, 'test/packaging/app'), app, { recursive: true });
  cpSync(join(PROJECT, 'test/types'), join(app, 'types'), { recursive: true });
  cpSync(join(PROJECT, 'examples/lifecycle/preview-lifecycle.ts'), join(app, 'preview-lifecycle.ts'));
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'app', private: true }));

  const installed = ['aws-cdk-lib', 'constructs', 'typescript', '@types/node'].map(name => `${name}@${manifest.devDependencies[name]}`);
  run(app, 'npm', 'install', '--no-audit', '--no-fund', '--loglevel', 'error', tarball, ...installed);
  assert.ok(!existsSync(join(app, 'node_modules/cdk-secure-ecr/node_modules')), 'the package brings nothing along');

  checkTypeTests(app);
  run(app, 'npx', '--no-install', 'tsc', '-p', '.');
  const templates = ['typescript.js', 'commonjs.cjs', 'esmodule.mjs'].map(file => {
    run(app, process.execPath, file);
    const name = readdirSync(join(app, 'cdk.out')).find(entry => entry.endsWith('.template.json'));
    assert.ok(name, `${file} wrote a template`);
    return readJson(app, 'cdk.out', name);
  });

  const [template] = templates as Array<{ Resources: Record<string, { Type: string; Properties: Record<string, unknown> }> }>;
  const repositories = Object.values(template.Resources).filter(resource => resource.Type === 'AWS::ECR::Repository');
  assert.equal(repositories.length, 1);
  const { ImageTagMutability, ImageScanningConfiguration, EncryptionConfiguration, LifecyclePolicy } = repositories[0].Properties;
  assert.equal(ImageTagMutability, 'IMMUTABLE');
  assert.deepEqual(ImageScanningConfiguration, { ScanOnPush: true });
  assert.equal((EncryptionConfiguration as { EncryptionType: string }).EncryptionType, 'KMS');
  assert.ok(LifecyclePolicy, 'a lifecycle policy');
  assert.deepEqual(templates[1], template, 'CommonJS gives the same template as TypeScript');
  assert.deepEqual(templates[2], template, 'ES modules give the same template as TypeScript');

  const input = (file: string): string => join(PROJECT, 'examples/lifecycle', file);
  run(app, process.execPath, 'preview-lifecycle.js', '--images', input('images.json'), '--policy', input('policy.json'), '--at', '2026-11-21');
  const { status, stdout, stderr } = spawnSync(process.execPath, ['preview-lifecycle.js', '--images', '-', '--policy', 'standard'], { cwd: app, input: '{}', encoding: 'utf8' });
  assert.deepEqual({ status, stdout, lines: stderr.trim().split('\n').length }, { status: 2, stdout: '', lines: 1 });
  console.log('the package works in an empty app, from TypeScript, CommonJS and ES modules, and so does the script that previews a repository');
});
