import { BRAND, brand } from '../../private/core/brand';
import { failUnscopedIfAny } from '../../private/core/errors';
import type { LifecycleForecast } from './lifecycle-forecast';
import { lineChart } from './line-chart';
import { textTable } from './text-table';

/**
 * Forecasts of several lifecycle policies, side by side.
 */
export class LifecycleComparison {
  static {
    brand(this, 'LifecycleComparison');
  }

  /**
   * Compares forecasts, best for the same pushes.
   *
   * @param forecasts the forecasts by the name that tables and charts give them: 1 to 6
   */
  public static of(forecasts: { [name: string]: LifecycleForecast }): LifecycleComparison {
    const count = Object.keys(forecasts).length;
    failUnscopedIfAny('InvalidLifecycleComparison', count >= 1 && count <= 6 ? [] : [`'forecasts' must have 1 to 6 forecasts, got ${count}`]);
    return new LifecycleComparison(Object.entries(forecasts));
  }

  private declare readonly [BRAND]: 'LifecycleComparison';

  private constructor(private readonly forecasts: Array<[string, LifecycleForecast]>) {}

  /**
   * The last day of each forecast as a text table, with the days that each tag can be rolled back.
   */
  public toTable(): string {
    const tags = [...new Set(this.forecasts.flatMap(([, forecast]) => forecast.tags.map(tag => tag.tag)))];
    return textTable([
      ['POLICY', 'DAYS', 'IMAGES', 'GB', 'ARCHIVED GB', 'COST A MONTH', 'STEADY FROM DAY', ...tags.map(tag => `ROLLBACK DAYS ${tag}`)],
      ...this.forecasts.map(([name, forecast]) => {
        const { day, images, gigabytes, archivedGigabytes } = forecast.days.at(-1)!;
        return [
          name,
          `${day}`,
          `${images}`,
          gigabytes.toFixed(1),
          archivedGigabytes.toFixed(1),
          forecast.monthlyCost.toFixed(2),
          `${forecast.steadyFromDay ?? '-'}`,
          ...tags.map(tag => forecast.tags.find(entry => entry.tag === tag)?.rollbackDays.toFixed(1) ?? '-'),
        ];
      }),
    ]);
  }

  /**
   * The storage of each day, archived images included, as an SVG image with a curve for each forecast.
   *
   * @param title the heading of the image
   */
  public toSvg(title: string): string {
    return lineChart(title, 'GB', this.forecasts.map(([name, forecast]) => ({ name, values: forecast._storage() })));
  }
}
