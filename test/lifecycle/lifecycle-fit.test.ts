import { Duration, Lazy, Size } from 'aws-cdk-lib';
import { type LifecycleFitProps, LifecyclePolicy } from '../../lib';
import { mayOverlap } from '../../lib/lifecycle/trial/search-space';
import { problemsOf } from '../message-of';

const days = (amount: number) => Duration.days(amount);
interface RenderedRule {
  readonly selection: { readonly tagPatternList?: string[]; readonly countType: string; readonly countNumber: number };
}
const rulesOf = (policy: LifecyclePolicy) => (JSON.parse(policy.toJson()) as { rules: RenderedRule[] }).rules
  .map(({ selection: { tagPatternList: [tag] = ['untagged'], countType, countNumber } }) => `${tag} ${countType} ${countNumber}`);

describe('LifecyclePolicy.fit', () => {
  test('finds the cheapest policy that keeps each promise, and says why', () => {
    const fit = LifecyclePolicy.fit({
      pushesPerDay: { 'release-*': 0.5, 'pr-*': 3, 'latest': 1 },
      keep: { 'release-*': { rollback: days(60) }, 'pr-*': { images: 4 } },
      imageSize: Size.gibibytes(1),
      days: 150,
    });

    expect(rulesOf(fit.policy)).toEqual(['pr-* imageCountMoreThan 4', 'release-* imageCountMoreThan 31', 'untagged sinceImagePushed 7']);
    expect(fit.isFeasible).toBe(true);
    expect(fit.forecast.monthlyCost).toBeCloseTo((4 + 31 + 1 + 6) * 0.1, 5);
    expect(fit.toTable()).toBe([
      'RULE                                    WHY NOT LESS',
      "rule 1 'pr-*': keep the newest 4        with 3, 'pr-*' has 3 images on the worst day, not 4",
      "rule 2 'release-*': keep the newest 31  with 30, 'release-*' has 59 days of rollback on the worst day, not 60",
      'rule 3 (untagged): expire after 7 days  untagged images stay for 7 days and take up storage after that',
      '',
      'TAG        PROMISED             REACHED  MARGIN  WORST RUN  KEPT',
      'pr-*       4 images             4        0       -          yes',
      'release-*  60 days of rollback  60       0       -          yes',
      '',
      'After 150 days: 42 images (42.0 GB), steady from day 57, 4.20 USD a month.',
    ].join('\n'));
  });

  test('keeps little of what is not promised, and writes no rule that does nothing', () => {
    const fit = LifecyclePolicy.fit({ pushesPerDay: { 'release-*': 1, 'pr-*': 2 }, keep: { 'release-*': { images: 2 } }, days: 40 });

    expect(rulesOf(fit.policy)).toEqual(['pr-* imageCountMoreThan 1', 'release-* imageCountMoreThan 2']);
    expect(fit.rules[0].reason).toBe("nothing needs more images of 'pr-*'");
  });

  test('keeps promises for tags that share images', () => {
    const fit = LifecyclePolicy.fit({
      pushes: [{ tags: ['sha-*', 'latest'], perDay: 2 }, { tags: ['sha-*', 'v*'], perDay: 0.2 }],
      keep: { 'v*': { rollback: days(60) }, 'sha-*': { rollback: days(14) }, 'latest': { images: 1 } },
      days: 150,
    });

    expect(fit.problems).toEqual([]);
    expect(rulesOf(fit.policy).map(rule => rule.split(' ')[0])).toEqual(['v*', 'sha-*']);
    expect(fit.forecast.forTag('sha-*').rollbackDays).toBeGreaterThanOrEqual(14);
    expect(fit.forecast.forTag('v*').rollbackDays).toBeGreaterThanOrEqual(60);
    expect(fit.forecast.forTag('latest').images).toBe(1);
  });

  test('writes the rule of a narrower pattern before that of a wider one', () => {
    const pushesPerDay = { 'v*': 1, 'v1.*': 1 };
    const fit = LifecyclePolicy.fit({ pushesPerDay, keep: { 'v*': { rollback: days(10) }, 'v1.*': { images: 2 } }, days: 30 });

    expect(rulesOf(fit.policy).map(rule => rule.split(' ')[0])).toEqual(['v1.*', 'v*']);
    expect(fit.problems).toEqual([]);
    expect(fit.forecast.forTag('v1.*').images).toBe(2);
  });

  test('protects a tag that a rule for more tags would take', () => {
    const fit = LifecyclePolicy.fit({ pushesPerDay: { 'latest': 0.1, 'l*': 5 }, keep: { latest: { images: 1 } }, days: 40 });

    expect(rulesOf(fit.policy).slice(0, 2)).toEqual(['latest imageCountMoreThan 100000', 'l* imageCountMoreThan 1']);
    expect(fit.rules[0]).toEqual({ priority: 1, rule: "rule 1 'latest': keep all", reason: 'later rules must not select its images' });
    expect(fit.forecast.forTag('latest').images).toBe(1);
  });

  test('keeps the larger promise for images with two tags', () => {
    const fit = LifecyclePolicy.fit({ pushes: [{ tags: ['a*', 'b*'], perDay: 1 }], keep: { 'a*': { images: 2 }, 'b*': { images: 5 } }, days: 20 });

    expect(fit.problems).toEqual([]);
    expect(fit.policy.toJson()).toContain('"countNumber":5}');
    expect(fit.forecast.forTag('a*').images).toBe(5);
  });

  test.each([
    ['v*', 'v1.*', true],
    ['v1.*', 'v*', true],
    ['latest', 'l*', true],
    ['*-rc', 'x-rc', true],
    ['x-rc', '*-rc', true],
    ['*-a', '*-b', false],
    ['v*', 'sha-*', false],
    ['latest', 'stable', false],
  ])('sees whether %s and %s may describe the same tag', (a, b, expected) => {
    expect(mayOverlap(a, b)).toBe(expected);
  });

  test('keeps promises in each run where pushes come in bursts', () => {
    const props = { pushesPerDay: { 'v*': 1 }, keep: { 'v*': { rollback: days(20) } }, days: 120 };
    const even = LifecyclePolicy.fit(props);
    const bursts = LifecyclePolicy.fit({ ...props, burstiness: 4 });

    expect(even.promises).toEqual([
      { tag: 'v*', unit: 'days of rollback', promised: 20, reached: 20, margin: 0, worstReached: undefined, isKept: true },
    ]);
    expect(bursts.promises[0].isKept).toBe(true);
    expect(bursts.promises[0].worstReached).toBeGreaterThanOrEqual(20);
    expect(bursts.forecast.simulatedImages!.worst).toBeGreaterThan(even.forecast.days[119].images);
    expect(bursts.rules[0].reason).toMatch(/^with \d+, a run with pushes at random moments breaks a promise$/);
  });

  test('looks twice as far ahead as the longest promise', () => {
    const fit = LifecyclePolicy.fit({ pushesPerDay: { 'v*': 0.1 }, keep: { 'v*': { rollback: days(400) } } });

    expect(fit.forecast.days).toHaveLength(800);
    expect(fit.promises[0].margin).toBeGreaterThanOrEqual(0);
  });

  test('keeps untagged images as long as asked for', () => {
    const fit = LifecyclePolicy.fit({ pushesPerDay: { latest: 1 }, keep: { latest: { images: 1 } }, keepUntagged: days(20), days: 60 });

    expect(rulesOf(fit.policy)).toEqual(['untagged sinceImagePushed 20']);
    expect(fit.rules[0].reason).toBe('untagged images stay for 20 days and take up storage after that');
  });

  describe('is honest when nothing fits', () => {
    test('about a promise', () => {
      const fit = LifecyclePolicy.fit({
        pushesPerDay: { 'latest': 1, 'v*': 0.01 }, keep: { 'latest': { rollback: days(3) }, 'v*': { images: 9 } }, days: 60, runs: 1,
      });

      expect(fit.isFeasible).toBe(false);
      expect(fit.problems).toEqual([
        "No policy can promise 3 days of rollback for 'latest': the closest one gives 0. A tag without '*' is on one image at a time: promise the rollback of a pattern that the same images have.",
        "No policy can promise 9 images for 'v*': the closest one gives 1.",
      ]);
      expect(fit.toTable().split('\n').slice(-2)).toEqual(fit.problems);
    });

    test('about a promise, with pushes at even times only', () => {
      expect(LifecyclePolicy.fit({ pushesPerDay: { 'v*': 0.1 }, keep: { 'v*': { images: 9 } }, days: 30 }).problems).toEqual([
        "No policy can promise 9 images for 'v*': the closest one gives 3.",
      ]);
    });

    test('about a promise that only some runs break', () => {
      const fit = LifecyclePolicy.fit({ pushesPerDay: { 'v*': 1, 'v1*': 0.1 }, keep: { 'v*': { rollback: days(3) } }, days: 14, runs: 10 });

      expect(fit.promises[0]).toMatchObject({ reached: 3, isKept: false });
      expect(fit.problems).toEqual([expect.stringMatching(/^No policy can promise 3 days of rollback for 'v\*': the closest one gives [\d.]+, [\d.]+ in the worst run\.$/)]);
    });

    test('about the budget', () => {
      const props = { pushesPerDay: { 'v*': 10 }, keep: { 'v*': { images: 20 } }, imageSize: Size.gibibytes(1), days: 30 };

      expect(LifecyclePolicy.fit({ ...props, budget: 2 }).problems).toEqual([]);
      expect(LifecyclePolicy.fit({ ...props, budget: 1.99 }).problems).toEqual([
        'The budget of 1.99 USD a month is exceeded: the cheapest policy costs 2.00 USD. Promise less, or make images smaller.',
      ]);
    });

    test('about a full repository', () => {
      const fit = LifecyclePolicy.fit({
        pushesPerDay: { latest: 20 }, manifestsPerPush: 100, keep: { latest: { images: 1 } }, keepUntagged: days(60), days: 51,
      });

      expect(fit.problems.at(-1)).toBe('The repository is full from day 51: it holds 100000 images, and further pushes are refused.');
    });
  });

  describe('fails for', () => {
    const fit = (props: Partial<LifecycleFitProps>) =>
      problemsOf(() => LifecyclePolicy.fit({ pushesPerDay: { 'v*': 1 }, keep: { 'v*': { images: 1 } }, days: 5, ...props }));

    test.each<[Partial<LifecycleFitProps>, string]>([
      [{ keep: {} }, "'keep' must promise something for at least one tag, got {}"],
      [{ keep: { 'v*': {} } }, "'keep[\"v*\"]' must have 'rollback' or 'images', got none of them"],
      [{ keep: { 'v*': { images: 0 } } }, "'keep[\"v*\"].images' must be a whole number of at least 1, got 0"],
      [{ keep: { 'v*': { rollback: Duration.hours(36) } } }, "'keep[\"v*\"].rollback' must be whole days, at least 1, got 1 day 12 hours; use Duration.days()"],
      [{ keep: { 'v*': { rollback: Duration.days(Lazy.number({ produce: () => 1 })) } } }, "'keep[\"v*\"].rollback' must be known, got a token"],
      [{ keep: { 'v*': { rollback: days(5) } } }, "'keep[\"v*\"].rollback' must be less than the 5 days of the forecast, got 5; set 'days' to more"],
      [{ keep: { 'w*': { images: 1 } } }, `'keep' must name tags that are pushed, which are "v*", got "w*"`],
      [{ pushesPerDay: { 'v*': 1, 'va*': 1, 'vb*': 1, 'vc*': 1, 'vd*': 1 } }, `'pushes' must have at most 4 tags whose rules may select the same images, got "v*", "va*", "vb*", "vc*", "vd*"; use fewer tags`],
      [{ keepUntagged: Duration.hours(1) }, "'keepUntagged' must be whole days, at least 1, got 1 hour; use Duration.days()"],
      [{ keepUntagged: Duration.days(Lazy.number({ produce: () => 1 })) }, "'keepUntagged' must be known, got a token"],
      [{ budget: -1 }, "'budget' must be a number from 0, got -1"],
      [{ budget: Infinity }, "'budget' must be a number from 0, got Infinity"],
      [{ pushesPerDay: { 'v*': 0 } }, "'pushesPerDay' must push something, got no pushes at all"],
    ])('%j', (props, problem) => {
      expect(fit(props)).toEqual([problem]);
    });

    test('nothing at the bounds', () => {
      expect(fit({ keep: { 'v*': { rollback: days(4), images: 1 } }, budget: 0, keepUntagged: days(1) })).toEqual([]);
    });
  });
});
