import { countTypeFacts } from '../../private/ecr/count-types';
import type { CompiledRule } from './compiled-rule';
import type { ImageTable } from './image-table';

/** Stands in a typed array where no rule and no image is meant. */
export const NONE = -1;

export const DAY_IN_MS = 86_400_000;

/**
 * What the rules say about each image on its own, before indexes and referrers are looked at.
 */
export interface Evaluation {
  /** The first rule that selects each image. */
  readonly claimedBy: Int8Array;
  /** The place of each image among those of that rule, the newest being number 1. */
  readonly place: Int32Array;
  /** The rule that acts on each image. */
  readonly actedOnBy: Int8Array;
  /** The first rule that would have acted, if no higher rule had claimed the image. */
  readonly shieldedFrom: Int8Array;
  /** How many images each rule counts. */
  readonly counted: number[];
  /** How many images the first rule counted up to each image that an index refers to; empty if no index refers to any image. */
  readonly referencedUpTo: Int32Array;
  /** The time of push that both the last image inside and the first one outside of a count have, if they have the same. */
  readonly tiedAt: number[];
}

/** What an evaluation writes for each image. */
type EvaluationArrays = Pick<Evaluation, 'claimedBy' | 'place' | 'actedOnBy' | 'shieldedFrom'>;

/** Arrays for an evaluation, which another one of at most as many images may use again. */
export function evaluationArrays(size: number): EvaluationArrays {
  return { claimedBy: new Int8Array(size), place: new Int32Array(size), actedOnBy: new Int8Array(size), shieldedFrom: new Int8Array(size) };
}

/**
 * Applies the rules to all images. A rule counts every image it selects, also those that a higher rule holds or removes; only the
 * first rule that selects an image acts on it.
 *
 * @param referenced the images that an index refers to
 * @param arrays to write to, at least as long as there are images
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html#lp_evaluation_rules
 */
export function evaluate(
  rules: readonly CompiledRule[], images: ImageTable, at: number, referenced: ReadonlyMap<number, unknown>, arrays = evaluationArrays(images.size),
): Evaluation {
  const { size, matches: { list, starts } } = images;
  const { claimedBy, place, actedOnBy, shieldedFrom } = arrays;
  [claimedBy, actedOnBy, shieldedFrom].forEach(array => array.fill(NONE, 0, size));
  const counted = rules.map(() => 0);
  const countedReferenced = rules.map(() => 0);
  const referencedUpTo = new Int32Array(referenced.size === 0 ? 0 : size);
  const lastInside = rules.map(() => NaN);
  const tiedAt = rules.map(() => NaN);
  const times = rules.map(({ countType }) => {
    const { since } = countTypeFacts(countType);
    return since && images[since];
  });
  const limits = rules.map(({ countNumber }, index) => times[index] ? at - countNumber * DAY_IN_MS : countNumber);

  for (let position = 0; position < size; position++) {
    const image = images.newestFirst[position];
    const pushed = images.pushed[image];
    const child = referenced.has(image) ? 1 : 0;
    for (let match = starts[image]; match < starts[image + 1]; match++) {
      const index = list[match];
      const limit = limits[index];
      const time = times[index];
      const rank = ++counted[index];
      countedReferenced[index] += child;

      let hit: boolean;
      if (time === undefined) {
        hit = rank > limit;
        if (rank === limit) {
          lastInside[index] = pushed;
        } else if (rank === limit + 1 && pushed === lastInside[index]) {
          tiedAt[index] = pushed;
        }
      } else {
        hit = time[image] < limit;
      }

      if (claimedBy[image] === NONE) {
        claimedBy[image] = index;
        place[image] = rank;
        referencedUpTo[image] = countedReferenced[index];
        actedOnBy[image] = hit ? index : NONE;
      } else if (hit && shieldedFrom[image] === NONE) {
        shieldedFrom[image] = index;
      }
    }
  }
  return { claimedBy, place, actedOnBy, shieldedFrom, counted, referencedUpTo, tiedAt };
}
