import { CfnParameter, Stack, TagManager, TagType, Token } from 'aws-cdk-lib';
import { repositoryTagProblems } from '../../../lib/private/ecr/resource-tags';

const WAY_OUT = "; CloudFormation rejects it on a repository; exclude repositories with 'excludeResourceTypes' of Tags.of(…).add";

function problemsOf(values: Record<string, string>): string[] {
  const manager = new TagManager(TagType.STANDARD, 'AWS::ECR::Repository');
  Object.entries(values).forEach(([key, value]) => manager.setTag(key, value));
  return repositoryTagProblems(manager);
}

function tags(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, 'value']));
}

test.each([
  ['no tag', {}],
  ['a tag', { team: 'payments' }],
  ['the shortest', { k: 'v' }],
  ['the longest', { ['k'.repeat(127)]: 'v'.repeat(255) }],
  ['fifty tags', tags(50)],
  ['a late value', { team: new CfnParameter(new Stack(), 'Team').valueAsString }],
  ['a late key', { [Token.asString({ Ref: 'Key' })]: 'value' }],
  ['a key with aws in it', { 'my-aws:team': 'payments', 'awsteam': 'payments' }],
])('accepts %s', (_, values) => {
  expect(problemsOf(values)).toEqual([]);
});

test.each([
  ['an empty value', { team: '' }, "'tag value of team' must be 1 to 255 characters long, got 0: \"\""],
  ['a value of 256 characters', { team: 'v'.repeat(256) }, `'tag value of team' must be 1 to 255 characters long, got 256: "${'v'.repeat(116)}...`],
  ['an empty key', { '': 'v' }, "'tag key' must be 1 to 127 characters long, got 0: \"\""],
  ['a key of 128 characters', { ['k'.repeat(128)]: 'v' }, `'tag key' must be 1 to 127 characters long, got 128: "${'k'.repeat(116)}...`],
  ['a reserved key', { 'aws:team': 'v' }, "'tag key' must not begin with 'aws:', which is reserved, got \"aws:team\""],
])('refuses %s', (_, values, problem) => {
  expect(problemsOf(values)).toEqual([problem + WAY_OUT]);
});

test('does not repeat a key that is far too long', () => {
  expect(problemsOf({ ['k'.repeat(100_000)]: '' }).map(problem => problem.length)).toEqual([expect.any(Number), expect.any(Number)]);
  expect(problemsOf({ ['k'.repeat(100_000)]: '' }).join('').length).toBeLessThan(1_000);
});

test('refuses 51 tags', () => {
  expect(problemsOf(tags(51))).toEqual([
    "a repository must have at most 50 tags, got 51; exclude repositories from some of them with 'excludeResourceTypes' of Tags.of(…).add",
  ]);
});

test('says all that is wrong', () => {
  expect(problemsOf({ ...tags(50), 'aws:a': '' })).toHaveLength(3);
});
