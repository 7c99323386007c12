import { groupBy } from '../core/group-by';
import { canonicalJson } from '../core/json';
import { type Expression, NAMESPACES } from './expression';
import type { PlacedConstruct, StackCode } from './model';
import { camelCase, kebabCase, type Names } from './names';
import { commentLines, print, type PrintContext, printImport, quote } from './print';

/** The lines of a document that is written into the code; a longer one becomes a file. */
const INLINE_LINES = 30;

/** From how many repositories on settings are written once. */
const SHARED = 2;

/**
 * The files with long policies of the app, each of which is written once.
 */
export class PolicyFiles {
  /** The texts by path, from the root of the app. */
  readonly files = new Map<string, string>();

  private readonly known = new Map<string, string>();

  /** The path of the file of a document, without the ending; undefined if the document is short. */
  pathOf(document: unknown, name: string): string | undefined {
    const text = `${JSON.stringify(document, undefined, 2)}\n`;
    if (text.split('\n').length <= INLINE_LINES) {
      return undefined;
    }
    const key = canonicalJson(document);
    const wish = `policies/${kebabCase(name)}`;
    let path = this.known.get(key);
    for (let number = 1; path === undefined; number += 1) {
      const candidate = number === 1 ? wish : `${wish}-${number}`;
      path = this.files.has(`${candidate}.json`) ? undefined : candidate;
    }
    this.known.set(key, path);
    this.files.set(`${path}.json`, text);
    return path;
  }
}

/**
 * The TypeScript of a stack.
 */
export function stackCode(code: StackCode, policies: PolicyFiles): string {
  return new StackPrinter(code, policies).text();
}

class StackPrinter {
  /** The variables of imported files, by path. */
  private readonly documents = new Map<string, string>();
  private readonly hoisted = new Map<string, { variable: string; expression: Expression }>();
  private readonly variables: Names;
  private wasShort = false;
  private readonly context: PrintContext;

  constructor(private readonly code: StackCode, private readonly policies: PolicyFiles) {
    this.variables = code.variables;
    this.context = {
      variableOf: (type, arn) => code.imports.find(it => it.type === type && it.arn === arn)!.variable,
      hoisted: expression => this.hoisted.size > 0 && expression.kind === 'call' ? this.hoisted.get(keyOf(expression))?.variable : undefined,
      fileOf: (document, name) => this.fileOf(document, name),
    };
    for (const { expression, name } of repeated(code.constructs)) {
      this.hoisted.set(keyOf(expression), { variable: this.variables.take(name), expression });
    }
  }

  text(): string {
    const { plan, imports, constructs } = this.code;
    const settings = this.sharedSettings();
    const tagged = this.taggedVariables();
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded when code is written
    const { default: CodeBlockWriter } = require('code-block-writer') as typeof import('code-block-writer');
    const body = new CodeBlockWriter({ indentNumberOfSpaces: 2, useSingleQuote: true });
    const isRetained = constructs.some(construct => !KEEPS_ITSELF.includes(construct.class));
    body.writeLine('/**').writeLine(` * ${plan.title}, as they were when they were imported.`).writeLine(' */');
    body.write(`export class ${plan.className} extends Stack`).block(() => {
      body.write('constructor(scope: Construct, id: string, props: StackProps = {})').block(() => {
        body.writeLine('super(scope, id, props);');
        if (isRetained) {
          body.blankLine().writeLine('// Nothing is deleted when it leaves this stack.').writeLine('RemovalPolicies.of(this).retain();');
        }
        this.block(body, imports.map(({ type, id, arn, variable }) => [`const ${variable} = ${printImport(type, id, arn)};`]));
        this.block(body, [...this.hoisted.values()].map(({ variable, expression }) => [
          `const ${variable} = ${print(expression, this.unhoisted(expression), 0, variable.length + 9)};`,
        ]));
        for (const { variable, construct, count } of settings.values()) {
          this.block(body, [[
            ...commentLines([`${count} repositories have these settings.`, ...construct.comments ?? []], 4),
            `const ${variable} = ${print(withoutName(construct), this.context, 0, variable.length + 9)};`,
          ]]);
        }
        for (const construct of constructs) {
          const shared = settings.get(this.settingsKey(construct));
          this.statement(body, construct, shared?.variable, tagged.variables.get(construct));
        }
        this.block(body, tagged.statements.map(line => [line]));
      });
    });
    return `${this.imports(isRetained, tagged.statements.length > 0)}\n${body.toString()}`;
  }

  private block(body: Writer, statements: ReadonlyArray<readonly string[]>): void {
    if (statements.length > 0) {
      body.blankLine();
      statements.flat().forEach(line => body.writeLine(line));
    }
  }

  private statement(body: Writer, construct: PlacedConstruct, shared: string | undefined, variable: string | undefined): void {
    const start = `${variable === undefined ? '' : `const ${variable} = `}new ${construct.class}(this, ${quote(construct.id)}`;
    const props = shared === undefined
      ? print(construct.props, this.context, 0, start.length + 10)
      : `{ repositoryName: ${quote(construct.unit.subject)}, ...${shared} }`;
    const comments = shared === undefined ? commentLines(construct.comments ?? [], 4) : [];
    // Statements of one line stand together.
    const isShort = !props.includes('\n') && comments.length === 0;
    if (!isShort || !this.wasShort) {
      body.blankLine();
    }
    this.wasShort = isShort;
    [...comments, `${start}${props === '{}' ? '' : `, ${props}`});`].forEach(line => body.writeLine(line));
  }

  /** Settings that several repositories have. */
  private sharedSettings(): Map<string, { variable: string; construct: PlacedConstruct; count: number }> {
    const repositories = this.code.constructs.filter(it => it.class === 'SecureRepository');
    const shared = [...groupBy(repositories, construct => this.settingsKey(construct))].filter(([, group]) => group.length >= SHARED);
    const names = shared.map(([, [first]]) => settingsName(first));
    return new Map(shared.map(([key, group], index) => [key, {
      construct: group[0],
      count: group.length,
      variable: this.variables.take(shared.length === 1 ? 'settings' : names[index]),
    }]));
  }

  private settingsKey(construct: PlacedConstruct): string {
    return `${keyOf(withoutName(construct))} ${(construct.comments ?? []).join(' ')}`;
  }

  /** Tags of all repositories are set at the stack, others at the repository. */
  private taggedVariables(): { variables: Map<PlacedConstruct, string>; statements: string[] } {
    const repositories = this.code.constructs.filter(({ unit }) => unit.repository !== undefined);
    const tagsOf = ({ unit }: PlacedConstruct): Array<[string, string]> => unit.tags.map(({ Key, Value }) => [Key, Value]);
    const [first, ...others] = repositories;
    const isOfAll = ([key, of]: [string, string]): boolean => others.every(other => tagsOf(other).some(tag => tag[0] === key && tag[1] === of));
    const common = others.length === 0 ? [] : tagsOf(first).filter(isOfAll);
    const variables = new Map<PlacedConstruct, string>();
    const own = repositories.flatMap(construct => tagsOf(construct).filter(tag => !common.some(([key]) => key === tag[0])).map(([key, of]) => {
      const variable = variables.get(construct) ?? this.variables.take(camelCase(construct.id, 'repository'), 'Repository');
      variables.set(construct, variable);
      return `Tags.of(${variable}).add(${quote(key)}, ${quote(of)});`;
    }));
    const all = common.map(([key, of]) => `Tags.of(this).add(${quote(key)}, ${quote(of)}, { includeResourceTypes: ['AWS::ECR::Repository'] });`);
    return { variables, statements: [...all, ...own] };
  }

  private fileOf(document: unknown, name: string): string | undefined {
    const path = this.policies.pathOf(document, name);
    if (path === undefined) {
      return undefined;
    }
    const variable = this.documents.get(path) ?? this.variables.take(camelCase(path.slice('policies/'.length), 'policy'));
    this.documents.set(path, variable);
    return variable;
  }

  /** The context for the expression that a variable gets. */
  private unhoisted(expression: Expression): PrintContext {
    return { ...this.context, hoisted: other => other === expression ? undefined : this.context.hoisted(other) };
  }

  private imports(isRetained: boolean, hasTags: boolean): string {
    const used = new Set<string>();
    this.code.imports.forEach(({ type }) => used.add(rootOf(printImport(type, '', ''))));
    for (const { class: className, props } of this.code.constructs) {
      used.add(rootOf(className));
      collectRoots(props, used);
    }
    const core = [isRetained ? 'RemovalPolicies' : '', 'Stack', 'type StackProps', hasTags ? 'Tags' : ''].filter(name => name !== '');
    const own = [...used].filter(root => NAMESPACES[root] === undefined && root !== 'JSON').sort();
    const depth = '../'.repeat(this.code.plan.file.split('/').length);
    const lines = [
      `import { ${core.join(', ')} } from 'aws-cdk-lib';`,
      ...Object.entries(NAMESPACES).filter(([name]) => used.has(name)).map(([name, module]) => `import * as ${name} from '${module}';`),
      ...own.length > 0 ? [namedImport(own, 'cdk-secure-ecr')] : [],
      "import type { Construct } from 'constructs';",
      ...[...this.documents].sort(([a], [b]) => a < b ? -1 : 1).map(([path, variable]) => `import ${variable} from '${depth}${path}.json';`),
    ];
    return `${lines.join('\n')}\n`;
  }
}

type Writer = InstanceType<typeof import('code-block-writer')['default']>;

/** Constructs that are retained without being told. */
const KEEPS_ITSELF = ['SecureRepository', 'RegistryScanning'];

function namedImport(names: readonly string[], module: string): string {
  const line = `import { ${names.join(', ')} } from '${module}';`;
  return line.length <= 120 ? line : `import {\n${names.map(name => `  ${name},\n`).join('')}} from '${module}';`;
}

function rootOf(path: string): string {
  return path.split('.')[0];
}

function collectRoots(expression: Expression, roots: Set<string>): void {
  switch (expression.kind) {
    case 'member':
      roots.add(rootOf(expression.path));
      break;
    case 'call':
      roots.add(rootOf(expression.path));
      expression.args.forEach(arg => collectRoots(arg, roots));
      break;
    case 'list':
      expression.items.forEach(item => collectRoots(item, roots));
      break;
    case 'object':
      expression.entries.forEach(entry => collectRoots(entry.value, roots));
      break;
    default:
  }
}

/** What two equal expressions have in common; the names of documents and comments differ. */
function keyOf(expression: Expression): string {
  return JSON.stringify(expression, (key, part: unknown) => key === 'name' ? undefined : part);
}

function withoutName({ props }: PlacedConstruct): Expression {
  return { kind: 'object', entries: props.entries.filter(({ key }) => key !== 'repositoryName') };
}

/** Policies that several repositories have with otherwise different settings, with a name for each. */
function repeated(constructs: readonly PlacedConstruct[]): Array<{ expression: Expression; name: string }> {
  const counts = new Map<string, { expression: Expression; name: string; settings: Set<string> }>();
  for (const construct of constructs.filter(it => it.class === 'SecureRepository')) {
    for (const { key, value } of construct.props.entries.filter(entry => ['lifecycle', 'repositoryPolicy'].includes(entry.key) && hasDocument(entry.value))) {
      const count = counts.get(keyOf(value)) ?? { expression: value, name: key, settings: new Set() };
      count.settings.add(keyOf(withoutName(construct)));
      counts.set(keyOf(value), count);
    }
  }
  return [...counts.values()].filter(({ settings }) => settings.size > 1);
}

function hasDocument(expression: Expression): boolean {
  return expression.kind === 'document' || (expression.kind === 'call' && expression.args.some(hasDocument));
}

/** A name for settings after what deviates from the defaults, such as `mutableUnscanned`. */
function settingsName({ props }: PlacedConstruct): string {
  const prop = (name: string): Expression | undefined => props.entries.find(({ key }) => key === name)?.value;
  const tags = prop('mutableTags');
  const encryption = prop('encryption');
  const lifecycle = prop('lifecycle');
  const words = [
    tags === undefined ? [] : tags.kind === 'value' && canonicalJson(tags.value) === '["*"]' ? ['mutable'] : ['partly', 'mutable'],
    prop('scanOnPush') === undefined ? [] : ['unscanned'],
    lifecycle?.kind === 'call' && lifecycle.path === 'LifecyclePolicy.none' ? ['kept'] : lifecycle === undefined ? ['standard'] : [],
    prop('repositoryPolicy') === undefined ? [] : ['shared'],
    encryption?.kind === 'member' ? [] : ['encrypted'],
  ].flat();
  return camelCase(words.join(' '), 'settings');
}
