import type { CompiledRule } from './compiled-rule';

/**
 * The rules that select each image by storage class and tags, the first one first, in one list for all images: a list for each of a
 * million images would cost more than the evaluation itself.
 */
export class RuleMatches {
  /** Indexes of rules; those of an image are from `starts[image]` up to `starts[image + 1]`. */
  public list = new Uint8Array(64);
  public readonly starts: Uint32Array;
  private readonly standard: number[];
  private readonly archive: number[];
  private images = 0;
  private length = 0;

  constructor(private readonly rules: readonly CompiledRule[], size: number) {
    this.starts = new Uint32Array(size + 1);
    const indexes = [...rules.keys()];
    this.standard = indexes.filter(index => rules[index].storageClass === 'standard');
    this.archive = indexes.filter(index => rules[index].storageClass === 'archive');
  }

  /** Adds the next image, whose rules are known. */
  public addRules(indexes: readonly number[]): void {
    for (let index = 0; index < indexes.length; index++) {
      this.add(indexes[index]);
    }
    this.starts[++this.images] = this.length;
  }

  /** Adds the next image. */
  public addImage(tags: readonly string[], archived: boolean): void {
    const candidates = archived ? this.archive : this.standard;
    for (let candidate = 0; candidate < candidates.length; candidate++) {
      if (this.rules[candidates[candidate]].selects(tags)) {
        this.add(candidates[candidate]);
      }
    }
    this.starts[++this.images] = this.length;
  }

  private add(rule: number): void {
    if (this.length === this.list.length) {
      const longer = new Uint8Array(2 * this.length);
      longer.set(this.list);
      this.list = longer;
    }
    this.list[this.length++] = rule;
  }
}
