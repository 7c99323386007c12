/**
 * Rewrites the compiled entry point so that it loads a file of the library when something in it is first used, as aws-cdk-lib does.
 * `import { SecureRepository } from 'cdk-secure-ecr'` then costs the time of SecureRepository, not of all constructs.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Types, typesOf } from './assembly';

interface Export {
  readonly name: string;
  readonly file: string;
}

/** The classes and enums of the library, which exist at run time, and their files. */
export function exportsOf(types: Types): Export[] {
  return Object.values(types)
    .filter(({ kind }) => kind !== 'interface')
    .map(({ name, locationInModule }) => ({ name, file: locationInModule.filename.replace(/^lib\//, './').replace(/\.ts$/, '') }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** The code of an entry point that loads files at first use. */
export function entryPoint(exported: readonly Export[]): string {
  return `"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
// Node reads the names for ES modules from this line, without running the file.
${exported.map(({ name }) => `exports.${name} = `).join('')}void 0;
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
${exported.map(({ name, file }) => `lazy(${JSON.stringify(name)}, () => require(${JSON.stringify(file)}));`).join('\n')}
`;
}

if (require.main === module) {
  writeFileSync(join(process.cwd(), 'build/lib/index.js'), entryPoint(exportsOf(typesOf(process.cwd()))));
}
