import { App, CfnParameter, Stack, Token } from 'aws-cdk-lib';
import { allTagsMutable, filtersOfManyWildcards, mutableTagsProblems, renderTagMutability } from '../../../lib/private/ecr/tag-mutability';

const LATE = Token.asString({ Ref: 'Parameter' });
const FIVE = ['a', 'b', 'c', 'd', 'e'];

describe('renderTagMutability', () => {
  test.each([[undefined], [[]]])('renders %p as IMMUTABLE, without filters', mutableTags => {
    expect(renderTagMutability(mutableTags)).toEqual({ imageTagMutability: 'IMMUTABLE' });
  });

  test('renders filters as exclusions, in the order given', () => {
    expect(renderTagMutability(['prod-*', 'latest'])).toEqual({
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: [
        { imageTagMutabilityExclusionFilterType: 'WILDCARD', imageTagMutabilityExclusionFilterValue: 'prod-*' },
        { imageTagMutabilityExclusionFilterType: 'WILDCARD', imageTagMutabilityExclusionFilterValue: 'latest' },
      ],
    });
  });

  test("renders exactly ['*'] as MUTABLE", () => {
    expect(renderTagMutability(['*'])).toEqual({ imageTagMutability: 'MUTABLE' });
    expect(renderTagMutability(['*', 'latest'])).toMatchObject({ imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION' });
  });
});

describe('allTagsMutable', () => {
  test.each([
    [undefined, false], [[], false], [['latest'], false], [['*', '*'], false], [['**'], false], [['*'], true],
  ])('of %p is %p', (mutableTags, expected) => {
    expect(allTagsMutable(mutableTags)).toBe(expected);
  });
});

describe('mutableTagsProblems', () => {
  test.each([[undefined], [[]], [['a']], [FIVE], [[LATE]], [['*']], [['a'.repeat(128)]]])('accepts %p', mutableTags => {
    expect(mutableTagsProblems('mutableTags', mutableTags)).toEqual([]);
  });

  test('refuses six entries', () => {
    expect(mutableTagsProblems('mutableTags', [...FIVE, 'f'])).toEqual([
      "'mutableTags' must have at most 5 entries, got 6; one filter such as 'prod-*' covers many tags",
    ]);
  });

  test('names the entry that is wrong', () => {
    expect(mutableTagsProblems('mutableTags', ['ok', 'not ok', 'a'.repeat(129)])).toEqual([
      expect.stringMatching(/^'mutableTags\[1\]' must be a tag .* got "not ok"$/),
      expect.stringMatching(/^'mutableTags\[2\]' must be 1 to 128 characters long, got 129/),
    ]);
  });

  test('refuses duplicates, each once', () => {
    expect(mutableTagsProblems('mutableTags', ['a', 'a', 'a', 'b'])).toEqual(["'mutableTags' must not have duplicates, got \"a\" twice"]);
  });

  test('refuses a list of unknown length', () => {
    const list = new CfnParameter(new Stack(new App(), 'Stack'), 'Tags', { type: 'CommaDelimitedList' }).valueAsList;

    expect(mutableTagsProblems('mutableTags', list)).toEqual([
      "'mutableTags' must be a list of known length, got a token; list the entries, which may be tokens",
    ]);
  });
});

describe('filtersOfManyWildcards', () => {
  test('are those with more than two', () => {
    expect(filtersOfManyWildcards(['a', '*', '*a*', '*a*b*', '***', LATE])).toEqual(['*a*b*', '***']);
  });
});
