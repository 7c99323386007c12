import { foundIn, foundInTemplate, lifecycle } from './fixtures';

describe('invalidLifecyclePolicy', () => {
  test('finds what is wrong with the rules together, which no rule tells alone', () => {
    const rule = (rulePriority: number, tagStatus: string) => ({
      rulePriority, selection: { tagStatus, countType: 'imageCountMoreThan', countNumber: 5 }, action: { type: 'expire' },
    });
    const many = Array.from({ length: 51 }, (_, index) => ({ ...rule(index + 1, 'tagged'), selection: { ...rule(1, 'tagged').selection, tagPrefixList: [`v${index}-`] } }));
    const policy = (rules: object[]) => ({ LifecyclePolicy: { LifecyclePolicyText: JSON.stringify({ rules }) } });

    expect(foundIn(policy(many.slice(0, 50)))).toEqual([]);
    expect(foundIn(policy(many))).toEqual([expect.stringMatching(/^invalidLifecyclePolicy: .*50/)]);
    expect(foundIn(policy([rule(1, 'any'), rule(2, 'untagged')]))).toEqual([expect.stringMatching(/^invalidLifecyclePolicy: .* must be the last rule/)]);
    expect(foundIn(policy([rule(1, 'untagged'), rule(2, 'untagged')]))).toEqual([expect.stringMatching(/^invalidLifecyclePolicy: .* second rule for untagged/)]);
  });

  test('finds a policy that is no text', () => {
    expect(foundIn({ LifecyclePolicy: { LifecyclePolicyText: { rules: [] } } })).toEqual([`invalidLifecyclePolicy: 'LifecyclePolicy' must be valid in Amazon ECR: it is a text, got {"rules":[]}`]);
  });

  test.each(['not JSON', '{}', lifecycle(['a-'], 0), lifecycle([])])('finds %s', LifecyclePolicyText => {
    expect(foundIn({ LifecyclePolicy: { LifecyclePolicyText } })).toEqual([expect.stringMatching(/^invalidLifecyclePolicy: 'LifecyclePolicy' must be valid in Amazon ECR: /)]);
    expect(foundInTemplate({ LifecyclePolicy: LifecyclePolicyText })).toEqual([expect.stringMatching(/^invalidLifecyclePolicy/)]);
  });

  test('says all that is wrong', () => {
    expect(foundIn({ LifecyclePolicy: { LifecyclePolicyText: lifecycle(['a-'], 0) } })).toEqual([expect.stringContaining("'rules[0].selection.countNumber'")]);
  });
});
