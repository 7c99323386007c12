import { matchesWildcards } from '../../../lib/private/core/wildcards';

describe('matchesWildcards', () => {
  test.each([
    ['', ''], ['', '*'], ['a', 'a'], ['a', '?'], ['a', '*'], ['abc', 'a*'], ['abc', '*c'], ['abc', 'a*c'], ['abc', '*b*'], ['abc', 'a?c'],
    ['abc', '**abc**'], ['a/b/c', 'a/*'], ['aab', '*ab'], ['abcabd', '*ab?'], ['a.c', 'a.c'],
  ])('%j matches %j', (text, pattern) => {
    expect(matchesWildcards(text, pattern)).toBe(true);
  });

  test.each([
    ['', 'a'], ['', '?'], ['a', ''], ['a', 'b'], ['a', 'aa'], ['ab', '?'], ['abc', 'a*d'], ['abc', '*b'], ['abc', 'a.c'], ['a', 'a?'], ['Abc', 'a*'],
  ])('%j does not match %j', (text, pattern) => {
    expect(matchesWildcards(text, pattern)).toBe(false);
  });

  test('is quick on a pattern that makes regular expressions slow', () => {
    expect(matchesWildcards('a'.repeat(5_000), `${'*a'.repeat(500)}*b`)).toBe(false);
  });
});
