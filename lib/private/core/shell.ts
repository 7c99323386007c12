import { Fn } from 'aws-cdk-lib';
import { isKnown } from './values';

/**
 * A text as one word of a POSIX shell, which expands nothing in it. What only the deployment knows is quoted by the deployment.
 */
export function shellQuote(text: string): string {
  return `'${isKnown(text) ? text.replaceAll("'", "'\\''") : Fn.join("'\\''", Fn.split("'", text))}'`;
}
