import { Construct } from 'constructs';
import * as library from '../../../lib';
import { brandOf, isA } from '../../../lib/private/core/brand';

/** Public classes that are not constructs. */
const VALUE_CLASSES = Object.entries(library)
  .filter((entry): entry is [string, typeof entry[1] & { readonly prototype: object }] => typeof entry[1] === 'function' && !(entry[1].prototype instanceof Construct));

function secondCopy(): typeof library {
  let copy: typeof library | undefined;
  jest.isolateModules(() => {
    copy = jest.requireActual<typeof library>('../../../lib');
  });
  return copy!;
}

test.each(VALUE_CLASSES)('%s has its brand', (name, { prototype }) => {
  expect(Object.getOwnPropertySymbols(prototype)).toEqual([Symbol.for('cdk-secure-ecr.class')]);
  expect(brandOf(prototype)).toBe(name);
});

test('a value of a second copy of the package has the brand of its class, where instanceof fails', () => {
  const policy = secondCopy().LifecyclePolicy.standard();
  expect(policy).not.toBeInstanceOf(library.LifecyclePolicy);
  expect(isA(policy, 'LifecyclePolicy')).toBe(true);
  expect(isA(policy, 'LifecycleRule')).toBe(false);
});

test.each([undefined, null, '', 'LifecyclePolicy', 0, true, [], {}, Object.create(null), { toJson: () => '' }, class LifecyclePolicy {}])('%p has no brand', value => {
  expect(brandOf(value)).toBeUndefined();
  expect(isA(value, 'LifecyclePolicy')).toBe(false);
});

test('a spread or serialized value has no brand', () => {
  const policy = library.LifecyclePolicy.standard();
  expect(brandOf({ ...policy })).toBeUndefined();
  expect(brandOf(JSON.parse(JSON.stringify(policy)))).toBeUndefined();
});
