import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Type, Types } from '../../tools/assembly';
import { entryPoint, exportsOf } from '../../tools/lazy-exports';

const type = (name: string, kind: Type['kind'], filename: string): [string, Type] => [`library.${name}`, { fqn: `library.${name}`, name, kind, locationInModule: { filename } }];
const TYPES: Types = Object.fromEntries([type('Second', 'class', 'lib/room/second.ts'), type('First', 'enum', 'lib/first.ts'), type('IFirst', 'interface', 'lib/first.ts')]);

test('exports are the classes and enums with their files, by name', () => {
  expect(exportsOf(TYPES)).toEqual([{ name: 'First', file: './first' }, { name: 'Second', file: './room/second' }]);
});

test('the entry point loads a file at the first use of its export, once', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lazy-exports-'));
  const loaded: string[] = [];
  (globalThis as { loaded?: string[] }).loaded = loaded;
  try {
    mkdirSync(join(folder, 'room'));
    writeFileSync(join(folder, 'first.js'), "loaded.push('first'); exports.First = { A: 'a' };");
    writeFileSync(join(folder, 'room/second.js'), "loaded.push('second'); exports.Second = class Second {};");
    writeFileSync(join(folder, 'index.js'), entryPoint(exportsOf(TYPES)));

    // eslint-disable-next-line @typescript-eslint/no-require-imports -- the path is known at run time
    const library = require(join(folder, 'index.js'));
    expect(loaded).toEqual([]);
    expect(Object.keys(library).sort()).toEqual(['First', 'Second']);
    expect(loaded).toEqual([]);

    expect(library.Second.name).toBe('Second');
    expect(library.Second).toBe(library.Second);
    expect(loaded).toEqual(['second']);
    expect({ ...library }).toEqual({ First: { A: 'a' }, Second: library.Second });
    expect(loaded).toEqual(['second', 'first']);
  } finally {
    delete (globalThis as { loaded?: string[] }).loaded;
    rmSync(folder, { recursive: true });
  }
});
