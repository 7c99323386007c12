import { Token } from 'aws-cdk-lib';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { isIntrinsic, isObject, type Properties } from './template-json';

/**
 * What a template knows about the values of its resources.
 */
export interface TemplateScope {
  readonly parameters: Properties;
  readonly mappings: Properties;
  readonly account?: string;
  readonly region?: string;
}

/**
 * One of the values that the properties of a resource can have: which branch each `Fn::If` and each unknown key of a mapping takes.
 */
export interface Branch {
  readonly [choice: string]: string;
}

/**
 * The properties of a resource in one branch: without `Fn::If`, without parts that are `AWS::NoValue`, and with text for all that is known.
 * A value that is only known at deployment stays an intrinsic function; as a part of a text it is a token of the CDK.
 */
export interface Variant {
  readonly branch: Branch;
  readonly properties: Properties;
}

/** More branches than these are not combined: each choice is then tried with the first option of all others. */
const MOST_VARIANTS = 32;
const NOTHING = Symbol('AWS::NoValue');
const SUBSTITUTION = /\$\{(!?)([^}]*)\}/g;

/**
 * The variants of the properties of a resource.
 *
 * @param properties the properties as the template has them
 * @param scope the template
 * @param fixed choices that are made already, such as the condition of the resource
 */
export function variantsOf(properties: Properties, scope: TemplateScope, fixed: Branch = {}): Variant[] {
  const choices = new Map<string, readonly string[]>();
  const first = evaluated(properties, scope, fixed, choices);
  if (choices.size === 0) {
    return [{ branch: {}, properties: first }];
  }

  let branches: Branch[] = [fixed];
  const seen = new Set<string>();
  for (let open = [...choices]; open.length > 0; open = [...choices].filter(([name]) => !seen.has(name))) {
    for (const [name, options] of open) {
      seen.add(name);
      branches = branches.length * options.length <= MOST_VARIANTS
        ? branches.flatMap(branch => options.map(option => ({ ...branch, [name]: option })))
        : [...branches.map(branch => ({ ...branch, [name]: options[0] })), ...options.slice(1).map(option => ({ ...branches[0], [name]: option }))];
    }
    branches.forEach(branch => evaluated(properties, scope, branch, choices)); // a branch may hold choices of its own
  }
  return branches.map(branch => ({ branch, properties: evaluated(properties, scope, branch, choices) }));
}

/**
 * A message with the names of the values that are only known at deployment in place of their tokens.
 */
export function withoutTokens(message: string): string {
  return message.includes('${Token[') ? message.replace(/\$\{Token\[[^\]]*\]\}/g, token => `\${${names.get(token) ?? 'Token'}}`) : message;
}

/**
 * A document in which tokens of the CDK stand for values that are only known at deployment, as in the documents of constructs.
 */
export function tokenized(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(tokenized);
  }
  if (!isObject(value)) {
    return value;
  }
  return isIntrinsic(value) ? tokenOf(value) : Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, tokenized(entry)]));
}

function evaluated(properties: Properties, scope: TemplateScope, branch: Branch, choices: Map<string, readonly string[]>): Properties {
  const value = new Evaluation(scope, branch, choices).of(properties);
  return isObject(value) ? value : {};
}

const tokens = new Map<string, string>();
const names = new Map<string, string>();

/** The token that stands for an intrinsic function. The same function always has the same token. */
function tokenOf(intrinsic: unknown): string {
  const key = JSON.stringify(intrinsic);
  const token = tokens.get(key) ?? Token.asString(intrinsic);
  tokens.set(key, token);
  names.set(token, nameOf(intrinsic as Properties));
  return token;
}

function nameOf(intrinsic: Properties): string {
  const [name, argument] = Object.entries(intrinsic)[0];
  return name === 'Ref' ? String(argument) : name === 'Fn::GetAtt' ? [argument].flat().join('.') : `${name} ${JSON.stringify(argument)}`;
}

class Evaluation {
  constructor(private readonly scope: TemplateScope, private readonly branch: Branch, private readonly choices: Map<string, readonly string[]>) {}

  public of(value: unknown): unknown {
    if (Array.isArray(value)) {
      return value.map(entry => this.of(entry)).filter(entry => entry !== NOTHING);
    }
    if (!isObject(value)) {
      return value;
    }
    if (isIntrinsic(value)) {
      const [[name, argument]] = Object.entries(value);
      return this.call(name, argument) ?? value;
    }
    const entries = Object.entries(value).map(([name, entry]) => [name, this.of(entry)] as const);
    return Object.fromEntries(entries.filter(([, entry]) => entry !== NOTHING));
  }

  /** The value of an intrinsic function; undefined if only the deployment knows it. */
  private call(name: string, argument: unknown): unknown {
    switch (name) {
      case 'Ref': return this.ref(String(argument));
      case 'Fn::If': return this.conditional(argument);
      case 'Fn::FindInMap': return this.lookup(argument);
      case 'Fn::Join': return this.joined(argument);
      case 'Fn::Sub': return this.substituted(argument);
      case 'Fn::Select': return this.selected(argument);
      case 'Fn::Split': return this.split(argument);
      case 'Fn::ToJsonString': return JSON.stringify(tokenized(this.of(argument)));
      default: return undefined;
    }
  }

  private ref(name: string): unknown {
    const { account, region, parameters } = this.scope;
    switch (name) {
      case 'AWS::NoValue': return NOTHING;
      case 'AWS::AccountId': return account;
      case 'AWS::Region': return region;
      case 'AWS::Partition': return region && RegionInfo.get(region).partition;
      default: return soleValueOf(parameters[name]);
    }
  }

  private conditional(argument: unknown): unknown {
    if (!Array.isArray(argument) || typeof argument[0] !== 'string') {
      return undefined;
    }
    return this.of(argument[this.choose(argument[0], ['true', 'false']) === 'true' ? 1 : 2] ?? { Ref: 'AWS::NoValue' });
  }

  private lookup(argument: unknown): unknown {
    const [map, ...keys] = Array.isArray(argument) ? argument.slice(0, 3).map(entry => this.of(entry)) : [];
    let value = typeof map === 'string' ? this.scope.mappings[map] : undefined;
    for (const key of keys) {
      if (!isObject(value)) {
        return undefined;
      }
      value = value[typeof key === 'string' ? key : this.choose(`${String(map)}[${withoutTokens(String(tokenized(key)))}]`, Object.keys(value))];
    }
    return isObject(value) ? undefined : value;
  }

  private joined(argument: unknown): unknown {
    const [separator, list] = Array.isArray(argument) ? argument as unknown[] : [];
    const parts = this.of(list);
    return typeof separator === 'string' && Array.isArray(parts) ? parts.map(textOf).join(separator) : undefined;
  }

  private substituted(argument: unknown): unknown {
    const [text, variables]: unknown[] = [argument].flat();
    return typeof text !== 'string' ? undefined : text.replace(SUBSTITUTION, (_, literal: string, name: string) => {
      if (literal) {
        return `\${${name}}`;
      }
      const own = isObject(variables) && Object.hasOwn(variables, name) ? variables[name] : undefined;
      return textOf(this.of(own ?? (name.includes('.') ? { 'Fn::GetAtt': name } : { Ref: name })));
    });
  }

  private selected(argument: unknown): unknown {
    const [index, list] = Array.isArray(argument) ? argument as unknown[] : [];
    const entries = this.of(list);
    return Array.isArray(entries) ? entries[Number(index)] : undefined;
  }

  private split(argument: unknown): unknown {
    const [separator, source] = Array.isArray(argument) ? argument as unknown[] : [];
    const text = this.of(source);
    return typeof separator === 'string' && typeof text === 'string' && !Token.isUnresolved(text) ? text.split(separator) : undefined;
  }

  private choose(name: string, options: readonly string[]): string {
    if (this.branch[name] === undefined) {
      this.choices.set(name, options);
    }
    return this.branch[name] ?? options[0];
  }
}

function textOf(value: unknown): string {
  return isIntrinsic(value) ? tokenOf(value) : isObject(value) || Array.isArray(value) ? JSON.stringify(value) : typeof value === 'symbol' ? '' : String(value);
}

/** The default of a parameter, or its only value; undefined if everybody who deploys must choose. */
function soleValueOf(parameter: unknown): unknown {
  if (!isObject(parameter) || !/^(?:String|Number|CommaDelimitedList)$/.test(String(parameter.Type))) {
    return undefined; // the default of a parameter of another type is the name of the value
  }
  const allowed = Array.isArray(parameter.AllowedValues) ? parameter.AllowedValues as unknown[] : [];
  const value = allowed.length === 1 ? allowed[0] : parameter.Default;
  return parameter.Type === 'CommaDelimitedList' && typeof value === 'string' ? value.split(',').map(entry => entry.trim()) : value;
}
