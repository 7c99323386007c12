import { Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import type { IConstruct } from 'constructs';
import type { LifecyclePolicy } from '../lifecycle/lifecycle-policy';
import { areDifferent } from '../private/core/environment';
import { warnAtSynthesis } from '../private/core/late-warnings';
import { ROOT } from '../private/ecr/prefixes';
import { inRegistry, lacksRegistryPolicy } from '../private/ownership/app-registry';
import type { EcrUpstreamOptions } from './upstream-registry';

/**
 * Warns about a cache of another registry of Amazon ECR that does not match the rest of the app.
 *
 * @param owner the construct that the user wrote
 * @param resource its resource
 * @param prefix its prefix
 * @param upstream the registry that it caches
 */
export function warnOfUpstream(owner: IConstruct, resource: ecr.CfnPullThroughCacheRule, prefix: string, upstream: EcrUpstreamOptions): void {
  const { account, region } = Stack.of(owner);
  warnAtSynthesis(owner, resource, 'cdk-secure-ecr:PullThroughCache.noUpstreamAccess', () => areDifferent(account, upstream.account) && lacksRegistryPolicy(owner, upstream)
    ? `pulls fail, because account ${upstream.account} in ${upstream.region}, to which the app deploys, does not allow this cache; define UpstreamAccess.forCache there, or acknowledge this if another app or repository policies allow it`
    : undefined);
  if (prefix === ROOT) {
    warnAtSynthesis(owner, resource, 'cdk-secure-ecr:PullThroughCache.circularRoot', () => {
      const back = inRegistry(owner, it => ecr.CfnPullThroughCacheRule.isCfnPullThroughCacheRule(it), ['same'], upstream)
        .find(rule => rule.ecrRepositoryPrefix === ROOT && String(rule.upstreamRegistryUrl).startsWith(`${account}.dkr.ecr.${region}.`));
      return back && `pulls of a name that neither registry has loop between them, because '${back.node.path}' also caches this registry with ROOT; set a prefix on one of the caches`;
    });
  }
}

/**
 * Whether a lifecycle policy archives images.
 */
export function archives(lifecycle: LifecyclePolicy | undefined): boolean {
  return /"type": ?"transition"/.test(lifecycle?.toJson() ?? '');
}
