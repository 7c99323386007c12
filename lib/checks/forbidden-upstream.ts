import { show } from '../private/core/values';
import { matchesWildcards } from '../private/core/wildcards';
import { hostOf, UPSTREAMS } from '../private/ecr/upstreams';
import type { Check } from './check';
import type { Properties } from './template-json';
import { CACHE_RULE, ofType, valueAt } from './template-resource';

/**
 * A pull through cache has an upstream that the organization does not allow.
 */
export const forbiddenUpstream: Check = {
  id: 'forbiddenUpstream',
  severity: 'error',
  isOptional: true,
  fix: 'cache an upstream that is allowed, or ask for this one to be allowed; another upstream replaces the cache rule: remove it, deploy, then add the new one',
  fixReplaces: true,
  find: (resources, { allowedUpstreams }) => allowedUpstreams === undefined ? [] : ofType(resources, CACHE_RULE).flatMap(resource => {
    const host = upstreamOf(resource.properties);
    return host === undefined || allowedUpstreams.some(allowed => matchesWildcards(host, hostOf(allowed))) ? [] : [{
      resource,
      property: 'UpstreamRegistryUrl',
      message: `'UpstreamRegistryUrl' must be ${allowedUpstreams.length > 0 ? `one of ${allowedUpstreams.map(show).join(', ')}` : 'none, since no upstream is allowed'}, got ${show(host)}`,
    }];
  }),
};

/** The host of an upstream, which the kind of the registry implies where there is only one. */
function upstreamOf(properties: Properties): string | undefined {
  const url = valueAt(properties, 'UpstreamRegistryUrl');
  const kind = valueAt(properties, 'UpstreamRegistry');
  return typeof url === 'string' ? hostOf(url) : url === undefined ? Object.values(UPSTREAMS).find(upstream => upstream.kind === kind)?.url : undefined;
}
