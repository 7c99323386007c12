import { LIMITS } from '../../private/ecr/limits';
import type { RuleModel } from '../rule-model';
import { compileRules, type CompiledRule } from './compiled-rule';
import { linkImages, OUTCOME, settle } from './dependents';
import { DAY_IN_MS } from './evaluation';
import type { PushSchedule, PushSource, ScheduledPush } from './push-schedule';
import { ImageStorageClass } from './registry-image';
import { SimulatedImage, type SimulatedTagName } from './simulated-image';
import { SimulatedTag } from './simulated-tag';
import { SimulationTable } from './simulation-table';

/** What the tags of signatures are called, as cosign writes them. */
export const SIGNATURE_TAG = 'sha256-*';

/**
 * A repository at the end of a day.
 */
export interface SimulatedDay {
  readonly pushed: number;
  readonly refused: number;
  readonly expired: number;
  readonly archived: number;
  readonly images: number;
  readonly untaggedImages: number;
  readonly archivedImages: number;
  readonly bytes: number;
  readonly archivedBytes: number;
  /** The size of the largest push of which images are left. */
  readonly largestPush: number;
}

/**
 * A repository that takes pushes and applies a policy at the end of each day, with the evaluator of a preview.
 *
 * Images that no rule can act on before a day or an event, and that no rule counts, sleep until then: the evaluator decides the same
 * without them, and the time for a day depends on few images.
 */
export class Simulation {
  public readonly days: SimulatedDay[] = [];
  public readonly tags: Map<string, SimulatedTag>;
  /** The images of each source at the end of each day, in any storage class. */
  public readonly imagesOfSourceByDay: Int32Array[];
  /** The bytes that images of each source take up in standard storage at the end. */
  public readonly bytesOfSource: number[];
  private readonly rules: CompiledRule[];
  private readonly table: SimulationTable;
  /** Whether a rule counts images and can come to its number: no rule that protects as many images as a repository holds can. */
  private readonly counts: boolean[];
  private readonly holders = new Map<string, SimulatedImage>();
  private readonly sleepers = new Map<number, SimulatedImage[]>();
  private readonly imagesOfSource: number[];
  private awake: SimulatedImage[] = [];
  private sorted = true;
  private order = 0;
  private today = { pushed: 0, refused: 0, expired: 0, archived: 0 };
  private readonly total = { images: 0, untaggedImages: 0, archivedImages: 0, bytes: 0, archivedBytes: 0 };

  /**
   * @param quota the number of images that the repository holds
   */
  constructor(
    rules: readonly RuleModel[], private readonly sources: readonly PushSource[], schedule: PushSchedule, days: number,
    private readonly quota: number = LIMITS.imagesPerRepository,
  ) {
    this.rules = compileRules(rules);
    this.table = new SimulationTable(this.rules);
    this.counts = rules.map(({ countType, countNumber }) => countType === 'imageCountMoreThan' && countNumber < quota);
    this.bytesOfSource = sources.map(() => 0);
    this.tags = new Map(namesOf(sources).map(name => [name, new SimulatedTag(days)]));
    this.imagesOfSource = sources.map(() => 0);
    this.imagesOfSourceByDay = sources.map(() => new Int32Array(days));
    for (let day = 0; day < days; day++) {
      this.today = { pushed: 0, refused: 0, expired: 0, archived: 0 };
      schedule.until((day + 1) * DAY_IN_MS).forEach(push => this.push(push));
      this.applyPolicy(day);
      this.record(day);
    }
  }

  private push({ source, time, tagged, manifests, referrers, signatureTags }: ScheduledPush): void {
    const size = manifests + referrers + signatureTags;
    if (this.total.images + size > this.quota) {
      this.today.refused += size;
      return;
    }

    const { tags, bytes } = this.sources[source];
    const count = manifests - 1;
    const members = Array.from({ length: count }, (_, member) =>
      this.add(source, time, Math.floor((member + 1) * bytes / count) - Math.floor(member * bytes / count), [], []));
    const root = this.add(source, time, members.length > 0 ? 0 : bytes, tagged ? tags : [], members);
    for (let referrer = 0; referrer < referrers; referrer++) {
      this.add(source, time, 0, [], [], root);
    }
    for (let signature = 0; signature < signatureTags; signature++) {
      this.add(source, time, 0, [SIGNATURE_TAG], []);
    }
  }

  private add(
    source: number, time: number, bytes: number, names: readonly string[], members: SimulatedImage[], subject?: SimulatedImage,
  ): SimulatedImage {
    const image = new SimulatedImage(this.order++, source, time, bytes, names.map(name => this.nextTag(name, time)), members, subject);
    for (const tag of image.tags) {
      this.moveTagAway(tag);
      this.holders.set(tag.text, image);
    }
    this.today.pushed++;
    this.total.images++;
    this.total.untaggedImages += image.tags.length > 0 ? 0 : 1;
    this.total.bytes += bytes;
    this.imagesOfSource[source]++;
    this.bytesOfSource[source] += bytes;
    this.select(image);
    this.awake.push(image);
    return image;
  }

  private nextTag(name: string, time: number): SimulatedTagName {
    const tag = this.tags.get(name)!;
    const position = tag.pushed;
    tag.push(time);
    return { text: name.includes('*') ? name.replaceAll('*', String(position + 1)) : name, tag, position };
  }

  private moveTagAway({ text }: SimulatedTagName): void {
    const holder = this.holders.get(text);
    if (holder) {
      holder.tags.filter(tag => tag.text === text).forEach(tag => removeTag(tag, holder));
      holder.tags = holder.tags.filter(tag => tag.text !== text);
      this.total.untaggedImages += holder.tags.length === 0 && !holder.archived ? 1 : 0;
      this.select(holder);
      this.wake(holder);
    }
  }

  private select(image: SimulatedImage): void {
    const tags = image.tags.map(({ text }) => text);
    const storageClass = image.archived ? 'archive' : 'standard';
    image.rules = [...this.rules.keys()].filter(index => this.rules[index].storageClass === storageClass && this.rules[index].selects(tags));
  }

  private wake(image: SimulatedImage): void {
    if (image.asleep) {
      image.asleep = false;
      this.awake.push(image);
      this.sorted = false;
    }
  }

  /** Members and referrers of images that go may go with them. */
  private wakeDependents(images: Iterable<SimulatedImage>): boolean {
    const before = this.awake.length;
    for (const image of images) {
      image.dependents.forEach(dependent => this.wake(dependent));
    }
    return this.awake.length > before;
  }

  private applyPolicy(day: number): void {
    this.sleepers.get(day)?.forEach(image => this.wake(image));
    this.sleepers.delete(day);

    const at = (day + 1) * DAY_IN_MS;
    let acting = this.evaluateAwake(at);
    while (this.wakeDependents(acting.keys())) {
      acting = this.evaluateAwake(at);
    }
    if (acting.size > 0) {
      this.act(acting, at);
    }

    this.awake = this.awake.filter(image => !image.deleted && !this.sleep(image, day));
  }

  private sleep(image: SimulatedImage, today: number): boolean {
    const day = this.dayToWake(image, today);
    if (day !== undefined) {
      image.asleep = true;
      const others = this.sleepers.get(day);
      if (others) {
        others.push(image);
      } else if (day < Infinity) {
        this.sleepers.set(day, [image]);
      }
    }
    return image.asleep;
  }

  /** The images that rules act on when nothing holds them. */
  private evaluateAwake(at: number): Map<SimulatedImage, CompiledRule> {
    const { awake } = this;
    if (!this.sorted) {
      awake.sort((a, b) => a.order - b.order);
      this.sorted = true;
    }
    return this.table.evaluate(awake, at);
  }

  private act(acting: ReadonlyMap<SimulatedImage, CompiledRule>, at: number): void {
    const images = [...new Set([...acting.keys()].flatMap(image => [image, ...image.dependents, ...image.index ? [image.index] : []]))]
      .filter(image => !image.deleted);
    const own = Uint8Array.from(images, image => {
      const rule = acting.get(image);
      return rule ? OUTCOME[rule.action === 'expire' ? 'expire' : 'archive'] : OUTCOME.keep;
    });
    settle(images, linkImages(images), own).forEach((outcome, index) => {
      if (outcome === OUTCOME.expire) {
        this.expire(images[index]);
      } else if (outcome === OUTCOME.archive) {
        this.archive(images[index], at);
      }
    });
  }

  private expire(image: SimulatedImage): void {
    image.deleted = true;
    this.today.expired++;
    this.imagesOfSource[image.source]--;
    this.leaveStorage(image);
    image.pushedTags.forEach(({ tag }) => tag.expired++);
    image.tags.filter(({ text }) => this.holders.get(text) === image).forEach(({ text }) => this.holders.delete(text));
  }

  private archive(image: SimulatedImage, at: number): void {
    this.today.archived++;
    this.leaveStorage(image);
    image.storageClass = ImageStorageClass.ARCHIVE;
    image.archivedAt = at;
    image.tags.forEach(({ tag }) => tag.archivedImages++);
    this.total.archivedImages++;
    this.total.archivedBytes += image.bytes;
    this.select(image);
  }

  private leaveStorage(image: SimulatedImage): void {
    image.tags.forEach(tag => removeTag(tag, image));
    this.total[image.archived ? 'archivedImages' : 'images']--;
    this.total[image.archived ? 'archivedBytes' : 'bytes'] -= image.bytes;
    this.total.untaggedImages -= image.archived || image.tags.length > 0 ? 0 : 1;
    this.bytesOfSource[image.source] -= image.archived ? 0 : image.bytes;
  }

  /** The day on which the image must be evaluated again, infinite for an event only; none if rules count it, which takes every day. */
  private dayToWake(image: SimulatedImage, today: number): number | undefined {
    if (image.rules.some(rule => this.counts[rule])) {
      return undefined;
    }
    const rule = this.rules[image.rules[0]] as CompiledRule | undefined;
    if (!rule || rule.countType === 'imageCountMoreThan') {
      return Infinity;
    }
    const since = image.archived ? image.archivedAt : image.pushed;
    const due = Math.floor(since / DAY_IN_MS + rule.countNumber);
    return due > today ? due : Infinity; // an image that is due and stays is held by its index
  }

  private record(day: number): void {
    const largestPush = this.sources.reduce((most, { bytes }, source) => this.imagesOfSource[source] > 0 ? Math.max(most, bytes) : most, 0);
    this.days.push({ ...this.today, ...this.total, largestPush });
    this.tags.forEach(tag => tag.record(day));
    this.imagesOfSource.forEach((images, source) => this.imagesOfSourceByDay[source][day] = images);
  }
}

function removeTag({ tag, position }: SimulatedTagName, { archived }: SimulatedImage): void {
  if (archived) {
    tag.archivedImages--;
  } else {
    tag.remove(position);
  }
}

function namesOf(sources: readonly PushSource[]): string[] {
  const tags = sources.flatMap(source => [...source.tags, ...source.signatureTagsPerPush > 0 ? [SIGNATURE_TAG] : []]);
  return [...new Set(tags)].sort();
}
