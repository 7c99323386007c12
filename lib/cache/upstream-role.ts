import type { IResource } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { acknowledgeWildcard } from '../private/core/acknowledgements';
import { areDifferent, areSame, partitionOf, registryRelation } from '../private/core/environment';
import { show } from '../private/core/values';
import { LOGIN_ACTIONS, UPSTREAM_ACTIONS, UPSTREAM_COPY_ACTIONS } from '../private/ecr/actions';
import { repositoriesBelow } from '../private/ecr/prefixes';
import type { EcrUpstreamOptions, UpstreamRegistry } from './upstream-registry';

/**
 * Whether Amazon ECR needs a role for an upstream: an upstream in another account, or in an unknown account.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-private.html
 */
export function needsRole(cache: IResource, upstream: UpstreamRegistry): boolean {
  const { ecrRegistry } = upstream;
  return ecrRegistry !== undefined && !areSame(ecrRegistry.account, cache.env.account);
}

/**
 * Problems with a private registry of Amazon ECR as upstream, and with its role in the props.
 */
export function upstreamProblems(cache: IResource, upstream: UpstreamRegistry, role: iam.IRole | undefined): string[] {
  const { ecrRegistry } = upstream;
  if (!ecrRegistry) {
    return role ? [`'role' must not be set for ${upstream.url}, because only a private registry of Amazon ECR uses a role, got ${show(role.node.path)}`] : [];
  }

  const { account, region } = cache.env;
  const problems: string[] = [];
  if (registryRelation(ecrRegistry, cache.env) === 'same') {
    problems.push(`'upstream' must be in another account or Region, got ${account} in ${region}, the registry of the cache; pull from it directly`);
  }
  if (areDifferent(partitionOf(region), partitionOf(ecrRegistry.region))) {
    problems.push(`'upstream' must be in the partition of the cache, got ${ecrRegistry.region} for a cache in ${region}; push the images there instead`);
  }
  if (role && areDifferent(role.env.account, account)) {
    problems.push(`'role' must be a role of account ${account}, got ${show(role.node.path)} of ${role.env.account}; the role belongs to the cache, not to its upstream`);
  }
  return problems;
}

/**
 * The permissions of the role: to read below the prefix of the upstream, and to write below the prefix of the cache.
 *
 * AWS documents one statement on `*`. Here it allows reads in both registries, because AWS does not document the registry in which ECR checks it.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-private.html
 */
export function upstreamStatements(cache: IResource, prefix: string, upstream: EcrUpstreamOptions, upstreamPrefix: string): iam.PolicyStatement[] {
  const [ours, theirs] = [repositoriesBelow(cache, cache.env, prefix), repositoriesBelow(cache, upstream, upstreamPrefix)];
  return [
    new iam.PolicyStatement({ actions: UPSTREAM_ACTIONS, resources: [theirs, ours] }),
    new iam.PolicyStatement({ actions: UPSTREAM_COPY_ACTIONS, resources: [ours] }),
    // GetAuthorizationToken has no resource type, so '*' is the narrowest resource
    new iam.PolicyStatement({ actions: LOGIN_ACTIONS, resources: ['*'] }),
  ];
}

/**
 * Creates the role with which Amazon ECR pulls from an upstream.
 */
export function createUpstreamRole(cache: IResource, url: string, statements: iam.PolicyStatement[]): iam.Role {
  const policy = new iam.ManagedPolicy(cache, 'RolePolicy', { description: `Allows Amazon ECR to cache images of ${url}`, statements });
  for (const resource of new Set(statements.flatMap(statement => statement.resources))) {
    acknowledgeWildcard(policy, resource, resource === '*'
      ? 'ecr:GetAuthorizationToken has no resource type in IAM'
      : 'The repositories of a cache are created by pulls, below this prefix only');
  }
  return new iam.Role(cache, 'Role', {
    assumedBy: new iam.ServicePrincipal('pullthroughcache.ecr.amazonaws.com'),
    description: `Caches images of ${url} in Amazon ECR`,
    managedPolicies: [policy],
  });
}
