import { isObject, type JsonObject, listAt, stringAt, valueAt } from '../core/json';
import type { Path } from './source';

/**
 * A resource as it is after loops are expanded.
 */
export interface LoopResource {
  readonly logicalId: string;
  readonly json: JsonObject;
  readonly path: Path;
}

const LOOP = /^Fn::ForEach::/;

/** CloudFormation allows five levels. */
const DEPTH = 5;

/**
 * The resources of a template, one for each iteration of `Fn::ForEach` loops.
 *
 * A collection that is known at deployment only gives one resource, in which the variable stays a token.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-foreach.html
 */
export function expandLoops(template: JsonObject): LoopResource[] {
  const resources = valueAt(template, 'Resources');
  const entries = Object.entries(isObject(resources) ? resources : {});
  if (!hasLoop(resources)) {
    return entries.filter((entry): entry is [string, JsonObject] => isObject(entry[1])).map(([logicalId, json]) => ({ logicalId, json, path: ['Resources', logicalId] }));
  }
  return entries
    .flatMap(([key, value]) => expandEntry(template, key, value, ['Resources', key], new Map(), 0))
    .filter((entry): entry is [string, JsonObject, Path] => isObject(entry[1]))
    .map(([logicalId, json, path]) => ({ logicalId, json, path }));
}

function hasLoop(value: unknown): boolean {
  return Array.isArray(value) ? value.some(hasLoop) : isObject(value) && Object.entries(value).some(([key, part]) => LOOP.test(key) || hasLoop(part));
}

type Variables = ReadonlyMap<string, string | undefined>;

function expandEntry(
  template: JsonObject, key: string, value: unknown, path: Path, variables: Variables, depth: number,
): Array<[string, unknown, Path]> {
  if (!LOOP.test(key) || !Array.isArray(value) || depth === DEPTH) {
    return [[substituted(key, variables) as string, expandValue(template, value, variables, depth), path]];
  }
  const [variable, collection, fragment] = value as unknown[];
  if (typeof variable !== 'string' || !isObject(fragment)) {
    return [];
  }
  const values = collectionOf(template, substituted(collection, variables)) ?? [undefined];
  return values.flatMap(it => Object.entries(fragment).flatMap(([inner, json]) => (
    expandEntry(template, inner, json, [...path, 2, inner], new Map([...variables, [variable, it]]), depth + 1)
  )));
}

/** A value with its variables replaced and the loops in it expanded, which give several keys of an object. */
function expandValue(template: JsonObject, value: unknown, variables: Variables, depth: number): unknown {
  if (Array.isArray(value)) {
    return value.map(item => expandValue(template, item, variables, depth));
  }
  if (!isObject(value)) {
    return substituted(value, variables);
  }
  const reference = stringAt(value, 'Ref');
  if (reference !== undefined && variables.get(reference) !== undefined) {
    return variables.get(reference);
  }
  const found = Object.entries(value).flatMap(([key, part]) => expandEntry(template, key, part, [], variables, depth));
  return Object.fromEntries(found.map(([key, part]) => [key, part]));
}

/** Replaces `${Name}`, and `&{Name}` which leaves out what a logical id cannot have. */
function substituted(value: unknown, variables: Variables): unknown {
  if (Array.isArray(value)) {
    return value.map(item => substituted(item, variables));
  }
  return typeof value === 'string' && variables.size > 0 ? value.replace(/([$&])\{([^}!]+)\}/g, (whole, sign: string, name: string) => {
    const known = variables.get(name);
    return known === undefined ? whole : sign === '&' ? known.replace(/[^0-9A-Za-z]/g, '') : known;
  }) : value;
}

/** The values of a collection: a list, a parameter with a default, or an entry of a mapping; undefined if it is known at deployment only. */
function collectionOf(template: JsonObject, collection: unknown): string[] | undefined {
  if (Array.isArray(collection)) {
    const values = collection.map(item => typeof item === 'string' || typeof item === 'number' ? [String(item)] : defaultOf(template, item));
    return values.every(list => list !== undefined) ? values.flat() : undefined;
  }
  const mapped = listAt(collection, 'Fn::FindInMap');
  const names = mapped.map(name => typeof name === 'string' ? name : defaultOf(template, name)?.[0]);
  if (names.length >= 3 && names.every(name => name !== undefined)) {
    const list = valueAt(template, 'Mappings', ...names.slice(0, 3));
    return Array.isArray(list) ? list.map(String) : undefined;
  }
  return defaultOf(template, collection);
}

function defaultOf(template: JsonObject, value: unknown): string[] | undefined {
  const name = stringAt(value, 'Ref');
  const text = name === undefined ? undefined : valueAt(template, 'Parameters', name, 'Default');
  return typeof text === 'string' || typeof text === 'number' ? String(text).split(',').map(part => part.trim()) : undefined;
}
