import { countTypeFacts } from '../../private/ecr/count-types';
import { LIMITS } from '../../private/ecr/limits';
import type { RuleModel, TagModel } from '../rule-model';
import { canMatchTag } from '../tag-pattern';
import { DAY_IN_MS } from '../trial/evaluation';
import { ImageStorageClass, type RegistryImage } from '../trial/registry-image';
import { claimant, isByCount, MOST_IMAGES, selectsOneImage } from './rule-facts';

/** The time of every example; any other would do. */
export const EXAMPLE_AT = new Date('2030-01-01T00:00:00Z');

/** Texts for a wildcard, so that one of them avoids the patterns of other rules. */
const FILLERS = ['', 'x', '1.0.', 'q7', 'zz'];

/** Tags of an image that only a rule for any image selects. */
const PLAIN = ['v', 'build-', 'image-', 'zz', 'q7_'];

/**
 * Images of an example repository, which are made one after the other.
 */
export class ExampleImages {
  public readonly images: RegistryImage[] = [];

  /**
   * @param peers the rules of one storage class, the first one first
   */
  constructor(private readonly peers: readonly RuleModel[]) {}

  /** Adds an image that was pushed some days ago. */
  public add(age: number, tags: readonly string[], more: Partial<RegistryImage> = {}): RegistryImage {
    const image = {
      digest: `sha256:${this.images.length.toString(16).padStart(64, '0')}`,
      pushedAt: new Date(EXAMPLE_AT.getTime() - Math.round(age * DAY_IN_MS)),
      tags: [...tags],
      ...more,
    };
    this.images.push(image);
    return image;
  }

  /** Adds an image that was archived some days ago. */
  public addArchived(age: number, tags: readonly string[]): RegistryImage {
    const archivedAt = new Date(EXAMPLE_AT.getTime() - age * DAY_IN_MS);
    return this.add(age + LIMITS.archiveDays, tags, { storageClass: ImageStorageClass.ARCHIVE, archivedAt });
  }

  /**
   * Adds the images that a rule by number needs before it acts on one that is older than all of them.
   *
   * @returns whether that is possible; always for a rule by age
   */
  public addNewer(rule: RuleModel): boolean {
    if (isByCount(rule) && (selectsOneImage(rule) || rule.countNumber > MOST_IMAGES)) {
      return false;
    }
    const used = new Set(this.images.flatMap(({ tags }) => tags!));
    let number = 100;
    for (let added = 0; isByCount(rule) && added < rule.countNumber; number++) {
      const tags = exampleTags(rule.tags, number);
      if (!tags) {
        return false;
      }
      if (!tags.some(tag => used.has(tag))) {
        this.add(added / rule.countNumber / 2, tags);
        added++;
      }
    }
    return true;
  }

  /**
   * Tags of an image that a rule is the first one to select, if there are any.
   *
   * @param number makes the tags different from those of other images
   * @param also more tags of the image
   */
  public tagsFor(rule: RuleModel, number: number, also: readonly string[] = []): string[] | undefined {
    return candidates(rule.tags, number).map(tags => [...new Set([...also, ...tags])]).find(tags => claimant(this.peers, tags) === rule);
  }
}

/**
 * The age in days at which a rule by age acts on an image; a rule by number acts at any age.
 */
export function actingAge(rule: RuleModel): number {
  return countTypeFacts(rule.countType).since === undefined ? 1 : rule.countNumber + 1;
}

/**
 * Tags that a selection matches.
 */
export function exampleTags(tags: TagModel, number: number): string[] | undefined {
  return candidates(tags, number)[0];
}

function candidates({ status, list, entries }: TagModel, number: number): string[][] {
  if (status !== 'tagged') {
    return status === 'untagged' ? [[]] : [...PLAIN.map(plain => [`${plain}${number}`]), []];
  }
  if (!entries.every(entry => canMatchTag(list, entry))) {
    return [];
  }
  const patterns = list === 'tagPrefixList' ? entries.map(entry => `${entry}*`) : entries;
  const fillers = patterns.every(pattern => /^\*+$/.test(pattern)) ? PLAIN : FILLERS;
  return fillers.map(filler => [...new Set(patterns.map(pattern => pattern.replaceAll('*', `${filler}${number}`)))])
    .filter(tags => tags.every(tag => tag.length <= LIMITS.imageTagCharacters));
}
