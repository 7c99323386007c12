import type { Size } from 'aws-cdk-lib';

/**
 * What a push adds to a repository besides its tags.
 */
export interface PushContents {
  /**
   * The compressed size of a push: of its image, or of all platform images of its index together.
   *
   * @default - 500 MiB
   */
  readonly imageSize?: Size;

  /**
   * The share of the pushes of each tag that leave an image without a tag, from 0 to 1, such as builds that fail before they are tagged.
   *
   * Platform images of an index are not meant: see `manifestsPerPush`.
   *
   * @default 0
   */
  readonly untaggedShare?: number;

  /**
   * The manifests of a push, each of which ECR lists and counts as an image: 1 to 100.
   *
   * 1 is a single image. With more, each push is an index, which gets the tags, and platform images or attestations without a tag, to
   * which the index refers: `docker buildx` pushes 5 manifests for two platforms with provenance. ECR keeps them as long as the index.
   * Fractions are averages.
   *
   * @default 1
   */
  readonly manifestsPerPush?: number;

  /**
   * Signatures, SBOMs and attestations of each push that refer to it as their subject: 0 to 100.
   *
   * They have no tag, count as images, and go with their subject. Their size is counted as 0. Fractions are averages.
   *
   * @default 0
   */
  readonly referrersPerPush?: number;

  /**
   * Signatures, SBOMs and attestations of each push that have a tag such as `sha256-….sig`, as cosign 2 writes them: 0 to 100.
   *
   * ECR does not know that they belong to an image, so only a rule that selects their tag removes them. Their size is counted as 0. The
   * forecast reports them as `sha256-*`. Fractions are averages.
   *
   * @default 0
   */
  readonly signatureTagsPerPush?: number;

  /**
   * How irregular pushes are in simulated runs: the variance of the number of pushes a day, divided by its mean, from 1 to 100.
   *
   * 1 means that pushes are independent of each other; with more, they come in bursts.
   *
   * @default 1
   */
  readonly burstiness?: number;
}

/**
 * Pushes of images that get the same tags.
 */
export interface ImagePushes extends PushContents {
  /**
   * The tags of each image, such as `['sha-*', 'latest']`.
   *
   * Each push gets a number in the place of `*`; a tag without `*` moves to each new image.
   *
   * @default - no tag
   */
  readonly tags?: string[];

  /**
   * The number of pushes a day. Fractions add up to a push over days.
   */
  readonly perDay: number;
}
