import { failUnscopedIfAny } from '../../private/core/errors';
import { TextHashes } from '../../private/core/text-hashes';
import { TextScan } from '../../private/core/text-scan';
import { countTypeFacts } from '../../private/ecr/count-types';
import type { CompiledRule } from './compiled-rule';
import { ImageChecker } from './image-problems';
import { newestFirst } from './newest-first';
import { ImageStorageClass, type RegistryImage } from './registry-image';
import { RuleMatches } from './rule-matches';

/**
 * Images in columns. The index of an image is its position in the input; times are milliseconds.
 */
export interface ImageTable {
  /** The number of images; arrays may be longer. */
  readonly size: number;
  /** All images, from the newest push to the oldest. */
  readonly newestFirst: Uint32Array;
  /** When each image was pushed; for a restored image, when it was restored. */
  readonly pushed: Float64Array;
  /** When each image was last pulled; for one that was not pulled since its push or restoration, the time of that. Empty if no rule needs it. */
  readonly pulled: Float64Array;
  /** When each image was last archived. Empty if no rule needs it. */
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
  const needed = new Set(rules.map(({ countType }) => countTypeFacts(countType).since));
  const pushed = new Float64Array(size);
  const pulled = new Float64Array(needed.has('pulled') ? size : 0);
  const archived = new Float64Array(needed.has('archived') ? size : 0);
  const matches = new RuleMatches(rules, size);
  const checker = new ImageChecker('images', images, at);
  const scan = new TextScan();
  const digests = new TextHashes();
  const tagHashes = new TextHashes();
  let characters = new Int32Array(16);
  let linked = false;
  for (let index = 0; index < size; index++) {
    const image = images[index];
    if (checker.check(image, index)) {
      const { digest, pushedAt, activatedAt, lastPulledAt, archivedAt, tags = UNTAGGED, storageClass, references, subject } = image;
      pushed[index] = (activatedAt ?? pushedAt).getTime();
      // Typed arrays ignore what is beyond their length.
      pulled[index] = lastPulledAt && !(activatedAt && activatedAt > lastPulledAt) ? lastPulledAt.getTime() : pushed[index];
      archived[index] = archivedAt?.getTime() ?? 0;
      scan.read(digest);
      digests.add(scan);
      characters = tags.length > characters.length ? new Int32Array(2 * tags.length) : characters;
      for (let tag = 0; tag < tags.length; tag++) {
        scan.read(tags[tag]);
        tagHashes.add(scan);
        characters[tag] = scan.characters;
      }
      matches.addImage(tags, characters, storageClass === ImageStorageClass.ARCHIVE);
      linked ||= references !== undefined || subject !== undefined;
    }
  }
  checker.failIfAny(() => digests.hasEqual() || tagHashes.hasEqual());

  return { size, newestFirst: newestFirst(pushed, index => images[index].digest), pushed, pulled, archived, matches, linked };
}
