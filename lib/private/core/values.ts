import { Token } from 'aws-cdk-lib';

/**
 * Whether a value is set and can be read before deployment.
 */
export function isKnown<T>(value: T | undefined): value is T {
  return value !== undefined && !Token.isUnresolved(value);
}

/**
 * A value as an error message shows it: quoted, and cut where nobody reads on.
 */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

/**
 * The entries that stand in a list more than once, each named once.
 */
export function duplicatesOf(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) < index))];
}
