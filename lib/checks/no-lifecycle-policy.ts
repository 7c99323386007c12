import type { Check } from './check';
import { lifecycleText } from './lifecycle-text';
import { ofType, REPOSITORY, TEMPLATE } from './template-resource';

/**
 * Images are never deleted and incur storage costs.
 */
export const noLifecyclePolicy: Check = {
  id: 'noLifecyclePolicy',
  severity: 'error',
  fix: 'set it to LifecyclePolicy.standard().toJson(), or use SecureRepository, which sets it by default',
  controls: { 'AWS Security Hub': 'ECR.3', 'AWS Control Tower': 'CT.ECR.PR.1' },
  find: resources => ofType(resources, REPOSITORY, TEMPLATE).filter(resource => lifecycleText(resource) === undefined).map(resource => ({
    resource,
    property: 'LifecyclePolicy',
    message: "'LifecyclePolicy' must expire images, got none: every pushed image is kept and incurs storage costs",
  })),
};
