import { LIMITS } from './limits';

/**
 * The facts about one count type of a lifecycle rule.
 */
export interface CountTypeFacts {
  /** The prop of a lifecycle rule that sets it. */
  readonly prop: string;
  /** The unit of the count; a number of images has none. */
  readonly unit?: 'days';
  /** The only storage class that rules with this count type select. */
  readonly storageClass: 'archive' | 'standard';
  /** The actions that rules with this count type can take. */
  readonly actions: ReadonlyArray<'expire' | 'transition'>;
  /** The smallest count. */
  readonly min: number;
  /** The time of an image from which the days are counted; a number of images has none. */
  readonly since?: 'pushed' | 'pulled' | 'archived';
}

/**
 * The count types of lifecycle rules, one row each. Rules, the reader of policy texts and the evaluator read this table, so that a
 * new count type needs one row.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/archive-image.html
 */
export const COUNT_TYPES = {
  imageCountMoreThan: { prop: 'keepNewest', storageClass: 'standard', actions: ['expire', 'transition'], min: 1 },
  sinceImagePushed: { prop: 'olderThan', unit: 'days', storageClass: 'standard', actions: ['expire', 'transition'], min: 1, since: 'pushed' },
  sinceImagePulled: { prop: 'notPulledFor', unit: 'days', storageClass: 'standard', actions: ['transition'], min: 1, since: 'pulled' },
  sinceImageTransitioned: { prop: 'archivedFor', unit: 'days', storageClass: 'archive', actions: ['expire'], min: LIMITS.archiveDays, since: 'archived' },
} as const satisfies Record<string, CountTypeFacts>;

/** The count type of a rule, as ECR spells it. */
export type CountType = keyof typeof COUNT_TYPES;

/**
 * The facts about a count type.
 */
export function countTypeFacts(countType: CountType): CountTypeFacts {
  return COUNT_TYPES[countType];
}
