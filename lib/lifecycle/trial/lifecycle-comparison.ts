import { BRAND } from '../../private/core/brand';
import { failUnscopedIfAny } from '../../private/core/errors';
import { publicClass } from '../../private/input/public-class';
import type { LifecycleForecast } from './lifecycle-forecast';
import { textTable } from './text-table';

/**
 * Forecasts of several lifecycle policies, side by side.
 */
export class LifecycleComparison {
  static {
    publicClass(this, 'LifecycleComparison');
  }

  /**
   * Compares forecasts, best for the same pushes.
   *
   * @param forecasts the forecasts by the name that the table gives them: at least one; the table is sorted by name
   */
  public static of(forecasts: { [name: string]: LifecycleForecast }): LifecycleComparison {
    const named = Object.entries(forecasts).sort(([a], [b]) => a < b ? -1 : 1);
    failUnscopedIfAny('InvalidLifecycleComparison', named.length > 0 ? [] : ["'forecasts' must have at least one forecast, got none"]);
    return new LifecycleComparison(named);
  }

  private declare readonly [BRAND]: 'LifecycleComparison';

  private constructor(private readonly forecasts: Array<[string, LifecycleForecast]>) {}

  /**
   * The last day of each forecast as a text table, with the days that each tag can be rolled back.
   */
  public toTable(): string {
    const tags = [...new Set(this.forecasts.flatMap(([, forecast]) => forecast.tags.map(tag => tag.tag)))].sort();
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
          `${forecast.monthlyCost.toFixed(2)} ${forecast.currency}`,
          `${forecast.steadyFromDay ?? '-'}`,
          ...tags.map(tag => forecast.tags.find(entry => entry.tag === tag)?.rollbackDays.toFixed(1) ?? '-'),
        ];
      }),
    ]);
  }
}
