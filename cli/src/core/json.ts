export interface JsonObject {
  readonly [key: string]: unknown;
}

/**
 * Whether a value is an object with keys, and no list.
 */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The value of nested keys; undefined if one of them is missing.
 */
export function valueAt(value: unknown, ...path: ReadonlyArray<string | number>): unknown {
  return path.reduce<unknown>((at, key) => (
    isObject(at) ? at[key] : Array.isArray(at) && typeof key === 'number' ? (at as unknown[])[key] : undefined
  ), value);
}

/**
 * A value as a string; undefined if it is none.
 */
export function stringAt(value: unknown, ...path: ReadonlyArray<string | number>): string | undefined {
  const found = valueAt(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

/**
 * A value as a list; empty if it is none.
 */
export function listAt(value: unknown, ...path: ReadonlyArray<string | number>): readonly unknown[] {
  const found = valueAt(value, ...path);
  return Array.isArray(found) ? found as unknown[] : [];
}

/**
 * The JSON of a value with sorted keys, so that equal values have equal texts.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => isObject(part)
    ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => a < b ? -1 : 1))
    : part);
}

/**
 * The JSON in a text; the text itself if there is none.
 */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
