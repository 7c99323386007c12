import type { ImagePushes } from './image-pushes';

/**
 * Pushes that were learned from the images of a repository, and how well they fit the past.
 *
 * They can be changed, and given to another forecast as `pushes`.
 */
export interface LifecycleHistoryPushes extends ImagePushes {
  /** The pushes of the past whose images are still there. */
  readonly observedPushes: number;

  /** The days from the oldest of these pushes to the moment of the inventory. */
  readonly observedDays: number;

  /** The number of pushes in the last third of these days, as predicted from the first two thirds. */
  readonly predictedPushes: number;

  /** The number of pushes in the last third of these days. */
  readonly actualPushes: number;
}

/**
 * What a forecast learned from the images of a repository, and how well it fits the past.
 *
 * The test of the past takes each kind of pushes by itself: the first two thirds of its days give a rate, a size and the contents of a
 * push, and from these a prediction for the last third.
 */
export interface LifecycleHistory {
  /** The kinds of pushes, by tags. */
  readonly pushes: LifecycleHistoryPushes[];

  /** The number of images pushed in the last third of the history, as predicted from the rest. */
  readonly predictedImages: number;

  /** The number of images pushed in the last third of the history. */
  readonly actualImages: number;

  /** The size of these images in GB of 2^30 bytes, as predicted. */
  readonly predictedGigabytes: number;

  /** The size of these images in GB of 2^30 bytes. */
  readonly actualGigabytes: number;

  /** The reasons not to rely on what was learned, in sentences: a short or irregular history, or unknown references of indexes. */
  readonly caveats: string[];
}
