/**
 * Prints the files outside the library that loading it loads, or, given that list, loads them first and prints how long the library itself takes.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

const load = createRequire(__filename);
const [list] = process.argv.slice(2);
if (list) {
  (JSON.parse(readFileSync(list, 'utf8')) as string[]).forEach(file => load(file));
}

const start = process.hrtime.bigint();
load('cdk-secure-ecr');
const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;

const library = dirname(load.resolve('cdk-secure-ecr'));
const others = Object.keys(load.cache).filter(file => !file.startsWith(library) && file !== __filename);
console.log(JSON.stringify(list ? { milliseconds } : others));
