import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'fresh-build-'));
const at = (file: string, seconds: number) => utimesSync(join(folder, file), seconds, seconds);
const FILES = ['lib', 'lib/room', 'lib/room/a.ts', 'package.json', 'tsconfig.json'];

beforeAll(() => {
  mkdirSync(join(folder, 'lib/room'), { recursive: true });
  writeFileSync(join(folder, 'lib/room/a.ts'), '');
  writeFileSync(join(folder, 'tsconfig.json'), '{}');
  const compile = "node -e \"const fs = require('fs'); fs.mkdirSync('build/lib', { recursive: true }); fs.writeFileSync('build/lib/index.js', ''); fs.writeFileSync('compiled', '')\"";
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ scripts: { compile } }));
});

beforeEach(() => {
  FILES.forEach(file => at(file, 1000));
  rmSync(join(folder, 'compiled'), { force: true });
});

afterAll(() => rmSync(folder, { recursive: true }));

function compiles(): boolean {
  const { status, stdout } = spawnSync(process.execPath, [join(__dirname, '../../tools/fresh-build.js')], { cwd: folder, encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  return existsSync(join(folder, 'compiled'));
}

test('a clone without compiled code is compiled', () => {
  expect(compiles()).toBe(true);
});

test('compiled code that is newer than all sources stays', () => {
  at('build/lib/index.js', 2000);
  expect(compiles()).toBe(false);
});

test.each(FILES)('a change of %s compiles the library', file => {
  at('build/lib/index.js', 2000);
  at(file, 3000);
  expect(compiles()).toBe(true);
});
