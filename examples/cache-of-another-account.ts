import { Stack, type StackProps } from 'aws-cdk-lib';
import { PullThroughCache, UpstreamAccess, UpstreamRegistry } from 'cdk-secure-ecr';
import type { Construct } from 'constructs';

const UPSTREAM = { account: '222222222222', region: 'eu-central-1' };
const CONSUMER = '333333333333';
const SHARED = 'base';

/**
 * The account that caches: `base/*` of the other account's registry becomes `shared/*` here, image by image as somebody pulls.
 */
export class CacheOfAnotherAccountStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    new PullThroughCache(this, 'Shared', {
      upstream: UpstreamRegistry.ecr(UPSTREAM),
      prefix: 'shared',
      upstreamRepositoryPrefix: SHARED,
    });
  }
}

/**
 * The account that owns the images: its registry policy lets the caches of the other account take `base/*`. In an app that has both
 * stacks, `UpstreamAccess.forCache(this, 'Caches', cache)` knows the account and the prefix by itself.
 */
export class CacheUpstreamStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    new UpstreamAccess(this, 'Caches', { accounts: [CONSUMER], repositoryPrefix: SHARED });
  }
}
