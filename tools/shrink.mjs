// Makes the compiled library smaller: helpers that the compiler repeats in every file move to one; comments, which the declarations have as well,
// and white space go; so do files that the entry point does not lead to. Public names and names of classes stay.
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

/** Short names for what only modules of the library use of each other. */
const short = new Map();
for (const name of files.filter(file => file.endsWith('.js') && file !== 'index.js')) {
  for (const [, exported] of readFileSync(join(LIBRARY, name), 'utf8').matchAll(/\bexports\.(\w+) = /g)) {
    if (!reserved.includes(exported) && !short.has(exported)) {
      short.set(exported, short.size.toString(36).replace(/^\d/, '_$&'));
    }
  }
}

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
  writeFileSync(file, await shrunk(withNames(withoutPreamble(name, text)).replace('"use strict";\n', `"use strict";\n${shared}`)));
}
writeFileSync(HELPERS, await shrunk(`"use strict";\n${[...helpers.values()].join('')}module.exports = { ${[...helpers.keys()].join(', ')} };\n`));

for (const name of files.filter(it => it.endsWith('.d.ts'))) {
  const file = join(LIBRARY, name);
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, compact(exportedFiles.has(name) ? text : text.replace(/^\s*\/\*\*[\s\S]*?\*\/\n/gm, '')));
}

const needed = new Set();
collect('index', '.js', /require\("(\.[^"]+)"\)/g);
collect('index', '.d.ts', /(?:from |import\()['"](\.[^'"]+)['"]/g);
for (const file of files.filter(it => /\.(?:js|d\.ts)$/.test(it)).map(it => join(LIBRARY, it))) {
  if (!needed.has(file)) {
    rmSync(file);
  }
}

const library = createRequire(import.meta.url)(LIBRARY);
const renamed = Object.entries(library).filter(([name, value]) => typeof value === 'function' && value.name !== name);
if (renamed.length > 0) {
  throw new Error(`classes lost their names: ${renamed.map(([name]) => name).join(', ')}`);
}

/** Declarations in less space, without internal and private members and what only the linter reads. */
function compact(text) {
  return withoutUnusedImports(text
    .replace(/^ *\/\*\*(?:(?!\*\/)[^])*@internal(?:(?!\*\/)[^])*\*\/\n.*;\n/gm, '')
    .replace(/^ +private (?!constructor).*;\n/gm, '')
    .replace(/^ *\* \[disable-awslint:.*\n(?: *\*\n)?/gm, '')
    .replace(/\/\*\*\n *\* (.*)\n *\*\//g, '/** $1 */')
    .replace(/^(?: {4})+/gm, indent => ' '.repeat(indent.length / 2)));
}

function withoutUnusedImports(text) {
  const body = text.replace(/^import .*;\n/gm, '');
  return text.replace(/^import (.*?)\{ (.*) \} from (.*);\n/gm, (_, kind, names, from) => {
    const used = names.split(', ').filter(name => new RegExp(`\\b${name.split(' ').at(-1)}\\b`).test(body));
    return used.length > 0 ? `import ${kind}{ ${used.join(', ')} } from ${from};\n` : '';
  });
}

/** What the compiler writes for importers in other module systems, who see the index files only. */
function withoutPreamble(name, text) {
  return name.endsWith('index.js') ? text : text.replace('Object.defineProperty(exports, "__esModule", { value: true });\n', '').replace(/^(?:exports\.\w+ = )+void 0;\n/m, '');
}

/** Takes what is used of other modules of the library out of them once: there are no circular imports, so that all of it exists by then. */
function withNames(text) {
  let code = text.replace(/\bexports\.(\w+)/g, (all, name) => short.has(name) ? `exports.${short.get(name)}` : all);
  for (const [line, module, call] of text.matchAll(/^const (\w+_\d+) = (require\("\.[^"]+"\));\n/gm)) {
    const names = new Set();
    code = code.replace(new RegExp(`\\(0, ${module}\\.(\\w+)\\)|\\b${module}\\.(\\w+)`, 'g'), (_, called, read) => {
      names.add(called ?? read);
      return `${module}_${called ?? read}`;
    });
    code = code.replace(line, () => `const { ${[...names].map(name => `${short.get(name) ?? name}: ${module}_${name}`).join(', ')} } = ${call};\n`);
  }
  return code;
}

/** Marks a module and those that it refers to. */
function collect(module, extension, reference) {
  const file = [`${join(LIBRARY, module)}${extension}`, join(LIBRARY, module, `index${extension}`)].find(existsSync);
  if (!needed.has(file)) {
    needed.add(file);
    for (const [, path] of readFileSync(file, 'utf8').matchAll(reference)) {
      collect(relative(LIBRARY, join(dirname(file), path)), extension, reference);
    }
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
