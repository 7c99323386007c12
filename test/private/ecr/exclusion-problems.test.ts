import { orUntilLookup } from '../../../lib/private/core/values';
import { exclusionProblems } from '../../../lib/private/ecr/tag-mutability';

describe('the exclusion filters of a repository', () => {
  test.each([
    ['IMMUTABLE_WITH_EXCLUSION', 0, ["'filters' must have at least one filter for IMMUTABLE_WITH_EXCLUSION, got none; add a filter, or leave out the exclusion"]],
    ['IMMUTABLE_WITH_EXCLUSION', 1, []],
    ['IMMUTABLE', 2, ["'filters' must be left out for IMMUTABLE, got 2; set IMMUTABLE_WITH_EXCLUSION"]],
    ['IMMUTABLE', 0, []],
    ['UNKNOWN', 2, []],
  ])('for %s: %i', (mutability, filters, problems) => {
    expect(exclusionProblems('filters', mutability, filters)).toEqual(problems);
  });
});

test('a value that the CDK CLI has not looked up yet has a stand-in', () => {
  expect(orUntilLookup('dummy-value-for-/name', 'stand-in')).toBe('stand-in');
  expect(orUntilLookup('name', 'stand-in')).toBe('name');
});
