import { Token } from 'aws-cdk-lib';

/**
 * The marks of values that the CDK returns in a first synthesis, before the CLI has looked them up: `valueFromLookup` returns
 * `dummy-value-for-…`, look-ups of resources return an ARN or a name with `DUMMY_ARN`.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/context.html
 */
const LOOKUP_MARK = /dummy-value-for-|DUMMY_ARN/;

/**
 * Whether a value is set and can be read before deployment.
 */
export function isKnown<T>(value: T | undefined): value is T {
  return value !== undefined && !Token.isUnresolved(value) && !isLookupPending(value);
}

/**
 * Whether a value stands for one that the CDK CLI has yet to look up.
 */
export function isLookupPending(value: unknown): boolean {
  return typeof value === 'string' && LOOKUP_MARK.test(value);
}

/**
 * A value, or a valid placeholder until the CDK CLI has looked it up, for values that must be known. The CLI discards the first template.
 *
 */
export function orUntilLookup<T>(value: T, standIn: T): T {
  return isLookupPending(value) ? standIn : value;
}

/**
 * A value as an error message shows it: quoted and truncated.
 */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

/**
 * The entries that a list contains more than once, each listed once.
 */
export function duplicatesOf(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) < index))];
}
