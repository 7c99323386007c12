/**
 * Prints the files outside the library that using all of it loads, or, given that list, loads them first and prints what the library itself adds.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

/** Milliseconds since the start, after the import, the first use of a `SecureRepository`, and the first use of everything. */
export interface LoadTimes {
  readonly imported: number;
  readonly repository: number;
  readonly everything: number;
}

const load = createRequire(__filename);
const [list] = process.argv.slice(2);
if (list) {
  (JSON.parse(readFileSync(list, 'utf8')) as string[]).forEach(file => load(file));
}

const start = process.hrtime.bigint();
const elapsed = (): number => Number(process.hrtime.bigint() - start) / 1e6;
const library = load('cdk-secure-ecr') as Record<string, unknown>;
const imported = elapsed();
void library.SecureRepository;
const repository = elapsed();
Object.values(library);
const everything = elapsed();

const folder = dirname(load.resolve('cdk-secure-ecr'));
const others = Object.keys(load.cache).filter(file => !file.startsWith(folder) && file !== __filename);
console.log(JSON.stringify(list ? { imported, repository, everything } satisfies LoadTimes : others));
