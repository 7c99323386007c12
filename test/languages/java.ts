import { strict as assert } from 'node:assert';
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { PROJECT, output, run } from '../packaging/sandbox';
import { CDK_VERSION, MANIFEST, pack, translationsTo } from './packages';

/**
 * The jar from a Maven repository of its own: the app compiles and runs, and all Java in the documentation compiles.
 */
export function java(folder: string, outdir: string): void {
  const repository = pack('java', folder);
  const app = join(folder, 'java-app');
  cpSync(join(PROJECT, 'test/languages/java'), app, { recursive: true });
  const snippets = join(app, 'src/main/java/app');
  mkdirSync(snippets, { recursive: true });
  for (const { name, code } of translationsTo('java')) {
    writeFileSync(join(snippets, `${className(name)}.java`), asClass(className(name), code));
  }

  const options = ['--batch-mode', '--quiet', `-Dpacked.url=${pathToFileURL(repository).href}`, `-Dpacked.version=${MANIFEST.version}`, `-Dcdk.version=${CDK_VERSION}`];
  const evaluated = output(app, 'mvn', ...options, 'help:evaluate', '-Dexpression=settings.localRepository', '-DforceStdout');
  const cache = stripVTControlCharacters(evaluated).trim().split('\n').at(-1)!;
  assert.ok(existsSync(cache), `Maven names its repository, got ${JSON.stringify(cache)}`);
  const installed = join(cache, 'io/github/cdk-secure-ecr');
  rmSync(installed, { recursive: true, force: true }); // Maven keeps a version once it has it
  try {
    run(app, 'mvn', ...options, 'compile', 'exec:java', `-Dexec.args=${outdir}`);
  } finally {
    rmSync(installed, { recursive: true, force: true });
  }
}

const className = (name: string): string => name.split('-').map(part => part.charAt(0).toUpperCase() + part.slice(1)).join('');

function asClass(name: string, code: string): string {
  const imports = code.match(/^import .*$/gm) ?? [];
  const body = code.replace(/^import .*\n/gm, '');
  return `package app;\n\n${imports.join('\n')}\n\nfinal class ${name} {\n  static void run() {\n${body}\n  }\n}\n`;
}
