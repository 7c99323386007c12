import type { Check } from './check';
import { lifecycleText } from './lifecycle-text';
import { ofType, REPOSITORY, TEMPLATE } from './template-resource';

/**
 * Images stay and cost for ever.
 */
export const noLifecyclePolicy: Check = {
  id: 'noLifecyclePolicy',
  severity: 'error',
  fix: 'give it LifecyclePolicy.standard().toJson(), or use SecureRepository, which has it by itself',
  controls: { 'AWS Security Hub': 'ECR.3', 'AWS Control Tower': 'CT.ECR.PR.1' },
  find: resources => ofType(resources, REPOSITORY, TEMPLATE).filter(resource => lifecycleText(resource) === undefined).map(resource => ({
    resource,
    property: 'LifecyclePolicy',
    message: "'LifecyclePolicy' must say which images go, got none: every image that was ever pushed stays and costs",
  })),
};
