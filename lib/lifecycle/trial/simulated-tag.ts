import { DAY_IN_MS } from './evaluation';
import type { SimulatedImage } from './simulated-image';

/**
 * The images of one tag in a simulated repository.
 */
export class SimulatedTag {
  /** Images pushed with the tag. */
  public pushed = 0;
  /** Deleted images that were pushed with the tag. */
  public expired = 0;
  /** Images in standard storage that have the tag. */
  public images = 0;
  /** Images in the archive that have the tag. */
  public archivedImages = 0;
  /** The images that have the tag at the end of each day, in any storage class. */
  public readonly imagesByDay: Int32Array;
  /** How many days one can roll back at the end of each day. */
  public readonly rollbackByDay: Float64Array;
  /** How many days one could roll back at the end of each day if nothing was ever removed. */
  public readonly unlimitedRollbackByDay: Float64Array;
  private readonly queue: SimulatedImage[] = [];
  private oldest = 0;
  private firstPush = 0;

  constructor(public readonly label: number, days: number) {
    this.imagesByDay = new Int32Array(days);
    this.rollbackByDay = new Float64Array(days);
    this.unlimitedRollbackByDay = new Float64Array(days);
  }

  public add(image: SimulatedImage): void {
    this.firstPush = this.pushed === 0 ? image.pushed : this.firstPush;
    this.pushed++;
    this.images++;
    this.queue.push(image);
  }

  /** Ends a day. The only image is the one that runs: there is nothing to roll back to. */
  public record(day: number): void {
    const at = (day + 1) * DAY_IN_MS;
    this.imagesByDay[day] = this.images + this.archivedImages;
    this.unlimitedRollbackByDay[day] = this.pushed > 1 ? (at - this.firstPush) / DAY_IN_MS : 0;
    while (this.oldest < this.queue.length && !this.canBePulled(this.queue[this.oldest])) {
      this.oldest++;
    }
    this.rollbackByDay[day] = this.images > 1 ? (at - this.queue[this.oldest].pushed) / DAY_IN_MS : 0;
  }

  private canBePulled(image: SimulatedImage): boolean {
    return !image.deleted && !image.archived && image.tags.some(({ label }) => label === this.label);
  }
}
