import type { RuleModel } from '../rule-model';
import { Simulation, type SimulatedDay } from './forecast-simulation';
import type { LifecycleForecastBand } from './lifecycle-forecast-band';
import type { PushPlan } from './push-plan';
import { PushSchedule } from './push-schedule';

/**
 * Storage in GB of 2^30 bytes.
 */
export interface Storage {
  readonly gigabytes: number;
  readonly archivedGigabytes: number;
}

export function storageOf({ images, bytes, archivedBytes, largestPush }: SimulatedDay, { uniqueShare }: PushPlan): Storage {
  const unique = uniqueShare / 2 ** 30;
  const shared = largestPush * (1 - uniqueShare) / 2 ** 30;
  return { gigabytes: bytes * unique + (images > 0 ? shared : 0), archivedGigabytes: archivedBytes * unique + (images > 0 ? 0 : shared) };
}

export function monthlyCostOf({ gigabytes, archivedGigabytes }: Storage, { price, archivePrice }: PushPlan): number {
  return gigabytes * price + archivedGigabytes * archivePrice;
}

/** Pushes at equal intervals. */
export function simulateEvenly(rules: readonly RuleModel[], plan: PushPlan): Simulation {
  return new Simulation(rules, plan.sources, PushSchedule.even(plan.sources), plan.days);
}

/** Pushes at random moments. */
export function simulateRun(rules: readonly RuleModel[], plan: PushPlan, run: number): Simulation {
  return new Simulation(rules, plan.sources, PushSchedule.random(plan.sources, plan.seed, run), plan.days);
}

/**
 * The last day of each run.
 */
export class ForecastRuns {
  public readonly images: LifecycleForecastBand;
  public readonly monthlyCost: LifecycleForecastBand;
  private readonly rollback = new Map<string, LifecycleForecastBand>();

  /**
   * @param onRun what else to read from each run
   */
  constructor(rules: readonly RuleModel[], plan: PushPlan, onRun?: (simulation: Simulation) => void) {
    const images: number[] = [];
    const costs: number[] = [];
    const rollbacks = new Map<string, number[]>();
    for (let run = 0; run < plan.runs; run++) {
      const simulation = simulateRun(rules, plan, run);
      const { days, tags } = simulation;
      const last = days.at(-1)!;
      onRun?.(simulation);
      images.push(last.images + last.archivedImages);
      costs.push(monthlyCostOf(storageOf(last, plan), plan));
      tags.forEach(({ rollbackByDay }, tag) => rollbacks.set(tag, [...rollbacks.get(tag) ?? [], rollbackByDay.at(-1)!]));
    }
    this.images = bandOf(images, 1);
    this.monthlyCost = bandOf(costs, 1);
    rollbacks.forEach((values, tag) => this.rollback.set(tag, bandOf(values, -1)));
  }

  public rollbackOf(tag: string): LifecycleForecastBand {
    return this.rollback.get(tag)!;
  }
}

/** @param sign 1 when higher values are worse, -1 when lower ones are */
function bandOf(values: readonly number[], sign: number): LifecycleForecastBand {
  const fromBest = [...values].sort((a, b) => sign * (a - b));
  return { median: fromBest[Math.floor((fromBest.length - 1) / 2)], worst: fromBest.at(-1)! };
}
