import { DAY_IN_MS } from './evaluation';
import { RandomNumbers } from './random-numbers';

/**
 * Pushes with the same tags, complete and checked.
 */
export interface PushSource {
  readonly tags: readonly string[];
  readonly perDay: number;
  readonly bytes: number;
  readonly untaggedShare: number;
  readonly manifestsPerPush: number;
  readonly referrersPerPush: number;
  readonly signatureTagsPerPush: number;
  readonly burstiness: number;
}

/**
 * A push at a moment.
 */
export interface ScheduledPush {
  readonly source: number;
  readonly time: number;
  readonly tagged: boolean;
  readonly manifests: number;
  readonly referrers: number;
  readonly signatureTags: number;
}

/**
 * When a repository gets pushes: evenly, or at random.
 */
export class PushSchedule {
  /** Pushes of each source at equal intervals, the first one at the beginning of the first day. */
  public static even(sources: readonly PushSource[]): PushSchedule {
    return new PushSchedule(sources.map((source, index) => new EvenPushes(source, index)));
  }

  /**
   * Pushes of each source in bursts at random moments. The same seed, run and position give the same pushes.
   *
   * @param positions of the sources among all sources of a repository, if these are some of them
   */
  public static random(sources: readonly PushSource[], seed: number, run: number, positions: readonly number[] = [...sources.keys()]): PushSchedule {
    return new PushSchedule(sources.map((source, index) => new RandomPushes(source, index, new RandomNumbers(seed, run, positions[index]))));
  }

  private constructor(private readonly streams: ReadonlyArray<EvenPushes | RandomPushes>) {}

  /** The pushes before a moment that were not returned before, in the order of time. */
  public until(time: number): ScheduledPush[] {
    const pushes = this.streams.flatMap(stream => stream.until(time));
    return this.streams.length === 1 ? pushes : pushes.sort((a, b) => a.time - b.time);
  }
}

class EvenPushes {
  private count = 0;
  private readonly untagged = new Fractions();
  private readonly manifests = new Fractions();
  private readonly referrers = new Fractions();
  private readonly signatureTags = new Fractions();

  constructor(private readonly source: PushSource, private readonly index: number) {}

  public until(end: number): ScheduledPush[] {
    const { perDay, untaggedShare, manifestsPerPush, referrersPerPush, signatureTagsPerPush } = this.source;
    const pushes: ScheduledPush[] = [];
    for (let time = this.timeOfNext(perDay); time < end; time = this.timeOfNext(perDay)) {
      this.count++;
      pushes.push({
        source: this.index,
        time,
        tagged: this.untagged.add(untaggedShare) === 0,
        manifests: this.manifests.add(manifestsPerPush),
        referrers: this.referrers.add(referrersPerPush),
        signatureTags: this.signatureTags.add(signatureTagsPerPush),
      });
    }
    return pushes;
  }

  private timeOfNext(perDay: number): number {
    return perDay === 0 ? Infinity : Math.round(this.count / perDay * DAY_IN_MS);
  }
}

/** A minute between the pushes of a burst. */
const BURST_INTERVAL = 60_000;

/** Bursts of geometric size b at random moments: the variance of a count divided by its mean is 2 b - 1. */
class RandomPushes {
  private readonly burstSize: number;
  private readonly interval: number;
  private nextBurst: number;
  private pending: number[] = [];

  constructor(private readonly source: PushSource, private readonly index: number, private readonly random: RandomNumbers) {
    this.burstSize = (source.burstiness + 1) / 2;
    this.interval = this.burstSize / source.perDay * DAY_IN_MS;
    this.nextBurst = source.perDay === 0 ? Infinity : random.exponential(this.interval);
  }

  public until(end: number): ScheduledPush[] {
    for (; this.nextBurst < end; this.nextBurst += this.random.exponential(this.interval)) {
      const size = this.random.geometric(this.burstSize);
      for (let push = 0; push < size; push++) {
        this.pending.push(Math.round(this.nextBurst) + push * BURST_INTERVAL);
      }
    }
    const due = this.pending.filter(time => time < end).sort((a, b) => a - b);
    this.pending = this.pending.filter(time => time >= end);
    return due.map(time => this.pushAt(time));
  }

  private pushAt(time: number): ScheduledPush {
    const { untaggedShare, manifestsPerPush, referrersPerPush, signatureTagsPerPush } = this.source;
    return {
      source: this.index,
      time,
      tagged: this.random.next() >= untaggedShare,
      manifests: this.round(manifestsPerPush),
      referrers: this.round(referrersPerPush),
      signatureTags: this.round(signatureTagsPerPush),
    };
  }

  /** Up or down, so that the mean stays. */
  private round(value: number): number {
    return Math.floor(value) + (this.random.next() < value % 1 ? 1 : 0);
  }
}

/** Adds up fractions and returns the whole numbers that they make. */
class Fractions {
  private left = 0;

  public add(value: number): number {
    const sum = this.left + value;
    const whole = Math.floor(sum + 1e-9); // ten times 0.1 is one
    this.left = sum - whole;
    return whole;
  }
}
