// Tidies what jsii-docgen writes, so that API.md tells of this library and tells it once: members that every construct inherits from the CDK go,
// properties are rows of a table unless there is more to say than a sentence, parameters are lines below the signature that has their types.
import { readFileSync, writeFileSync } from 'node:fs';

const FILE = new URL('../API.md', import.meta.url);
const INHERITED = [
  'applyRemovalPolicy', 'env', 'isConstruct', 'isOwnedResource', 'isResource', 'node', 'PROPERTY_INJECTION_ID', 'stack', 'toString', 'with',
];

/** The sections of a document as a tree: `{ title, id, text, children }`. */
function parse(markdown) {
  const root = { level: 0, children: [] };
  const path = [root];
  for (const section of markdown.split(/^(?=#{1,6} )/m)) {
    const [, marks, title, id = ''] = /^(#{1,6}) (.*?) *(?:<a name="[^"]*" id="([^"]*)"><\/a>)?\n/.exec(section);
    const node = { level: marks.length, title, id, text: proseOf(section.slice(section.indexOf('\n') + 1)), children: [] };
    while (path.at(-1).level >= node.level) {
      path.pop();
    }
    path.at(-1).children.push(node);
    path.push(node);
  }
  return root.children[0];
}

/** The text of a section without its table, rules and imports; a sentence that was cut at a semicolon or colon is one again. */
function proseOf(text) {
  return text
    .replace(/^\| .*\n/gm, '')
    .replace(/^---$/gm, '')
    .replace(/^import { \w+ } from 'cdk-secure-ecr'\n\n/gm, '')
    .replace(/^```typescript\npublic readonly [^`]*?```$/gm, '')
    .replace(/\*No description\.\*|\[disable-awslint:[^\]]*\]/g, '')
    .replace(/^> \[(https?:[^\]]*)\]\(\1\)$/gm, '> <$1>')
    .replace(/<a href="#cdk-secure-ecr\.(\w+)">[^<]*<\/a>/g, (_, type) => `[${type}](#${type.toLowerCase()})`)
    .replace(/([;:])\n\n(?=[a-z`])/g, '$1 ')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

const nameOf = ({ title }) => /^`(\w+)`/.exec(title)?.[1];
const memberId = ({ id }) => id.replace('cdk-secure-ecr.', '').replace('.property.', '.');

/** What is said of a property: its type, its default, and the rest, of which the first sentence may be all. */
function propertyOf(node) {
  const [, type = '', initial = ''] = /^(?:- \*Type:\* (.*)\n?)?(?:- \*Default:\* (.*)\n?)?/.exec(node.text);
  const text = node.text.replace(/^- \*(?:Type|Default):\* .*\n?/gm, '').trim();
  const [first, ...more] = text.split('\n\n');
  return { name: `${nameOf(node)}${node.title.includes('Optional') ? '?' : ''}`, id: memberId(node), type, initial, first: first.replaceAll('\n', ' '), more: more.join('\n\n') };
}

function properties({ title, children }) {
  const rows = children.filter(child => !INHERITED.includes(nameOf(child))).map(propertyOf);
  if (rows.length === 0) {
    return [];
  }
  const columns = [
    ['Name', ({ id, name, more }) => more ? `[\`${name}\`](#${id})` : `\`${name}\``],
    ['Type', ({ type }) => cell(type)],
    ['Default', ({ initial }) => cell(initial)],
    ['Description', ({ first }) => cell(first)],
  ].filter(([, of]) => rows.some(row => of(row)));
  const line = cells => `| ${cells.join(' | ')} |`;
  return [
    `#### ${title}`,
    [line(columns.map(([column]) => column)), line(columns.map(() => '---')), ...rows.map(row => line(columns.map(([, of]) => of(row))))].join('\n'),
    ...rows.filter(({ more }) => more).flatMap(({ id, name, more }) => [`##### \`${name}\` <a id="${id}"></a>`, more]),
  ];
}

const cell = text => text.replace(/(?<!\\)\|/g, '\\|');

function methods({ title, children }) {
  const kept = children.filter(child => !INHERITED.includes(nameOf(child)));
  return kept.length === 0 ? [] : [`#### ${title}`, ...kept.flatMap(method => [`##### \`${nameOf(method)}\``, method.text, ...parameters(documented(method))])];
}

/** A method, or what its interface says of it where the class says nothing. */
function documented(method) {
  const said = interfaceMethods.get(method.id.replace('.', '.I'));
  return said && method.children.every(child => propertyOf(child).first === '') ? said : method;
}

/** The parameters that have more to them than the signature says, as a list. */
function parameters({ children }) {
  const lines = children.map(propertyOf).flatMap(({ name, type, first, more }) => {
    const link = type.includes('](#') ? ` (${type})` : '';
    const text = [first, more].filter(Boolean).join(' ').replaceAll('\n', ' ');
    return link || (text && !/^the (parent construct|id of)/.test(text)) ? [`- \`${name}\`${link}${text && `: ${text}`}`] : [];
  });
  return lines.length === 0 ? [] : [lines.join('\n')];
}

const MEMBERS = {
  'Constants': properties,
  'Initializer': () => [], // of a struct, which is written as an object
  'Initializers': section => [section.text, ...parameters(section)],
  'Members': properties,
  'Methods': methods,
  'Properties': properties,
  'Static Functions': methods,
};

const root = parse(readFileSync(FILE, 'utf8'));
const interfaceMethods = new Map(root.children.find(({ title }) => title === 'Protocols').children
  .flatMap(({ children }) => children).flatMap(({ children }) => children).map(member => [member.id, member]));
const lines = [`# ${root.title}`];
for (const kind of root.children) {
  lines.push(`## ${kind.title}`, kind.children.map(({ title }) => `[${title}](#${title.toLowerCase()})`).join(' · '));
  for (const type of kind.children) {
    lines.push(`### ${type.title}`, type.text, ...type.children.flatMap(section => MEMBERS[section.title](section)));
  }
}
writeFileSync(FILE, `${lines.filter(Boolean).join('\n\n')}\n`);
