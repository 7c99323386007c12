import { failUnscopedIfAny } from '../../private/core/errors';
import { UniqueTexts } from '../../private/core/unique-texts';
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
  private readonly digests = new UniqueTexts();
  private readonly tags = new UniqueTexts();
  private readonly hasDigest: (owner: number, digest: string) => boolean;
  private readonly hasTag: (owner: number, tag: string) => boolean;

  /**
   * @param at the moment in milliseconds; no image may be younger
   */
  constructor(images: readonly RegistryImage[], private readonly at: number) {
    this.hasDigest = (owner, digest) => images[owner].digest === digest;
    this.hasTag = (owner, tag) => images[owner].tags!.includes(tag);
  }

  /** Checks an image; false when this or an earlier one has a problem. */
  public check(image: RegistryImage, index: number): boolean {
    const before = this.problems.length;
    addImageProblems(this.problems, image, index, this.at);
    if (this.problems.length === before) {
      this.addDuplicates(image, index);
    }
    return this.problems.length === 0;
  }

  /** Fails with the problems of all images. */
  public failIfAny(): void {
    failUnscopedIfAny('InvalidRegistryImages', this.problems);
  }

  private addDuplicates({ digest, tags = NO_TAGS }: RegistryImage, index: number): void {
    if (this.digests.add(digest, index, this.hasDigest) !== -1) {
      this.problems.push(`'images[${index}].digest' must be unique, got ${show(digest)} twice; give every image once, with all its tags`);
      return;
    }
    for (let position = 0; position < tags.length; position++) {
      const owner = this.tags.add(tags[position], index, this.hasTag);
      if (owner !== -1) {
        this.problems.push(`'images[${index}].tags' must have tags of no other image, got ${show(tags[position])}, also in images[${owner}]; `
          + 'give each tag once, to the image that was tagged last');
      }
    }
  }
}

/** Adds to a list and writes a path only for a problem, because there may be a million images. */
function addImageProblems(problems: string[], image: RegistryImage, index: number, at: number): void {
  const { digest, tags = NO_TAGS, pushedAt, lastPulledAt, archivedAt, activatedAt, storageClass, sizeInBytes, references, subject } = image;
  if (!isUntil(pushedAt, at)) {
    problems.push(dateProblem(`images[${index}].pushedAt`, pushedAt, at));
  }
  if (lastPulledAt && !isUntil(lastPulledAt, at)) {
    problems.push(dateProblem(`images[${index}].lastPulledAt`, lastPulledAt, at));
  }
  if (archivedAt && !isUntil(archivedAt, at)) {
    problems.push(dateProblem(`images[${index}].archivedAt`, archivedAt, at));
  }
  if (activatedAt && !isUntil(activatedAt, at)) {
    problems.push(dateProblem(`images[${index}].activatedAt`, activatedAt, at));
  }
  if (!digest || typeof digest !== 'string') {
    problems.push(`'images[${index}].digest' must be a text that is not empty, got ${show(digest)}`);
  }
  if (Array.isArray(tags)) {
    for (const tag of tags) {
      if (typeof tag !== 'string') {
        problems.push(`'images[${index}].tags' must be texts, got ${show(tag)}`);
      } else if (tag.length < 1 || tag.length > LIMITS.imageTagCharacters) {
        problems.push(`'images[${index}].tags' must be 1 to ${LIMITS.imageTagCharacters} characters long each, got ${tag.length}: ${show(tag)}`);
      }
    }
  } else {
    problems.push(`'images[${index}].tags' must be a list, got ${show(tags)}`);
  }
  if (storageClass !== undefined && !STORAGE_CLASSES.includes(storageClass)) {
    problems.push(`'images[${index}].storageClass' must be one of ${STORAGE_CLASSES.map(show).join(', ')}, got ${show(storageClass)}`);
  }
  if (storageClass === ImageStorageClass.ARCHIVE && !archivedAt) {
    problems.push(`'images[${index}].archivedAt' must be set for an image in the archive, got nothing`);
  }
  if (sizeInBytes !== undefined && !(sizeInBytes >= 0 && sizeInBytes < Infinity)) {
    problems.push(`'images[${index}].sizeInBytes' must be 0 or more, got ${sizeInBytes}`);
  }
  if (references?.includes(digest)) {
    problems.push(`'images[${index}].references' must not name the image itself, got ${show(digest)}`);
  }
  if (subject === digest) {
    problems.push(`'images[${index}].subject' must be another image, got its own digest ${show(digest)}`);
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
