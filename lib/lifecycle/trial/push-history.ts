import { append } from '../../private/core/append';
import { SIGNATURE_TAG_PATTERN } from '../../private/ecr/signature-tags';
import { linkImages, type ImageLinks } from './dependents';
import type { LearnedPatterns } from './learned-patterns';
import type { RegistryImage } from './registry-image';

/** The tag of a signature of an image: the digest of the image, and a suffix. */
const SIGNATURE_TAG = new RegExp(`^${SIGNATURE_TAG_PATTERN.replace('*', '([0-9a-f]{64})')}(?:\\.\\w+)?$`);
/** Referrers of referrers of an index and so on: more is a circle. */
const DEEPEST = 10;

/**
 * A push of the past: an image, or an index with its platform images, and what refers to it.
 */
export interface PastPush {
  readonly image: RegistryImage;
  readonly time: number;
  /** The tags that pushes of this kind get, sorted; a tag without `*` is one that moves. */
  tags: readonly string[];
  /** The size of all images, 0 if unknown. */
  bytes: number;
  manifests: number;
  referrers: number;
  signatureTags: number;
}

/**
 * The pushes that left the images of a repository, the newest first.
 *
 * What was deleted cannot be seen. An untagged image to which nothing refers had a tag that moved on, if the image that has the tag now has
 * no other tag and is newer; else it was pushed without a tag. Nothing depends on the order of the images.
 */
export function pushesOf(images: readonly RegistryImage[], patterns: LearnedPatterns): PastPush[] {
  const sorted = [...images].sort((a, b) => b.pushedAt.getTime() - a.pushedAt.getTime() || (a.digest < b.digest ? -1 : 1));
  const owners = ownersOf(sorted);
  const pushes = new Map<number, PastPush>();
  owners.forEach((owner, position) => {
    const image = sorted[position];
    if (owner === position) {
      const tags = [...new Set((image.tags ?? []).map(tag => patterns.patternOf(tag)))].sort();
      pushes.set(position, { image, time: image.pushedAt.getTime(), tags, bytes: 0, manifests: 1, referrers: 0, signatureTags: 0 });
    }
  });
  addContents(sorted, owners, pushes);
  const all = [...pushes.values()];
  moveTags(all);
  return all;
}

/** The position of the image with which each image was pushed; for a signature of a deleted image none. */
function ownersOf(images: readonly RegistryImage[]): Array<number | undefined> {
  const links = linkImages(images);
  const positions = new Map(images.map(({ digest }, position) => [digest, position]));
  const parents = images.map((image, position) => {
    const signed = signedDigestOf(image);
    return signed === undefined ? parentOf(image, position, links) : positions.get(signed);
  });
  return images.map((image, position) => {
    let owner = position;
    for (let depth = 0; depth < DEEPEST && parents[owner] !== undefined; depth++) {
      owner = parents[owner]!;
    }
    return owner === position && signedDigestOf(image) !== undefined ? undefined : owner;
  });
}

function parentOf({ tags = [] }: RegistryImage, position: number, { indexesOf, subjectOf }: ImageLinks): number | undefined {
  // Images are sorted: the last index is the oldest one, which came with the image.
  return subjectOf.get(position) ?? (tags.length === 0 ? indexesOf.get(position)?.at(-1) : undefined);
}

function signedDigestOf({ tags = [] }: RegistryImage): string | undefined {
  const [, digest] = SIGNATURE_TAG.exec(tags[0] ?? '') ?? [];
  return digest && `sha256:${digest}`;
}

function addContents(images: readonly RegistryImage[], owners: ReadonlyArray<number | undefined>, pushes: ReadonlyMap<number, PastPush>): void {
  const withMembers = new Set<PastPush>();
  images.forEach((image, position) => {
    const push = pushes.get(owners[position]!);
    if (!push || push.image === image) {
      return;
    }
    if (signedDigestOf(image) !== undefined) {
      push.signatureTags++; // small, and not removed with the image
    } else {
      push[image.subject === undefined ? 'manifests' : 'referrers']++;
      push.bytes += image.sizeInBytes ?? 0;
    }
    if (push.image.references?.includes(image.digest)) {
      withMembers.add(push);
    }
  });
  // The size that ECR gives for an index is that of its largest image.
  pushes.forEach(push => push.bytes += withMembers.has(push) ? 0 : push.image.sizeInBytes ?? 0);
}

/** Gives tags without a wildcard, which are on one image now, to the earlier images that had them. */
function moveTags(newestFirst: readonly PastPush[]): void {
  const isFixed = (tag: string) => !tag.includes('*');
  const kinds = new Map<string, PastPush[]>();
  const fixed = newestFirst.map(({ tags }) => tags.filter(isFixed));
  const alone: PastPush[] = [];
  let untagged = 0;
  newestFirst.forEach((push, position) => {
    const tags = push.tags.filter(tag => !isFixed(tag));
    if (tags.length > 0) {
      append(kinds, tags.join(), push);
      push.tags = tags;
    } else if (fixed[position].length > 0) {
      alone.push(push);
    } else if (alone.length > 0) {
      push.tags = alone[untagged++ % alone.length].tags;
    }
  });

  // A tag on the third newest image of its kind moves with every third push of the kind.
  const positions = new Map(newestFirst.map((push, position) => [push, position]));
  kinds.forEach(pushes => {
    const moving = pushes.flatMap((push, age) => fixed[positions.get(push)!].map(tag => ({ tag, age })));
    pushes.forEach((push, age) => {
      push.tags = [...push.tags, ...moving.filter(entry => (age + 1) % (entry.age + 1) === 0).map(({ tag }) => tag)].sort();
    });
  });
}
