// Tidies what jsii-docgen writes, so that API.md tells of this library and tells it once: members that a type inherits from the CDK go,
// properties are rows of a table unless there is more to say than a sentence, parameters are lines below the signature that has their types,
// types of the CDK are called as its users call them, `ecr.IRepository`.
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const FILE = new URL('../API.md', import.meta.url);
const EVERY_TYPE_HAS = ['applyRemovalPolicy', 'env', 'node', 'PROPERTY_INJECTION_ID', 'stack', 'toString', 'with'];
const EVERY_CONSTRUCT_IS = ['aws-cdk-lib.IResource', 'aws-cdk-lib.Resource', 'aws-cdk-lib.aws_iam.IGrantable', 'constructs.Construct', 'constructs.IConstruct'];
const { types } = JSON.parse(gunzipSync(readFileSync(new URL('../.jsii.gz', import.meta.url))).toString());

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
    .replace(/^- \*(?:Extends|Implemented By|Implements):\* .*$/gm, '')
    .replace(/^import { \w+ } from 'cdk-secure-ecr'\n\n/gm, '')
    .replace(/^```typescript\npublic readonly [^`]*?```$/gm, '')
    .replace(/\*No description\.\*|\[disable-awslint:[^\]]*\]/g, '')
    .replace(/^> \[(https?:[^\]]*)\]\(\1\)$/gm, '> <$1>')
    .replace(/<a href="#cdk-secure-ecr\.(\w+)">[^<]*<\/a>/g, (_, type) => `[${type}](#${type.toLowerCase()})`)
    .replace(/([;:])\n\n(?=[a-z`])/g, '$1 ')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** The types that a type extends, implements or is made of, itself included. */
function lineageOf(fqn) {
  const { base, interfaces = [] } = types[fqn] ?? {};
  return [fqn, ...[base, ...interfaces].filter(Boolean).flatMap(lineageOf)];
}

/** The members of a type that this library declares. */
function declaredBy(fqn) {
  const declared = lineageOf(fqn).flatMap(name => [...types[name]?.methods ?? [], ...types[name]?.properties ?? [], ...types[name]?.members ?? []]).map(({ name }) => name);
  return new Set(declared.filter(name => !EVERY_TYPE_HAS.includes(name)));
}

/** What a type of the CDK adds to a type of this library. */
function inheritance(fqn) {
  const others = lineageOf(fqn).filter(name => !types[name] && !EVERY_CONSTRUCT_IS.includes(name));
  return others.length > 0 ? `Has the members of ${[...new Set(others)].map(name => `\`${ofUsers(name)}\``).join(', ')} too.` : '';
}

const nameOf = ({ title }) => /^`(\w+)`/.exec(title)?.[1];

/** What is said of a property: its type, its default, and the rest, of which the first sentence may be all. */
function propertyOf(node) {
  const [, type = '', initial = ''] = /^(?:- \*Type:\* (.*)\n?)?(?:- \*Default:\* (.*)\n?)?/.exec(node.text);
  const text = node.text.replace(/^- \*(?:Type|Default):\* .*\n?/gm, '').trim();
  const [first, ...more] = text.split('\n\n');
  return { name: `${nameOf(node)}${node.title.includes('Optional') ? '?' : ''}`, type, initial, first: first.replaceAll('\n', ' '), more: more.join('\n\n') };
}

function properties({ title, children }, declared) {
  const rows = children.filter(child => declared.has(nameOf(child))).map(propertyOf);
  if (rows.length === 0) {
    return [];
  }
  const columns = [
    ['Name', ({ name }) => `\`${name}\``],
    ['Type', ({ type }) => cell(type)],
    ['Default', ({ initial }) => cell(initial)],
    ['Description', ({ first }) => cell(first)],
  ].filter(([, of]) => rows.some(row => of(row)));
  const line = cells => `| ${cells.join(' | ')} |`;
  return [
    `#### ${title}`,
    [line(columns.map(([column]) => column)), line(columns.map(() => '---')), ...rows.map(row => line(columns.map(([, of]) => of(row))))].join('\n'),
    ...rows.filter(({ more }) => more).flatMap(({ name, more }) => [`##### \`${name}\``, more]),
  ];
}

const cell = text => ofUsers(text).replace(/(?<!\\)\|/g, '\\|');

function methods({ title, children }, declared) {
  const kept = children.filter(child => declared.has(nameOf(child)));
  return kept.length === 0 ? [] : [`#### ${title}`, ...kept.flatMap(method => [`##### \`${signatureOf(method)}\``, textOf(documented(method)), ...parameters(documented(method))])];
}

/** A type of the CDK under the name that it has with `import * as ecr from 'aws-cdk-lib/aws-ecr'`. */
const ofUsers = text => text.replace(/aws-cdk-lib\.(?:interfaces\.)?(?:aws_(\w+)\.)?/g, (_, module) => module ? `${module}.` : '');

const SIGNATURE = /^```typescript\n(?:public )?(.*)\n```\n*/;
const signatureOf = ({ text }) => SIGNATURE.exec(text)[1];
const textOf = ({ text }) => text.replace(SIGNATURE, '');

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
    return link || (text && !['scope', 'id'].includes(name)) ? [`- \`${name}\`${link}${text && `: ${text}`}`] : [];
  });
  return lines.length === 0 ? [] : [lines.join('\n')];
}

/** The members of an interface, which the section of its class describes. */
function alsoOf({ title }, declared) {
  const name = title.slice(1);
  const missing = [...declared].filter(member => !declaredBy(`cdk-secure-ecr.${name}`).has(member));
  if (missing.length > 0) {
    throw new Error(`${name} does not have what ${title} has: ${missing.join(', ')}`);
  }
  return `Has ${[...declared].sort().map(member => `\`${member}\``).join(', ')} as [${name}](#${name.toLowerCase()}).`;
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
  lines.push(`## ${kind.title}`, kind.title !== 'Constructs' ? '' : kind.children.map(({ title }) => `[${title}](#${title.toLowerCase()})`).join(' · '));
  for (const type of kind.children) {
    const fqn = `cdk-secure-ecr.${type.title}`;
    const declared = declaredBy(fqn);
    const members = type.children.flatMap(section => MEMBERS[section.title](section, declared));
    lines.push(`### ${type.title}`, type.text.replace(/^Properties for defining (?:an? )?`\w+`\.$/, ''), ...kind.title === 'Protocols' ? [alsoOf(type, declared)] : members, inheritance(fqn));
  }
}
writeFileSync(FILE, `${lines.filter(Boolean).join('\n\n')}\n`);
