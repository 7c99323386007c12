import { show } from '../private/core/values';
import type { Check } from './check';
import { ENDPOINT, serviceOf } from './endpoint-service';
import { isUnknown } from './template-json';
import { ofType, valueAt } from './template-resource';

/**
 * Clients use the public addresses of Amazon ECR although there is an endpoint.
 */
export const noPrivateDns: Check = {
  id: 'noPrivateDns',
  severity: 'warning',
  fix: 'set PrivateDnsEnabled, use EcrVpcEndpoints, or acknowledge it where a private hosted zone points to central endpoints',
  find: resources => ofType(resources, ENDPOINT).filter(resource => serviceOf(resource)?.startsWith('ecr.')).flatMap(resource => {
    const enabled = valueAt(resource.properties, 'PrivateDnsEnabled') ?? false;
    return isUnknown(enabled) || enabled === true || enabled === 'true' ? [] : [{
      resource,
      property: 'PrivateDnsEnabled',
      message: `'PrivateDnsEnabled' must be true, got ${show(enabled)}: clients use the public addresses of Amazon ECR, unless a private hosted zone for them points to the endpoint`,
    }];
  }),
};
