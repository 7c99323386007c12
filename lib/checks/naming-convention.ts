import { isKnown } from '../private/core/values';
import type { Check } from './check';
import { ofType, PUBLIC_REPOSITORY, REPOSITORY, valueAt } from './template-resource';

/**
 * The name of a repository does not follow the convention of the organization.
 */
export const namingConvention: Check = {
  id: 'namingConvention',
  severity: 'error',
  isOptional: true,
  fix: 'set RepositoryName; another name replaces the repository with a new, empty one: acknowledge the finding where it holds images, or copy them first',
  fixReplaces: true,
  find: (resources, { naming }) => naming === undefined ? [] : ofType(resources, REPOSITORY, PUBLIC_REPOSITORY).flatMap(resource => {
    const name = valueAt(resource.properties, 'RepositoryName');
    return name === undefined || (typeof name === 'string' && isKnown(name))
      ? naming._problems('RepositoryName', name).map(message => ({ resource, property: 'RepositoryName', message }))
      : [];
  }),
};
