import type { RegistryImage } from './trial/registry-image';

/**
 * An example of an image that a policy deletes or archives against its likely intention.
 */
export interface LifecycleLoss {
  /**
   * The images of a repository in which the image is lost: up to the number that a rule keeps and a few more.
   */
  readonly images: RegistryImage[];

  /**
   * The time of the preview.
   */
  readonly at: Date;

  /**
   * The digest of the lost image.
   */
  readonly digest: string;
}

/**
 * A part of a lifecycle policy that is legal but probably unintended.
 */
export interface LifecycleFinding {
  /**
   * A stable id in camelCase.
   */
  readonly id: string;

  /**
   * The consequence, with an example, and what to do.
   */
  readonly message: string;

  /**
   * An example of what is lost: a preview of the policy deletes or archives this image.
   *
   * @default - no image is lost, or the policy has tokens
   */
  readonly loss?: LifecycleLoss;

  /**
   * The text of a policy without this finding, for `LifecyclePolicy.fromJson`. If there is a loss, a preview of this policy keeps the image.
   *
   * @default - a policy of Amazon ECR cannot express the likely intention, or it is unknown
   */
  readonly rewrittenPolicy?: string;
}

/**
 * Facts about a repository that decide whether a lifecycle policy does what it was written for.
 */
export interface LifecycleFindingsOptions {
  /**
   * The tags that can move, as in `mutableTags` of a repository. A tag that moves leaves an untagged image behind.
   *
   * @default - unknown
   */
  readonly mutableTags?: string[];
}
