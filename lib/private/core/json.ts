import { show } from './values';

/**
 * The parsed JSON, or the reason why it cannot be parsed.
 */
export interface ParsedJson {
  readonly value?: unknown;
  readonly problem?: string;
}

/** A string, or a character that begins, ends or separates the members of objects and lists. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{},]/g;

/**
 * The members that JSON has more than once, such as `rules[0].selection.tagPrefixList`. Parsers keep the last one.
 *
 * @param text valid JSON
 */
export function duplicateKeysIn(text: string): string[] {
  const duplicates: string[] = [];
  const path: Array<{ readonly keys?: Set<string>; at?: string | number }> = [];
  for (const [token] of text.matchAll(TOKEN)) {
    const inner = path.at(-1);
    if (token === '{' || token === '[') {
      path.push(token === '{' ? { keys: new Set() } : { at: 0 });
    } else if (token === '}' || token === ']') {
      path.pop();
    } else if (token === ',') {
      inner!.at = typeof inner!.at === 'number' ? inner!.at + 1 : undefined;
    } else if (inner?.keys && inner.at === undefined) {
      inner.at = JSON.parse(token) as string;
      if (inner.keys.size === inner.keys.add(inner.at).size) {
        duplicates.push(path.map(({ at }) => typeof at === 'number' ? `[${at}]` : `.${at}`).join('').slice(1));
      }
    }
  }
  return duplicates;
}

/**
 * Parses JSON that a user provides.
 *
 * @param prop the name of the argument
 * @param text its value
 */
export function parseJson(prop: string, text: string): ParsedJson {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { problem: `'${prop}' must be JSON, got ${show(text)}: ${(error as SyntaxError).message}` };
  }
}

/**
 * Whether a value is an object with keys, and no list.
 */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
