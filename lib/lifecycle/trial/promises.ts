import type { Simulation } from './forecast-simulation';
import type { SimulatedTag } from './simulated-tag';

/**
 * A promise about the images of a tag.
 */
export interface TagPromise {
  readonly tag: string;
  readonly kind: 'images' | 'rollback';
  readonly amount: number;
}

/**
 * The worst that a policy makes of a promise.
 */
export interface PromiseResult {
  /** Days of rollback, or images, on the worst of the days on which a policy can keep the promise; none if there is no such day. */
  readonly reached?: number;
  /** Days of rollback, or images, on the last day. */
  readonly last: number;
  readonly kept: boolean;
}

/** A day of 86,400,000 milliseconds as a fraction has an error that must not break a promise. */
const TOLERANCE = 1e-9;

/**
 * Compares each day with what there would be if nothing was ever removed: no policy can do better.
 */
export function promiseResult({ tags }: Simulation, { tag, kind, amount }: TagPromise): PromiseResult {
  const simulated = tags.get(tag)!;
  const [got, possible] = kind === 'rollback'
    ? [simulated.rollbackByDay, tag.includes('*') ? simulated.unlimitedRollbackByDay : simulated.rollbackByDay]
    : [simulated.imagesByDay, possibleImages(simulated, tag)];
  let reached = Infinity;
  let kept = true;
  for (let day = 0; day < got.length; day++) {
    kept &&= got[day] >= Math.min(amount, possible[day]) - TOLERANCE;
    reached = possible[day] >= amount ? Math.min(reached, got[day]) : reached;
  }
  return { reached: reached === Infinity ? undefined : reached, last: got[got.length - 1], kept };
}

/** A tag without a wildcard is on one image at most. */
function possibleImages({ pushedByDay }: SimulatedTag, tag: string): ArrayLike<number> {
  return tag.includes('*') ? pushedByDay : pushedByDay.map(pushed => Math.min(1, pushed));
}
