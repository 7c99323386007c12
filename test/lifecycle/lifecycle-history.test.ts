import { Duration, Size } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { ImageSelection, type LifecycleForecastProps, type LifecycleHistory, LifecyclePolicy, LifecycleRule, type RegistryImage } from '../../lib';
import { LearnedPatterns } from '../../lib/lifecycle/trial/learned-patterns';
import { problemsOf } from '../message-of';

const { LIFECYCLE_RUNS = 200, LIFECYCLE_SEED = 20_261_121 } = globalThis as { LIFECYCLE_RUNS?: number; LIFECYCLE_SEED?: number };

const AT = new Date('2026-11-21T00:00:00Z');
const DAY = 86_400_000;
const MIB = 2 ** 20;
const KEEP_ALL = LifecyclePolicy.of(LifecycleRule.protect({ images: ImageSelection.ANY }));

const digest = (text: string) => `sha256:${Buffer.from(text).toString('hex').padEnd(64, '0').slice(0, 64)}`;
const image = (name: string, daysAgo: number, tags: string[] = [], more: Partial<RegistryImage> = {}): RegistryImage =>
  ({ digest: digest(name),
    pushedAt: new Date(AT.getTime() - daysAgo * DAY), tags: tags.length > 0 ? tags : undefined, sizeInBytes: 100 * MIB, ...more });
/** Pushes at equal intervals until the moment of the inventory. */
const every = (interval: number, days: number, make: (daysAgo: number, index: number) => RegistryImage[]) =>
  Array.from({ length: Math.floor(days / interval) }, (_, index) => make(days - index * interval, index)).flat();
const learn = (inventory: RegistryImage[], props: LifecycleForecastProps = {}, policy = KEEP_ALL) =>
  policy.forecast({ inventory, at: AT, days: 30, runs: 0, ...props }).history!;
const pushesOf = ({ pushes }: LifecycleHistory) => Object.fromEntries(pushes.map(({ tags, perDay, ...more }) => [tags!.join(' '), { perDay, ...more }]));

describe('a forecast from an inventory', () => {
  test('learns rates, sizes, manifests, referrers and signatures', () => {
    const inventory = every(0.5, 60, (daysAgo, index) => {
      const [index1, arm, amd, attestation, sbom, oldSbom] = ['index', 'arm', 'amd', 'att', 'sbom', 'old'].map(kind => digest(`${kind}${index}`));
      const part = (name: string, size: number, more: Partial<RegistryImage> = {}) =>
        image(name, daysAgo, [], { digest: name, sizeInBytes: size, ...more });
      return [
        part(index1, 90 * MIB, { tags: [`v1.${index}`], references: [arm, amd, attestation] }),
        part(arm, 80 * MIB), part(amd, 90 * MIB), part(attestation, 0),
        part(sbom, 20 * MIB, { subject: amd }), part(oldSbom, 10 * MIB, { subject: sbom }),
        part(digest(`none${index}`), 0, { subject: sbom, sizeInBytes: undefined }),
        part(digest(`sig${index}`), 1, { tags: [`sha256-${index1.slice(7)}.sig`] }),
      ];
    });
    const orphan = image('orphan', 3, [`sha256-${'f'.repeat(64)}.sig`]);
    const history = learn([...inventory, orphan]);

    expect(pushesOf(history)).toEqual({
      'v*': expect.objectContaining({ manifestsPerPush: 4, referrersPerPush: 3, signatureTagsPerPush: 1, burstiness: 1, observedPushes: 120, observedDays: 60 }),
    });
    expect(history.pushes[0].perDay).toBeCloseTo(119 / 60, 10);
    expect(history.pushes[0].imageSize!.toBytes()).toBe(200 * MIB);
    expect(history).toMatchObject({ actualImages: 40 * 8, actualGigabytes: 40 * 200 / 1024 });
    expect(history.predictedImages).toBeCloseTo(79 / 2 * 8, 5);
    expect(history.caveats).toEqual([expect.stringMatching(/^The size of 240 of 961 images is unknown/)]);
  });

  test('forecasts what the pushes would, and says how well they fit', () => {
    const inventory = every(0.5, 60, (daysAgo, index) => [image(`v${index}`, daysAgo, [`v${index}`])]);
    const forecast = LifecyclePolicy.standard().forecast({ inventory, at: AT, days: 100 });
    const again = LifecyclePolicy.standard().forecast({ pushes: forecast.history!.pushes, days: 100 });

    expect(again.days).toEqual(forecast.days);
    expect(forecast.simulatedImages).toBeDefined();
    expect(forecast.toTable().split('\n').slice(-4)).toEqual([
      'LEARNED  PUSHES  DAYS  A DAY  MIB  MANIFESTS  REFERRERS  SIGNATURES  BURSTINESS  LAST THIRD  PREDICTED',
      'v*       120     60.0  1.98   100  1          0          0           1           40          39.5',
      '',
      'Predicted from the first two thirds of each history, the last third has 40 images (3.9 GB); it has 40 images (3.9 GB), an error of 1 %.',
    ]);
  });

  test('takes options beside it instead of what it learns', () => {
    const inventory = every(1, 30, (daysAgo, index) => [image(`v${index}`, daysAgo, [`v${index}`])]);
    const forecast = KEEP_ALL.forecast({ inventory, at: AT, days: 10, imageSize: Size.gibibytes(1), runs: 0 });

    expect(forecast.days[9].gigabytes).toBe(forecast.days[9].images);
  });

  test('gives each kind of pushes its own history, because a policy has deleted the rest', () => {
    const inventory = [
      ...every(0.25, 10, (daysAgo, index) => [image(`pr${index}`, daysAgo, [`pr-${index}`])]),
      ...every(10, 300, (daysAgo, index) => [image(`r${index}`, daysAgo, [`release-1.${index}`, `sha-${String(index).padStart(7, '0')}`])]),
    ];

    expect(pushesOf(learn(inventory))).toEqual({
      'pr-*': expect.objectContaining({ perDay: 3.9, observedDays: 10 }),
      'release-* sha-*': expect.objectContaining({ perDay: 29 / 300, observedDays: 300 }),
    });
  });

  test('gives a tag that moves to the untagged images that are older', () => {
    const inventory = [
      ...every(1, 20, (daysAgo, index) => [image(`u${index}`, daysAgo + 0.5)]),
      image('latest', 1, ['latest', 'main']),
      image('after', 0.25),
    ];
    const pushes = pushesOf(learn(inventory));

    expect(Object.keys(pushes)).toEqual(['', 'latest main']);
    expect(pushes['latest main']).toMatchObject({ observedPushes: 21, perDay: 20 / 20.5 });
    expect(pushes['']).toMatchObject({ observedPushes: 1, perDay: 0 });
  });

  test('moves a tag with every so many pushes of the images that have it', () => {
    const inventory = every(1, 30, (daysAgo, index) => [
      image(`m${index}`, daysAgo, [`main-${index}`, ...index === 29 ? ['latest'] : [], ...index === 25 ? ['prod'] : []]),
    ]);

    expect(Object.entries(pushesOf(learn(inventory))).map(([tags, { observedPushes }]) => [tags, observedPushes]))
      .toEqual([['latest main-*', 24], ['latest main-* prod', 6]]);
  });

  test('counts days with bursts', () => {
    const inventory = every(5, 60, (daysAgo, burst) => Array.from({ length: 10 }, (_, index) => image(`b${burst}-${index}`, daysAgo - 0.01 * index, [`v${burst}.${index}`])));

    expect(learn(inventory).pushes[0].burstiness).toBeCloseTo(6.4, 1);
  });

  test('shares tags of many kinds of images by their first tag', () => {
    // 7 patterns, in every combination
    const inventory = Array.from({ length: 127 }, (_, kind) => [0, 1].map(copy =>
      image(`i${kind}-${copy}`, kind + copy + 1, [...'abcdefg'].filter((_letter, bit) => Math.floor((kind + 1) / 2 ** bit) % 2 === 1).map(letter => `${letter}${2 * kind + copy}`)))).flat();
    const { pushes } = learn(inventory);

    expect(pushes.length).toBeGreaterThan(50);
    expect(pushes.length).toBeLessThanOrEqual(57);
    expect(pushes.reduce((sum, { observedPushes }) => sum + observedPushes, 0)).toBe(254);
  });

  test('does not depend on the order of the images', () => {
    const inventory = every(0.3, 40, (daysAgo, index) => [image(`m${index}`, daysAgo, index % 4 === 0 ? [] : [`main-${index}`, ...index === 101 ? ['prod'] : []])]);

    expect(learn([...inventory].reverse())).toEqual(learn(inventory));
  });

  test('defaults to now', () => {
    const inventory = [image('a', 100, ['v1']), image('b', 50, ['v2'])];

    expect(KEEP_ALL.forecast({ inventory, days: 5, runs: 0 }).history!.pushes[0].observedDays).toBeGreaterThan(0);
  });
});

describe('the caveats of a history', () => {
  test('name what is too short', () => {
    expect(learn(every(1, 5, (daysAgo, index) => [image(`v${index}`, daysAgo, [`v${index}`])])).caveats).toEqual([
      'The history is too short to rely on, with less than 10 pushes or 14 days, of v* (5 in 5.0 days).',
    ]);
  });

  test('name what changes', () => {
    const inventory = [
      ...every(2, 90, (daysAgo, index) => [image(`a${index}`, daysAgo, [`v${index}`])]),
      ...every(0.1, 10, (daysAgo, index) => [image(`b${index}`, daysAgo, [`v${index + 1000}`])]),
    ];

    expect(learn(inventory).caveats).toEqual([
      'The pushes of v* change: 14.5 are predicted for the last 30.0 days from those before, and there were 115. Give the pushes that you expect, or an inventory without the images of the other time.',
    ]);
  });

  test('name one push at the moment of the inventory, and pushes of one day', () => {
    const burst = Array.from({ length: 20 }, (_, index) => image(`b${index}`, 20.1 + index / 1000, [`v${index}`]));
    const { caveats, pushes } = learn([...burst, image('now', 0, ['once'])]);

    expect(caveats).toEqual([
      'The history is too short to rely on, with less than 10 pushes or 14 days, of once (1 in 0.0 days).',
      expect.stringMatching(/^The pushes of v\* change: 9\.5 are predicted for the last 6\.7 days from those before, and there were 0\./),
    ]);
    expect(pushes.map(({ perDay, burstiness }) => [perDay > 0, burstiness])).toEqual([[false, 1], [true, 1]]);
  });

  test('say nothing of a past that is even', () => {
    expect(learn(every(0.5, 60, (daysAgo, index) => [image(`v${index}`, daysAgo, [`v${index}`])])).caveats).toEqual([]);
  });

  test('ask for the manifests of indexes', () => {
    const inventory = every(0.5, 60, (daysAgo, index) => [image(`v${index}`, daysAgo, [`v${index}`], { manifestMediaType: 'application/vnd.oci.image.index.v1+json' })]);

    expect(learn(inventory).caveats).toEqual([
      'The references of 120 indexes are unknown, so that their untagged images count as pushes: give the manifests to ImageInventory.fromDescribeImages.',
    ]);
  });

  test('name rules that select other tags than those of the forecast', () => {
    const inventory = every(1, 30, (daysAgo, index) => [image(`r${index}`, daysAgo, [`release-${index}-${index < 3 ? 'rc' : 'ga'}`])]);
    const policy = LifecyclePolicy.of(
      LifecycleRule.expire({ images: ImageSelection.allOfTagPatterns('*-rc', 'release-*'), keepNewest: 5 }),
      LifecycleRule.expire({ images: ImageSelection.tagPrefix('release-'), keepNewest: 5 }),
    );

    expect(learn(inventory, {}, policy).caveats.at(-1)).toBe(
      "The rule for '*-rc' and 'release-*' selects 3 of the 30 images of the inventory differently from the images of the forecast, whose tags have a number in the place of '*'.");
  });

  test('leave out sizes and errors that nobody knows', () => {
    const inventory = [image('a', 40, ['v1'], { sizeInBytes: undefined }), image('b', 39, ['v2'], { sizeInBytes: undefined })];
    const table = KEEP_ALL.forecast({ inventory, at: AT, days: 5, runs: 0 }).toTable();

    expect(table).toMatch(/^v\* +2 +40\.0 +0\.025 +- /m);
    expect(table).toContain('it has 0 images (0.0 GB).\nThe size of 2 of 2 images is unknown');
  });
});

describe('a fit from an inventory', () => {
  const inventory = every(0.5, 60, (daysAgo, index) => [
    image(`m${index}`, daysAgo, [`main-${index}`, `sha-${String(index).padStart(7, '0')}`, ...index % 5 === 0 ? [`v${index}`] : [], ...index === 119 ? ['latest'] : []]),
  ]);
  const DAYS = { days: 60, runs: 1 };

  test('keeps promises for learned pushes', () => {
    const fit = LifecyclePolicy.fit({ inventory, at: AT, keep: { 'v*': { rollback: Duration.days(20) } }, ...DAYS });
    const { rules } = JSON.parse(fit.policy.toJson()) as { rules: Array<{ selection: { tagPatternList?: string[] } }> };
    const tags = rules.map(({ selection }) => selection.tagPatternList?.[0]);

    expect(fit.isFeasible).toBe(true);
    expect(fit.forecast.history!.pushes.map(pushes => pushes.tags)).toEqual([['latest', 'main-*', 'sha-*'], ['main-*', 'sha-*', 'v*']]);
    expect(tags.every(tag => tag === undefined || ['v*', 'main-*'].includes(tag))).toBe(true);
    expect(tags).toContain('v*');
  });

  test('gives no rules to tags without promises where the search would take long', () => {
    const fit = LifecyclePolicy.fit({ inventory, at: AT, keep: { 'v*': { images: 2 }, 'latest': { images: 1 } }, ...DAYS });

    expect(fit.policy.toJson()).not.toMatch(/main-|sha-/);
  });

  test('gives no rule to the least pushed of more than two tags that share images', () => {
    const kinds = [['a', 'b'], ['b', 'c'], ['b']];
    const images = every(0.5, 60, (daysAgo, index) => [image(`x${index}`, daysAgo, kinds[index % 3].map(name => `${name}-${index}`))]);
    const text = LifecyclePolicy.fit({ inventory: images, at: AT, keep: { 'a-*': { images: 2 } }, ...DAYS }).policy.toJson();

    expect(text).toContain('"a-*"');
    expect(text).not.toContain('"c-*"');
  });

  test('fails for tags that were not pushed', () => {
    expect(problemsOf(() => LifecyclePolicy.fit({ inventory, at: AT, keep: { 'w*': { images: 1 } }, ...DAYS })))
      .toEqual([`'keep' must name tags that are pushed, which are "latest", "main-*", "sha-*", "v*", got "w*"`]);
  });
});

describe('fails for', () => {
  const images = [image('a', 2, ['v1']), image('b', 1, ['v2'])];

  test.each<[string, LifecycleForecastProps, string]>([
    ['an image twice', { inventory: [images[0], images[0]], at: AT }, `'inventory[1].digest' must be unique, got "${images[0].digest}" twice; give every image once, with all its tags`],
    ['an image after the inventory', { inventory: images, at: new Date(0) }, "'inventory[0].pushedAt' must not be after 'at', 1970-01-01T00:00:00.000Z, got 2026-11-19T00:00:00.000Z"],
    ['no date', { inventory: images, at: new Date(NaN) }, "'at' must be a date, got an invalid one"],
    ['a moment without an inventory', { pushesPerDay: { 'v*': 1 }, at: AT }, "'at' must be left out without 'inventory', because it is the moment of the inventory"],
    ['no images', { inventory: [], at: AT }, "'inventory' must have images of one kind that were pushed at different moments, got none; give 'pushesPerDay'"],
    ['one image', { inventory: [images[0]], at: AT }, "'inventory' must have images of one kind that were pushed at different moments, got none; give 'pushesPerDay'"],
    ['two inputs', { inventory: images, pushes: [], at: AT }, "'pushesPerDay', 'pushes' or 'inventory' must be given, and only one of them, got pushes and inventory"],
    ['too many pushes', { inventory: every(1e-4, 0.2, (daysAgo, index) => [image(`v${index}`, daysAgo, [`v${index}`])]), at: AT },
      "'inventory' must have at most 1000 pushes a day, got 9995; give 'pushesPerDay' of a smaller repository"],
  ])('%s', (_, props, problem) => {
    expect(problemsOf(() => KEEP_ALL.forecast(props))[0]).toBe(problem);
  });
});

describe('learned patterns', () => {
  const patterns = (tags: string[], ...hints: string[]) => {
    const learned = new LearnedPatterns(tags, hints);
    return tags.map(tag => learned.patternOf(tag));
  };

  test.each<[string[], string[]]>([
    [['release-1.4.2', 'release-1.5.0'], ['release-*', 'release-*']],
    [['v1', 'v2.0-rc1'], ['v*', 'v*']],
    [['1.2.3', '1.2.4-alpine', '1.2.5-alpine', '2.0'], ['*', '*-alpine', '*-alpine', '*']],
    [['sha-0a1b2c3', 'sha-abcdef0', 'sha-abcdefa'], ['sha-*', 'sha-*', 'sha-*']],
    [['latest', 'latest-amd64', 'latest-arm64', 'prod'], ['latest', 'latest-amd64', 'latest-arm64', 'prod']],
    [['node18', 'python3'], ['node18', 'python3']],
    [['feature-a', 'feature-b', 'feature-c', 'feature-d', 'fix-a'], ['feature-*', 'feature-*', 'feature-*', 'feature-*', 'fix-a']],
  ])('of %j are %j', (tags, expected) => {
    expect(patterns(tags)).toEqual(expected);
    expect(patterns([...tags].reverse())).toEqual([...expected].reverse());
  });

  test('are the narrowest hints first', () => {
    expect(patterns(['release-1.4', 'release-2.0', 'x1', 'x2', 'latest'], 'release-*', 'release-1.*', 'lat*', 'tal*', 'abc*')).toEqual(['release-1.*', 'release-*', 'x*', 'x*', 'lat*']);
  });

  test('of the same length are sorted', () => {
    expect(patterns(['ab'], 'a*', '*b')).toEqual(patterns(['ab'], '*b', 'a*'));
  });

  test('are few', () => {
    const words = Array.from({ length: 30 }, (_, index) => String.fromCharCode(97 + index % 26).repeat(2 + index));
    expect(new Set(patterns(words))).toEqual(new Set(['*']));
    expect(new Set(patterns(words.flatMap(word => [`feature-${word}-1`, `feature-${word}-2`])))).toEqual(new Set(['feature-*']));
    expect(new Set(patterns(words.flatMap(word => [`${word}1`, `${word}2`])))).toEqual(new Set(['*']));
  });
});

test(`what is learned is what was pushed (${Math.ceil(LIFECYCLE_RUNS / 4)} random histories, seed ${LIFECYCLE_SEED})`, () => {
  const kind = fc.record({
    perDay: fc.double({ min: 0.3, max: 12, noNaN: true }), days: fc.integer({ min: 30, max: 200 }), mebibytes: fc.integer({ min: 1, max: 2000 }),
    manifests: fc.integer({ min: 1, max: 4 }), jitter: fc.double({ min: 0, max: 0.9, noNaN: true }),
  });
  fc.assert(fc.property(fc.array(kind, { minLength: 1, maxLength: 4 }), fc.nat(), (kinds, shuffle) => {
    const names = ['pr-', 'release-', 'v', 'build.'];
    const inventory = kinds.flatMap(({ perDay, days, mebibytes, manifests, jitter }, position) => every(1 / perDay, days, (daysAgo, index) => {
      // Moments that are irregular within an interval, and each kind has survived for other days.
      const moment = Math.max(0, daysAgo - jitter * ((index * 0.618) % 1) / perDay);
      const members = Array.from({ length: manifests - 1 }, (_, member) => image(`${position}.${index}.${member}`, moment, [], { sizeInBytes: mebibytes * MIB / (manifests - 1) }));
      const more = members.length > 0 ? { references: members.map(member => member.digest) } : {};
      return [...members, image(`${position}:${index}`, moment, [`${names[position]}${index}`], { sizeInBytes: mebibytes * MIB, ...more })];
    })).sort((a, b) => (parseInt(a.digest.slice(7, 20), 16) * shuffle) % 7 - (parseInt(b.digest.slice(7, 20), 16) * shuffle) % 7);
    const history = learn(inventory);

    expect(history.pushes).toHaveLength(kinds.length);
    kinds.forEach(({ perDay, days, mebibytes, manifests }, position) => {
      const { [`${names[position]}*`]: learned } = pushesOf(history);
      expect(Math.abs(learned.perDay / perDay - 1)).toBeLessThan(3 / (perDay * days));
      expect(Math.abs(learned.imageSize!.toBytes() / MIB / mebibytes - 1)).toBeLessThan(1e-6);
      expect(learned.manifestsPerPush).toBe(manifests);
      expect(Math.abs(learned.predictedPushes - learned.actualPushes)).toBeLessThan(5);
    });
    expect(history.caveats.filter(caveat => caveat.includes('change'))).toEqual([]);
  }), { numRuns: Math.ceil(LIFECYCLE_RUNS / 4), seed: LIFECYCLE_SEED });
});
