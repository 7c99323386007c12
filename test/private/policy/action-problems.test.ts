import { Aws } from 'aws-cdk-lib';
import { ECR_ACTIONS } from '../../../lib/private/ecr/action-table';
import {
  actionProblems, ENDPOINT_POLICY, IDENTITY_POLICY, PUBLIC_REPOSITORY_POLICY, REGISTRY_POLICY, REPOSITORY_GRANT, REPOSITORY_POLICY, unknownActions,
} from '../../../lib/private/policy/action-problems';

const problems = (action: string, place = REPOSITORY_POLICY): string[] => actionProblems('actions', [action], place);
const names = (service: string, resource?: string): string[] => (
  ECR_ACTIONS.filter(it => it.service === service && it.resource === resource).map(({ name }) => name)
);

describe('actionProblems', () => {
  test.each([
    'ecr:BatchGetImage', 'ECR:batchgetimage', 'ecr:Describe*', 'ecr:*', '*', 'ecr:Put?mage', Aws.REGION, `ecr:${Aws.REGION}`,
  ])('accepts %s', action => {
    const places = [REPOSITORY_POLICY, REPOSITORY_GRANT, REGISTRY_POLICY, ENDPOINT_POLICY, IDENTITY_POLICY];
    expect(places.flatMap(place => problems(action, place))).toEqual([]);
  });

  test.each(names('ecr', 'repository'))('accepts %s in a repository policy', action => {
    expect(problems(action)).toEqual([]);
  });

  test.each(names('ecr'))('refuses %s there, but not in the policy of a registry or an identity', action => {
    expect(problems(action)).toEqual([
      `'actions' must not include "${action}": it applies to the registry and has no effect in a repository policy; allow it on '*' in an identity policy`,
    ]);
    expect([...problems(action, REGISTRY_POLICY), ...problems(action, IDENTITY_POLICY), ...problems(action, ENDPOINT_POLICY)]).toEqual([]);
  });

  test('accepts actions on a repository of ECR Public in its policy alone', () => {
    expect(names('ecr-public', 'repository').flatMap(action => problems(action, PUBLIC_REPOSITORY_POLICY))).toEqual([]);
    expect(problems('ecr-public:PutImage')).toEqual([`'actions' must be actions of Amazon ECR, got "ecr-public:PutImage", which has no effect in a repository policy`]);
    expect(problems('ecr:PutImage', PUBLIC_REPOSITORY_POLICY))
      .toEqual([`'actions' must be actions of Amazon ECR Public, got "ecr:PutImage", which has no effect in a public repository policy`]);
    expect(problems('ecr-public:DescribeRegistries', PUBLIC_REPOSITORY_POLICY)).toEqual([expect.stringContaining('it applies to the registry')]);
  });

  test('refuses a pattern for actions of the registry alone', () => {
    expect(problems('ecr:Get*Token')).toEqual([expect.stringContaining('must not include "ecr:Get*Token": it applies to the registry')]);
  });

  test.each([
    ['ecr:BatchGetImages', 'ecr:BatchGetImage'],
    ['ecr:GetDownloadUrlForLayers', 'ecr:GetDownloadUrlForLayer'],
    ['ecr:GetAuthorisationToken', 'ecr:GetAuthorizationToken'],
    ['ecr-public:PutImages', 'ecr-public:PutImage'],
  ])('suggests for %s that it is %s, in the policy of an identity too', (action, meant) => {
    expect(problems(action, IDENTITY_POLICY)).toEqual([`'actions' must be actions that exist, got "${action}"; use "${meant}"`]);
  });

  test('names the action that lacks its prefix', () => {
    expect(problems('BatchGetImage')).toEqual([`'actions' must be actions of Amazon ECR, got "BatchGetImage"; use "ecr:BatchGetImage"`]);
    expect(problems('Whatever')).toEqual([expect.stringContaining('got "Whatever", which has no effect in a repository policy')]);
  });

  test.each(['s3:GetObject', 'ecs:*', 'sts:AssumeRole', 'toString:x'])('refuses %s where only Amazon ECR has an effect', action => {
    expect([...problems(action), ...problems(action, REGISTRY_POLICY)]).toHaveLength(2);
    expect([...problems(action, ENDPOINT_POLICY), ...problems(action, IDENTITY_POLICY)]).toEqual([]);
  });
});

describe('unknownActions', () => {
  test('are those of Amazon ECR that the reference does not list', () => {
    expect(unknownActions(['ecr:StartReplicationBackfill', 'ecr:Pull*', 'ecr-public:ListThings', 'ecr:Put*', 's3:X', '*', 'ecr:PutImage', Aws.REGION]))
      .toEqual(['ecr:StartReplicationBackfill', 'ecr:Pull*', 'ecr-public:ListThings']);
  });
});
