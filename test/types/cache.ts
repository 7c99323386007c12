import type { Stack } from 'aws-cdk-lib';
import { PullThroughCache, type PullThroughCacheGrants, UpstreamRegistry } from 'cdk-secure-ecr';
import { lookAlike, take } from './refuse';

declare const scope: Stack;

// @ts-expect-error -- text
take<PullThroughCacheGrants>('pull');
// @ts-expect-error -- look-alike
take<PullThroughCacheGrants>(lookAlike<PullThroughCacheGrants>());
// @ts-expect-error -- text
take<UpstreamRegistry>('docker-hub');
// @ts-expect-error -- look-alike
take<UpstreamRegistry>(lookAlike<UpstreamRegistry>());

new PullThroughCache(scope, 'Cache', { upstream: UpstreamRegistry.QUAY });
// @ts-expect-error -- a URL is not an upstream
new PullThroughCache(scope, 'ByUrl', { upstream: 'quay.io' });
// @ts-expect-error -- the fields of an upstream are not an upstream
new PullThroughCache(scope, 'ByFields', { upstream: { kind: 'quay', url: 'quay.io', defaultPrefix: 'quay' } });
