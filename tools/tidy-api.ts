/**
 * Tidies the output of jsii-docgen, so that API.md describes this library and says everything once: members that a type inherits from the CDK go,
 * properties become rows of a table unless their text is longer than a sentence, parameters become lines below the signature that has their types,
 * and types of the CDK have the names that users write, `ecr.IRepository`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { membersOf, type Types, typesOf } from './assembly';
import { nameOf, parse, type Property, propertyOf, type Section } from './markdown-section';

const EVERY_TYPE_HAS = ['applyRemovalPolicy', 'env', 'node', 'PROPERTY_INJECTION_ID', 'stack', 'toString', 'with'];
const EVERY_CONSTRUCT_IS = ['aws-cdk-lib.IResource', 'aws-cdk-lib.Resource', 'aws-cdk-lib.aws_iam.IGrantable', 'constructs.Construct', 'constructs.IConstruct'];
const SIGNATURE = /^```typescript\n(?:public )?(.*)\n```\n*/;

/** The document that jsii-docgen wrote of the types, tidied. */
export function tidy(markdown: string, types: Types): string {
  const root = parse(markdown);
  const interfaceMethods = new Map(root.children.filter(({ title }) => title === 'Protocols').flatMap(({ children }) => children)
    .flatMap(({ children }) => children).flatMap(({ children }) => children).map(member => [member.id, member]));

  /** A method, or the same method of its interface where the class does not describe it. */
  const documented = (method: Section): Section => {
    const described = interfaceMethods.get(method.id.replace('.', '.I'));
    return described && method.children.every(child => propertyOf(child).first === '') ? described : method;
  };
  const methods = ({ title, children }: Section, declared: Set<string>): string[] => {
    const kept = children.filter(child => declared.has(nameOf(child)));
    return kept.length === 0 ? [] : [
      `#### ${title}`,
      ...kept.flatMap(method => [`##### \`${SIGNATURE.exec(method.text)![1]}\``, documented(method).text.replace(SIGNATURE, ''), ...parameters(documented(method))]),
    ];
  };
  const members: Record<string, (section: Section, declared: Set<string>) => string[]> = {
    'Constants': properties,
    'Initializer': () => [], // of a struct, which users write as an object
    'Initializers': section => [section.text, ...parameters(section)],
    'Members': properties,
    'Methods': methods,
    'Properties': properties,
    'Static Functions': methods,
  };

  const lines = [`# ${root.title}`];
  for (const kind of root.children) {
    lines.push(`## ${kind.title}`, kind.title !== 'Constructs' ? '' : kind.children.map(({ title }) => `[${title}](#${title.toLowerCase()})`).join(' · '));
    for (const type of kind.children) {
      const fqn = `cdk-secure-ecr.${type.title}`;
      const declared = declaredBy(types, fqn);
      lines.push(
        `### ${type.title}`,
        type.text.replace(/^Properties for defining (?:an? )?`\w+`\.$/, ''),
        ...kind.title === 'Protocols' ? [implementation(types, type, declared)] : type.children.flatMap(section => members[section.title](section, declared)),
        inheritance(types, fqn),
      );
    }
  }
  return `${lines.filter(Boolean).join('\n\n')}\n`;
}

/** The types that a type extends or implements, itself included. */
function lineageOf(types: Types, fqn: string): string[] {
  const { base, interfaces = [] } = types[fqn] ?? {};
  return [fqn, ...[base, ...interfaces].filter(name => name !== undefined).flatMap(name => lineageOf(types, name))];
}

/** The members of a type that this library declares. */
function declaredBy(types: Types, fqn: string): Set<string> {
  const declared = lineageOf(types, fqn).flatMap(name => types[name] ? membersOf(types[name]) : []);
  return new Set(declared.filter(name => !EVERY_TYPE_HAS.includes(name)));
}

/** The members that a type of this library inherits from the CDK. */
function inheritance(types: Types, fqn: string): string {
  const others = lineageOf(types, fqn).filter(name => !types[name] && !EVERY_CONSTRUCT_IS.includes(name));
  return others.length > 0 ? `Has the members of ${[...new Set(others)].map(name => `\`${ofUsers(name)}\``).join(', ')} too.` : '';
}

/** The members of an interface, which the section of its class describes. */
function implementation(types: Types, { title }: Section, declared: Set<string>): string {
  const name = title.slice(1);
  const missing = [...declared].filter(member => !declaredBy(types, `cdk-secure-ecr.${name}`).has(member));
  if (missing.length > 0) {
    throw new Error(`${name} does not have the members of ${title}: ${missing.join(', ')}`);
  }
  return `Has ${[...declared].sort().map(member => `\`${member}\``).join(', ')} as [${name}](#${name.toLowerCase()}).`;
}

function properties({ title, children }: Section, declared: Set<string>): string[] {
  const rows = children.filter(child => declared.has(nameOf(child))).map(propertyOf);
  if (rows.length === 0) {
    return [];
  }
  const all: Array<[string, (property: Property) => string]> = [
    ['Name', ({ name }) => `\`${name}\``],
    ['Type', ({ type }) => cell(type)],
    ['Default', ({ initial }) => cell(initial)],
    ['Description', ({ first }) => cell(first)],
  ];
  const columns = all.filter(([, of]) => rows.some(row => of(row)));
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [
    `#### ${title}`,
    [line(columns.map(([column]) => column)), line(columns.map(() => '---')), ...rows.map(row => line(columns.map(([, of]) => of(row))))].join('\n'),
    ...rows.filter(({ more }) => more).flatMap(({ name, more }) => [`##### \`${name}\``, more]),
  ];
}

/** The parameters that need more than the signature, as a list. */
function parameters({ children }: Section): string[] {
  const lines = children.map(propertyOf).flatMap(({ name, type, first, more }) => {
    const link = type.includes('](#') ? ` (${type})` : '';
    const text = [first, more].filter(Boolean).join(' ').replaceAll('\n', ' ');
    return link || (text && !['scope', 'id'].includes(name)) ? [`- \`${name}\`${link}${text && `: ${text}`}`] : [];
  });
  return lines.length === 0 ? [] : [lines.join('\n')];
}

function cell(text: string): string {
  return ofUsers(text).replace(/(?<!\\)\|/g, '\\|');
}

/** A type of the CDK under the name that it has with `import * as ecr from 'aws-cdk-lib/aws-ecr'`. */
function ofUsers(text: string): string {
  return text.replace(/aws-cdk-lib\.(?:interfaces\.)?(?:aws_(\w+)\.)?/g, (_, module?: string) => module ? `${module}.` : '');
}

if (require.main === module) {
  const file = join(process.cwd(), 'API.md');
  writeFileSync(file, tidy(readFileSync(file, 'utf8'), typesOf(process.cwd())));
}
