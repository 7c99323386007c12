import { add, found, foundIn, foundInTemplate, newStack, repository } from './fixtures';

describe('mutableTags', () => {
  test.each(['IMMUTABLE', 'IMMUTABLE_WITH_EXCLUSION'])('lets %s pass', ImageTagMutability => {
    expect(foundIn({ ImageTagMutability })).toEqual([]);
  });

  test('takes an exclusion of every tag from mutability for immutability', () => {
    const filters = [{ ImageTagMutabilityExclusionFilterType: 'WILDCARD', ImageTagMutabilityExclusionFilterValue: '*' }];
    expect(foundIn({ ImageTagMutability: 'MUTABLE_WITH_EXCLUSION', ImageTagMutabilityExclusionFilters: filters })).toEqual([]);
  });

  test.each([undefined, 'MUTABLE', 'MUTABLE_WITH_EXCLUSION'])('finds %s', ImageTagMutability => {
    expect(foundIn({ ImageTagMutability })).toEqual([expect.stringMatching(`^mutableTags: .* got "${ImageTagMutability ?? 'MUTABLE'}": principals that may push`)]);
  });

  test.each<[string, boolean]>([['*', true], ['**', true], ['latest', false], ['prod-*', false]])('with the exclusion %s is %s', (ImageTagMutabilityExclusionFilterValue, expected) => {
    const filters = [{ ImageTagMutabilityExclusionFilterType: 'WILDCARD', ImageTagMutabilityExclusionFilterValue }];
    expect(foundIn({ ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION', ImageTagMutabilityExclusionFilters: filters })).toEqual(
      expected ? [expect.stringContaining('"IMMUTABLE_WITH_EXCLUSION" with an exclusion for every tag')] : [],
    );
  });

  test('holds templates to it, but not those of caches, whose tags follow the upstream', () => {
    expect(foundInTemplate({ ImageTagMutability: undefined })).toEqual([expect.stringMatching(/^mutableTags/)]);
    expect(foundInTemplate({ ImageTagMutability: undefined, AppliedFor: ['PULL_THROUGH_CACHE'] })).toEqual([]);
    expect(foundInTemplate({ ImageTagMutability: undefined, AppliedFor: { Ref: 'Uses' } })).toEqual([]);
  });

  test('leaves out repositories below a cache, which could not refresh immutable tags', () => {
    const below = (prefix: unknown, name: string) => {
      const stack = newStack();
      add(stack, 'Cache', 'AWS::ECR::PullThroughCacheRule', { EcrRepositoryPrefix: prefix, UpstreamRegistryUrl: 'quay.io' });
      repository(stack, { ImageTagMutability: 'MUTABLE', RepositoryName: name });
      return found(stack);
    };

    expect(below('quay/', 'quay/prometheus')).toEqual([]);
    expect([...below('quay', 'quay-mirror'), ...below('ROOT', 'team/api'), ...below({ Ref: 'Prefix' }, 'team/api')]).toHaveLength(3);
  });
});
