// Fails on a link of the built site to a page, a picture or a heading that it does not have.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const SITE = fileURLToPath(new URL('.vitepress/dist/', import.meta.url));
const BASE = '/cdk-secure-ecr/';
const files = readdirSync(SITE, { recursive: true }).filter(file => file.endsWith('.html') && file !== '404.html');
const html = new Map(files.map(file => [file, readFileSync(`${SITE}${file}`, 'utf8')]));
const ids = new Map([...html].map(([file, text]) => [file, new Set([...text.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id))]));

const dead = [...html].flatMap(([file, text]) => {
  const links = new Set([...text.matchAll(/<(?:a|img)\b[^>]*?\b(?:href|src)="([^"]+)"/g)].map(([, link]) => link.replaceAll('&amp;', '&')));
  return [...links].filter(link => !/^(?:[a-z]+:|\/\/)/.test(link)).filter(link => !exists(file, link)).map(link => `${file}: ${link}`);
});
if (dead.length > 0 || files.length < 10) {
  throw new Error(`dead links in ${files.length} pages:\n${dead.join('\n')}`);
}
console.log(`${files.length} pages without a dead link`);

function exists(file, link) {
  const [path, anchor] = link.split('#');
  const target = path === '' ? file : (path.startsWith(BASE) ? path.slice(BASE.length) : posix.join(posix.dirname(file), path));
  const page = [target, `${target}.html`, posix.join(target, 'index.html')].find(it => existsSync(`${SITE}${it}`) && statSync(`${SITE}${it}`).isFile());
  return page !== undefined && (!anchor || !page.endsWith('.html') || ids.get(page).has(decodeURIComponent(anchor)));
}
