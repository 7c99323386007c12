import { CfnParameter, Duration, Lazy, Size, Stack } from 'aws-cdk-lib';
import { lineChart } from '../../examples/lifecycle/line-chart';
import { ImageSelection, LifecycleComparison, type LifecycleForecastProps, LifecyclePolicy, LifecycleRule } from '../../lib';
import { problemsOf } from '../message-of';

const { ANY, UNTAGGED } = ImageSelection;
const days = (amount: number) => Duration.days(amount);
const pattern = (text: string) => ImageSelection.tagPattern(text);
const forever = LifecyclePolicy.of(LifecycleRule.protect({ images: ANY }));

describe('LifecycleForecast', () => {
  test('counts images, storage and cost of each day', () => {
    const forecast = forever.forecast({ pushesPerDay: { 'v*': 2 }, days: 3, imageSize: Size.gibibytes(1) });

    expect(forecast.days).toEqual([1, 2, 3].map(day => ({
      day, pushed: 2, expired: 0, archived: 0, images: 2 * day, untaggedImages: 0, archivedImages: 0, gigabytes: 2 * day, archivedGigabytes: 0,
    })));
    expect(forecast.monthlyCost).toBeCloseTo(0.6);
    expect(forecast.tags).toEqual([{ tag: 'v*', pushed: 6, expired: 0, images: 6, archivedImages: 0, rollbackDays: 3 }]);
  });

  test('looks a year ahead at images of 500 MiB unless said otherwise', () => {
    const forecast = LifecyclePolicy.standard().forecast({ pushesPerDay: { 'v*': 1 } });

    expect(forecast.days).toHaveLength(365);
    expect(forecast.days[364]).toMatchObject({ images: 365, gigabytes: 365 * 500 / 1024 });
    expect(forecast.monthlyCost).toBeCloseTo(365 * 500 / 1024 * 0.1);
  });

  test('stores layers that images share once', () => {
    const props = { pushesPerDay: { 'v*': 10 }, days: 40, imageSize: Size.gibibytes(1), uniqueShare: 0.2 };

    expect(forever.forecast({ ...props, days: 1 }).days[0].gigabytes).toBeCloseTo(10 * 0.2 + 0.8);
    expect(forever.forecast({ ...props, pushesPerDay: { 'v*': 0.5 }, days: 2 }).days.map(day => day.gigabytes)).toEqual([1, 1]);
    expect(LifecyclePolicy.of(LifecycleRule.expire({ images: ANY, olderThan: days(1) })).forecast({ ...props, pushesPerDay: { 'v*': 0.2 } }).days[3].gigabytes).toBe(0);
  });

  test('keeps what the rules keep: a month of pull requests, the newest releases', () => {
    const policy = LifecyclePolicy.of(
      LifecycleRule.expire({ images: pattern('release-*'), keepNewest: 10 }),
      LifecycleRule.expire({ images: pattern('pr-*'), olderThan: days(30) }),
    );
    const forecast = policy.forecast({ pushesPerDay: { 'release-*': 0.5, 'pr-*': 18, 'x-*': 1 }, days: 100 });

    expect(forecast.tags.map(({ tag }) => tag)).toEqual(['pr-*', 'release-*', 'x-*']);
    expect(forecast.forTag('release-*')).toMatchObject({ pushed: 50, images: 10, expired: 40 });
    expect(forecast.forTag('release-*').rollbackDays).toBe(20);
    expect(forecast.forTag('pr-*')).toMatchObject({ pushed: 1800, images: 540, expired: 1260 });
    expect(forecast.forTag('pr-*').rollbackDays).toBe(30);
    expect(forecast.forTag('x-*')).toMatchObject({ pushed: 100, images: 100, expired: 0, rollbackDays: 100 });
    expect(problemsOf(() => forecast.forTag('y-*'))).toEqual(["'tag' must be one of \"pr-*\", \"release-*\", \"x-*\", got \"y-*\""]);
  });

  test('moves a tag without a wildcard to each new image', () => {
    const policy = LifecyclePolicy.of(LifecycleRule.expire({ images: UNTAGGED, olderThan: days(7) }));
    const forecast = policy.forecast({ pushesPerDay: { latest: 2, idle: 0 }, days: 30 });

    expect(forecast.days[29]).toMatchObject({ images: 14, untaggedImages: 13 });
    expect(forecast.forTag('latest')).toMatchObject({ images: 1, rollbackDays: 0 }); // nothing before it has the tag
    expect(forecast.forTag('idle')).toMatchObject({ pushed: 0, images: 0, rollbackDays: 0 });
  });

  test('gives several tags to an image, of which one moves', () => {
    const pushes = [{ tags: ['sha-*', 'latest'], perDay: 2 }];
    const policy = LifecyclePolicy.of(LifecycleRule.protect({ images: pattern('latest') }), LifecycleRule.expire({ images: pattern('sha-*'), keepNewest: 6 }));
    const forecast = policy.forecast({ pushes, days: 30 });

    expect(forecast.days[29]).toMatchObject({ pushed: 2, images: 6, untaggedImages: 0 });
    expect(forecast.forTag('latest')).toMatchObject({ pushed: 60, images: 1, expired: 54, rollbackDays: 0 });
    expect(forecast.forTag('sha-*')).toMatchObject({ pushed: 60, images: 6, expired: 54, rollbackDays: 3 });
  });

  test('moves a tag that two patterns give', () => {
    const forecast = forever.forecast({ pushesPerDay: { 'v*': 11, 'v1*': 1 }, days: 1 });

    expect(forecast.days[0]).toMatchObject({ images: 12, untaggedImages: 1 });
    expect(forecast.forTag('v*').images + forecast.forTag('v1*').images).toBe(11);
  });

  test('leaves a share of the images of each tag untagged', () => {
    const forecast = forever.forecast({ pushesPerDay: { 'v*': 4, 'latest': 1 }, days: 10, untaggedShare: 0.5 });

    expect(forecast.forTag('v*')).toMatchObject({ pushed: 20, images: 20 });
    expect(forecast.forTag('latest')).toMatchObject({ pushed: 5, images: 1 });
    expect(forecast.days[9].untaggedImages).toBe(20 + 9);
    expect(forever.forecast({ pushesPerDay: { 'v*': 4 }, days: 10, untaggedShare: 1 }).days[9].untaggedImages).toBe(40);
  });

  test.each([[{ 'release-*': 1, 'pr-*': 1 }], [{ 'pr-*': 1, 'release-*': 1 }]])('gives each tag of %j its share of untagged images', pushesPerDay => {
    const forecast = LifecyclePolicy.production().forecast({ pushesPerDay, untaggedShare: 0.5 });

    expect(forecast.forTag('release-*')).toMatchObject({ pushed: 183, images: 183, rollbackDays: 365 });
    expect(forecast.forTag('pr-*')).toMatchObject({ pushed: 183, images: 15, rollbackDays: 29 });
  });

  test('keeps the platform images of an index as long as the index, and counts them', () => {
    const anyImage = LifecyclePolicy.of(
      LifecycleRule.expire({ images: UNTAGGED, olderThan: days(7) }),
      LifecycleRule.expire({ images: ANY, keepNewest: 500 }),
    );
    const props = { pushesPerDay: { 'v*': 4 }, manifestsPerPush: 5, imageSize: Size.gibibytes(1) };
    const forecast = anyImage.forecast(props);

    expect(LifecyclePolicy.standard().forecast(props).forTag('v*')).toMatchObject({ images: 500, rollbackDays: 125, steadyFromDay: 125 });
    expect(forecast.forTag('v*')).toMatchObject({ images: 100, rollbackDays: 25, steadyFromDay: 25 });
    expect(forecast.days[364]).toMatchObject({ pushed: 20, expired: 20, images: 500, untaggedImages: 400, gigabytes: 100 });
  });

  test('deletes platform images and referrers with the image to which they belong', () => {
    const policy = LifecyclePolicy.of(
      LifecycleRule.expire({ images: pattern('v*'), olderThan: days(10) }),
      LifecycleRule.expire({ images: UNTAGGED, olderThan: days(2) }),
    );
    const last = (contents: object) => policy.forecast({ pushesPerDay: { 'v*': 1 }, days: 40, ...contents }).days[39];

    expect(last({ manifestsPerPush: 3 })).toMatchObject({ images: 30, untaggedImages: 20, pushed: 3, expired: 3 });
    expect(last({ referrersPerPush: 2 })).toMatchObject({ images: 10 + 2 * 2, pushed: 3, expired: 3 });
    expect(forever.forecast({ pushesPerDay: { 'v*': 1 }, days: 4, referrersPerPush: 0.5 }).days[3]).toMatchObject({ images: 6, untaggedImages: 2 });
  });

  test('keeps tags of signatures, which no rule selects, and lets them use up a number of images', () => {
    const props = { pushesPerDay: { 'v*': 1 }, days: 100, signatureTagsPerPush: 2 };
    const byTag = LifecyclePolicy.of(LifecycleRule.expire({ images: pattern('v*'), keepNewest: 5 })).forecast(props);

    expect(byTag.forTag('sha256-*')).toMatchObject({ pushed: 200, expired: 0, images: 200, steadyFromDay: undefined });
    expect(byTag.steadyFromDay).toBeUndefined();
    expect(LifecyclePolicy.keepLatest(30).forecast(props).forTag('v*').images).toBe(10);
    expect(LifecyclePolicy.keepLatest(30).forecast(props).steadyFromDay).toBe(8);
  });

  test('keeps contents of a push apart from those of others', () => {
    const forecast = forever.forecast({
      pushes: [{ tags: ['a-*'], perDay: 1, manifestsPerPush: 4, imageSize: Size.gibibytes(3) }, { perDay: 1, imageSize: undefined }],
      imageSize: Size.gibibytes(1),
      days: 2,
    });

    expect(forecast.days[1]).toMatchObject({ images: 10, untaggedImages: 8, gigabytes: 8 });
  });

  test('archives an index before its platform images', () => {
    const policy = LifecyclePolicy.of(LifecycleRule.archive({ images: pattern('v*'), olderThan: days(3) }), LifecycleRule.expire({ images: UNTAGGED, olderThan: days(1) }));

    expect(policy.forecast({ pushesPerDay: { 'v*': 1 }, days: 20, manifestsPerPush: 2 }).days[19]).toMatchObject({ images: 6, archivedImages: 17, archived: 1, expired: 1 });
  });

  test('archives, and deletes from the archive', () => {
    const policy = LifecyclePolicy.of(
      LifecycleRule.archive({ images: ANY, notPulledFor: days(10) }),
      LifecycleRule.expireArchived({ images: ANY, archivedFor: days(90) }),
    );
    const props = { pushesPerDay: { 'v*': 1 }, days: 200, imageSize: Size.gibibytes(1), uniqueShare: 0.5, archivePricePerGbMonth: 0.05, pricePerGbMonth: 0.2 };
    const forecast = policy.forecast(props);

    expect(forecast.days[199]).toMatchObject({ images: 10, archivedImages: 91, gigabytes: 5.5, archivedGigabytes: 45.5, expired: 1, archived: 1 });
    expect(forecast.forTag('v*')).toMatchObject({ images: 10, archivedImages: 91, expired: 99, rollbackDays: 10 });
    expect(forecast.monthlyCost).toBeCloseTo(5.5 * 0.2 + 45.5 * 0.05);
    expect(forecast.summary()).toBe('After 200 days: 10 images (5.5 GB) and 91 archived ones (45.5 GB), steady from day 99, 3.38 USD a month.');
  });

  test('counts shared layers in the archive when nothing else is left', () => {
    const policy = LifecyclePolicy.of(LifecycleRule.archive({ images: ANY, olderThan: days(1) }));
    const forecast = policy.forecast({ pushesPerDay: { 'v*': 0.25 }, days: 7, imageSize: Size.gibibytes(1), uniqueShare: 0.5 });

    expect(forecast.days.map(day => [day.gigabytes, day.archivedGigabytes])).toEqual([[1, 0], [0, 1], [0, 1], [0, 1], [1, 0.5], [0, 1.5], [0, 1.5]]);
  });

  test('says from when on nothing changes any more', () => {
    const steady = (policy: LifecyclePolicy, pushesPerDay: Record<string, number>, amount: number) =>
      policy.forecast({ pushesPerDay, days: amount }).steadyFromDay;

    expect(steady(LifecyclePolicy.keepLatest(100), { 'v*': 10 }, 100)).toBe(10);
    expect(steady(LifecyclePolicy.keepLatest(100), { 'v*': 10 }, 39)).toBe(10);
    expect(steady(LifecyclePolicy.keepLatest(100), { 'v*': 10 }, 38)).toBeUndefined();
    expect(steady(forever, { 'v*': 10 }, 365)).toBeUndefined();
    expect(steady(forever, { 'v*': 0.02 }, 365)).toBeUndefined();
    expect(steady(LifecyclePolicy.production(), { 'release-*': 0.5, 'pr-*': 20 }, 365)).toBeUndefined();
    expect(steady(LifecyclePolicy.of(LifecycleRule.expire({ images: ImageSelection.ANY, olderThan: days(14) })), { 'v*': 0.3, 'idle': 0 }, 100)).toBeLessThan(30);
    expect(steady(LifecyclePolicy.keepLatest(1), { 'v*': 1 }, 30)).toBe(1);
  });

  test('refuses pushes to a full repository', () => {
    const forecast = forever.forecast({ pushesPerDay: { 'v*': 1000 }, days: 102 });

    expect(forecast.fullFromDay).toBe(101);
    expect(forecast.days[101]).toMatchObject({ pushed: 0, images: 100_000 });
    expect(forecast.summary()).toBe('After 102 days: 100000 images (48828.1 GB), not steady yet, full from day 101, 4882.81 USD a month.');
    expect(LifecyclePolicy.keepLatest(1).forecast({ pushesPerDay: { 'v*': 1000 }, days: 30 }).fullFromDay).toBeUndefined();
  });

  test('is steady only when every tag is', () => {
    const policy = LifecyclePolicy.of(LifecycleRule.protect({ images: pattern('release-*') }), LifecycleRule.expire({ images: ANY, keepNewest: 300 }));
    const forecast = policy.forecast({ pushesPerDay: { 'release-*': 0.05, 'pr-*': 20 } });

    expect(forecast.forTag('pr-*').steadyFromDay).toBeDefined();
    expect(forecast.forTag('release-*').steadyFromDay).toBeUndefined();
    expect(forecast.steadyFromDay).toBeUndefined();
  });

  test('is not steady while images without a tag pile up', () => {
    expect(forever.forecast({ pushesPerDay: { latest: 0.5 } }).steadyFromDay).toBeUndefined();
    expect(LifecyclePolicy.production().forecast({ pushesPerDay: { latest: 0.5 } }).steadyFromDay).toBeLessThan(10);
  });

  test('shows the currency and what sizes and costs rest on', () => {
    const forecast = LifecyclePolicy.keepLatest(10).forecast({
      pushes: [{ tags: ['a-*'], perDay: 1, imageSize: Size.mebibytes(100) }, { tags: ['b-*'], perDay: 1, imageSize: Size.gibibytes(2) }],
      days: 30, uniqueShare: 0.25, currency: 'EUR', pricePerGbMonth: 0.09, archivePricePerGbMonth: 0.08,
    });

    expect(forecast.currency).toBe('EUR');
    expect(forecast.summary()).toContain(' EUR a month.');
    expect(forecast.assumptions).toEqual([
      'A push has 100 MiB to 2048 MiB, of which 25 % are layers that no other push has.',
      'A GB and month costs 0.09 EUR, in the archive 0.08 EUR; transfer and scans are not included.',
    ]);
  });

  test('has bands of simulated runs where pushes come in bursts', () => {
    const props = { pushesPerDay: { 'release-*': 1, 'pr-*': 9 }, days: 100 };
    const even = LifecyclePolicy.keepLatest(100).forecast(props);
    const bursts = LifecyclePolicy.keepLatest(100).forecast({ ...props, burstiness: 5 });
    const { median, worst } = bursts.forTag('release-*').simulatedRollback!;

    expect([even.simulatedImages, even.simulatedMonthlyCost, even.forTag('release-*').simulatedRollback]).toEqual([undefined, undefined, undefined]);
    expect(bursts.forTag('release-*').rollbackDays).toBe(even.forTag('release-*').rollbackDays);
    expect(median).toBeGreaterThan(5);
    expect(median).toBeLessThan(13);
    expect(worst).toBeLessThan(median);
    expect(bursts.simulatedImages).toEqual({ median: 100, worst: 100 });
    expect(bursts.toTable()).toContain('In 50 runs with pushes at random moments: 4.88 USD a month in the median, 4.88 USD in the worst.');
    expect(bursts.toTable()).toMatch(/TAG .* ROLLBACK DAYS {2}MEDIAN {2}WORST\n/);
    expect(LifecyclePolicy.keepLatest(100).forecast({ ...props, burstiness: 5, seed: 2 }).forTag('release-*').simulatedRollback).not.toEqual({ median, worst });
    expect(forever.forecast({ pushes: [{ tags: ['a-*'], perDay: 1, burstiness: 1 }, { tags: ['b-*'], perDay: 0 }], days: 2 }).forTag('b-*').simulatedRollback)
      .toEqual({ median: 0, worst: 0 });
  });

  test('simulates pushes whose number and variance are those asked for', () => {
    const spread = (burstiness: number) => {
      const counts = forever.forecast({ pushes: [{ tags: ['v*'], perDay: 4, burstiness, untaggedShare: 0.25, manifestsPerPush: 1.5 }], days: 1, runs: 1, seed: 1 });
      return counts.simulatedImages;
    };
    expect(spread(1)).toEqual(spread(1));

    const perRun = Array.from({ length: 150 }, (_, seed) => forever.forecast({ pushesPerDay: { 'v*': 4 }, days: 20, runs: 1, seed, burstiness: 7 }).simulatedImages!.median);
    const mean = perRun.reduce((total, count) => total + count, 0) / perRun.length;
    const variance = perRun.reduce((total, count) => total + (count - mean) ** 2, 0) / perRun.length;
    expect(mean).toBeGreaterThan(74);
    expect(mean).toBeLessThan(86);
    expect(variance / mean).toBeGreaterThan(5);
    expect(variance / mean).toBeLessThan(9);
  });

  test('is a table of days and tags', () => {
    const forecast = LifecyclePolicy.keepLatest(5).forecast({ pushesPerDay: { 'v*': 2 }, days: 40, imageSize: Size.mebibytes(512) });

    expect(forecast.toTable()).toBe([
      'DAY  IMAGES  GB   ARCHIVED  ARCHIVED GB',
      '1    2       1.0  0         0.0',
      '7    5       2.5  0         0.0',
      '30   5       2.5  0         0.0',
      '40   5       2.5  0         0.0',
      '',
      'TAG  PUSHED  EXPIRED  IMAGES  ARCHIVED  ROLLBACK DAYS',
      'v*   80      75       5       0         2.5',
      '',
      'After 40 days: 5 images (2.5 GB), steady from day 2, 0.25 USD a month.',
      'A push has 512 MiB, of which 100 % are layers that no other push has.',
      'A GB and month costs 0.1 USD, in the archive 0.1 USD; transfer and scans are not included.',
    ].join('\n'));
  });
});

describe('fails for a forecast', () => {
  const forecast = (props: Partial<LifecycleForecastProps>) =>
    problemsOf(() => LifecyclePolicy.standard().forecast({ pushesPerDay: { 'v*': 1 }, days: 1, ...props }));

  test.each([
    [{ pushesPerDay: {} }, "'pushesPerDay' must push something, got no pushes at all"],
    [{ pushesPerDay: { 'v*': 0 } }, "'pushesPerDay' must push something, got no pushes at all"],
    [{ pushesPerDay: { 'v*': 2, 'w*': -1 } }, "'pushesPerDay[\"w*\"]' must be a number from 0 to 1000, got -1"],
    [{ pushesPerDay: { 'v*': NaN } }, "'pushesPerDay[\"v*\"]' must be a number from 0 to 1000, got NaN"],
    [{ pushesPerDay: { 'v*': 1000, 'w*': 1 } }, "'pushesPerDay' must be a number from 0 to 1000, got 1001"],
    [{ pushesPerDay: { 'a b': 1 } }, "'pushesPerDay[\"a b\"]' must have tags such as 'latest' or, with '*' for a number, 'release-*', got \"a b\""],
    [{ days: 0 }, "'days' must be a whole number from 1 to 1825, got 0"],
    [{ days: 1826 }, "'days' must be a whole number from 1 to 1825, got 1826"],
    [{ days: 1.5 }, "'days' must be a whole number from 1 to 1825, got 1.5"],
    [{ uniqueShare: -0.1 }, "'uniqueShare' must be a number from 0 to 1, got -0.1"],
    [{ uniqueShare: 1.1 }, "'uniqueShare' must be a number from 0 to 1, got 1.1"],
    [{ untaggedShare: 1.1 }, "'untaggedShare' must be a number from 0 to 1, got 1.1"],
    [{ imageSize: Size.bytes(0) }, "'imageSize' must be a known size of more than 0, got 0 bytes"],
    [{ imageSize: Size.bytes(Lazy.number({ produce: () => 1 })) }, "'imageSize' must be a known size of more than 0, got a token"],
    [{ manifestsPerPush: 0.5 }, "'manifestsPerPush' must be a number from 1 to 100, got 0.5"],
    [{ referrersPerPush: 101 }, "'referrersPerPush' must be a number from 0 to 100, got 101"],
    [{ signatureTagsPerPush: -1 }, "'signatureTagsPerPush' must be a number from 0 to 100, got -1"],
    [{ burstiness: 0.9 }, "'burstiness' must be a number from 1 to 100, got 0.9"],
    [{ runs: 1001 }, "'runs' must be a whole number from 0 to 1000, got 1001"],
    [{ seed: -1 }, "'seed' must be a whole number from 0 to 2147483647, got -1"],
    [
      { currency: '', pricePerGbMonth: 1, archivePricePerGbMonth: 1 },
      "'currency' must not be empty, got \"\"; check that the variable it comes from is set (LifecyclePolicy.forecast)",
    ],
    [{ currency: 'EUR', pricePerGbMonth: 1 }, "'pricePerGbMonth' and 'archivePricePerGbMonth' must be given with currency \"EUR\", because their defaults are in USD"],
    [{ pushesPerDay: undefined }, "'pushesPerDay', 'pushes' or 'inventory' must be given, and only one of them, got none"],
    [{ pushes: [] }, "'pushesPerDay', 'pushes' or 'inventory' must be given, and only one of them, got pushesPerDay and pushes"],
    [{ pushesPerDay: undefined, pushes: [] }, "'pushes' must push something, got no pushes at all"],
    [{ pushesPerDay: undefined, pushes: [{ perDay: 1 }, { tags: ['a', 'b', 'a'], perDay: 1 }] }, "'pushes[1].tags' must name each tag once, got \"a\" twice"],
    [{ pushesPerDay: undefined, pushes: [{ tags: ['a b'], perDay: 1 }] }, "'pushes[0]' must have tags such as 'latest' or, with '*' for a number, 'release-*', got \"a b\""],
    [{ pushesPerDay: undefined, pushes: [{ perDay: 1, untaggedShare: 2 }] }, "'pushes[0].untaggedShare' must be a number from 0 to 1, got 2"],
    [{ pushesPerDay: undefined, pushes: [{ perDay: 2 }, { perDay: -1 }] }, "'pushes[1].perDay' must be a number from 0 to 1000, got -1"],
    [{ pushesPerDay: undefined, pushes: Array.from({ length: 101 }, () => ({ perDay: 1 })) }, "'pushes' must be a number from 1 to 100, got 101"],
    [{ pricePerGbMonth: -1 }, `'pricePerGbMonth' must be a number from 0 to ${Number.MAX_VALUE}, got -1`],
    [{ archivePricePerGbMonth: Infinity }, `'archivePricePerGbMonth' must be a number from 0 to ${Number.MAX_VALUE}, got Infinity`],
  ])('of %j', (props: Partial<LifecycleForecastProps>, problem) => {
    expect(forecast(props)).toEqual([problem]);
  });

  test('but not at the bounds', () => {
    expect(forecast({ pushesPerDay: { 'v*': 1000 }, uniqueShare: 0, untaggedShare: 1, pricePerGbMonth: 0, imageSize: Size.bytes(1) })).toEqual([]);
    expect(forecast({ days: 1825, uniqueShare: 1, untaggedShare: 0 })).toEqual([]);
    expect(forecast({ manifestsPerPush: 100, referrersPerPush: 100, signatureTagsPerPush: 100 })).toEqual([]);
    expect(forecast({ runs: 1, seed: 2_147_483_647, burstiness: 100 })).toEqual([]);
    expect(forecast({ manifestsPerPush: 1, referrersPerPush: 0, signatureTagsPerPush: 0, runs: 0, seed: 0, burstiness: 1 })).toEqual([]);
    expect(forecast({ currency: 'EUR', pricePerGbMonth: 0.09, archivePricePerGbMonth: 0.09 })).toEqual([]);
    expect(forecast({ pushesPerDay: undefined, pushes: Array.from({ length: 100 }, () => ({ perDay: 1 })), runs: 1 })).toEqual([]);
  });

  test('of a policy with tokens', () => {
    const count = new CfnParameter(new Stack(), 'Count', { type: 'Number' }).valueAsNumber;

    expect(problemsOf(() => LifecyclePolicy.keepLatest(count).forecast({ pushesPerDay: { 'v*': 1 } }))).toEqual([
      "'rules[1]' must hold no token to be evaluated, got one; evaluate a policy with the values that you expect",
    ]);
  });
});

describe('LifecycleComparison', () => {
  const props = { pushesPerDay: { 'v*': 2 }, days: 100, imageSize: Size.gibibytes(1) };
  const comparison = LifecycleComparison.of({
    'keep 5': LifecyclePolicy.keepLatest(5).forecast(props),
    'forever & ever': forever.forecast({ ...props, pushesPerDay: { 'w*': 2 } }),
    'keep 9': LifecyclePolicy.keepLatest(9).forecast(props),
  });

  test('is a table with the days that each tag can be rolled back', () => {
    expect(comparison.toTable()).toBe([
      'POLICY          DAYS  IMAGES  GB     ARCHIVED GB  COST A MONTH  STEADY FROM DAY  ROLLBACK DAYS v*  ROLLBACK DAYS w*',
      'forever & ever  100   200     200.0  0.0          20.00 USD     -                -                 100.0',
      'keep 5          100   5       5.0    0.0          0.50 USD      2                2.5               -',
      'keep 9          100   9       9.0    0.0          0.90 USD      4                4.5               -',
    ].join('\n'));
  });

  test('fails for none', () => {
    expect(problemsOf(() => LifecycleComparison.of({}))).toEqual(["'forecasts' must have at least one forecast, got none"]);
  });
});

describe('the chart of the examples', () => {
  const curves = (svg: string) => [...svg.matchAll(/<polyline[^>]* points="([^"]*)"/g)].map(match => match[1].split(' '));

  test('has a curve for each name', () => {
    const values = Array.from({ length: 100 }, (_, day) => 2 * day + 2);
    const svg = lineChart('Storage "of" <a> repository', 'GB', [{ name: 'keep 5', values: values.map(value => Math.min(5, value)) }, { name: 'forever & ever', values }]);

    expect(svg).toContain('<title>Storage &#34;of&#34; &#60;a&#62; repository</title>');
    expect(svg).toContain('>forever &#38; ever</text>');
    expect(svg).toContain('>200 GB on day 100</text>');
    expect(curves(svg).map(curve => curve.length)).toEqual([100, 100]);
    expect(curves(svg)[1][0]).toBe('64,285.6');
    expect(curves(svg)[1][99]).toBe('624,48');
  });

  test('of one day is a point, of nothing a line at 0', () => {
    expect(curves(lineChart('x', 'GB', [{ name: 'storage', values: [1] }]))[0].join(' ')).toMatch(/^624,[\d.]+$/);
    expect(curves(lineChart('x', 'GB', [{ name: 'storage', values: [0, 0] }]))[0].join(' ')).toBe('64,288 624,288');
  });

  test('holds only what XML can hold', () => {
    expect(lineChart('a\u0000\ud800b\u{1f6a2}', 'GB', [{ name: 'x', values: [1] }])).toContain('<title>ab\u{1f6a2}</title>');
  });

  test('has round numbers on its axes', () => {
    const svg = lineChart('x', 'GB', [{ name: 'storage', values: Array.from({ length: 365 }, (_, day) => 10 * day + 10) }]);
    const labels = [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(match => match[1]);

    expect(labels).toEqual(['x', '0', '1000', '2000', '3000', '4000', '100', '200', '300', 'GB', 'days', 'storage', '3650 GB on day 365']);
  });
});
