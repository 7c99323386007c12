import { failUnscopedIfAny } from '../../private/core/errors';
import type { CompiledRule } from './compiled-rule';
import { ImageChecker } from './image-problems';
import { newestFirst } from './newest-first';
import { ImageStorageClass, type RegistryImage } from './registry-image';
import { RuleMatches } from './rule-matches';

/**
 * Images in columns. The index of an image is its position in the input; times are milliseconds.
 */
export interface ImageTable {
  /** All images, from the newest push to the oldest. */
  readonly newestFirst: Uint32Array;
  /** When each image was pushed; for a restored image, when it was restored. */
  readonly pushed: Float64Array;
  /** When each image was last pulled; for one that was not pulled since its push or restoration, the time of that. */
  readonly pulled: Float64Array;
  /** When each image was last archived. */
  readonly archived: Float64Array;
  /** The rules that select each image. */
  readonly matches: RuleMatches;
  /** Whether any image refers to another one. */
  readonly linked: boolean;
}

const UNTAGGED: string[] = [];

/**
 * Checks images and puts them in columns, in one go: of a million images, reading them from memory takes most of the time.
 *
 * @param at the moment in milliseconds; no image may be younger
 */
export function readImages(rules: readonly CompiledRule[], images: readonly RegistryImage[], at: number): ImageTable {
  failUnscopedIfAny('InvalidRegistryImages', Number.isNaN(at) ? ["'at' must be a date, got an invalid one"] : []);

  const size = images.length;
  const pushed = new Float64Array(size);
  const pulled = new Float64Array(size);
  const archived = new Float64Array(size);
  const matches = new RuleMatches(rules, size);
  const checker = new ImageChecker(images, at);
  let linked = false;
  for (let index = 0; index < size; index++) {
    const image = images[index];
    if (checker.check(image, index)) {
      const { pushedAt, activatedAt, lastPulledAt, archivedAt, tags = UNTAGGED, storageClass } = image;
      pushed[index] = (activatedAt ?? pushedAt).getTime();
      pulled[index] = lastPulledAt && !(activatedAt && activatedAt > lastPulledAt) ? lastPulledAt.getTime() : pushed[index];
      archived[index] = archivedAt?.getTime() ?? 0;
      matches.addImage(tags, storageClass === ImageStorageClass.ARCHIVE);
      linked ||= image.references !== undefined || image.subject !== undefined;
    }
  }
  checker.failIfAny();

  return { newestFirst: newestFirst(pushed, index => images[index].digest), pushed, pulled, archived, matches, linked };
}
