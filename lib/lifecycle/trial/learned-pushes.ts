import { Size } from 'aws-cdk-lib';
import { append } from '../../private/core/append';
import { failUnscopedIfAny } from '../../private/core/errors';
import { LIMITS } from '../../private/ecr/limits';
import { INDEX_MEDIA_TYPES } from '../../private/ecr/media-types';
import { describeTags, type RuleModel, type TagModel } from '../rule-model';
import { tagsTest } from '../tag-pattern';
import { DAY_IN_MS } from './evaluation';
import { ImageChecker } from './image-problems';
import { LearnedPatterns } from './learned-patterns';
import type { LifecycleHistory, LifecycleHistoryPushes } from './lifecycle-history';
import { type PastPush, pushesOf } from './push-history';
import type { RegistryImage } from './registry-image';

/** The part of a history that is learned from to predict the rest. */
const LEARNED_SHARE = 2 / 3;
/** A history with less is too short. */
const LEAST_PUSHES = 10;
const LEAST_DAYS = 14;
/** A prediction that is further off than this many standard deviations is not bad luck. */
const SURPRISE = 3;
/** Combinations of tags that are told apart. */
const MOST_KINDS = 50;

/** Pushes of one kind, the newest first, and what they predict of themselves. */
interface Kind {
  readonly learned: LifecycleHistoryPushes;
  readonly predicted: Amount;
  readonly actual: Amount;
  readonly isSurprising: boolean;
}

interface Amount {
  readonly pushes: number;
  readonly images: number;
  readonly bytes: number;
}

/**
 * Learns pushes from the images of a repository. Throws when an image cannot exist.
 *
 * @param at the moment of the inventory in milliseconds
 * @param patterns tags that describe images first, such as those of the rules
 * @param rules the rules that a forecast applies
 */
export function learnPushes(
  inventory: readonly RegistryImage[], at: number, patterns: readonly string[], rules: readonly RuleModel[],
): LifecycleHistory {
  checkInventory(inventory, at);
  const tags = new Set(inventory.flatMap(({ tags: own = [] }) => own));
  const pushes = pushesOf(inventory, new LearnedPatterns([...tags], patterns));
  const kinds = kindsOf(pushes).map(kind => learnKind(kind, at));
  const sum = (amount: (kind: Kind) => number) => kinds.reduce((total, kind) => total + amount(kind), 0);
  return {
    pushes: kinds.map(({ learned }) => learned),
    predictedImages: sum(({ predicted }) => predicted.images),
    actualImages: sum(({ actual }) => actual.images),
    predictedGigabytes: sum(({ predicted }) => predicted.bytes) / 2 ** 30,
    actualGigabytes: sum(({ actual }) => actual.bytes) / 2 ** 30,
    caveats: [
      ...unknownReferences(inventory),
      ...unknownSizes(inventory),
      ...shortHistories(kinds),
      ...irregularHistories(kinds),
      ...otherSelections(pushes, rules),
    ],
  };
}

function checkInventory(inventory: readonly RegistryImage[], at: number): void {
  failUnscopedIfAny('InvalidRegistryImages', Number.isNaN(at) ? ["'at' must be a date, got an invalid one"] : []);
  const checker = new ImageChecker('inventory', inventory, at);
  inventory.forEach((image, index) => checker.check(image, index));
  checker.failIfAny(() => true);
}

/** Pushes with the same tags, sorted by tags. Rare combinations of tags are told apart by their first tag only. */
function kindsOf(pushes: readonly PastPush[]): PastPush[][] {
  const kinds = new Map<string, PastPush[]>();
  const add = (push: PastPush) => append(kinds, push.tags.join(' '), push);
  pushes.forEach(add);
  const rare = [...kinds.keys()].sort((a, b) => kinds.get(b)!.length - kinds.get(a)!.length || (a < b ? -1 : 1)).slice(MOST_KINDS);
  if (rare.length > 0) {
    kinds.clear();
    pushes.forEach(push => add(rare.includes(push.tags.join(' ')) ? Object.assign(push, { tags: push.tags.slice(0, 1) }) : push));
  }
  return [...kinds.keys()].sort().map(key => kinds.get(key)!);
}

function learnKind(pushes: readonly PastPush[], at: number): Kind {
  const oldest = pushes.at(-1)!.time;
  const split = oldest + LEARNED_SHARE * (at - oldest);
  const before = pushes.filter(({ time }) => time < split || time === oldest);
  const after = pushes.slice(0, pushes.length - before.length);
  const perDay = rateOf(pushes, at);
  const burstiness = burstinessOf(pushes, at);
  const mean = (value: (push: PastPush) => number, most: number) => Math.min(most, meanOf(pushes, value));
  const bytes = meanBytesOf(pushes);
  const predictedPushes = rateOf(before, split) * (at - split) / DAY_IN_MS;
  const predicted = {
    pushes: predictedPushes,
    images: predictedPushes * meanOf(before, imagesOf),
    bytes: predictedPushes * (meanBytesOf(before) ?? 0),
  };
  const actual = { pushes: after.length, images: sumOf(after, imagesOf), bytes: sumOf(after, push => push.bytes) };
  // The prediction rests on twice as many pushes as it is about.
  const deviation = Math.sqrt(1.5 * burstiness * Math.max(1, pushes.length / 3));
  return {
    learned: {
      tags: [...pushes[0].tags],
      perDay,
      imageSize: bytes === undefined ? undefined : Size.bytes(Math.max(1, Math.round(bytes))),
      untaggedShare: 0,
      manifestsPerPush: mean(({ manifests }) => manifests, LIMITS.forecastImagesPerPush),
      referrersPerPush: mean(({ referrers }) => referrers, LIMITS.forecastImagesPerPush),
      signatureTagsPerPush: mean(({ signatureTags }) => signatureTags, LIMITS.forecastImagesPerPush),
      burstiness,
      observedPushes: pushes.length,
      observedDays: (at - oldest) / DAY_IN_MS,
      predictedPushes,
      actualPushes: after.length,
    },
    predicted,
    actual,
    isSurprising: Math.abs(predictedPushes - after.length) > SURPRISE * deviation,
  };
}

/** Pushes a day after the first one: that one is where the history begins. */
function rateOf(newestFirst: readonly PastPush[], until: number): number {
  const days = (until - newestFirst.at(-1)!.time) / DAY_IN_MS;
  return days > 0 ? (newestFirst.length - 1) / days : 0;
}

/** The variance of the pushes of a day divided by their mean; 1 if there are too few days to tell. */
function burstinessOf(pushes: readonly PastPush[], at: number): number {
  const days = Math.floor((at - pushes.at(-1)!.time) / DAY_IN_MS);
  if (days < LEAST_DAYS || pushes.length < LEAST_PUSHES) {
    return 1;
  }
  const counts = new Float64Array(days);
  pushes.forEach(({ time }) => counts[Math.floor((at - time) / DAY_IN_MS)]++);
  const average = counts.reduce((sum, count) => sum + count, 0) / days;
  const variance = counts.reduce((sum, count) => sum + (count - average) ** 2, 0) / (days - 1);
  return Math.min(LIMITS.forecastBurstiness, Math.max(1, variance / Math.max(average, 1 / days)));
}

function imagesOf({ manifests, referrers, signatureTags }: PastPush): number {
  return manifests + referrers + signatureTags;
}

function meanBytesOf(pushes: readonly PastPush[]): number | undefined {
  const known = pushes.filter(({ bytes }) => bytes > 0);
  return known.length === 0 ? undefined : meanOf(known, ({ bytes }) => bytes);
}

function sumOf(pushes: readonly PastPush[], value: (push: PastPush) => number): number {
  return pushes.reduce((sum, push) => sum + value(push), 0);
}

function meanOf(pushes: readonly PastPush[], value: (push: PastPush) => number): number {
  return sumOf(pushes, value) / pushes.length;
}

function unknownReferences(images: readonly RegistryImage[]): string[] {
  const { length } = images.filter(({ manifestMediaType = '', references }) => references === undefined && INDEX_MEDIA_TYPES.includes(manifestMediaType));
  return length === 0 ? [] : [`The references of ${length} indexes are unknown, so that their untagged images count as pushes: give the manifests to ImageInventory.fromDescribeImages.`];
}

function unknownSizes(images: readonly RegistryImage[]): string[] {
  const { length } = images.filter(({ sizeInBytes = 0 }) => sizeInBytes === 0);
  return length === 0 ? [] : [`The size of ${length} of ${images.length} images is unknown: they count with the mean of the others of their kind.`];
}

function shortHistories(kinds: readonly Kind[]): string[] {
  const short = kinds.map(({ learned }) => learned)
    .filter(({ observedPushes, observedDays }) => observedPushes < LEAST_PUSHES || observedDays < LEAST_DAYS);
  return short.length === 0 ? [] : [
    `The history is too short to rely on, with less than ${LEAST_PUSHES} pushes or ${LEAST_DAYS} days, of `
      + `${short.map(learned => `${nameOf(learned)} (${learned.observedPushes} in ${learned.observedDays.toFixed(1)} days)`).join(', ')}.`,
  ];
}

function irregularHistories(kinds: readonly Kind[]): string[] {
  return kinds.filter(({ isSurprising }) => isSurprising).map(({ learned, predicted, actual }) =>
    `The pushes of ${nameOf(learned)} change: ${predicted.pushes.toFixed(1)} are predicted for the last ${(learned.observedDays * (1 - LEARNED_SHARE)).toFixed(1)} days `
      + `from those before, and there were ${actual.pushes}. Give the pushes that you expect, or an inventory without the images of the other time.`);
}

/** Images that the rules select by their tags, and would not, or differently, by the tags that a forecast makes up. */
function otherSelections(pushes: readonly PastPush[], rules: readonly RuleModel[]): string[] {
  const tests = rules.filter(({ tags }) => tags.status === 'tagged').map(({ tags }) => ({ tags, test: tagsTest(tags) }));
  const differing = new Map<TagModel, number>();
  for (const { image, tags } of pushes) {
    const own = (image.tags ?? []).filter(tag => !tags.includes(tag)); // without tags that move: they are on other images in time
    const made = tags.filter(tag => tag.includes('*')).map(tag => tag.replaceAll('*', '7'));
    (own.length === 0 ? [] : tests).filter(({ test }) => test(own) !== test(made))
      .forEach(({ tags: selected }) => differing.set(selected, (differing.get(selected) ?? 0) + 1));
  }
  return [...differing].map(([tags, amount]) =>
    `The rule for ${describeTags(tags)} selects ${amount} of the ${pushes.length} images of the inventory differently from the images of the forecast, whose tags have a number in the place of '*'.`);
}

/** The tags of pushes, as tables and sentences show them. */
export function nameOf({ tags }: LifecycleHistoryPushes): string {
  return tags!.join(' ') || 'untagged';
}
