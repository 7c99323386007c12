import { findingsOf } from '../lifecycle/policy-findings';
import { KEYED_RESOURCES } from '../private/ecr/registry-resources';
import type { Check, Finding } from './check';
import { readLifecycle } from './lifecycle-text';
import { ofType, relation, REPOSITORY, TEMPLATE, type TemplateResource } from './template-resource';

/**
 * The policy is valid but probably unintended, such as rules that never act, or a list that matches images with all of its tags.
 */
export const doubtfulLifecyclePolicy: Check = {
  id: 'doubtfulLifecyclePolicy',
  severity: 'warning',
  fix: 'try the policy with LifecyclePolicy.fromJson(text).preview() before it deletes anything',
  find: resources => {
    const exclusions = ofType(resources, KEYED_RESOURCES.exclusion.type);
    return ofType(resources, REPOSITORY, TEMPLATE).flatMap(resource => findingsFor(resource, exclusions));
  },
};

function findingsFor(resource: TemplateResource, exclusions: readonly TemplateResource[]): Finding[] {
  const { rules, problems } = readLifecycle(resource);
  const excluded = exclusions.some(exclusion => relation(exclusion, resource) !== 'different');
  return (problems.length > 0 || rules.length === 0 ? [] : findingsOf(rules))
    .filter(({ id }) => id !== 'archiveSavesNothing' && !(id === 'scannersCountAsPulls' && excluded)) // the first is true of every policy that archives
    .map(({ message }) => ({ resource, property: 'LifecyclePolicy', message: `'LifecyclePolicy' must have the intended effect: ${message}` }));
}
