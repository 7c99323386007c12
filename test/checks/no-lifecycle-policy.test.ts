import { foundIn, foundInTemplate } from './fixtures';

describe('noLifecyclePolicy', () => {
  test.each<[string, object | undefined]>([['no property', undefined], ['an empty one', {}], ['an empty text', { LifecyclePolicyText: '' }], ['only a registry id', { RegistryId: '111122223333' }]])('finds %s', (_what, it) => {
    expect(foundIn({ LifecyclePolicy: it })).toEqual([expect.stringMatching(/^noLifecyclePolicy/)]);
  });

  test('holds templates to it', () => {
    expect(foundInTemplate({ LifecyclePolicy: undefined })).toEqual([expect.stringMatching(/^noLifecyclePolicy/)]);
  });
});
