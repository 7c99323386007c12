import { LIMITS } from '../../private/ecr/limits';
import type { RuleModel } from '../rule-model';
import { compileRules, type CompiledRule } from './compiled-rule';
import { DAY_IN_MS, evaluate, NONE } from './evaluation';
import { RuleMatches } from './rule-matches';

/**
 * What is pushed.
 */
export interface PushPlan {
  readonly pushesPerDay: Record<string, number>;
  readonly untaggedShare: number;
  readonly days: number;
}

/**
 * How a repository looks at the end of a day.
 */
export interface SimulatedDay {
  readonly pushed: number;
  readonly refused: number;
  readonly expired: number;
  readonly archived: number;
  readonly images: number;
  readonly untaggedImages: number;
  readonly archivedImages: number;
}

/**
 * What became of the images of one tag.
 */
export interface SimulatedTag {
  pushed: number;
  expired: number;
  images: number;
  archivedImages: number;
  /** The age of the oldest image that still has the tag and can be pulled, in days. */
  oldest: number;
}

interface SimulatedImage {
  readonly source: string;
  readonly pushed: number;
  tags: string[];
  archivedAt: number;
  rules: number[];
}

/**
 * A repository that takes pushes and applies a policy at the end of each day.
 */
export class Simulation {
  public readonly days: SimulatedDay[] = [];
  public readonly tags = new Map<string, SimulatedTag>();
  private readonly rules: CompiledRule[];
  private readonly numbers = new Map<string, number>();
  private images: SimulatedImage[] = [];
  private due = new Map<string, number>();
  private untaggedDue = 0;

  constructor(rules: readonly RuleModel[], private readonly plan: PushPlan) {
    this.rules = compileRules(rules);
    for (const tag of Object.keys(plan.pushesPerDay)) {
      this.tags.set(tag, { pushed: 0, expired: 0, images: 0, archivedImages: 0, oldest: 0 });
    }
    for (let day = 0; day < plan.days; day++) {
      this.runDay(day * DAY_IN_MS);
    }
    this.summarizeTags(plan.days * DAY_IN_MS);
  }

  private runDay(start: number): void {
    const pushes = this.pushesOf(start);
    const accepted = pushes.slice(0, LIMITS.imagesPerRepository - (this.days.at(-1)?.images ?? 0));
    accepted.forEach(({ tag, time }) => this.push(tag, time));

    const { expired, archived } = this.applyPolicy(start + DAY_IN_MS);
    let archivedImages = 0;
    let untaggedImages = 0;
    for (const image of this.images) {
      archivedImages += image.archivedAt ? 1 : 0;
      untaggedImages += image.archivedAt || image.tags.length > 0 ? 0 : 1;
    }
    this.days.push({
      pushed: accepted.length,
      refused: pushes.length - accepted.length,
      expired,
      archived,
      images: this.images.length - archivedImages,
      untaggedImages,
      archivedImages,
    });
  }

  /** The pushes of a day, spread evenly for each tag; what is left of a fraction is pushed on a later day. */
  private pushesOf(start: number): Array<{ tag: string; time: number }> {
    const pushes = Object.entries(this.plan.pushesPerDay).flatMap(([tag, rate]) => {
      const due = (this.due.get(tag) ?? 0) + rate;
      const count = Math.floor(due + 1e-9); // ten times 0.1 is one push
      this.due.set(tag, due - count);
      return Array.from({ length: count }, (_, index) => ({ tag, time: start + Math.floor((index + 0.5) / count * DAY_IN_MS) }));
    });
    return pushes.sort((a, b) => a.time - b.time);
  }

  private push(source: string, time: number): void {
    this.untaggedDue += this.plan.untaggedShare;
    const untagged = this.untaggedDue >= 1;
    this.untaggedDue -= untagged ? 1 : 0;

    const number = (this.numbers.get(source) ?? 0) + 1;
    this.numbers.set(source, number);
    this.tags.get(source)!.pushed++;
    const tag = source.replaceAll('*', String(number));
    if (tag === source && !untagged) {
      this.moveTagAway(tag);
    }
    const image: SimulatedImage = { source, pushed: time, tags: untagged ? [] : [tag], archivedAt: 0, rules: [] };
    this.select(image);
    this.images.push(image);
  }

  private moveTagAway(tag: string): void {
    const holder = this.images.find(image => image.tags[0] === tag);
    if (holder) {
      holder.tags = [];
      this.select(holder);
    }
  }

  private select(image: SimulatedImage): void {
    const storageClass = image.archivedAt ? 'archive' : 'standard';
    image.rules = [...this.rules.keys()].filter(index => this.rules[index].storageClass === storageClass && this.rules[index].selects(image.tags));
  }

  private applyPolicy(at: number): { expired: number; archived: number } {
    const { images } = this;
    const size = images.length;
    const newestFirst = new Uint32Array(size);
    const pushed = new Float64Array(size);
    const archivedAt = new Float64Array(size);
    const matches = new RuleMatches(this.rules, size);
    for (let index = 0; index < size; index++) {
      newestFirst[index] = size - 1 - index;
      pushed[index] = images[index].pushed;
      archivedAt[index] = images[index].archivedAt;
      matches.addRules(images[index].rules);
    }
    const { actedOnBy } = evaluate(this.rules, {
      newestFirst,
      pushed,
      pulled: pushed,
      archived: archivedAt,
      matches,
      linked: false,
    }, at, new Map());

    let archived = 0;
    this.images = images.filter((image, index) => {
      const rule = actedOnBy[index];
      if (rule !== NONE && this.rules[rule].action === 'transition') {
        archived++;
        image.archivedAt = at;
        this.select(image);
        return true;
      }
      this.tags.get(image.source)!.expired += rule === NONE ? 0 : 1;
      return rule === NONE;
    });
    return { expired: images.length - this.images.length, archived };
  }

  private summarizeTags(at: number): void {
    for (const image of this.images.filter(({ tags }) => tags.length > 0)) {
      const tag = this.tags.get(image.source)!;
      if (image.archivedAt) {
        tag.archivedImages++;
      } else {
        tag.images++;
        tag.oldest = Math.max(tag.oldest, (at - image.pushed) / DAY_IN_MS);
      }
    }
  }
}
