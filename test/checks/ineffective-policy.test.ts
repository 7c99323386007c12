import { add, found, foundIn, newStack } from './fixtures';

describe('ineffectivePolicy', () => {
  const policy = (Action: string | string[], accounts = 1) => ({
    Statement: [{ Effect: 'Allow', Action, Principal: { AWS: Array.from({ length: accounts }, (_, index) => String(200_000_000_000 + index)) } }],
  });

  test('finds a login, which no repository can give', () => {
    expect(foundIn({ RepositoryPolicyText: policy(['ecr:BatchGetImage', 'ecr:GetAuthorizationToken']) })).toEqual([
      expect.stringMatching(/^ineffectivePolicy: 'RepositoryPolicyText' must not include "ecr:GetAuthorizationToken"/),
    ]);
  });

  test('finds a login that is denied, which has no effect either', () => {
    expect(foundIn({ RepositoryPolicyText: { Statement: [{ Effect: 'Deny', Action: 'ecr:GetAuthorizationToken', Principal: { AWS: '222222222222' } }] } }))
      .toEqual([expect.stringContaining('has no effect in a repository policy')]);
  });

  test('holds policies to 10,240 characters', () => {
    const [base, account] = [JSON.stringify(policy('ecr:BatchGetImage')).length, '"200000000001",'.length];
    const most = 1 + Math.floor((10_240 - base) / account);
    expect(foundIn({ RepositoryPolicyText: policy('ecr:BatchGetImage', most) })).toEqual([]);
    expect(foundIn({ RepositoryPolicyText: policy('ecr:BatchGetImage', most + 1) })).toEqual([expect.stringMatching(/^ineffectivePolicy: .* at most 10240 characters/)]);
  });

  test('lets a registry policy give what belongs to the registry', () => {
    const stack = newStack();
    add(stack, 'Policy', 'AWS::ECR::RegistryPolicy', { PolicyText: policy('ecr:DescribeRegistry') });
    expect(found(stack)).toEqual([]);
  });
});
