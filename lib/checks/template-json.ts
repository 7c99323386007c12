import { Token } from 'aws-cdk-lib';

/**
 * An object of a template.
 */
export interface Properties {
  readonly [name: string]: unknown;
}

/**
 * Whether a value is an intrinsic function, which only the deployment knows.
 */
export function isIntrinsic(value: unknown): boolean {
  if (!isObject(value)) {
    return false;
  }
  const names = Object.keys(value);
  return names.length === 1 && /^(?:Ref|Condition|Fn::.+)$/.test(names[0]);
}

/**
 * Whether a value is an object with properties, and no list.
 */
export function isObject(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The entries of an object whose values are objects.
 */
export function entriesOf(value: unknown): Array<[string, Properties]> {
  return Object.entries(isObject(value) ? value : {}).filter((entry): entry is [string, Properties] => isObject(entry[1]));
}

/**
 * Whether only the deployment knows a value, or a part of a text.
 */
export function isUnknown(value: unknown): boolean {
  return isIntrinsic(value) || (typeof value === 'string' && Token.isUnresolved(value));
}
