import type * as ecr from 'aws-cdk-lib/aws-ecr';
import type * as events from 'aws-cdk-lib/aws-events';
import { isKnown } from '../private/core/values';

/**
 * How bad a vulnerability is, as Amazon ECR and Amazon Inspector rate it.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageScanFinding.html
 */
export enum FindingSeverity {
  /** Informational findings and everything above. */
  INFORMATIONAL = 'INFORMATIONAL',
  /** Low findings and everything above. */
  LOW = 'LOW',
  /** Medium findings and everything above. */
  MEDIUM = 'MEDIUM',
  /** High findings and everything above. */
  HIGH = 'HIGH',
  /** Critical findings only. */
  CRITICAL = 'CRITICAL',
}

/**
 * Options for `onImagePushed`.
 */
export interface OnImagePushedOptions extends events.OnEventOptions {
  /**
   * Only pushes of these tags; `*` stands for any text, as in `release-*`.
   *
   * @default - pushes of every tag, and of images without one
   */
  readonly imageTags?: string[];
}

/**
 * Options for `onScanFindings`.
 */
export interface OnScanFindingsOptions extends events.OnEventOptions {
  /**
   * Only scans that found something at least as bad as this. Amazon Inspector counts what is below MEDIUM in a total only, so that LOW tells of
   * any finding.
   *
   * @default - every completed scan, even of an image without findings
   */
  readonly minimumSeverity?: FindingSeverity;
}

const SEVERITIES = Object.values(FindingSeverity);

/**
 * Pushes; `resources` is empty in these events, so that the name tells the repository.
 */
export function pushedPattern(repository: ecr.IRepository, imageTags: string[] | undefined): events.EventPattern {
  return imageAction(repository, { 'action-type': ['PUSH'], ...(imageTags ? { 'image-tag': imageTags.map(tagMatcher) } : {}) });
}

/**
 * Deletions, also those of a lifecycle policy.
 */
export function deletedPattern(repository: ecr.IRepository): events.EventPattern {
  return imageAction(repository, { 'action-type': ['DELETE'] });
}

/**
 * Moves to the archive storage class, also those of a lifecycle policy.
 */
export function archivedPattern(repository: ecr.IRepository): events.EventPattern {
  return imageAction(repository, { 'action-type': ['UPDATE_STORAGE_CLASS'], 'target-storage-class': ['ARCHIVE'] });
}

/**
 * Completed scans of both engines: the registry decides which of the two runs, and its events have another source and shape, but
 * both name the ARN of the repository.
 *
 * @param resources the ARNs of repositories, or what EventBridge matches them with
 * @param minimum the lowest severity that is told, if not every scan is
 */
export function scanFindingsPattern(resources: string[], minimum: FindingSeverity | undefined): events.EventPattern {
  return {
    source: ['aws.ecr', 'aws.inspector2'],
    detailType: ['ECR Image Scan', 'Inspector2 Scan'],
    resources,
    detail: { 'scan-status': ['COMPLETE', 'INITIAL_SCAN_COMPLETE'], ...foundPattern(minimum) },
  };
}

/**
 * A severity and all above it, the worst first.
 */
export function severitiesFrom(minimum: FindingSeverity): string[] {
  return SEVERITIES.slice(SEVERITIES.indexOf(minimum)).reverse();
}

/**
 * Amazon EventBridge takes `$or` for an operator only when it has two alternatives or more. Amazon Inspector counts what is below
 * MEDIUM in the total only.
 *
 * @see https://github.com/aws/event-ruler#the-or-primitive
 * @see https://docs.aws.amazon.com/inspector/latest/user/eventbridge-integration.html
 */
function foundPattern(minimum: FindingSeverity | undefined): Record<string, unknown> {
  const counts = minimum === undefined ? [] : severitiesFrom(minimum);
  if (counts.includes(FindingSeverity.LOW)) {
    counts.push('TOTAL');
  }
  const alternatives = counts.map(count => ({ 'finding-severity-counts': { [count]: [{ numeric: ['>', 0] }] } }));
  return alternatives.length > 1 ? { $or: alternatives } : { ...alternatives[0] };
}

/** A tag, or what Amazon EventBridge matches tags with: it takes no two wildcards in a row, and a `*` for itself without `wildcard`. */
function tagMatcher(tag: string): unknown {
  return isKnown(tag) && tag.includes('*') ? { wildcard: tag.replace(/\*+/g, '*') } : tag;
}

function imageAction(repository: ecr.IRepository, detail: Record<string, unknown[]>): events.EventPattern {
  return {
    source: ['aws.ecr'],
    detailType: ['ECR Image Action'],
    detail: { ...detail, 'result': ['SUCCESS'], 'repository-name': [repository.repositoryName] },
  };
}
