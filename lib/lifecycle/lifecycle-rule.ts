import type { Duration } from 'aws-cdk-lib';
import { BRAND } from '../private/core/brand';
import { countTypeFacts, type CountType } from '../private/ecr/count-types';
import { LIMITS } from '../private/ecr/limits';
import { publicClass } from '../private/input/public-class';
import type { ImageSelection } from './image-selection';
import type { RuleModel } from './rule-model';
import { countProblems, dayProblems, selectionProblems } from './rule-problems';

/**
 * Options for images that no rule shall remove.
 */
export interface ProtectImagesOptions {
  /**
   * The images to protect.
   */
  readonly images: ImageSelection;

  /**
   * What the rule is for, as the console shows it.
   *
   * @default - no description
   */
  readonly description?: string;
}

/**
 * Options for deleting images. Exactly one of `olderThan` and `keepNewest` is needed.
 */
export interface ExpireImagesOptions {
  /**
   * The images that the rule looks at.
   */
  readonly images: ImageSelection;

  /**
   * Deletes images pushed longer ago than this: whole days, at least one.
   *
   * @default - age does not matter
   */
  readonly olderThan?: Duration;

  /**
   * Deletes all but this many of the images pushed last: at least one.
   *
   * Images that a higher rule holds or deletes are counted too.
   *
   * @default - the number of images does not matter
   */
  readonly keepNewest?: number;

  /**
   * What the rule is for, as the console shows it.
   *
   * @default - no description
   */
  readonly description?: string;
}

/**
 * Options for archiving images. Exactly one of `olderThan`, `keepNewest` and `notPulledFor` is needed.
 */
export interface ArchiveImagesOptions {
  /**
   * The images that the rule looks at.
   */
  readonly images: ImageSelection;

  /**
   * Archives images pushed longer ago than this: whole days, at least one.
   *
   * @default - age does not matter
   */
  readonly olderThan?: Duration;

  /**
   * Archives all but this many of the images pushed last: at least one.
   *
   * @default - the number of images does not matter
   */
  readonly keepNewest?: number;

  /**
   * Archives images last pulled longer ago than this, or pushed, when nobody pulled them: whole days, at least one.
   *
   * Pulls by scanners count, unless `PullTimeExclusions` name their roles.
   *
   * @default - pulls do not matter
   */
  readonly notPulledFor?: Duration;

  /**
   * What the rule is for, as the console shows it.
   *
   * @default - no description
   */
  readonly description?: string;
}

/**
 * Options for deleting archived images.
 */
export interface ExpireArchivedImagesOptions {
  /**
   * The archived images that the rule looks at.
   */
  readonly images: ImageSelection;

  /**
   * Deletes images archived longer ago than this: whole days, at least 90.
   */
  readonly archivedFor: Duration;

  /**
   * What the rule is for, as the console shows it.
   *
   * @default - no description
   */
  readonly description?: string;
}

interface Condition {
  readonly countType: CountType;
  readonly value: Duration | number | undefined;
}

/**
 * One rule of a lifecycle policy.
 *
 * The first rule whose tags match an image decides about it: it deletes the image, archives it, or holds it against every rule
 * below.
 */
export class LifecycleRule {
  static {
    publicClass(this, 'LifecycleRule');
  }

  /**
   * Holds images against every rule below, however old and however many they are.
   *
   * ECR has no rule that only protects: this one keeps the newest 100,000 images, the default quota of a whole repository.
   */
  public static protect(options: ProtectImagesOptions): LifecycleRule {
    return new LifecycleRule(options.images, 'standard', 'expire', options.description, [
      { countType: 'imageCountMoreThan', value: LIMITS.imagesPerRepository },
    ]);
  }

  /**
   * Deletes images by age or by number.
   */
  public static expire(options: ExpireImagesOptions): LifecycleRule {
    return new LifecycleRule(options.images, 'standard', 'expire', options.description, [
      { countType: 'sinceImagePushed', value: options.olderThan },
      { countType: 'imageCountMoreThan', value: options.keepNewest },
    ]);
  }

  /**
   * Moves images to the archive storage class, from where they must be restored before they can be pulled.
   *
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/archive-image.html
   */
  public static archive(options: ArchiveImagesOptions): LifecycleRule {
    return new LifecycleRule(options.images, 'standard', 'transition', options.description, [
      { countType: 'sinceImagePushed', value: options.olderThan },
      { countType: 'imageCountMoreThan', value: options.keepNewest },
      { countType: 'sinceImagePulled', value: options.notPulledFor },
    ]);
  }

  /**
   * Deletes archived images.
   */
  public static expireArchived(options: ExpireArchivedImagesOptions): LifecycleRule {
    return new LifecycleRule(options.images, 'archive', 'expire', options.description, [
      { countType: 'sinceImageTransitioned', value: options.archivedFor },
    ]);
  }

  private declare readonly [BRAND]: 'LifecycleRule';

  private constructor(
    private readonly images: ImageSelection,
    private readonly storageClass: RuleModel['storageClass'],
    private readonly action: RuleModel['action'],
    private readonly description: string | undefined,
    private readonly conditions: Condition[],
  ) {}

  /**
   * Problems with the options of the rule.
   *
   * @internal
   */
  public _problems(path: string): string[] {
    const given = this.conditions.filter(condition => condition.value !== undefined);
    const problems = selectionProblems(`${path}.images`, this.images._alternatives);
    if (given.length !== 1) {
      const name = (conditions: Condition[]) => conditions.map(({ countType }) => `'${countTypeFacts(countType).prop}'`).join(' and ');
      const got = given.length === 0 ? 'neither' : `${name(given)}; write one rule for each`;
      problems.push(`'${path}' must have exactly one of ${name(this.conditions)}, got ${got}`);
    }
    for (const { countType, value } of given) {
      const { prop, min } = countTypeFacts(countType);
      problems.push(...typeof value === 'number' ? countProblems(`${path}.${prop}`, value) : dayProblems(`${path}.${prop}`, value!, min));
    }
    return problems;
  }

  /**
   * The rules of the policy text: one for each prefix or pattern that is selected on its own.
   *
   * @internal
   */
  public _models(path: string, firstPriority: number): RuleModel[] {
    const { countType, value } = this.conditions.find(condition => condition.value !== undefined)!;
    return this.images._alternatives.map((tags, index) => ({
      path,
      priority: firstPriority + index,
      description: this.description,
      tags,
      storageClass: this.storageClass,
      countType,
      countNumber: typeof value === 'number' ? value : value!.toDays(),
      action: this.action,
      allOfByName: this.images._allOf,
    }));
  }
}
