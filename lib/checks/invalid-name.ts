import { LIMITS } from '../private/ecr/limits';
import { namespaceProblems, publicRepositoryNameProblems, repositoryNameProblems } from '../private/ecr/names';
import type { Check } from './check';
import { REPOSITORY, TEMPLATE, valueAt } from './template-resource';

type Problems = (property: string, name: string) => string[];

const NAMES: { readonly [type: string]: { readonly [property: string]: Problems } } = {
  [REPOSITORY]: { RepositoryName: repositoryNameProblems },
  [TEMPLATE]: { Prefix: (property, name) => namespaceProblems(property, name, LIMITS.templatePrefix) },
  'AWS::ECR::PublicRepository': { RepositoryName: publicRepositoryNameProblems },
  'AWS::ECR::PullThroughCacheRule': { EcrRepositoryPrefix: cachePrefixProblems, UpstreamRepositoryPrefix: cachePrefixProblems },
};

/**
 * The deployment fails, because Amazon ECR rejects the name.
 */
export const invalidName: Check = {
  id: 'invalidName',
  severity: 'error',
  fix: 'choose another name',
  find: resources => resources.flatMap(resource => Object.entries(NAMES[resource.type] ?? {}).flatMap(([property, problems]) => {
    const name = valueAt(resource.properties, property);
    return typeof name === 'string' ? problems(property, name).map(message => ({ resource, property, message })) : [];
  })),
};

function cachePrefixProblems(property: string, name: string): string[] {
  return namespaceProblems(property, name, LIMITS.cachePrefix);
}
