import { ImageStorageClass } from './registry-image';
import type { SimulatedTag } from './simulated-tag';

/**
 * A tag of a simulated image, such as `pr-7`, and the images of its name in the forecast, such as `pr-*`.
 */
export interface SimulatedTagName {
  readonly text: string;
  readonly tag: SimulatedTag;
  /** The position of the image among all that were pushed with a tag of this name. */
  readonly position: number;
}

/**
 * An image of a simulated repository, which refers to other images as those of a registry do.
 */
export class SimulatedImage {
  public readonly digest: string;
  public readonly references?: string[];
  public readonly subject?: string;
  /** Members of this index, and referrers of this image. */
  public readonly dependents: SimulatedImage[];
  /** The index that refers to this image. */
  public index?: SimulatedImage;
  public storageClass = ImageStorageClass.STANDARD;
  public archivedAt = 0;
  public deleted = false;
  /** Whether no evaluation needs the image until a day or an event. */
  public asleep = false;
  /** The rules that select the image. */
  public rules: number[] = [];
  public tags: SimulatedTagName[];

  /**
   * @param order the position of the image among all images by time of push
   */
  constructor(
    public readonly order: number,
    public readonly source: number,
    public readonly pushed: number,
    public readonly bytes: number,
    public readonly pushedTags: readonly SimulatedTagName[],
    members: SimulatedImage[],
    subject?: SimulatedImage,
  ) {
    this.digest = String(order);
    this.tags = [...pushedTags];
    this.dependents = members;
    this.references = members.length > 0 ? members.map(({ digest }) => digest) : undefined;
    members.forEach(member => member.index = this);
    this.subject = subject?.digest;
    subject?.dependents.push(this);
  }

  public get archived(): boolean {
    return this.storageClass === ImageStorageClass.ARCHIVE;
  }
}
