/**
 * Checks the words of every text that users read: documentation, docstrings, messages and pictures.
 *
 * `npm run lint:prose` fails if a file has more findings than `pending.json` lists for it, which is none for a file without an entry.
 * `npm run lint:prose -- FILE…` prints all findings of some files, and `npm run lint:prose -- --write` lowers the numbers of `pending.json`.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { findingsIn } from './check';

const DOCUMENTS = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'cli/README.md'];
const FOLDERS: Record<string, string> = { 'docs': '.md', 'lib': '.ts', 'cli/src': '.ts', 'bin': '.ts', 'examples': '.ts', 'tools/pictures': '.mjs' };

/** Generated from the public API. */
const GENERATED = [join('lib', 'private', 'input', 'signatures.ts')];

function allFiles(): string[] {
  return [...DOCUMENTS, ...Object.entries(FOLDERS).flatMap(([folder, extension]) => readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith(extension)).map(name => join(folder, name)).filter(name => !GENERATED.includes(name)).sort())];
}

const PENDING = join(__dirname, 'pending.json');

async function main(argv: readonly string[]): Promise<void> {
  const write = argv.includes('--write');
  const named = argv.filter(argument => !argument.startsWith('--'));
  const pending = JSON.parse(readFileSync(PENDING, 'utf8')) as Record<string, number>;
  const left: Record<string, number> = {};
  let [all, failed] = [0, 0];
  for (const file of named.length > 0 ? named : allFiles()) {
    const findings = await findingsIn(readFileSync(file, 'utf8'), extname(file));
    const most = named.length > 0 ? 0 : pending[file] ?? 0;
    all += findings.length;
    if (findings.length > most) {
      failed++;
      findings.forEach(({ line, column, rule, message }) => console.log(`${file}:${line}:${column} ${rule}: ${message}`));
    }
    if (findings.length > 0) {
      left[file] = Math.min(findings.length, pending[file] ?? 0);
    }
  }
  if (write) {
    writeFileSync(PENDING, `${JSON.stringify(Object.fromEntries(Object.entries(left).filter(([, count]) => count > 0)), undefined, 2)}\n`);
  }
  console.log(`${all} findings, ${failed} files with more findings than allowed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

void main(process.argv.slice(2));
