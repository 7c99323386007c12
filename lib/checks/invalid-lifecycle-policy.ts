import type { Check } from './check';
import { readLifecycle } from './lifecycle-text';
import { ofType, REPOSITORY, TEMPLATE } from './template-resource';

/**
 * The deployment fails, because Amazon ECR rejects the policy.
 */
export const invalidLifecyclePolicy: Check = {
  id: 'invalidLifecyclePolicy',
  severity: 'error',
  fix: 'write it with LifecyclePolicy.of(), which only writes policies that Amazon ECR accepts',
  find: resources => ofType(resources, REPOSITORY, TEMPLATE).flatMap(resource => {
    const { problems } = readLifecycle(resource);
    return problems.length === 0 ? [] : [{
      resource,
      property: 'LifecyclePolicy',
      message: `'LifecyclePolicy' must be valid in Amazon ECR: ${problems.join('; ')}`,
    }];
  }),
};
