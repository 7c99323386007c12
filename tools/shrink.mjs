// Makes the compiled library smaller: helpers that the compiler repeats in every file move to one; comments, which the declarations have as well,
// and white space go; so do the comments in declarations of files that nobody can import. Names of classes and exports stay.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
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
  writeFileSync(file, await shrunk(text.replace('"use strict";\n', `"use strict";\n${shared}`)));
}
writeFileSync(HELPERS, await shrunk(`"use strict";\n${[...helpers.values()].join('')}module.exports = { ${[...helpers.keys()].join(', ')} };\n`));

for (const name of files.filter(file => file.endsWith('.d.ts') && !exportedFiles.has(file))) {
  const file = join(LIBRARY, name);
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^\s*\/\*\*[\s\S]*?\*\/\n/gm, ''));
}

const library = createRequire(import.meta.url)(LIBRARY);
const renamed = Object.entries(library).filter(([name, value]) => typeof value === 'function' && value.name !== name);
if (renamed.length > 0) {
  throw new Error(`classes lost their names: ${renamed.map(([name]) => name).join(', ')}`);
}

async function shrunk(text) {
  const { code } = await minify(text, { ecma: 2020, compress: false, mangle: { toplevel: true, keep_classnames: true, reserved } });
  return code;
}
