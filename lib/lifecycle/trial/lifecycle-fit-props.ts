import type { Duration } from 'aws-cdk-lib';
import type { LifecycleForecastProps } from './lifecycle-forecast-props';

/**
 * What a lifecycle policy must keep of the images of a tag. At least one of the promises is needed.
 */
export interface LifecyclePromise {
  /**
   * How far back one must be able to roll back on every day: at least a day, and less than the days of the forecast.
   *
   * The oldest image with the tag must be at least that old, as soon as the repository is, and every newer one must be there.
   *
   * @default - no promise
   */
  readonly rollback?: Duration;

  /**
   * How many images with the tag there must be on every day, as soon as so many were pushed: a whole number of at least 1.
   *
   * @default - no promise
   */
  readonly images?: number;
}

/**
 * What a lifecycle policy must keep, for which pushes, at which cost.
 */
export interface LifecycleFitProps extends LifecycleForecastProps {
  /**
   * The promises by tag: `{ 'release-*': { rollback: Duration.days(180) }, 'pr-*': { images: 3 } }`.
   *
   * Each tag must be one of those that are pushed. Of tags without a promise, the search keeps as little as it can.
   */
  readonly keep: { [tag: string]: LifecyclePromise };

  /**
   * How long untagged images stay: whole days, at least one. Deployments that pinned a digest may still run them.
   *
   * @default Duration.days(7)
   */
  readonly keepUntagged?: Duration;

  /**
   * What the storage of the last day may cost in a month, in `currency`.
   *
   * @default - no limit
   */
  readonly budget?: number;
}
