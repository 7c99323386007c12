import { Fn } from 'aws-cdk-lib';
import { isKnown } from './values';

/**
 * A text as one word of a POSIX shell, without expansions. Tokens are quoted at deployment.
 */
export function shellQuote(text: string): string {
  return `'${isKnown(text) ? text.replaceAll("'", "'\\''") : Fn.join("'\\''", Fn.split("'", text))}'`;
}
