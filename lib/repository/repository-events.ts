import type * as ecr from 'aws-cdk-lib/aws-ecr';
import type * as events from 'aws-cdk-lib/aws-events';
import { isKnown } from '../private/core/values';

/**
 * The severity of a vulnerability in Amazon ECR and Amazon Inspector.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageScanFinding.html
 */
export enum FindingSeverity {
  /** Informational findings and all higher severities. */
  INFORMATIONAL = 'INFORMATIONAL',
  /** Low findings and all higher severities. */
  LOW = 'LOW',
  /** Medium findings and all higher severities. */
  MEDIUM = 'MEDIUM',
  /** High findings and all higher severities. */
  HIGH = 'HIGH',
  /** Critical findings only. */
  CRITICAL = 'CRITICAL',
}

/**
 * Options for `onImagePushed`.
 */
export interface OnImagePushedOptions extends events.OnEventOptions {
  /**
   * The tags whose pushes match; `*` matches any text, as in `release-*`.
   *
   * @default - pushes of every tag, and of untagged images
   */
  readonly imageTags?: string[];
}

/**
 * Options for `onScanFindings`.
 */
export interface OnScanFindingsOptions extends events.OnEventOptions {
  /**
   * The minimum severity of the findings of a scan. Amazon Inspector counts findings below MEDIUM in a total only, so that LOW matches any finding.
   *
   *
   * @default - every completed scan, also of an image without findings
   */
  readonly minimumSeverity?: FindingSeverity;
}

const SEVERITIES = Object.values(FindingSeverity);

/**
 * Pushes; `resources` is empty in these events, so the name identifies the repository.
 */
export function pushedPattern(repository: ecr.IRepository, imageTags: string[] | undefined): events.EventPattern {
  return imageAction(repository, { 'action-type': ['PUSH'], ...(imageTags ? { 'image-tag': imageTags.map(tagMatcher) } : {}) });
}

/**
 * Deletions, including those by a lifecycle policy.
 */
export function deletedPattern(repository: ecr.IRepository): events.EventPattern {
  return imageAction(repository, { 'action-type': ['DELETE'] });
}

/**
 * Moves to the archive storage class, including those by a lifecycle policy.
 */
export function archivedPattern(repository: ecr.IRepository): events.EventPattern {
  return imageAction(repository, { 'action-type': ['UPDATE_STORAGE_CLASS'], 'target-storage-class': ['ARCHIVE'] });
}

/**
 * Completed scans of both scan types. The registry decides the type. The events have different sources and formats, but both contain
 * the ARN of the repository.
 *
 * @param resources the ARNs of repositories, or EventBridge patterns for them
 * @param minimum the minimum severity, or undefined for every scan
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
 * A severity and all higher ones, the highest first.
 */
export function severitiesFrom(minimum: FindingSeverity): string[] {
  return SEVERITIES.slice(SEVERITIES.indexOf(minimum)).reverse();
}

/**
 * Amazon EventBridge treats `$or` as an operator only if it has at least two alternatives. Amazon Inspector counts findings below
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

/** A tag, or its EventBridge pattern. EventBridge rejects two consecutive wildcards, and compares `*` literally without `wildcard`. */
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
