import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readable } from './readable-template';

/**
 * Expects a template to be the one that was reviewed, which `test/templates` has in a file of its own. As for snapshots, `-u` writes the file, and
 * so does a run without `--ci` if there is none.
 */
export function expectReviewed(template: object, name: string): void {
  const file = join(__dirname, 'templates', `${name}.json`);
  const text = `${readable(template)}\n`;
  const { snapshotState } = expect.getState() as unknown as { snapshotState: { readonly _updateSnapshot: 'all' | 'new' | 'none' } };
  if (snapshotState._updateSnapshot === 'all' || (snapshotState._updateSnapshot === 'new' && !existsSync(file))) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  expect(existsSync(file) ? readFileSync(file, 'utf8') : `no ${name}.json`).toBe(text);
}
