import { add, found, foundIn, foundInTemplate, lifecycle, newStack, repository } from './fixtures';

describe('doubtfulLifecyclePolicy', () => {
  const archive = (countNumber: number) => JSON.stringify({
    rules: [{
      rulePriority: 1, selection: { tagStatus: 'any', countType: 'sinceImagePulled', countUnit: 'days', countNumber }, action: { type: 'transition', targetStorageClass: 'archive' },
    }],
  });

  test('finds a list of tags that means all of them', () => {
    expect(foundIn({ LifecyclePolicy: { LifecyclePolicyText: lifecycle(['a-', 'b-']) } })).toEqual([
      expect.stringMatching(/^doubtfulLifecyclePolicy: 'LifecyclePolicy' must have the intended effect: rule 1 selects only images that carry tags for each of/),
    ]);
    expect(foundInTemplate({ LifecyclePolicy: lifecycle(['a-', 'b-']) })).toEqual([expect.stringMatching(/^doubtfulLifecyclePolicy/)]);
    expect(foundIn({ LifecyclePolicy: { LifecyclePolicyText: lifecycle(['a-']) } })).toEqual([]);
  });

  test('finds pulls that scanners may count for, unless somebody excludes them', () => {
    const stack = newStack();
    repository(stack, { LifecyclePolicy: { LifecyclePolicyText: archive(90) } });
    expect(found(stack)).toEqual([expect.stringContaining('PullTimeExclusions')]);

    const excluded = newStack();
    repository(excluded, { LifecyclePolicy: { LifecyclePolicyText: archive(90) } });
    add(excluded, 'Scanner', 'AWS::ECR::PullTimeUpdateExclusion', { PrincipalArn: 'arn:aws:iam::111122223333:role/scanner' });
    expect(found(excluded)).toEqual([]);
  });
});
