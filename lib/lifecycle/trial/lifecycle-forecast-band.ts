/**
 * A figure over all simulated runs of a forecast.
 */
export interface LifecycleForecastBand {
  /** The figure of the run in the middle. */
  readonly median: number;

  /** The highest cost or number of images, or the shortest rollback, of all runs. */
  readonly worst: number;
}
