import { ImageStorageClass, type RegistryImage } from './registry-image';

/**
 * What happens to an image, by strength: deleting an image is more than archiving it.
 */
export const OUTCOME = { keep: 0, archive: 1, expire: 2 } as const;

/** The part of an image that says how it depends on others. */
export type LinkedImage = Pick<RegistryImage, 'digest' | 'references' | 'storageClass' | 'subject'>;

/**
 * Which images refer to which. Both maps are empty for a repository without indexes and referrers.
 */
export interface ImageLinks {
  /** The indexes that refer to an image. */
  readonly indexesOf: Map<number, number[]>;
  /** The images that an index refers to. */
  readonly membersOf: Map<number, number[]>;
  /** The image that a referrer is about. */
  readonly subjectOf: Map<number, number>;
  /** The referrers of an image. */
  readonly referrersOf: Map<number, number[]>;
}

export function linkImages(images: readonly LinkedImage[]): ImageLinks {
  const links: ImageLinks = { indexesOf: new Map(), membersOf: new Map(), subjectOf: new Map(), referrersOf: new Map() };
  const positions = new Map(images.map((image, index) => [image.digest, index]));
  const add = (map: Map<number, number[]>, key: number, value: number) => {
    const values = map.get(key);
    if (values) {
      values.push(value);
    } else {
      map.set(key, [value]);
    }
  };
  images.forEach((image, index) => {
    for (const digest of new Set(image.references)) {
      const member = positions.get(digest);
      if (member !== undefined) {
        add(links.membersOf, index, member);
        add(links.indexesOf, member, index);
      }
    }
    const subject = image.subject === undefined ? undefined : positions.get(image.subject);
    if (subject !== undefined) {
      links.subjectOf.set(index, subject);
      add(links.referrersOf, subject, index);
    }
  });
  return links;
}

/**
 * What happens to each image when indexes and referrers are taken into account.
 *
 * An image stays as long as an index in standard storage that refers to it stays. A referrer goes with its subject, unless its own
 * rule does more. Both may depend on each other, so everything that could go is marked first, and then unmarked until nothing
 * changes any more; an outcome only ever becomes weaker, so this ends, also for images that refer to each other in a circle.
 *
 * @param own what the rules do to each image on its own
 */
export function settle(images: readonly LinkedImage[], links: ImageLinks, own: Uint8Array): Uint8Array {
  const outcomes = own.slice();
  if (links.indexesOf.size === 0 && links.subjectOf.size === 0) {
    return outcomes;
  }

  const isArchived = (image: number) => images[image].storageClass === ImageStorageClass.ARCHIVE;
  const withSubject = (image: number): number => {
    const subject = links.subjectOf.get(image);
    const followed = subject === undefined ? OUTCOME.keep : outcomes[subject];
    return followed > own[image] && !(followed === OUTCOME.archive && isArchived(image)) ? followed : own[image];
  };

  const marking = [...links.subjectOf.keys()];
  for (let image = marking.pop(); image !== undefined; image = marking.pop()) {
    const outcome = withSubject(image);
    if (outcome > outcomes[image]) {
      outcomes[image] = outcome;
      marking.push(...links.referrersOf.get(image) ?? []);
    }
  }

  const unmarking = [...links.indexesOf.keys()];
  for (let image = unmarking.pop(); image !== undefined; image = unmarking.pop()) {
    const outcome = keepingIndexes(images, links, outcomes, image).length === 0 ? withSubject(image) : OUTCOME.keep;
    if (outcome < outcomes[image]) {
      outcomes[image] = outcome;
      unmarking.push(...links.membersOf.get(image) ?? [], ...links.referrersOf.get(image) ?? []);
    }
  }
  return outcomes;
}

/**
 * The indexes that keep an image: those in standard storage that stay.
 */
export function keepingIndexes(images: readonly LinkedImage[], links: ImageLinks, outcomes: Uint8Array, image: number): number[] {
  const indexes = links.indexesOf.get(image) ?? [];
  return indexes.filter(index => outcomes[index] === OUTCOME.keep && images[index].storageClass !== ImageStorageClass.ARCHIVE);
}
