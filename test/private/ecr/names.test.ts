import { Token } from 'aws-cdk-lib';
import * as names from '../../../lib/private/ecr/names';

const LATE = Token.asString({ Ref: 'Parameter' });
const GRAMMAR = "'name' must be lowercase letters and digits, joined by '.', '_', '__' or '-' and nested by '/', such as 'team/api', got ";

describe('repositoryNameProblems', () => {
  test.each([
    'ab', 'a'.repeat(256), 'a__b', 'a--b', 'a-----b', 'a.b', 'a_b', 'team/api', '1password/cli', '0a', 'a/b', 'a/b/c-d/e__f.g',
  ])('accepts %p', name => {
    expect(names.repositoryNameProblems('name', name)).toEqual([]);
  });

  test.each([
    'Bad Name', 'Ab', 'aB', 'a b', 'a//b', '/a', 'ab/', 'a/', '-ab', 'ab-', '.ab', 'ab.', '_ab', 'ab_', 'a___b', 'a..b', 'a._b', 'a-_b', 'a/-b', 'a-/b', 'a:b', 'a@b',
    'ab\n', 'äpfel', 'а-cyrillic', 'team/ünïcode', '\u{1F600}ab', '\uD800ab', 'ROOT', '__proto__', 'ab*',
  ])('refuses %p', name => {
    expect(names.repositoryNameProblems('name', name)).toEqual([GRAMMAR + JSON.stringify(name)]);
  });

  test('refuses one character and 257 with the length', () => {
    expect(names.repositoryNameProblems('name', 'a')).toEqual(["'name' must be 2 to 256 characters long, got 1: \"a\""]);
    expect(names.repositoryNameProblems('name', 'a'.repeat(257))).toEqual([
      `'name' must be 2 to 256 characters long, got 257: "${'a'.repeat(116)}...`,
    ]);
  });

  test('says all that is wrong with a name', () => {
    expect(names.repositoryNameProblems('name', '')).toEqual(["'name' must be 2 to 256 characters long, got 0: \"\"", `${GRAMMAR}""`]);
    expect(names.repositoryNameProblems('name', 'A'.repeat(257))).toHaveLength(2);
  });

  test.each([undefined, LATE, `team/${LATE}`, `Bad Name ${LATE}`])('passes %p, which nobody can check', name => {
    expect(names.repositoryNameProblems('name', name)).toEqual([]);
  });

  test.each([
    'a'.repeat(200_000) + '!', 'a-'.repeat(100_000) + '!', `a${'-'.repeat(200_000)}!`, 'a/'.repeat(100_000) + '!',
  ])('does not hang on a hostile name', name => {
    expect(names.repositoryNameProblems('name', name)).toHaveLength(2);
  });
});

describe('namespaceProblems', () => {
  const length = { min: 2, max: 30 };

  test.each(['ab', 'team/cache', 'team/', 'a__b', 'ROOT', 'a'.repeat(30), undefined, LATE])('accepts %p', prefix => {
    expect(names.namespaceProblems('prefix', prefix, length)).toEqual([]);
  });

  test.each(['Team', '/team', 'a//b', 'team//', 'root/ROOT', 'team/*', 'ROOT/'])('refuses %p', prefix => {
    expect(names.namespaceProblems('prefix', prefix, length)).toEqual([
      `'prefix' must be 'ROOT' or a path of lowercase names such as 'team/docker-hub', got ${JSON.stringify(prefix)}`,
    ]);
  });

  test.each(['a', 'a'.repeat(31)])('refuses the length of %p', prefix => {
    expect(names.namespaceProblems('prefix', prefix, length)).toEqual([
      `'prefix' must be 2 to 30 characters long, got ${prefix.length}: ${JSON.stringify(prefix)}`,
    ]);
  });
});

describe('replicationFilterProblems', () => {
  test.each(['ab', 'prod/', 'prod-', 'team/a__', 'a'.repeat(256), LATE])('accepts %p', prefix => {
    expect(names.replicationFilterProblems('filter', prefix)).toEqual([]);
  });

  test.each(['prod*', 'Prod', '/prod', 'a//'])('refuses %p', prefix => {
    expect(names.replicationFilterProblems('filter', prefix)).toEqual([
      `'filter' must be a valid prefix of repository names in lowercase, such as 'prod/', without wildcards, got ${JSON.stringify(prefix)}`,
    ]);
  });

  test.each(['a', 'a'.repeat(257)])('refuses the length of %p', prefix => {
    expect(names.replicationFilterProblems('filter', prefix)).toEqual([expect.stringMatching(/^'filter' must be 2 to 256 characters long, got/)]);
  });
});

describe('tagFilterProblems', () => {
  test.each(['a', '*', 'latest', 'prod-*', 'V1.2_x-*', 'a'.repeat(128), LATE])('accepts %p', filter => {
    expect(names.tagFilterProblems('filter', filter)).toEqual([]);
  });

  test.each(['prod/*', 'a b', 'a:b', 'ä', 'a+b', '?', '\n'])('refuses %p', filter => {
    expect(names.tagFilterProblems('filter', filter)).toEqual([
      `'filter' must be a tag such as 'latest' or, with '*' for any text, 'prod-*': letters, digits, '.', '_', '-' and '*', got ${JSON.stringify(filter)}`,
    ]);
  });

  test('refuses no character and 129', () => {
    expect(names.tagFilterProblems('filter', '')).toEqual(["'filter' must be 1 to 128 characters long, got 0: \"\""]);
    expect(names.tagFilterProblems('filter', 'a'.repeat(129))).toEqual([`'filter' must be 1 to 128 characters long, got 129: "${'a'.repeat(116)}...`]);
  });
});

describe('accountProblems', () => {
  test.each(['111122223333', '000000000000', undefined, LATE])('accepts %p', account => {
    expect(names.accountProblems('account', account)).toEqual([]);
  });

  test.each(['', '11112222333', '1111222233334', '11112222333a', ' 111122223333', '1111-2222-3333'])('refuses %p', account => {
    expect(names.accountProblems('account', account)).toEqual([`'account' must be an AWS account id of 12 digits, got ${JSON.stringify(account)}`]);
  });
});

describe('regionProblems', () => {
  test.each(['eu-west-1', 'us-gov-west-1', 'cn-north-1', undefined, LATE])('accepts %p', region => {
    expect(names.regionProblems('region', region)).toEqual([]);
  });

  test.each(['', 'Frankfurt', 'eu_west_1', 'eu-west-1 ', 'e', 'e'.repeat(26)])('refuses %p', region => {
    expect(names.regionProblems('region', region)).toEqual([`'region' must be an AWS Region such as 'eu-west-1', got ${JSON.stringify(region)}`]);
  });
});

describe('organizationProblems', () => {
  test.each(['o-a1b2c3d4e5', `o-${'a'.repeat(32)}`, undefined, LATE])('accepts %p', id => {
    expect(names.organizationProblems('organizationId', id)).toEqual([]);
  });

  test.each(['', 'o-', 'o-a1b2c3d4e', `o-${'a'.repeat(33)}`, 'O-a1b2c3d4e5', 'o-a1b2c3d4e5/r-ab12', 'ou-ab12-a1b2c3d4', '*'])('refuses %p', id => {
    expect(names.organizationProblems('organizationId', id)).toEqual([
      `'organizationId' must be the id of an organization such as 'o-a1b2c3d4e5', got ${JSON.stringify(id)}`,
    ]);
  });
});

describe('lengthProblems', () => {
  test.each([
    ['', 1], ['a', 0], ['abc', 0], ['abcd', 1],
  ])('finds in %p %i problems of a text that must be 1 to 3 characters long', (text, count) => {
    expect(names.lengthProblems('text', text, { min: 1, max: 3 })).toHaveLength(count);
  });
});

describe('freeTextProblems', () => {
  test('finds half a character, which no JSON parser takes', () => {
    expect(names.freeTextProblems('text', 'a\uD800', { min: 1, max: 3 })).toEqual(["'text' must not have unpaired surrogates, got one in \"a\\ud800\""]);
    expect(names.freeTextProblems('text', '🐳', { min: 1, max: 3 })).toEqual([]);
  });
});
