import { Duration } from 'aws-cdk-lib';
import { ImageSelection, LifecyclePolicy, LifecycleRule } from '../../lib';
import { ExampleImages } from '../../lib/lifecycle/findings/example-images';
import type { FindingDraft } from '../../lib/lifecycle/findings/finding-draft';
import type { RuleModel } from '../../lib/lifecycle/rule-model';
import { confirm } from '../../lib/lifecycle/trial/confirmed-finding';

const rule = (entry: string): RuleModel => ({
  priority: 1, tags: { status: 'tagged', list: 'tagPatternList', entries: [entry] }, storageClass: 'standard', countType: 'imageCountMoreThan',
  countNumber: 2, action: 'expire', allOfByName: false,
} as unknown as RuleModel);

describe('the images of an example', () => {
  test('are as many as a rule by number keeps, each with a tag of its own', () => {
    const example = new ExampleImages([]);

    expect(example.addNewer(rule('v*'))).toBe(true);
    expect(new Set(example.images.flatMap(({ tags }) => tags)).size).toBe(2);
  });

  test('leave out tags that an image has already', () => {
    const example = new ExampleImages([]);
    example.add(1, ['v100']);

    expect(example.addNewer(rule('v*'))).toBe(true);
    expect(example.images.map(({ tags }) => tags)).toEqual([['v100'], ['v101'], ['v102']]);
  });

  test('are none for a pattern that no tag of 300 characters matches', () => {
    expect(new ExampleImages([]).addNewer(rule(`${'x'.repeat(300)}*`))).toBe(false);
  });
});

test('a finding that is one only if an image is lost is none without an example', () => {
  expect(confirm({ id: 'example', problem: 'An example.', onlyIfLost: true } as FindingDraft, [])).toEqual([]);
});

test('a rule that no tag can match, above a protection, has no example', () => {
  const policy = LifecyclePolicy.of(
    LifecycleRule.expire({ images: ImageSelection.tagPattern(`${'x'.repeat(300)}*`), keepNewest: 5 }),
    LifecycleRule.protect({ images: ImageSelection.tagPattern('prod-*') }),
  );

  expect(policy.findings().filter(({ id }) => id === 'protectionBelow')).toEqual([]);
});

test('a rule for one image above a protection is no trap', () => {
  const policy = LifecyclePolicy.of(
    LifecycleRule.expire({ images: ImageSelection.tagPattern('dev'), keepNewest: 1 }),
    LifecycleRule.protect({ images: ImageSelection.tagPattern('prod-*') }),
    LifecycleRule.expire({ images: ImageSelection.UNTAGGED, olderThan: Duration.days(7) }),
  );

  expect(policy.findings().map(({ id }) => id)).not.toContain('protectionBelow');
});
