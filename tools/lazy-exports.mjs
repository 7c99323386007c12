// Rewrites the compiled entry point so that it loads a file of the library when somebody first uses what is in it, as aws-cdk-lib
// does. `import { SecureRepository } from 'cdk-secure-ecr'` then costs what SecureRepository needs, not what all constructs need.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gunzipSync } from 'node:zlib';

const require = createRequire(import.meta.url);
const entry = new URL('../build/lib/index.js', import.meta.url);
const { name, types } = JSON.parse(gunzipSync(readFileSync(new URL('../.jsii.gz', import.meta.url))).toString());

const exported = Object.values(types)
  .filter(({ kind, fqn }) => kind !== 'interface' && fqn.startsWith(`${name}.`))
  .map(type => ({ type: type.name, file: type.locationInModule.filename.replace(/^lib\//, './').replace(/\.ts$/, '') }))
  .sort((a, b) => a.type.localeCompare(b.type));

writeFileSync(entry, `"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
// Node reads the names for ES modules from this line, without running the file.
${exported.map(({ type }) => `exports.${type} = `).join('')}void 0;
function lazy(name, load) {
  Object.defineProperty(exports, name, {
    enumerable: true,
    configurable: true,
    get: () => {
      const value = load()[name];
      Object.defineProperty(exports, name, { enumerable: true, configurable: true, value });
      return value;
    },
  });
}
${exported.map(({ type, file }) => `lazy(${JSON.stringify(type)}, () => require(${JSON.stringify(file)}));`).join('\n')}
`);

const missing = exported.filter(({ type }) => require(entry.pathname)[type] === undefined);
if (missing.length > 0) {
  throw new Error(`the entry point lacks ${missing.map(({ type }) => type).join(', ')}`);
}
