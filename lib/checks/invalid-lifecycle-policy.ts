import type { Check } from './check';
import { readLifecycle } from './lifecycle-text';
import { ofType, REPOSITORY, TEMPLATE } from './template-resource';

/**
 * The deployment fails, because Amazon ECR refuses the policy.
 */
export const invalidLifecyclePolicy: Check = {
  id: 'invalidLifecyclePolicy',
  severity: 'error',
  fix: 'write it with LifecyclePolicy.of(), which cannot write what Amazon ECR refuses',
  find: resources => ofType(resources, REPOSITORY, TEMPLATE).flatMap(resource => {
    const { problems } = readLifecycle(resource);
    return problems.length === 0 ? [] : [{
      resource,
      property: 'LifecyclePolicy',
      message: `'LifecyclePolicy' must be what Amazon ECR takes: ${problems.join('; ')}`,
    }];
  }),
};
