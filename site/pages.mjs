// Copies the Markdown of the project to site/pages: README.md becomes the first page, TypeScript blocks get tabs with their tested
// translations, and links to files that are not pages lead to the repository.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const PAGES = fileURLToPath(new URL('pages/', import.meta.url));
const TABLET = `${PROJECT}dist/docs/tablet.json`;
const LANGUAGES = { python: 'Python', java: 'Java', go: 'Go' }; // not C#, which is not compiled
const GITHUB = 'https://github.com/cdk-secure-ecr/cdk-secure-ecr/blob/main/';

if (!existsSync(TABLET)) {
  throw new Error("run 'npm run docs' in the project first, which translates the code");
}
const { snippets } = JSON.parse(readFileSync(TABLET, 'utf8'));
const translations = new Map(Object.values(snippets).map(snippet => [snippet.translations.$.source, snippet.translations]));
const markdown = folder => readdirSync(`${PROJECT}${folder}`).filter(file => file.endsWith('.md')).map(file => `${folder}${file}`);
const pages = ['README.md', 'API.md', 'CHANGELOG.md', 'CONTRIBUTING.md', ...markdown('docs/'), ...markdown('docs/guide/')];

rmSync(PAGES, { recursive: true, force: true });
for (const page of pages) {
  const target = `${PAGES}${page === 'README.md' ? 'index.md' : page}`;
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, outsideCode(withTabs(readFileSync(`${PROJECT}${page}`, 'utf8')), text => withLinks(escaped(text), page)));
}
cpSync(`${PROJECT}docs/pictures`, `${PAGES}docs/pictures`, { recursive: true });
cpSync(`${PROJECT}docs/lifecycle-forecast.svg`, `${PAGES}docs/lifecycle-forecast.svg`);

function withTabs(text) {
  return text.replace(/^```ts\n(.*?)\n```$/gms, (block, code) => {
    const others = Object.entries(LANGUAGES).filter(([language]) => translations.get(code)?.[language])
      .map(([language, name]) => `\`\`\`${language} [${name}]\n${translations.get(code)[language].source}\n\`\`\``);
    return others.length === 0 ? block : ['::: code-group', `\`\`\`ts [TypeScript]\n${code}\n\`\`\``, ...others, ':::'].join('\n');
  });
}

/** Changes the text between blocks of code. */
function outsideCode(text, change) {
  return text.split(/^(```.*?^```$)/gms).map(part => part.startsWith('```') ? part : change(part)).join('');
}

/** Vue reads double braces, comments are for tools, and badges come from other hosts. */
function escaped(text) {
  return text.replaceAll('{{', '&#123;&#123;').replace(/<!--.*?-->/gs, '').replace(/^\[!\[.*\n/gm, '');
}

function withLinks(text, page) {
  return text.replace(/\]\((?![a-z]+:|#)([^)#\s]+)(#[^)\s]+)?\)/g, (_, path, anchor = '') => {
    const target = posix.join(posix.dirname(page), path);
    if (target === 'README.md') {
      return `](/${anchor})`;
    }
    return pages.includes(target) || target.endsWith('.svg') ? `](/${target}${anchor})` : `](${GITHUB}${target}${anchor})`;
  });
}
