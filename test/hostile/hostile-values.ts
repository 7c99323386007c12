import { CfnParameter, type Stack } from 'aws-cdk-lib';
import * as fc from 'fast-check';

/** Makes a value in a stack, because a parameter needs one. */
export type Hostile<T> = (stack: Stack) => T;

const NASTY = [
  '', ' ', '*', '**', '/', '//', '.', '..', '../..', '-', '_', '\0', '\n', '"', '\\', "'", '{"Ref":"AWS::Region"}',
  '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'undefined', 'null', 'true', 'NaN', '0', '-1', '1e999',
  'ROOT', 'root', 'library/nginx', 'docker.io', 'https://ghcr.io', 'a@sha256:b', 'a:b', 'ＡＢＣ', 'größe', '🐳', '\u202Eabc', '\uD800', '\uDC00x', 'a\uD83D',
  'o-a1b2c3d4e5', 'ou-ab12-11111111', '111111111111', '0111111111111', 'arn:aws:iam::222222222222:root', 'eu-west-1', 'cn-north-1', 'us-gov-west-1',
  'a'.repeat(256), 'a'.repeat(257), 'a'.repeat(100_000), '*'.repeat(10_000), 'a/'.repeat(5_000), 'ab',
];

/**
 * Strings that nobody means, strings that are almost right, and parameters.
 */
export function hostileStrings(...right: string[]): fc.Arbitrary<Hostile<string>> {
  const almost = fc.tuple(fc.constantFrom(...right), fc.nat(40), fc.constantFrom(...NASTY.filter(text => text.length < 10), ...'aZ9._-/*: '))
    .map(([text, at, insert]) => text.slice(0, at) + insert + text.slice(at));
  return fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(...NASTY, ...right).map(constant) },
    { weight: 2, arbitrary: almost.map(constant) },
    { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 300 }).filter(text => !text.includes('${Token[')).map(constant) },
    { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(...'abz09._-/*'), maxLength: 40 }).map(constant) },
    { weight: 1, arbitrary: fc.constant(parameter) },
  );
}

/**
 * Lists of them: none, few, many, and the same one again.
 */
export function hostileLists(...right: string[]): fc.Arbitrary<Hostile<string[]>> {
  const few = fc.array(hostileStrings(...right), { maxLength: 8 });
  const many = fc.integer({ min: 9, max: 1_200 }).map(count => Array.from({ length: count }, (_, index) => constant(`${right[0]}${index}`)));
  const again = hostileStrings(...right).map(value => [value, value]);
  return fc.oneof({ weight: 4, arbitrary: few }, { weight: 1, arbitrary: many }, { weight: 1, arbitrary: again })
    .map(values => (stack: Stack) => values.map(value => value(stack)));
}

/**
 * Numbers as a computation that went wrong makes them.
 */
export function hostileNumbers(): fc.Arbitrary<Hostile<number>> {
  return fc.oneof(
    fc.constantFrom(0, -0, 1, -1, 0.5, NaN, Infinity, -Infinity, Number.MAX_SAFE_INTEGER, Number.MAX_VALUE, Number.MIN_VALUE),
    fc.double().filter(value => !(value < -1e280)), // the CDK hides its tokens there
    fc.integer(),
  ).map(constant);
}

function constant<T>(value: T): Hostile<T> {
  return () => value;
}

function parameter(stack: Stack): string {
  const id = 'Parameter';
  return (stack.node.tryFindChild(id) as CfnParameter | undefined ?? new CfnParameter(stack, id)).valueAsString;
}
