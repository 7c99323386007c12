/* eslint-disable no-bitwise -- sets of rules and characters are bits of a number */
import { charactersOf } from '../../private/core/text-scan';
import { affixesOf, tagTest } from '../tag-pattern';
import type { CompiledRule } from './compiled-rule';

/** Rules in a set, which is a number of 32 bits. */
const RULES_IN_SET = 32;
/** Tags with other characters than ASCII match no pattern that begins or ends with ASCII: they share a place in a table. */
const CHARACTERS = 128;

/**
 * The rules that select each image by storage class and tags, the first one first, in one list for all images: a list for each of a
 * million images would cost more than the evaluation itself.
 */
export class RuleMatches {
  /** Indexes of rules; those of an image are from `starts[image]` up to `starts[image + 1]`. */
  public list = new Uint8Array(64);
  public starts: Uint32Array;
  private readonly sets = new Map<CompiledRule['storageClass'], RuleSet[]>();
  private images = 0;
  private length = 0;

  constructor(private readonly rules: readonly CompiledRule[], size: number) {
    this.starts = new Uint32Array(size + 1);
  }

  /** Forgets all images, to take others. */
  public clear(size: number): void {
    this.starts = size < this.starts.length ? this.starts : new Uint32Array(2 * size + 1);
    this.images = 0;
    this.length = 0;
  }

  /** Adds the next image, whose rules are known. */
  public addRules(indexes: readonly number[]): void {
    for (let index = 0; index < indexes.length; index++) {
      this.add(indexes[index]);
    }
    this.starts[++this.images] = this.length;
  }

  /**
   * Adds the next image.
   *
   * @param characters the set of characters of each tag
   */
  public addImage(tags: readonly string[], characters: Int32Array, archived: boolean): void {
    const sets = this.setsOf(archived ? 'archive' : 'standard');
    for (let index = 0; index < sets.length; index++) {
      const { rules } = sets[index];
      for (let left = sets[index].matching(tags, characters); left !== 0; left &= left - 1) {
        this.add(rules[firstOf(left)]);
      }
    }
    this.starts[++this.images] = this.length;
  }

  /** Made with the first image that needs them: a simulation knows the rules of its images. */
  private setsOf(storageClass: CompiledRule['storageClass']): RuleSet[] {
    const sets = this.sets.get(storageClass) ?? setsOf(this.rules, storageClass);
    this.sets.set(storageClass, sets);
    return sets;
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

/**
 * Up to 32 rules, with tables that leave few of them to try on a tag: those that its first and last character and its set of characters
 * do not rule out.
 */
class RuleSet {
  private readonly byFirst = new Int32Array(CHARACTERS + 1);
  private readonly byLast = new Int32Array(CHARACTERS + 1);
  private readonly needed = new Int32Array(RULES_IN_SET);
  private readonly tests: Array<(tag: string) => boolean> = [];
  private readonly lists: Array<{ readonly bit: number; readonly selects: CompiledRule['selects'] }> = [];
  private any = 0;
  private untagged = 0;

  /**
   * @param rules indexes of rules
   */
  constructor(all: readonly CompiledRule[], public readonly rules: readonly number[]) {
    rules.forEach((rule, position) => this.addRule(all[rule], position));
  }

  /** The positions of the rules that select an image, as bits. */
  public matching(tags: readonly string[], characters: Int32Array): number {
    if (tags.length === 0) {
      return this.any | this.untagged;
    }
    let matched = this.any;
    for (let index = 0; index < tags.length; index++) {
      const tag = tags[index];
      const candidates = this.byFirst[slotOf(tag, 0)] & this.byLast[slotOf(tag, tag.length - 1)];
      for (let left = candidates & ~matched; left !== 0; left &= left - 1) {
        const rule = firstOf(left);
        if ((this.needed[rule] & ~characters[index]) === 0 && this.tests[rule](tag)) {
          matched |= 1 << rule;
        }
      }
    }
    for (let index = 0; index < this.lists.length; index++) {
      const { bit, selects } = this.lists[index];
      matched |= selects(tags) ? bit : 0;
    }
    return matched;
  }

  private addRule({ tags, selects }: CompiledRule, position: number): void {
    const bit = 1 << position;
    if (tags.status !== 'tagged') {
      this[tags.status] |= bit;
    } else if (tags.entries.length !== 1) {
      this.lists.push({ bit, selects });
    } else {
      const [entry] = tags.entries;
      const { prefix, suffix } = affixesOf(tags.list, entry);
      this.needed[position] = charactersOf(entry.replaceAll('*', ''));
      this.tests[position] = tagTest(tags.list, entry);
      addToTable(this.byFirst, prefix.charCodeAt(0), bit);
      addToTable(this.byLast, suffix.charCodeAt(suffix.length - 1), bit);
    }
  }
}

function setsOf(rules: readonly CompiledRule[], storageClass: CompiledRule['storageClass']): RuleSet[] {
  const indexes = [...rules.keys()].filter(index => rules[index].storageClass === storageClass);
  return Array.from({ length: Math.ceil(indexes.length / RULES_IN_SET) }, (_, set) =>
    new RuleSet(rules, indexes.slice(set * RULES_IN_SET, (set + 1) * RULES_IN_SET)));
}

/** @param code the only character that the rule allows there; not a number if it allows any */
function addToTable(table: Int32Array, code: number, bit: number): void {
  if (code < CHARACTERS) {
    table[code] |= bit;
  } else {
    table.forEach((_, index) => table[index] |= bit);
  }
}

function slotOf(tag: string, index: number): number {
  const code = tag.charCodeAt(index);
  return code < CHARACTERS ? code : CHARACTERS;
}

/** The position of the lowest bit. */
function firstOf(set: number): number {
  return 31 - Math.clz32(set & -set);
}
