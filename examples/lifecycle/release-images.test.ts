/**
 * A unit test as an app that uses the library would have it: the promises that its lifecycle policy makes, held before it is deployed.
 */
import { Size } from 'aws-cdk-lib';
import { LifecyclePolicy } from 'cdk-secure-ecr';

const policy = LifecyclePolicy.production();
const at = new Date('2026-11-21T00:00:00Z');

/** A day so and so many days before the preview. */
function daysAgo(days: number): Date {
  return new Date(at.getTime() - days * 86_400_000);
}

test('my release images survive 90 days of 20 pushes a day', () => {
  const forecast = policy.forecast({
    pushesPerDay: { 'release-*': 1, 'pr-*': 19 },
    imageSize: Size.mebibytes(300),
    days: 90,
  });

  expect(forecast.forTag('release-*')).toMatchObject({ pushed: 90, expired: 0, images: 90 });
  expect(forecast.monthlyCost).toBeLessThan(30);
});

test('a release stays, whatever else it is tagged with; a pull request and what has no tag go', () => {
  const preview = policy.preview({
    at,
    images: [
      { digest: 'sha256:release', tags: ['release-1.0', 'pr-6'], pushedAt: daysAgo(400) },
      { digest: 'sha256:old', tags: ['pr-7'], pushedAt: daysAgo(31) },
      { digest: 'sha256:new', tags: ['pr-8'], pushedAt: daysAgo(29) },
      { digest: 'sha256:untagged', pushedAt: daysAgo(8) },
    ],
  });

  expect(preview.expired.map(({ image }) => image.digest)).toEqual(['sha256:old', 'sha256:untagged']);
  expect(preview.decisionFor('release-1.0').reason).toMatch(/^kept: rule 1 'release-\*' /);
});

test('nothing in the policy is surely not meant', () => {
  expect(policy.findings()).toEqual([]);
});
