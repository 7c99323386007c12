/**
 * Writes lib/private/input/signatures.ts: the types of all parameters and props of the public API, read from the jsii assembly. Compiles the
 * library again when they have changed.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Types, typesOf } from './assembly';

interface TypeReference {
  readonly primitive?: string;
  readonly fqn?: string;
  readonly collection?: { readonly kind: 'array' | 'map'; readonly elementtype: TypeReference };
}

interface Value {
  readonly name: string;
  readonly type: TypeReference;
  readonly optional?: boolean;
  readonly variadic?: boolean;
  readonly static?: boolean;
  readonly protected?: boolean;
}

interface Callable {
  readonly name: string;
  readonly parameters?: Value[];
  readonly returns?: { readonly type: TypeReference };
  readonly static?: boolean;
  readonly protected?: boolean;
}

/** A type with what this tool reads of it. */
interface Described {
  readonly fqn: string;
  readonly name: string;
  readonly kind: 'class' | 'enum' | 'interface';
  readonly abstract?: boolean;
  readonly base?: string;
  readonly datatype?: boolean;
  readonly initializer?: Callable;
  readonly interfaces?: string[];
  readonly members?: Array<{ readonly name: string }>;
  readonly methods?: Callable[];
  readonly properties?: Value[];
}

type Table<T> = Record<string, T>;

/** The values of an enum of the library, by its name. */
export type EnumValues = (fqn: string) => Table<string | number>;

/** Strings of the catalog data of ECR Public, which may be empty. */
const MAY_BE_EMPTY = new Set(['PublicRepositoryProps.aboutText', 'PublicRepositoryProps.description', 'PublicRepositoryProps.usageText']);

/** Values of tags may be empty. */
const TAGS = /[tT]ags$/;

/** Structs with a check of their own, in lists that are too long to read twice. */
const CHECKED_ELSEWHERE = new Set(['RegistryImage']);

/** The types of all parameters and props that callers of a package pass. */
export class Signatures {
  public readonly calls: Table<string[]> = {};
  public readonly structs: Table<Table<string>> = {};
  public readonly classes: Table<string[]> = {};
  public readonly enums: Table<Table<string | number> | string> = {};
  public readonly members: Table<string[]> = {};

  constructor(private readonly own: string, private readonly types: Types, private readonly valuesOf: EnumValues) {
    for (const type of this.ownClasses()) {
      if (type.initializer && !type.abstract) {
        this.calls[type.name] = this.parameters(type.initializer);
      }
      for (const method of (type.methods ?? []).filter(it => it.parameters && !it.protected)) {
        this.calls[`${type.name}.${method.name}`] = this.parameters(method);
      }
    }
  }

  /** The TypeScript of lib/private/input/signatures.ts. */
  public toSource(): string {
    return `/**
 * The types of all parameters and props of the public API. Written by tools/input-signatures.ts when the library is built.
 *
 * A type is the name of a primitive, struct, enum, class or interface, followed by \`[]\` for a list and \`{}\` for a map, and by \`?\` where
 * it is optional. A \`text\` is a string that may be empty.
 */

/** The parameters of constructors, which have the name of their class, and of methods. */
export const CALLS: Readonly<Record<string, readonly string[]>> = ${literal(this.calls)};

/** The props of structs. */
export const STRUCTS: Readonly<Record<string, Readonly<Record<string, string>>>> = ${literal(this.structs)};

/** The classes of this library, with static members that make an instance. */
export const CLASSES: Readonly<Record<string, readonly string[]>> = ${literal(this.classes)};

/** The names and values of the enums of this library, and the type of the values of enums of the AWS CDK. */
export const ENUMS: Readonly<Record<string, Readonly<Record<string, string | number>> | 'string' | 'number'>> = ${literal(this.enums)};

/**
 * Interfaces and classes of the AWS CDK, and behavioral interfaces of this library, with members of which an instance has at least one, and
 * with the classes of this library that implement them: fields of these are set in their constructors only.
 */
export const MEMBERS: Readonly<Record<string, readonly string[]>> = ${literal(this.members)};
`;
  }

  private ownClasses(): Described[] {
    return Object.values(this.types as Table<Described>).filter(({ kind, fqn }) => kind === 'class' && this.isOwn(fqn));
  }

  private isOwn(fqn: string): boolean {
    return fqn.startsWith(`${this.own}.`);
  }

  private typeOf(fqn: string): Described {
    return this.types[fqn] as Described;
  }

  private parameters({ parameters = [] }: Callable): string[] {
    return parameters.map(({ name, type, optional, variadic }) => `${variadic ? '...' : ''}${name}: ${this.text(type)}${optional ? '?' : ''}`);
  }

  private text({ primitive, collection, fqn }: TypeReference, mayBeEmpty = false): string {
    if (collection) {
      return `${this.text(collection.elementtype, mayBeEmpty)}${collection.kind === 'array' ? '[]' : '{}'}`;
    }
    if (primitive) {
      return primitive === 'string' && mayBeEmpty ? 'text' : primitive === 'json' ? 'any' : primitive;
    }
    return fqn === undefined ? 'any' : this.reference(this.typeOf(fqn));
  }

  private reference(type: Described): string {
    const { fqn, name, kind } = type;
    if (CHECKED_ELSEWHERE.has(name)) {
      return 'any';
    }
    if (kind === 'enum') {
      this.enums[name] ??= this.isOwn(fqn) ? this.valuesOf(fqn) : typeof Object.values(this.valuesOf(fqn))[0];
    } else if (type.datatype) {
      this.addStruct(type);
    } else if (kind === 'class' && this.isOwn(fqn)) {
      this.classes[name] ??= makersOf(type);
    } else {
      this.members[name] ??= [...this.isOwn(fqn) ? this.implementationsOf(fqn).map(it => `class ${it}`) : [], ...this.marksOf(type)];
    }
    return name;
  }

  private addStruct(type: Described): void {
    if (this.structs[type.name]) {
      return;
    }
    const props: Table<string> = this.structs[type.name] = {};
    for (const { name, type: of, optional } of this.propertiesOf(type).filter(it => this.isOwn(type.fqn) || isPlain(it.type))) {
      const mayBeEmpty = MAY_BE_EMPTY.has(`${type.name}.${name}`) || (of.collection?.kind === 'map' && TAGS.test(name));
      props[name] = `${this.text(of, mayBeEmpty)}${optional ? '?' : ''}`;
    }
  }

  private propertiesOf({ interfaces = [], properties = [] }: Described): Value[] {
    return [...interfaces.flatMap(fqn => this.propertiesOf(this.typeOf(fqn))), ...properties];
  }

  private implementationsOf(fqn: string): string[] {
    return this.ownClasses().filter(({ interfaces = [] }) => interfaces.includes(fqn)).map(({ name }) => name);
  }

  /** Members that an instance has, the type's own before those it inherits, and methods first, which an object has before its fields are set. */
  private marksOf(type: Described): string[] {
    const names = [...type.methods ?? [], ...(type.properties ?? []).filter(it => !it.optional)]
      .filter(it => !it.static && !it.protected && !(it.name in {}))
      .map(it => it.name);
    const bases = [type.base, ...type.interfaces ?? []].filter(it => it !== undefined);
    return (names.length > 0 ? names : bases.flatMap(fqn => this.marksOf(this.typeOf(fqn)))).slice(0, 3);
  }
}

/** Static members of a class that give an instance of it, those with the fewest parameters first. */
function makersOf({ name, fqn, properties = [], methods = [] }: Described): string[] {
  const constants = properties.filter(it => it.static && it.type.fqn === fqn).map(it => `${name}.${it.name}`);
  const factories = methods
    .filter(it => it.static && it.returns?.type.fqn === fqn)
    .sort((a, b) => (a.parameters?.length ?? 0) - (b.parameters?.length ?? 0))
    .map(it => `${name}.${it.name}()`);
  return [...constants, ...factories].slice(0, 4);
}

/** Whether a prop of the AWS CDK has a value that needs no class of it. */
function isPlain({ primitive, collection }: TypeReference): boolean {
  return collection ? isPlain(collection.elementtype) : primitive !== undefined;
}

/** A table as TypeScript: one entry a line, in the order of the names. */
function literal(table: Table<unknown>): string {
  return `{\n${Object.entries(table).sort(([a], [b]) => a < b ? -1 : 1).map(([name, entry]) => `  ${key(name)}: ${nested(entry)},\n`).join('')}}`;
}

function nested(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(quoted).join(', ')}]`;
  }
  if (typeof value !== 'object' || value === null) {
    return quoted(value);
  }
  const entries = Object.entries(value).map(([name, entry]) => `${key(name)}: ${quoted(entry)}`);
  const line = `{ ${entries.join(', ')} }`;
  return line.length <= 100 ? line : `{\n${entries.map(entry => `    ${entry},\n`).join('')}  }`;
}

function key(name: string): string {
  return /^\w+$/.test(name) ? name : quoted(name);
}

function quoted(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}

if (require.main === module) {
  const project = join(__dirname, '..');
  const output = join(project, 'lib/private/input/signatures.ts');
  const packages = ['aws-cdk-lib', 'constructs'].map(name => dirname(require.resolve(`${name}/package.json`)));
  const { name: own } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as { name: string };
  const load = createRequire(join(project, 'package.json'));
  const valuesOf: EnumValues = fqn => {
    const [module, ...path] = fqn.split('.');
    return path.reduce((value, name) => value[name] as Table<unknown>, load(module === own ? './build/lib/index.js' : module) as Table<unknown>) as Table<string>;
  };
  const source = new Signatures(own, Object.assign({}, ...[project, ...packages].map(typesOf)) as Types, valuesOf).toSource();
  if (readFileSync(output, 'utf8') !== source) {
    writeFileSync(output, source);
    execFileSync('npm', ['run', '--silent', 'compile'], { stdio: 'inherit' });
  }
}
