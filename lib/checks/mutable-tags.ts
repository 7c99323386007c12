import { show } from '../private/core/values';
import { isBelow } from '../private/ecr/prefixes';
import { areTagsMutable } from '../private/ecr/tag-mutability';
import type { Check } from './check';
import { isIntrinsic, isUnknown, type Properties } from './template-json';
import { CACHE_RULE, ofType, relation, REPOSITORY, TEMPLATE, type TemplateResource, textAt, valueAt } from './template-resource';

/**
 * Principals that may push can replace the image of a tag. Caches are ignored, because their tags move with the upstream.
 */
export const mutableTags: Check = {
  id: 'mutableTags',
  severity: 'error',
  fix: "set ImageTagMutability to 'IMMUTABLE', or use SecureRepository, with 'mutableTags' for the tags that must be mutable",
  controls: { 'AWS Security Hub': 'ECR.2', 'AWS Control Tower': 'CT.ECR.PR.3', 'checkov': 'CKV_AWS_51' },
  find: resources => {
    const caches = ofType(resources, CACHE_RULE);
    return ofType(resources, REPOSITORY, TEMPLATE)
      .filter(resource => isMutable(resource.properties) && !isForCaches(resource.properties) && !isBelowCache(resource, caches))
      .map(resource => ({
        resource,
        property: 'ImageTagMutability',
        message: `'ImageTagMutability' must make tags immutable, got ${show(mutabilityOf(resource.properties))}${
          mutabilityOf(resource.properties) === 'IMMUTABLE_WITH_EXCLUSION' ? ' with an exclusion for every tag' : ''}: principals that may push can replace the image that runs`,
      }));
  },
};

function isForCaches(properties: Properties): boolean {
  const uses = valueAt(properties, 'AppliedFor');
  return isIntrinsic(uses) || [uses].flat().includes('PULL_THROUGH_CACHE');
}

/** Whether a cache fills a repository, whose tags it could not refresh if they were immutable. */
function isBelowCache(resource: TemplateResource, caches: readonly TemplateResource[]): boolean {
  const name = resource.type === REPOSITORY ? valueAt(resource.properties, 'RepositoryName') : undefined;
  return typeof name === 'string'
    && caches.some(cache => isBelow(valueAt(cache.properties, 'EcrRepositoryPrefix'), name) && relation(cache, resource) !== 'different');
}

function isMutable(properties: Properties): boolean {
  const value = mutabilityOf(properties);
  const filters = valueAt(properties, 'ImageTagMutabilityExclusionFilters');
  const texts = Array.isArray(filters) ? filters.map(filter => textAt(filter as Properties, 'ImageTagMutabilityExclusionFilterValue')) : [];
  return !isUnknown(value) && areTagsMutable(String(value), texts);
}

function mutabilityOf(properties: Properties): unknown {
  return valueAt(properties, 'ImageTagMutability') ?? 'MUTABLE';
}
