import { failUnscopedIfAny } from '../private/errors';
import { LIMITS } from '../private/limits';
import { show } from '../private/values';
import { ImageStorageClass, type RegistryImage } from './registry-image';

/**
 * Looks for what cannot be true of images that a registry holds at a moment. Takes one image after the other, because whoever
 * checks a million images wants to read each of them once.
 */
export class ImageChecker {
  private readonly problems: string[] = [];
  private readonly digests = new Set<string>();

  /**
   * @param at the moment in milliseconds; no image may be younger
   */
  constructor(private readonly at: number) {}

  /** Checks an image; false when this or an earlier one has a problem. */
  public check(image: RegistryImage, index: number): boolean {
    addImageProblems(this.problems, image, index, this.at);
    if (this.digests.size === this.digests.add(image.digest).size) {
      this.problems.push(`'images[${index}].digest' must be unique, got ${show(image.digest)} twice; give every image once, with all its tags`);
    }
    return this.problems.length === 0;
  }

  /** Fails with the problems of all images. */
  public failIfAny(): void {
    failUnscopedIfAny('InvalidRegistryImages', this.problems);
  }
}

/** Adds to a list and writes a path only for a problem, because there may be a million images. */
function addImageProblems(problems: string[], image: RegistryImage, index: number, at: number): void {
  const { digest, tags, pushedAt, lastPulledAt, archivedAt, activatedAt, sizeInBytes, references, subject } = image;
  if (!(pushedAt?.getTime() <= at)) {
    problems.push(dateProblem(`images[${index}].pushedAt`, pushedAt, at));
  }
  if (lastPulledAt && !(lastPulledAt.getTime() <= at)) {
    problems.push(dateProblem(`images[${index}].lastPulledAt`, lastPulledAt, at));
  }
  if (archivedAt && !(archivedAt.getTime() <= at)) {
    problems.push(dateProblem(`images[${index}].archivedAt`, archivedAt, at));
  }
  if (activatedAt && !(activatedAt.getTime() <= at)) {
    problems.push(dateProblem(`images[${index}].activatedAt`, activatedAt, at));
  }
  if (!digest) {
    problems.push(`'images[${index}].digest' must not be empty, got ${show(digest)}`);
  }
  for (const tag of tags ?? []) {
    if (tag.length < 1 || tag.length > LIMITS.imageTagCharacters) {
      problems.push(`'images[${index}].tags' must be 1 to ${LIMITS.imageTagCharacters} characters long each, got ${tag.length}: ${show(tag)}`);
    }
  }
  if (image.storageClass === ImageStorageClass.ARCHIVE && !archivedAt) {
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

function dateProblem(prop: string, date: Date | undefined, at: number): string {
  return date && !Number.isNaN(date.getTime())
    ? `'${prop}' must not be after 'at', ${new Date(at).toISOString()}, got ${date.toISOString()}`
    : `'${prop}' must be a date, got ${date ? 'an invalid one' : 'nothing'}`;
}
