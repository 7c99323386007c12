// Makes the compiled library smaller: helpers that the compiler repeats in every file move to one; comments, which the declarations have as well,
// and white space go; so do declarations that no exported one refers to. Names of classes and exports stay.
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { minify } from 'terser';

const LIBRARY = fileURLToPath(new URL('../build/lib', import.meta.url));
const HELPERS = join(LIBRARY, 'private/helpers.js');
const HELPER = /^var (__\w+) = \(this && this\.\1\) \|\| [\s\S]+?^\}[()]*;\n/gm;

const { types } = JSON.parse(gunzipSync(readFileSync(new URL('../.jsii.gz', import.meta.url))).toString());
const reserved = Object.values(types).map(({ name }) => name);
const exportedFiles = new Set(Object.values(types).map(({ locationInModule }) => locationInModule.filename.replace(/^lib\//, '').replace(/\.ts$/, '.d.ts')));
const files = readdirSync(LIBRARY, { recursive: true }).map(name => name.replaceAll('\\', '/'));
const helpers = new Map();

for (const name of files.filter(file => file.endsWith('.js') && file !== 'private/helpers.js')) {
  const file = join(LIBRARY, name);
  const used = [];
  const text = readFileSync(file, 'utf8').replace(HELPER, (code, helper) => {
    used.push(helper);
    helpers.set(helper, code);
    return '';
  });
  const called = used.filter(helper => text.includes(`${helper}(`));
  const path = relative(dirname(file), HELPERS).replaceAll('\\', '/').replace(/\.js$/, '');
  const shared = called.length > 0 ? `const { ${called.join(', ')} } = require("${path.startsWith('.') ? path : `./${path}`}");\n` : '';
  writeFileSync(file, await shrunk(withoutPreamble(name, text).replace('"use strict";\n', `"use strict";\n${shared}`)));
}
writeFileSync(HELPERS, await shrunk(`"use strict";\n${[...helpers.values()].join('')}module.exports = { ${[...helpers.keys()].join(', ')} };\n`));

const declarations = new Set();
collectDeclarations(join(LIBRARY, 'index.d.ts'));
for (const file of files.filter(name => name.endsWith('.d.ts')).map(name => join(LIBRARY, name))) {
  if (!declarations.has(file)) {
    rmSync(file);
  } else {
    const text = readFileSync(file, 'utf8');
    const exported = exportedFiles.has(relative(LIBRARY, file).replaceAll('\\', '/'));
    writeFileSync(file, compact(exported ? text : text.replace(/^\s*\/\*\*[\s\S]*?\*\/\n/gm, '')));
  }
}

const library = createRequire(import.meta.url)(LIBRARY);
const renamed = Object.entries(library).filter(([name, value]) => typeof value === 'function' && value.name !== name);
if (renamed.length > 0) {
  throw new Error(`classes lost their names: ${renamed.map(([name]) => name).join(', ')}`);
}

/** Declarations with less space, and without what only the linter reads. */
function compact(text) {
  return text
    .replace(/^ *\* \[disable-awslint:.*\n(?: *\*\n)?/gm, '')
    .replace(/\/\*\*\n *\* (.*)\n *\*\//g, '/** $1 */')
    .replace(/^(?: {4})+/gm, indent => ' '.repeat(indent.length / 2));
}

/** What the compiler writes for importers in other module systems, who see the index files only. */
function withoutPreamble(name, text) {
  return name.endsWith('index.js') ? text : text.replace('Object.defineProperty(exports, "__esModule", { value: true });\n', '').replace(/^(?:exports\.\w+ = )+void 0;\n/m, '');
}

/** The declarations that a file refers to, and those that they refer to. */
function collectDeclarations(file) {
  if (declarations.has(file)) {
    return;
  }
  declarations.add(file);
  for (const [, path] of readFileSync(file, 'utf8').matchAll(/(?:from |import\()['"](\.[^'"]+)['"]/g)) {
    const target = join(dirname(file), path);
    collectDeclarations([`${target}.d.ts`, join(target, 'index.d.ts')].find(existsSync));
  }
}

async function shrunk(text) {
  const { code } = await minify(text, {
    ecma: 2020,
    compress: { defaults: false, booleans: true, conditionals: true, if_return: true, join_vars: true, sequences: true }, // no variables: a decorated class has its name from one
    mangle: { toplevel: true, keep_classnames: true, reserved },
  });
  return code;
}
