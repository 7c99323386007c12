import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Runs the test files of a folder as parts of the file that calls it. */
export function requireTests(folder: string): void {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.test.ts')).sort();
  describe.each(files)('%s', file => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- jest loads tests of a folder synchronously
    require(join(folder, file));
  });
}
