import { show } from '../private/core/values';
import type { Check } from './check';
import { isIntrinsic, type Properties } from './template-json';
import { ofType, REPOSITORY, TEMPLATE, textAt, valueAt } from './template-resource';

/**
 * Whoever may push can replace the image behind a tag. Caches are left out: their tags move with the upstream.
 */
export const mutableTags: Check = {
  id: 'mutableTags',
  severity: 'error',
  fix: "set ImageTagMutability to 'IMMUTABLE', or use SecureRepository, with 'mutableTags' for the few tags that have to move",
  controls: { 'AWS Security Hub': 'ECR.2', 'AWS Control Tower': 'CT.ECR.PR.3', 'checkov': 'CKV_AWS_51' },
  find: resources => ofType(resources, REPOSITORY, TEMPLATE)
    .filter(({ properties }) => !isForCaches(properties) && isMutable(properties))
    .map(resource => ({
      resource,
      property: 'ImageTagMutability',
      message: `'ImageTagMutability' must keep tags where they are, got ${show(mutabilityOf(resource.properties))}${
        mutabilityOf(resource.properties) === 'IMMUTABLE_WITH_EXCLUSION' ? ' with an exclusion for every tag' : ''}: whoever may push can replace what runs`,
    })),
};

function isForCaches(properties: Properties): boolean {
  const uses = valueAt(properties, 'AppliedFor');
  return isIntrinsic(uses) || [uses].flat().includes('PULL_THROUGH_CACHE');
}

function isMutable(properties: Properties): boolean {
  const value = mutabilityOf(properties);
  return !isIntrinsic(value) && value !== 'IMMUTABLE' && (value === 'IMMUTABLE_WITH_EXCLUSION') === everyTagExcluded(properties);
}

function mutabilityOf(properties: Properties): unknown {
  return valueAt(properties, 'ImageTagMutability') ?? 'MUTABLE';
}

/** From the rule for all others: then `IMMUTABLE_WITH_EXCLUSION` means mutable, and the other way round. */
function everyTagExcluded(properties: Properties): boolean {
  const filters = valueAt(properties, 'ImageTagMutabilityExclusionFilters');
  return Array.isArray(filters) && filters.some(filter => /^\*+$/.test(textAt(filter as Properties, 'ImageTagMutabilityExclusionFilterValue')));
}
