import type { TagManager } from 'aws-cdk-lib';
import { isKnown, show } from '../core/values';
import { LIMITS } from './limits';
import { freeTextProblems } from './names';

/**
 * Problems with the tags of a repository, which CloudFormation holds to narrower limits than the tags of other resources.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ecr-repository-tag.html
 */
export function repositoryTagProblems(tags: TagManager): string[] {
  const entries = Object.entries(tags.tagValues());
  const problems = entries.flatMap(([key, value]) => [
    ...(isKnown(key) ? freeTextProblems('tag key', key, LIMITS.repositoryTagKey) : []),
    ...(isKnown(value) ? freeTextProblems(`tag value of ${key.slice(0, LIMITS.repositoryTagKey.max)}`, value, LIMITS.repositoryTagValue) : []),
    ...(/^aws:/i.test(key) ? [`'tag key' must not begin with 'aws:', which is reserved, got ${show(key)}`] : []),
  ]).map(problem => `${problem}; CloudFormation refuses it on a repository, keep it off with 'excludeResourceTypes' of Tags.of(…).add`);
  if (entries.length > LIMITS.resourceTags) {
    problems.push(`a repository must have at most ${LIMITS.resourceTags} tags, got ${entries.length}; keep some off with 'excludeResourceTypes' of Tags.of(…).add`);
  }
  return problems;
}
