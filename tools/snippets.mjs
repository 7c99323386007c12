// Compiles every TypeScript block of the README, of the guides and of the docstrings, translates it to the other languages, and writes two
// tablets: the one that the packages carry (.jsii.tabl.json.gz: README and docstrings), and the one for the documentation site and the tests
// (dist/docs/tablet.json: all).
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { polished } from './translations.mjs';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const OUT = `${PROJECT}dist/docs`;
const TABLET = `${OUT}/tablet.json`;
const GUIDES = readdirSync(`${PROJECT}docs/guide`).filter(file => file.endsWith('.md')).sort().map(file => `docs/guide/${file}`);
const BLOCK = /^```ts\n(.*?)\n```$/gms;

// jsii-rosetta reads the README that an assembly carries: one with all pages in it has all blocks.
const assembly = JSON.parse(gunzipSync(readFileSync(`${PROJECT}.jsii.gz`)).toString());
const read = page => readFileSync(`${PROJECT}${page}`, 'utf8');
mkdirSync(OUT, { recursive: true });
writeFileSync(`${OUT}/.jsii`, JSON.stringify({ ...assembly, readme: { markdown: ['README.md', ...GUIDES].map(read).join('\n\n') } }));
execFileSync('npx', ['--no-install', 'jsii-rosetta', 'extract', OUT, '--strict', '--directory', PROJECT], { cwd: PROJECT, stdio: ['ignore', 'inherit', 'inherit'] });

const tablet = JSON.parse(readFileSync(`${OUT}/.jsii.tabl.json`, 'utf8'));
// A block that is in the README and in a guide counts for the README.
const pages = Object.fromEntries([...GUIDES, 'README.md'].flatMap(page => [...read(page).matchAll(BLOCK)].map(([, code], index) => [code, { page, index }])));
for (const snippet of Object.values(tablet.snippets)) {
  Object.assign(snippet, pages[snippet.translations.$.source]); // a docstring has no page
  snippet.translations = polished(snippet, assembly);
}
writeFileSync(TABLET, JSON.stringify(tablet, undefined, 1));

const missing = Object.keys(pages).filter(code => !Object.values(tablet.snippets).some(({ translations }) => translations.$.source === code));
if (missing.length > 0 || !existsSync(TABLET)) {
  throw new Error(`blocks without a translation:\n${missing.join('\n\n')}`);
}
const carried = Object.entries(tablet.snippets).filter(([, { page }]) => page === undefined || page === 'README.md')
  .map(([key, { page, index, ...snippet }]) => [key, snippet]);
writeFileSync(`${PROJECT}.jsii.tabl.json.gz`, gzipSync(JSON.stringify({ ...tablet, snippets: Object.fromEntries(carried) })));
console.log(`${Object.keys(tablet.snippets).length} blocks compile, ${carried.length} of them are in the packages`);
