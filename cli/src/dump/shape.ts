import { isObject } from '../core/json';

/**
 * A check of the shape of a value: every problem, with the path of the value.
 */
export type Shape = (value: unknown, path: string) => string[];

export const text: Shape = (value, path) => typeof value === 'string' ? [] : [wrong(path, 'a string', value)];

export const flag: Shape = (value, path) => typeof value === 'boolean' ? [] : [wrong(path, 'true or false', value)];

export const amount: Shape = (value, path) => typeof value === 'number' ? [] : [wrong(path, 'a number', value)];

/** Version 2 of the AWS CLI prints a text, version 1 prints seconds since 1970. */
export const date: Shape = (value, path) => (
  typeof value === 'number' || (typeof value === 'string' && !Number.isNaN(Date.parse(value))) ? [] : [wrong(path, 'a date or seconds since 1970', value)]
);

export function list(entry: Shape): Shape {
  return (value, path) => Array.isArray(value) ? value.flatMap((item, index) => entry(item, `${path}[${index}]`)) : [wrong(path, 'a list', value)];
}

/**
 * An object with keys that must be there, and others that may. Keys that are not named are ignored: AWS adds some from time to time.
 */
export function object(required: { readonly [key: string]: Shape }, optional: { readonly [key: string]: Shape } = {}): Shape {
  const entries = [
    ...Object.entries(required).map(entry => [...entry, true] as const),
    ...Object.entries(optional).map(entry => [...entry, false] as const),
  ];
  return (value, path) => {
    if (!isObject(value)) {
      return [wrong(path, 'an object', value)];
    }
    return entries.flatMap(([key, shape, isRequired]) => {
      const part = value[key];
      return part === undefined || part === null ? isRequired ? [wrong(join(path, key), 'given', part)] : [] : shape(part, join(path, key));
    });
  };
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

function wrong(path: string, expected: string, value: unknown): string {
  return `'${path === '' ? 'the output' : path}' must be ${expected}, got ${(JSON.stringify(value) ?? 'nothing').slice(0, 80)}`;
}
