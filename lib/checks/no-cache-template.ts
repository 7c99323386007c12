import { isKnown, show } from '../private/core/values';
import { normalPrefix, ROOT } from '../private/ecr/prefixes';
import type { Check } from './check';
import { isIntrinsic } from './template-json';
import { CACHE_RULE, ofType, relation, TEMPLATE, valueAt } from './template-resource';

/**
 * Amazon ECR creates the repositories of a cache with the defaults of the service: no lifecycle policy, no customer managed key, no tags.
 */
export const noCacheTemplate: Check = {
  id: 'noCacheTemplate',
  severity: 'warning',
  fix: 'use PullThroughCache, which creates the template, or add an AWS::ECR::RepositoryCreationTemplate for PULL_THROUGH_CACHE with the prefix',
  find: resources => {
    const templates = ofType(resources, TEMPLATE).filter(({ properties }) => {
      const uses = valueAt(properties, 'AppliedFor');
      return isIntrinsic(uses) || [uses].flat().some(use => use === 'PULL_THROUGH_CACHE' || isIntrinsic(use));
    });
    return ofType(resources, CACHE_RULE).filter(rule => {
      const prefix = valueAt(rule.properties, 'EcrRepositoryPrefix');
      return typeof prefix === 'string' && isKnown(prefix) && !templates.some(template => relation(template, rule) !== 'different' && covers(valueAt(template.properties, 'Prefix'), prefix));
    }).map(resource => ({
      resource,
      property: 'EcrRepositoryPrefix',
      message: `'EcrRepositoryPrefix' must have a repository creation template, got none for ${show(valueAt(resource.properties, 'EcrRepositoryPrefix'))}: `
        + 'the repositories of the cache have no lifecycle policy, so that their images are never deleted',
    }));
  },
};

/** Whether a template is for the repositories below a prefix. */
function covers(template: unknown, prefix: string): boolean {
  return typeof template !== 'string' || !isKnown(template) || template === ROOT || `${normalPrefix(prefix)}/`.startsWith(`${normalPrefix(template)}/`);
}
