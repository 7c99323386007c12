import { LIMITS } from '../private/limits';
import { namespaceProblems, publicRepositoryNameProblems, repositoryNameProblems } from '../private/names';
import type { Check } from './check';
import { REPOSITORY, TEMPLATE, valueAt } from './template-resource';

interface Name {
  readonly property: string;
  readonly problems: (property: string, name: string) => string[];
}

const NAMES: { readonly [type: string]: Name } = {
  [REPOSITORY]: { property: 'RepositoryName', problems: repositoryNameProblems },
  [TEMPLATE]: { property: 'Prefix', problems: (property, name) => namespaceProblems(property, name, LIMITS.templatePrefix) },
  'AWS::ECR::PublicRepository': { property: 'RepositoryName', problems: publicRepositoryNameProblems },
  'AWS::ECR::PullThroughCacheRule': { property: 'EcrRepositoryPrefix', problems: (property, name) => namespaceProblems(property, name, LIMITS.cachePrefix) },
};

/**
 * The deployment fails, because Amazon ECR refuses the name.
 */
export const invalidName: Check = {
  id: 'invalidName',
  severity: 'error',
  fix: 'choose another name',
  find: resources => resources.filter(({ type }) => type in NAMES).flatMap(resource => {
    const { property, problems } = NAMES[resource.type];
    const name = valueAt(resource.properties, property);
    return typeof name === 'string' ? problems(property, name).map(message => ({ resource, property, message })) : [];
  }),
};
