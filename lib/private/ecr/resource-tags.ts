import type { TagManager } from 'aws-cdk-lib';
import { isKnown, show } from '../core/values';
import { LIMITS } from './limits';
import { freeTextProblems } from './names';

/**
 * Problems with the tags of a repository. Their limits in CloudFormation are narrower than those of other resources.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ecr-repository-tag.html
 */
export function repositoryTagProblems(tags: TagManager): string[] {
  return repositoryTagListProblems(Object.entries(tags.tagValues()));
}

/**
 * The same for tags as keys and values.
 */
export function repositoryTagListProblems(entries: ReadonlyArray<readonly [string, string]>): string[] {
  const problems = entries.flatMap(([key, value]) => [
    ...(isKnown(key) ? freeTextProblems('tag key', key, LIMITS.repositoryTagKey) : []),
    ...(isKnown(value) ? freeTextProblems(`tag value of ${key.slice(0, LIMITS.repositoryTagKey.max)}`, value, LIMITS.repositoryTagValue) : []),
    ...(/^aws:/i.test(key) ? [`'tag key' must not begin with 'aws:', which is reserved, got ${show(key)}`] : []),
  ]).map(problem => `${problem}; CloudFormation rejects it on a repository; exclude repositories with 'excludeResourceTypes' of Tags.of(…).add`);
  if (entries.length > LIMITS.resourceTags) {
    problems.push(`a repository must have at most ${LIMITS.resourceTags} tags, got ${entries.length}; exclude repositories from some of them with 'excludeResourceTypes' of Tags.of(…).add`);
  }
  return problems;
}

/**
 * Problems with the tags that a creation template gives to repositories.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ecr-repositorycreationtemplate-tag.html
 */
export function templateTagProblems(prop: string, tags: { [key: string]: string } | undefined): string[] {
  if (!isKnown(tags)) {
    return [];
  }

  const entries = Object.entries(tags);
  const problems = entries.flatMap(([key, value]) => [
    ...(isKnown(key) ? freeTextProblems(`${prop} key`, key, LIMITS.templateTagKey) : []),
    ...(isKnown(value) ? freeTextProblems(`${prop}.${key.slice(0, LIMITS.templateTagKey.max)}`, value, LIMITS.templateTagValue) : []),
    ...(/^aws:/i.test(key) ? [`'${prop}' must not have keys that begin with 'aws:', which are reserved, got ${show(key)}`] : []),
  ]);
  if (entries.length > LIMITS.resourceTags) {
    problems.push(`'${prop}' must have at most ${LIMITS.resourceTags} entries, got ${entries.length}`);
  }
  return problems;
}
