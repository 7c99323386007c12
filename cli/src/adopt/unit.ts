import { isObject, type JsonObject, parsed } from '../core/json';
import type { Tag } from '../dump/outputs';
import { call, type Entry, type Expression, list, object, value } from './expression';
import type { LiveResource } from './live';

/**
 * A construct of the generated code.
 */
export interface ConstructCode {
  readonly class: string;
  /** The id that it gets if nothing else has it. */
  readonly id: string;
  readonly props: Expression & { readonly kind: 'object' };
  readonly comments?: readonly string[];
}

/**
 * Resources that are written together, and the ways to write them, the preferred one first.
 */
export interface Unit {
  /** What a person calls it, such as the name of a repository. */
  readonly subject: string;
  /** The name that decides on the stack; undefined for settings of the registry. */
  readonly repository?: string;
  readonly live: readonly LiveResource[];
  readonly tags: readonly Tag[];
  readonly candidates: ReadonlyArray<readonly ConstructCode[]>;
}

/**
 * A setting that is not in the generated app, and why.
 */
export interface Omission {
  readonly subject: string;
  readonly reason: string;
}

/** The parts of a registry that an app can be written for, and those that it cannot. */
export interface Plan {
  readonly units: readonly Unit[];
  readonly omissions: readonly Omission[];
}

/** Properties that hold a policy. */
const POLICIES = ['PolicyText', 'RepositoryPolicyText'];
const TEXTS = ['LifecyclePolicyText', 'LifecyclePolicy', 'RepositoryPolicy'];

/**
 * The props of the construct of the CDK that mirrors a CloudFormation type: it takes every value, also those that no other construct does.
 *
 * @param asText whether policies are texts, for documents that the CDK changes while it writes them
 */
export function mirrorProps(properties: JsonObject, name: string, asText = false): Expression & { readonly kind: 'object' } {
  const entries = Object.entries(properties).filter(([key, part]) => part !== undefined && key !== 'Tags');
  return object(Object.fromEntries(entries.map(([key, part]) => [`${key[0].toLowerCase()}${key.slice(1)}`, mirrorValue(key, part, name, asText)])));
}

function mirrorValue(key: string, part: unknown, name: string, asText: boolean): Expression {
  const document = typeof part === 'string' ? parsed(part) : part;
  if (isObject(document) && (TEXTS.includes(key) || POLICIES.includes(key)) && !('LifecyclePolicyText' in document)) {
    const policy = documentOf(document, `${name} ${key.startsWith('Lifecycle') ? 'lifecycle' : 'policy'}`);
    return TEXTS.includes(key) || asText ? call('JSON.stringify', policy) : policy;
  }
  if (Array.isArray(part)) {
    return list(part.map(item => mirrorValue('', item, name, asText)));
  }
  return isObject(part) ? mirrorProps(part, name, asText) : value(part);
}

/** A policy as JSON. */
export function documentOf(of: unknown, name: string): Expression {
  return { kind: 'document', value: of, name };
}

/**
 * An object with comments above its entries. Comments on an entry that is not there come first.
 */
export function withComments(construct: ConstructCode, comments: ReadonlyMap<string, readonly string[]>): ConstructCode {
  const entries = construct.props.entries.map((entry): Entry => ({ ...entry, comments: comments.get(settingOf(entry.key)) ?? [] }));
  const present = new Set(construct.props.entries.map(({ key }) => settingOf(key)));
  const others = [...comments].filter(([setting]) => !present.has(setting)).flatMap(([, lines]) => lines);
  return { ...construct, props: { kind: 'object', entries }, comments: [...construct.comments ?? [], ...others] };
}

/** The property of a template that a prop stands for. */
const SETTINGS: { readonly [prop: string]: string } = {
  mutableTags: 'ImageTagMutability',
  scanOnPush: 'ImageScanningConfiguration',
  encryption: 'EncryptionConfiguration',
  lifecycle: 'LifecyclePolicy',
  repositoryPolicy: 'RepositoryPolicyText',
  existingPolicy: 'PolicyText',
};

function settingOf(prop: string): string {
  return SETTINGS[prop] ?? `${prop[0].toUpperCase()}${prop.slice(1)}`;
}
