import { CfnParameter, Duration, Lazy, Size, Stack } from 'aws-cdk-lib';
import { ImageSelection, LifecycleComparison, type LifecycleForecastProps, LifecyclePolicy, LifecycleRule } from '../../lib';

const { ANY, UNTAGGED } = ImageSelection;
const days = (amount: number) => Duration.days(amount);
const pattern = (text: string) => ImageSelection.tagPattern(text);
const forever = LifecyclePolicy.of(LifecycleRule.protect({ images: ANY }));
const problemsOf = (make: () => unknown): string[] => {
  try {
    make();
  } catch (error) {
    return (error as Error).message.split('\n');
  }
  return [];
};

describe('LifecycleForecast', () => {
  test('counts images, storage and cost of each day', () => {
    const forecast = forever.forecast({ pushesPerDay: { 'v*': 2 }, days: 3, imageSize: Size.gibibytes(1) });

    expect(forecast.days).toEqual([1, 2, 3].map(day => ({
      day, pushed: 2, expired: 0, archived: 0, images: 2 * day, untaggedImages: 0, archivedImages: 0, gigabytes: 2 * day, archivedGigabytes: 0,
    })));
    expect(forecast.monthlyCost).toBeCloseTo(0.6);
    expect(forecast.tags).toEqual([{ tag: 'v*', pushed: 6, expired: 0, images: 6, archivedImages: 0, rollbackDays: 2.75 }]);
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
    expect(forever.forecast({ ...props, pushesPerDay: { 'v*': 0.5 }, days: 1 }).days[0].gigabytes).toBe(0);
  });

  test('keeps what the rules keep: a month of pull requests, the newest releases', () => {
    const policy = LifecyclePolicy.of(
      LifecycleRule.expire({ images: pattern('release-*'), keepNewest: 10 }),
      LifecycleRule.expire({ images: pattern('pr-*'), olderThan: days(30) }),
    );
    const forecast = policy.forecast({ pushesPerDay: { 'release-*': 0.5, 'pr-*': 18, 'x-*': 1 }, days: 100 });

    expect(forecast.forTag('release-*')).toMatchObject({ pushed: 50, images: 10, expired: 40 });
    expect(forecast.forTag('release-*').rollbackDays).toBeCloseTo(18.5);
    expect(forecast.forTag('pr-*')).toMatchObject({ pushed: 1800, images: 540, expired: 1260 });
    expect(forecast.forTag('pr-*').rollbackDays).toBeLessThan(30);
    expect(forecast.forTag('pr-*').rollbackDays).toBeGreaterThan(29.9);
    expect(forecast.forTag('x-*')).toMatchObject({ pushed: 100, images: 100, expired: 0, rollbackDays: 99.5 });
    expect(problemsOf(() => forecast.forTag('y-*'))).toEqual(["'tag' must be one of \"release-*\", \"pr-*\", \"x-*\", got \"y-*\""]);
  });

  test('moves a tag without a wildcard to each new image', () => {
    const policy = LifecyclePolicy.of(LifecycleRule.expire({ images: UNTAGGED, olderThan: days(7) }));
    const forecast = policy.forecast({ pushesPerDay: { latest: 2, idle: 0 }, days: 30 });

    expect(forecast.days[29]).toMatchObject({ images: 14, untaggedImages: 13 });
    expect(forecast.forTag('latest')).toMatchObject({ images: 1, rollbackDays: 0.25 });
    expect(forecast.forTag('idle')).toMatchObject({ pushed: 0, images: 0, rollbackDays: 0 });
  });

  test('leaves a share of the images untagged', () => {
    const forecast = forever.forecast({ pushesPerDay: { 'v*': 4, 'latest': 1 }, days: 10, untaggedShare: 0.5 });

    expect(forecast.days[9].untaggedImages).toBe(25 + forecast.forTag('latest').pushed - 5 - 1);
    expect(forever.forecast({ pushesPerDay: { 'v*': 4 }, days: 10, untaggedShare: 1 }).days[9].untaggedImages).toBe(40);
  });

  test('archives, and deletes from the archive', () => {
    const policy = LifecyclePolicy.of(
      LifecycleRule.archive({ images: ANY, notPulledFor: days(10) }),
      LifecycleRule.expireArchived({ images: ANY, archivedFor: days(90) }),
    );
    const props = { pushesPerDay: { 'v*': 1 }, days: 200, imageSize: Size.gibibytes(1), uniqueShare: 0.5, archivePricePerGbMonth: 0.05, pricePerGbMonth: 0.2 };
    const forecast = policy.forecast(props);

    expect(forecast.days[199]).toMatchObject({ images: 10, archivedImages: 91, gigabytes: 5.5, archivedGigabytes: 45.5, expired: 1, archived: 1 });
    expect(forecast.forTag('v*')).toMatchObject({ images: 10, archivedImages: 91, expired: 99, rollbackDays: 9.5 });
    expect(forecast.monthlyCost).toBeCloseTo(5.5 * 0.2 + 45.5 * 0.05);
    expect(forecast.summary()).toBe('After 200 days: 10 images (5.5 GB) and 91 archived ones (45.5 GB), steady from day 99, 3.38 a month.');
  });

  test('counts shared layers in the archive when nothing else is left', () => {
    const policy = LifecyclePolicy.of(LifecycleRule.archive({ images: ANY, olderThan: days(1) }));
    const forecast = policy.forecast({ pushesPerDay: { 'v*': 0.25 }, days: 7, imageSize: Size.gibibytes(1), uniqueShare: 0.5 });

    expect(forecast.days.map(day => [day.gigabytes, day.archivedGigabytes])).toEqual([[0, 0], [0, 0], [0, 0], [1, 0], [0, 1], [0, 1], [0, 1]]);
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
    expect(steady(LifecyclePolicy.development(), { 'v*': 0.3, 'idle': 0 }, 100)).toBeLessThan(30);
    expect(steady(LifecyclePolicy.keepLatest(1), { 'v*': 1 }, 30)).toBe(1);
  });

  test('refuses pushes to a full repository', () => {
    const forecast = forever.forecast({ pushesPerDay: { 'v*': 1000 }, days: 102 });

    expect(forecast.fullFromDay).toBe(101);
    expect(forecast.days[101]).toMatchObject({ pushed: 0, images: 100_000 });
    expect(forecast.summary()).toBe('After 102 days: 100000 images (48828.1 GB), not steady yet, full from day 101, 4882.81 a month.');
    expect(LifecyclePolicy.keepLatest(1).forecast({ pushesPerDay: { 'v*': 1000 }, days: 30 }).fullFromDay).toBeUndefined();
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
      'v*   80      75       5       0         2.3',
      '',
      'After 40 days: 5 images (2.5 GB), steady from day 2, 0.25 a month.',
    ].join('\n'));
  });
});

describe('fails for a forecast', () => {
  const forecast = (props: Partial<LifecycleForecastProps>) => problemsOf(() => LifecyclePolicy.standard().forecast({ pushesPerDay: { 'v*': 1 }, days: 1, ...props }));

  test.each([
    [{ pushesPerDay: {} }, "'pushesPerDay' must push something, got no pushes at all"],
    [{ pushesPerDay: { 'v*': 0 } }, "'pushesPerDay' must push something, got no pushes at all"],
    [{ pushesPerDay: { 'v*': 2, 'w*': -1 } }, "'pushesPerDay[\"w*\"]' must be a number from 0 to 1000, got -1"],
    [{ pushesPerDay: { 'v*': NaN } }, "'pushesPerDay[\"v*\"]' must be a number from 0 to 1000, got NaN"],
    [{ pushesPerDay: { 'v*': 1000, 'w*': 1 } }, "'pushesPerDay' must be a number from 0 to 1000, got 1001"],
    [{ pushesPerDay: { 'a b': 1 } }, "'pushesPerDay' must have tags such as 'latest' or, with '*' for a number, 'release-*', got \"a b\""],
    [{ days: 0 }, "'days' must be a whole number from 1 to 1825, got 0"],
    [{ days: 1826 }, "'days' must be a whole number from 1 to 1825, got 1826"],
    [{ days: 1.5 }, "'days' must be a whole number from 1 to 1825, got 1.5"],
    [{ uniqueShare: -0.1 }, "'uniqueShare' must be a number from 0 to 1, got -0.1"],
    [{ uniqueShare: 1.1 }, "'uniqueShare' must be a number from 0 to 1, got 1.1"],
    [{ untaggedShare: 1.1 }, "'untaggedShare' must be a number from 0 to 1, got 1.1"],
    [{ imageSize: Size.bytes(0) }, "'imageSize' must be a known size of more than 0, got 0 bytes"],
    [{ imageSize: Size.bytes(Lazy.number({ produce: () => 1 })) }, "'imageSize' must be a known size of more than 0, got a token"],
    [{ pricePerGbMonth: -1 }, `'pricePerGbMonth' must be a number from 0 to ${Number.MAX_VALUE}, got -1`],
    [{ archivePricePerGbMonth: Infinity }, `'archivePricePerGbMonth' must be a number from 0 to ${Number.MAX_VALUE}, got Infinity`],
  ])('of %j', (props: Partial<LifecycleForecastProps>, problem) => {
    expect(forecast(props)).toEqual([problem]);
  });

  test('but not at the bounds', () => {
    expect(forecast({ pushesPerDay: { 'v*': 1000 }, uniqueShare: 0, untaggedShare: 1, pricePerGbMonth: 0, imageSize: Size.bytes(1) })).toEqual([]);
    expect(forecast({ days: 1825, uniqueShare: 1, untaggedShare: 0 })).toEqual([]);
  });

  test('of a policy with tokens', () => {
    const count = new CfnParameter(new Stack(), 'Count', { type: 'Number' }).valueAsNumber;

    expect(problemsOf(() => LifecyclePolicy.keepLatest(count).forecast({ pushesPerDay: { 'v*': 1 } }))).toEqual([
      "'rules[0]' must hold no token to be evaluated, got one; evaluate a policy with the values that you expect",
    ]);
  });
});

describe('LifecycleComparison', () => {
  const props = { pushesPerDay: { 'v*': 2 }, days: 100, imageSize: Size.gibibytes(1) };
  const comparison = LifecycleComparison.of({
    'keep 5': LifecyclePolicy.keepLatest(5).forecast(props),
    'forever & ever': forever.forecast({ ...props, pushesPerDay: { 'w*': 2 } }),
  });

  test('is a table with the days that each tag can be rolled back', () => {
    expect(comparison.toTable()).toBe([
      'POLICY          DAYS  IMAGES  GB     ARCHIVED GB  COST A MONTH  STEADY FROM DAY  ROLLBACK DAYS v*  ROLLBACK DAYS w*',
      'keep 5          100   5       5.0    0.0          0.50          2                2.3               -',
      'forever & ever  100   200     200.0  0.0          20.00         -                -                 99.8',
    ].join('\n'));
  });

  test('is a chart with a curve for each forecast', () => {
    const svg = comparison.toSvg('Storage "of" <a> repository');

    expect(svg).toContain('<title>Storage &#34;of&#34; &#60;a&#62; repository</title>');
    expect(svg).toContain('>forever &#38; ever</text>');
    expect(svg).toContain('>200 GB on day 100</text>');
    const curves = [...svg.matchAll(/<polyline[^>]* points="([^"]*)"/g)].map(match => match[1].split(' '));
    expect(curves.map(curve => curve.length)).toEqual([100, 100]);
    expect(curves[1][0]).toBe('64,285.6');
    expect(curves[1][99]).toBe('624,48');
  });

  test('fails for none and for more than six', () => {
    const forecast = LifecyclePolicy.standard().forecast(props);
    const of = (count: number) => problemsOf(() => LifecycleComparison.of(Object.fromEntries(Array.from({ length: count }, (_, index) => [`${index}`, forecast]))));

    expect(of(0)).toEqual(["'forecasts' must have 1 to 6 forecasts, got 0"]);
    expect(of(1)).toEqual([]);
    expect(of(6)).toEqual([]);
    expect(of(7)).toEqual(["'forecasts' must have 1 to 6 forecasts, got 7"]);
  });
});

describe('a chart', () => {
  const points = (svg: string) => /points="([^"]*)"/.exec(svg)![1];

  test('of one day is a point, of nothing a line at 0', () => {
    expect(points(forever.forecast({ pushesPerDay: { 'v*': 1 }, days: 1 }).toSvg('x'))).toMatch(/^624,[\d.]+$/);
    expect(points(forever.forecast({ pushesPerDay: { 'v*': 0.1 }, days: 2 }).toSvg('x'))).toBe('64,288 624,288');
  });

  test('holds only what XML can hold', () => {
    expect(forever.forecast({ pushesPerDay: { 'v*': 1 }, days: 1 }).toSvg('a\u0000\ud800b\u{1f6a2}')).toContain('<title>ab\u{1f6a2}</title>');
  });

  test('has round numbers on its axes', () => {
    const svg = forever.forecast({ pushesPerDay: { 'v*': 10 }, days: 365, imageSize: Size.gibibytes(1) }).toSvg('x');
    const labels = [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(match => match[1]);

    expect(labels).toEqual(['x', '0', '1000', '2000', '3000', '4000', '100', '200', '300', 'GB', 'days', 'storage', '3650 GB on day 365']);
  });
});
