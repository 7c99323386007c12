import { DAY_IN_MS } from './evaluation';

/**
 * The images of one tag in a simulated repository.
 */
export class SimulatedTag {
  /** Deleted images that were pushed with the tag. */
  public expired = 0;
  /** Images in standard storage that have the tag. */
  public images = 0;
  /** Images in the archive that have the tag. */
  public archivedImages = 0;
  /** The images that have the tag at the end of each day, in any storage class. */
  public readonly imagesByDay: Int32Array;
  /** The images pushed with the tag until the end of each day. */
  public readonly pushedByDay: Int32Array;
  /** How many days one can roll back at the end of each day. */
  public readonly rollbackByDay: Float64Array;
  /** How many days one could roll back at the end of each day if nothing was ever removed. */
  public readonly unlimitedRollbackByDay: Float64Array;
  private readonly times: number[] = [];
  /** The position after the newest image that was removed. */
  private oldest = 0;

  constructor(days: number) {
    this.imagesByDay = new Int32Array(days);
    this.pushedByDay = new Int32Array(days);
    this.rollbackByDay = new Float64Array(days);
    this.unlimitedRollbackByDay = new Float64Array(days);
  }

  /** Images pushed with the tag. */
  public get pushed(): number {
    return this.times.length;
  }

  public push(time: number): void {
    this.times.push(time);
    this.images++;
  }

  /** Takes an image out of those that have the tag and can be pulled. */
  public remove(position: number): void {
    this.images--;
    this.oldest = Math.max(this.oldest, position + 1);
  }

  /** Ends a day. The only image is the one that runs: there is nothing to roll back to. */
  public record(day: number): void {
    const at = (day + 1) * DAY_IN_MS;
    const daysSince = (position: number) => this.times.length - position > 1 ? (at - this.times[position]) / DAY_IN_MS : 0;
    this.imagesByDay[day] = this.images + this.archivedImages;
    this.pushedByDay[day] = this.times.length;
    this.unlimitedRollbackByDay[day] = daysSince(0);
    this.rollbackByDay[day] = daysSince(this.oldest);
  }
}
