import { Stack } from 'aws-cdk-lib';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import { type EventPattern, Match } from 'aws-cdk-lib/aws-events';
import type { IConstruct } from 'constructs';
import { isKnown } from '../private/core/values';
import { type FindingSeverity, scanFindingsPattern, severitiesFrom } from '../repository/repository-events';

/**
 * The repositories whose findings are reported; without repositories and prefixes, the whole registry.
 */
export interface WatchedRepositories {
  readonly repositories?: ecr.IRepositoryRef[];
  readonly repositoryPrefixes?: string[];
}

/**
 * Scans of images by Amazon ECR.
 */
export function basicPattern(scope: IConstruct, watched: WatchedRepositories, minimum: FindingSeverity): EventPattern {
  return { ...scanFindingsPattern(resources(scope, watched), minimum), source: ['aws.ecr'], detailType: ['ECR Image Scan'] };
}

/**
 * First scans of images by Amazon Inspector.
 */
export function enhancedPattern(scope: IConstruct, watched: WatchedRepositories, minimum: FindingSeverity): EventPattern {
  return { ...scanFindingsPattern(resources(scope, watched), minimum), source: ['aws.inspector2'], detailType: ['Inspector2 Scan'] };
}

/**
 * Single findings of Amazon Inspector. Their resource is the image: the ARN of the repository, and the digest.
 */
export function findingPattern(scope: IConstruct, watched: WatchedRepositories, minimum: FindingSeverity): EventPattern {
  return {
    source: ['aws.inspector2'],
    detailType: ['Inspector2 Finding'],
    resources: resources(scope, watched, '/sha256:'),
    detail: { status: ['ACTIVE'], severity: severitiesFrom(minimum) },
  };
}

/**
 * The lower bound of the length of a pattern before deployment.
 */
export function leastPatternLength({ repositories = [], repositoryPrefixes = [] }: WatchedRepositories): number {
  const names = [...repositories.map(({ repositoryRef }) => repositoryRef.repositoryName), ...repositoryPrefixes];
  const arn = '"arn:aws:ecr:us-east-1:111122223333:repository/",'.length;
  return names.reduce((sum, name) => sum + arn + (isKnown(name) ? name.length : 2), 0);
}

/**
 * The pattern of the first resource of an event. A prefix also excludes other resources, because Amazon Inspector reports instances
 * and functions in the same type of event, and an administrator account receives events of other accounts.
 */
function resources(scope: IConstruct, { repositories = [], repositoryPrefixes }: WatchedRepositories, suffix?: string): string[] {
  const prefixes = repositoryPrefixes ?? (repositories.length > 0 ? [] : ['']);
  const below = (resourceName: string): string => Stack.of(scope).formatArn({ service: 'ecr', resource: 'repository', resourceName });
  return [
    ...repositories.map(it => it.repositoryRef.repositoryArn).flatMap(arn => suffix === undefined ? [arn] : Match.prefix(`${arn}${suffix}`)),
    ...prefixes.flatMap(prefix => Match.prefix(below(prefix))),
  ];
}
