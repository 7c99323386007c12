import { failUnscopedIfAny } from '../../private/core/errors';
import { show } from '../../private/core/values';
import { LIMITS } from '../../private/ecr/limits';
import { ImageStorageClass, type RegistryImage } from './registry-image';

const NO_TAGS: string[] = [];
const STORAGE_CLASSES = Object.values(ImageStorageClass);

/**
 * Checks that a registry can hold some images at a moment. Takes one image after the other, so that a million images are read once.
 */
export class ImageChecker {
  private readonly problems: string[] = [];
  private readonly withProblems = new Set<number>();

  /**
   * @param prop the prop with the images
   * @param at the moment in milliseconds; no image may be younger
   */
  constructor(private readonly prop: string, private readonly images: readonly RegistryImage[], private readonly at: number) {}

  /** Checks an image; false when this or an earlier one has a problem. */
  public check(image: RegistryImage, index: number): boolean {
    const before = this.problems.length;
    addImageProblems(this.problems, this.prop, image, index, this.at);
    if (this.problems.length > before) {
      this.withProblems.add(index);
    }
    return this.problems.length === 0;
  }

  /**
   * Fails with the problems of all images.
   *
   * @param mayHaveDuplicates whether to compare digests and tags, which takes as long as all the rest
   */
  public failIfAny(mayHaveDuplicates: () => boolean): void {
    if (this.problems.length > 0 || mayHaveDuplicates()) {
      this.addDuplicates();
    }
    failUnscopedIfAny('InvalidRegistryImages', this.problems);
  }

  private addDuplicates(): void {
    const digests = new Set<string>();
    const owners = new Map<string, number>();
    this.images.forEach(({ digest, tags = NO_TAGS }, index) => {
      if (this.withProblems.has(index)) {
        return;
      }
      const path = `${this.prop}[${index}]`;
      if (digests.has(digest)) {
        this.problems.push(`'${path}.digest' must be unique, got ${show(digest)} twice; give every image once, with all its tags`);
        return;
      }
      digests.add(digest);
      for (const tag of tags) {
        const owner = owners.get(tag) ?? index;
        if (owners.has(tag)) {
          this.problems.push(`'${path}.tags' must have tags of no other image, got ${show(tag)}, also in ${this.prop}[${owner}]; `
            + 'give each tag once, to the image that was tagged last');
        }
        owners.set(tag, owner);
      }
    });
  }
}

/** Adds to a list and writes a path only for a problem, because there may be a million images. */
function addImageProblems(problems: string[], prop: string, image: RegistryImage, index: number, at: number): void {
  const { digest, tags = NO_TAGS, pushedAt, lastPulledAt, archivedAt, activatedAt, storageClass, sizeInBytes, references, subject } = image;
  if (!isUntil(pushedAt, at)) {
    problems.push(dateProblem(`${prop}[${index}].pushedAt`, pushedAt, at));
  }
  if (lastPulledAt && !isUntil(lastPulledAt, at)) {
    problems.push(dateProblem(`${prop}[${index}].lastPulledAt`, lastPulledAt, at));
  }
  if (archivedAt && !isUntil(archivedAt, at)) {
    problems.push(dateProblem(`${prop}[${index}].archivedAt`, archivedAt, at));
  }
  if (activatedAt && !isUntil(activatedAt, at)) {
    problems.push(dateProblem(`${prop}[${index}].activatedAt`, activatedAt, at));
  }
  if (!digest || typeof digest !== 'string') {
    problems.push(`'${prop}[${index}].digest' must be a text that is not empty, got ${show(digest)}`);
  }
  if (Array.isArray(tags)) {
    for (const tag of tags) {
      if (typeof tag !== 'string') {
        problems.push(`'${prop}[${index}].tags' must be texts, got ${show(tag)}`);
      } else if (tag.length < 1 || tag.length > LIMITS.imageTagCharacters) {
        problems.push(`'${prop}[${index}].tags' must be 1 to ${LIMITS.imageTagCharacters} characters long each, got ${tag.length}: ${show(tag)}`);
      }
    }
  } else {
    problems.push(`'${prop}[${index}].tags' must be a list, got ${show(tags)}`);
  }
  if (storageClass !== undefined && !STORAGE_CLASSES.includes(storageClass)) {
    problems.push(`'${prop}[${index}].storageClass' must be one of ${STORAGE_CLASSES.map(show).join(', ')}, got ${show(storageClass)}`);
  }
  if (storageClass === ImageStorageClass.ARCHIVE && !archivedAt) {
    problems.push(`'${prop}[${index}].archivedAt' must be set for an image in the archive, got nothing`);
  }
  if (sizeInBytes !== undefined && !(sizeInBytes >= 0 && sizeInBytes < Infinity)) {
    problems.push(`'${prop}[${index}].sizeInBytes' must be 0 or more, got ${sizeInBytes}`);
  }
  if (references?.includes(digest)) {
    problems.push(`'${prop}[${index}].references' must not name the image itself, got ${show(digest)}`);
  }
  if (subject === digest) {
    problems.push(`'${prop}[${index}].subject' must be another image, got its own digest ${show(digest)}`);
  }
}

/** False also for what only looks like a date, such as the text that JSON has in the place of one. */
function isUntil(date: Date | undefined, at: number): boolean {
  return date !== undefined && typeof date.getTime === 'function' && date.getTime() <= at;
}

function dateProblem(prop: string, date: Date | undefined, at: number): string {
  if (date === undefined || typeof date.getTime !== 'function') {
    return `'${prop}' must be a date, got ${date === undefined ? 'nothing' : show(date)}`;
  }
  return Number.isNaN(date.getTime())
    ? `'${prop}' must be a date, got an invalid one`
    : `'${prop}' must not be after 'at', ${new Date(at).toISOString()}, got ${date.toISOString()}`;
}
