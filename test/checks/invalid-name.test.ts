import { add, found, GOOD, GOOD_TEMPLATE, newStack } from './fixtures';

describe('invalidName', () => {
  test.each<[string, string, string, string]>([
    ['AWS::ECR::Repository', 'RepositoryName', 'team/a__b', 'Bad Name'],
    ['AWS::ECR::RepositoryCreationTemplate', 'Prefix', 'team/', '-team'],
    ['AWS::ECR::PublicRepository', 'RepositoryName', 'tools/converter', 'a__b'],
    ['AWS::ECR::PullThroughCacheRule', 'EcrRepositoryPrefix', 'docker-hub', 'a'],
  ])('of %s finds in %s, unlike %p, %p', (type, property, good, bad) => {
    const names = (name: string) => {
      const stack = newStack();
      const base = type === 'AWS::ECR::Repository' ? GOOD : type.endsWith('Template') ? GOOD_TEMPLATE : {};
      add(stack, 'Resource', type, { ...base, [property]: name });
      return found(stack);
    };
    expect(names(good)).toEqual([]);
    expect(names(bad)).toEqual([expect.stringMatching(`^invalidName: '${property}' must be`)]);
  });
});

test('invalidName looks at the prefix of an upstream', () => {
  const stack = newStack();
  add(stack, 'Rule', 'AWS::ECR::PullThroughCacheRule', { EcrRepositoryPrefix: 'shared', UpstreamRepositoryPrefix: 'BAD//', UpstreamRegistryUrl: 'public.ecr.aws' });
  expect(found(stack)).toEqual([expect.stringMatching(/^invalidName: 'UpstreamRepositoryPrefix' must be/)]);
});
