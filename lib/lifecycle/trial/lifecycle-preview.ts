import { BRAND } from '../../private/core/brand';
import { failUnscopedIfAny } from '../../private/core/errors';
import { show } from '../../private/core/values';
import { INDEX_MEDIA_TYPES } from '../../private/ecr/media-types';
import { publicClass } from '../../private/input/public-class';
import type { RuleModel } from '../rule-model';
import { countProblems } from '../rule-problems';
import { imageName } from './image-name';
import { LifecycleAction } from './lifecycle-action';
import { LifecycleDecision } from './lifecycle-decision';
import { PreviewRun } from './preview-run';
import type { RegistryImage } from './registry-image';
import { readableBytes, textTable } from './text-table';

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchGetImage.html */
const MANIFESTS_PER_CALL = 100;

/**
 * The images and the time of a preview.
 */
export interface LifecyclePreviewProps {
  /**
   * All images of the repository, in any order.
   */
  readonly images: RegistryImage[];

  /**
   * The moment at which the policy is applied; no image may be younger.
   *
   * @default - now
   */
  readonly at?: Date;
}

/**
 * How to print a preview.
 */
export interface LifecycleTableOptions {
  /**
   * How many images to list: 0 or more. Images that go are listed before those that stay.
   *
   * @default 100
   */
  readonly maxRows?: number;
}

/**
 * What a lifecycle policy does to each image of a repository.
 *
 * Follows what AWS documents about ECR. Where AWS leaves something open, the preview makes a choice, and the decisions that rest on
 * it say so in `assumptions`:
 *
 * - Of images pushed at the same moment, the one whose digest sorts first counts as newer.
 * - Images that an index refers to count like any other.
 * - A rule acts on a referrer (a signature, an SBOM) like on any other image, even when its subject stays.
 * - An image may be deleted as soon as every index that refers to it is archived.
 *
 * Everything that can go now goes in one preview; ECR may take 24 hours, and the referrers of an image another 24 hours.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 */
export class LifecyclePreview {
  static {
    publicClass(this, 'LifecyclePreview');
  }

  /**
   * @internal
   */
  public static _of(rules: readonly RuleModel[], props: LifecyclePreviewProps): LifecyclePreview {
    return new LifecyclePreview(rules, props.images, props.at ?? new Date());
  }

  /**
   * The moment at which the policy is applied.
   */
  public readonly at: Date;

  private declare readonly [BRAND]: 'LifecyclePreview';
  private readonly run: PreviewRun;
  /** Made when they are read, because there may be a million. */
  private readonly made: LifecycleDecision[];

  private constructor(rules: readonly RuleModel[], images: RegistryImage[], at: Date) {
    this.run = new PreviewRun(rules, images, at.getTime());
    this.made = new Array<LifecycleDecision>(images.length);
    this.at = at;
  }

  /**
   * One decision for each image, in the order of the images.
   */
  public get decisions(): LifecycleDecision[] {
    return this.run.images.map((_, index) => this.decisionAt(index));
  }

  /**
   * Decisions for the images that stay where they are.
   */
  public get kept(): LifecycleDecision[] {
    return this.withAction(LifecycleAction.KEEP);
  }

  /**
   * Decisions for the images that are deleted.
   */
  public get expired(): LifecycleDecision[] {
    return this.withAction(LifecycleAction.EXPIRE);
  }

  /**
   * Decisions for the images that are archived.
   */
  public get archived(): LifecycleDecision[] {
    return this.withAction(LifecycleAction.ARCHIVE);
  }

  /**
   * The digests of the indexes whose references are unknown. The preview may expire images that ECR keeps for them: pass the manifests
   * of the indexes to `ImageInventory.fromDescribeImages`.
   */
  public get indexesWithoutReferences(): string[] {
    return this.run.images
      .filter(({ manifestMediaType = '', references }) => references === undefined && INDEX_MEDIA_TYPES.includes(manifestMediaType))
      .map(({ digest }) => digest);
  }

  /**
   * The decision for the image with a digest or a tag. Throws when there is none.
   *
   * @param digestOrTag such as `sha256:…` or `release-1.4`
   */
  public decisionFor(digestOrTag: string): LifecycleDecision {
    const found = this.run.images.findIndex(({ digest, tags }) => digest === digestOrTag || tags?.includes(digestOrTag));
    failUnscopedIfAny('UnknownRegistryImage', found === -1 ? [`'digestOrTag' must be the digest or a tag of one of the images, got ${show(digestOrTag)}`] : []);
    return this.decisionAt(found);
  }

  /**
   * The number and size of the images that expire, are archived and are kept.
   */
  public summary(): string {
    const { images } = this.run;
    const part = (action: LifecycleAction, verb: string) => {
      let amount = 0;
      let bytes = 0;
      for (let index = 0; index < images.length; index++) {
        if (this.run.actionOf(index) === action) {
          amount++;
          bytes += images[index].sizeInBytes ?? 0;
        }
      }
      return `${amount} ${verb}${bytes > 0 ? ` (${readableBytes(bytes)})` : ''}`;
    };
    return `Of ${images.length} images, ${part(LifecycleAction.EXPIRE, 'expire')}, ${part(LifecycleAction.ARCHIVE, 'are archived')}, ${part(LifecycleAction.KEEP, 'are kept')}.`;
  }

  /**
   * The preview as a text table, for a terminal or for the message of a failed test.
   */
  public toTable(options: LifecycleTableOptions = {}): string {
    const { maxRows = 100 } = options;
    failUnscopedIfAny('InvalidLifecycleTable', countProblems('maxRows', maxRows, 0));
    const oldestFirst = (a: LifecycleDecision, b: LifecycleDecision) => a.image.pushedAt.getTime() - b.image.pushedAt.getTime();
    const going = [...this.expired, ...this.archived].sort(oldestFirst);
    const staying = this.kept.sort((a, b) => oldestFirst(b, a));
    const shown = [...going, ...staying].slice(0, maxRows);
    const hidden = this.run.images.length - shown.length;
    return [
      textTable([['ACTION', 'IMAGE', 'PUSHED', 'SIZE', 'REASON'], ...shown.map(decision => this.row(decision))]),
      ...hidden > 0 ? [`… and ${hidden} more images`] : [],
      '',
      this.summary(),
      ...this.missingManifests(),
    ].join('\n');
  }

  private missingManifests(): string[] {
    const digests = this.indexesWithoutReferences;
    const more = digests.length - MANIFESTS_PER_CALL;
    return digests.length === 0 ? [] : [
      '',
      `The references of ${digests.length} of these images, which are indexes, are unknown, so that ECR may keep images that expire here. Add their manifests:`,
      `aws ecr batch-get-image --repository-name NAME --image-ids ${digests.slice(0, MANIFESTS_PER_CALL).map(digest => `imageDigest=${digest}`).join(' ')}`
        + `${more > 0 ? `, and again for ${more} more` : ''}`,
    ];
  }

  private withAction(action: LifecycleAction): LifecycleDecision[] {
    const found: LifecycleDecision[] = [];
    for (let index = 0; index < this.run.images.length; index++) {
      if (this.run.actionOf(index) === action) {
        found.push(this.decisionAt(index));
      }
    }
    return found;
  }

  private decisionAt(index: number): LifecycleDecision {
    return this.made[index] ??= LifecycleDecision._of(this.run, index);
  }

  private row({ action, image, reason, assumptions }: LifecycleDecision): string[] {
    const tags = image.tags ?? [];
    const name = tags.length > 1 ? `${imageName(image)} +${tags.length - 1}` : imageName(image);
    const size = image.sizeInBytes === undefined ? '' : readableBytes(image.sizeInBytes);
    const text = assumptions.length === 0 ? reason : `${reason} [${assumptions.join('; ')}]`;
    return [action, name, image.pushedAt.toISOString().slice(0, 10), size, text.slice(text.indexOf(': ') + 2)];
  }
}
