import { show } from './values';

/**
 * JSON that was read, or why it could not be.
 */
export interface ParsedJson {
  readonly value?: unknown;
  readonly problem?: string;
}

/**
 * Reads JSON that a user hands in.
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
