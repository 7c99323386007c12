import * as fc from 'fast-check';
import { type ImagePushes, LifecyclePolicy } from '../../lib';
import { policyText, rules } from './arbitraries';
import { simulateNaively } from './naive-simulation';

// `npm run test:properties` sets both: many runs with a new seed. Here a few with the same seed each time.
const { LIFECYCLE_RUNS = 200, LIFECYCLE_SEED = 20_261_121 } = globalThis as { LIFECYCLE_RUNS?: number; LIFECYCLE_SEED?: number };
const RUNS = Math.ceil(LIFECYCLE_RUNS / 10);

const TAGS = ['a-*', 'ab*', '*b', 'a*b', 'b*', 'a', 'latest', 'a*'];
const pushes = fc.record({
  tags: fc.uniqueArray(fc.constantFrom(...TAGS), { maxLength: 3 }),
  perDay: fc.constantFrom(0, 0.3, 0.5, 1, 1.7, 2),
  untaggedShare: fc.constantFrom(0, 0, 0.25, 0.5, 1),
  manifestsPerPush: fc.constantFrom(1, 1, 2, 2.5, 3),
  referrersPerPush: fc.constantFrom(0, 0, 0.5, 1),
  signatureTagsPerPush: fc.constantFrom(0, 0, 1),
});
const repository = fc.uniqueArray(pushes, { minLength: 1, maxLength: 3, selector: ({ tags }) => JSON.stringify([...tags].sort()) })
  .filter(sources => sources.some(({ perDay }) => perDay > 0));
/** Short, or long enough that images leave the archive. */
const days = fc.constantFrom(5, 12, 20, 20, 104);

type Arbitraries<T> = { [K in keyof T]: fc.Arbitrary<T[K]> };

function law<T extends [unknown, ...unknown[]]>(name: string, holds: (...values: T) => void, ...arbitraries: Arbitraries<T>): void {
  test(`${name} (${RUNS} random policies and repositories, seed ${LIFECYCLE_SEED})`, () => {
    fc.assert(fc.property(...arbitraries, (...values) => holds(...values)), { numRuns: RUNS, seed: LIFECYCLE_SEED });
  }, 1_800_000);
}

law('a forecast is what a naive simulation with a naive evaluator gives', (unnumbered, sources, amount) => {
  const text = policyText(unnumbered);
  const forecast = LifecyclePolicy.fromJson(text).forecast({ pushes: sources, days: amount, runs: 0 });
  const naive = simulateNaively(text, sources, amount);

  expect(forecast.days.map(({ pushed, expired, archived, images, untaggedImages, archivedImages }) =>
    ({ pushed, expired, archived, images, untaggedImages, archivedImages }))).toEqual(naive.days);
  expect(Object.fromEntries(forecast.tags.map(({ tag, images, archivedImages, rollbackDays }) => [tag, { images, archivedImages, rollbackDays }])))
    .toEqual(naive.tags);
}, rules, repository, days);

law('a forecast does not depend on the order of pushes, tags or keys', (unnumbered, sources, amount, seed) => {
  const policy = LifecyclePolicy.fromJson(policyText(unnumbered));
  const reversed: ImagePushes[] = sources.map(source => ({ ...source, tags: [...source.tags].reverse() })).reverse();
  const props = { days: amount, runs: 2, seed };

  expect(policy.forecast({ ...props, pushes: reversed })).toEqual(policy.forecast({ ...props, pushes: sources }));

  const rates = sources.map(({ tags: [tag = 'x-*'], perDay }): [string, number] => [tag, perDay + 0.5]);
  const contents = { ...props, untaggedShare: 0.5, manifestsPerPush: 2 };
  const keys = new Map(rates);
  expect(policy.forecast({ ...contents, pushesPerDay: Object.fromEntries([...keys].reverse()) }))
    .toEqual(policy.forecast({ ...contents, pushesPerDay: Object.fromEntries(keys) }));
}, rules, repository, fc.constantFrom(5, 20), fc.nat(1000));

law('simulated runs with the same seed are the same, and worst is no better than median', (unnumbered, sources, seed) => {
  const policy = LifecyclePolicy.fromJson(policyText(unnumbered));
  const forecast = () => policy.forecast({ pushes: sources, days: 20, runs: 5, seed, burstiness: 4 });
  const { simulatedImages, simulatedMonthlyCost, tags } = forecast();

  expect(forecast()).toEqual(forecast());
  expect(simulatedImages!.worst).toBeGreaterThanOrEqual(simulatedImages!.median);
  expect(simulatedMonthlyCost!.worst).toBeGreaterThanOrEqual(simulatedMonthlyCost!.median);
  tags.forEach(({ simulatedRollback }) => expect(simulatedRollback!.worst).toBeLessThanOrEqual(simulatedRollback!.median));
}, rules, repository, fc.nat(1000));
