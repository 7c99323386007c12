/**
 * What a lifecycle policy does to an image.
 */
export enum LifecycleAction {
  /** The image stays where it is. */
  KEEP = 'keep',

  /** The image is deleted. */
  EXPIRE = 'expire',

  /** The image moves to the archive storage class. */
  ARCHIVE = 'archive',
}
