/**
 * Where ECR stores an image.
 */
export enum ImageStorageClass {
  /** Ready to be pulled. */
  STANDARD = 'standard',

  /** Must be restored before it can be pulled; an image that is being restored still counts as archived. */
  ARCHIVE = 'archive',
}

/**
 * An image of a repository, as a lifecycle policy sees it.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageDetail.html
 */
export interface RegistryImage {
  /**
   * The digest: any text that is unique among the images.
   */
  readonly digest: string;

  /**
   * When the image was pushed.
   */
  readonly pushedAt: Date;

  /**
   * The tags: 1 to 300 characters each.
   *
   * @default - untagged
   */
  readonly tags?: string[];

  /**
   * When the image was last pulled.
   *
   * @default - never
   */
  readonly lastPulledAt?: Date;

  /**
   * Where the image is stored.
   *
   * @default ImageStorageClass.STANDARD
   */
  readonly storageClass?: ImageStorageClass;

  /**
   * When the image was last archived; needed for an image in the archive.
   *
   * @default - never
   */
  readonly archivedAt?: Date;

  /**
   * When the image was last restored from the archive; it then counts as pushed at that time.
   *
   * @default - never
   */
  readonly activatedAt?: Date;

  /**
   * The compressed size in bytes.
   *
   * @default - unknown, counted as 0
   */
  readonly sizeInBytes?: number;

  /**
   * The media type of the manifest. A preview asks for the references of an index that has none.
   *
   * @default - unknown
   */
  readonly manifestMediaType?: string;

  /**
   * The digests that an image index (manifest list) refers to. Digests that are not among the images are ignored.
   *
   * @default - not an index, or an index whose references are unknown
   */
  readonly references?: string[];

  /**
   * The digest of the image that this one is about, for signatures, SBOMs and attestations. Ignored when it is not among the images.
   *
   * @default - not a referrer
   */
  readonly subject?: string;
}
