import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { failIfAny, failUnscopedIfAny } from '../private/core/errors';
import { duplicatesOf, isKnown, show } from '../private/core/values';
import { UPSTREAM_ACTIONS } from '../private/ecr/actions';
import { LIMITS } from '../private/ecr/limits';
import { accountProblems, namespaceProblems } from '../private/ecr/names';
import { repositoriesBelow, ROOT } from '../private/ecr/prefixes';
import { checkArguments } from '../private/input/check-arguments';
import { publicClass } from '../private/input/public-class';
import { addToRegistryPolicy, registryPolicyProblems } from '../private/ownership/registry-policy';
import type { IPullThroughCache } from './pull-through-cache-grants';

/**
 * Properties for defining an `UpstreamAccess`.
 */
export interface UpstreamAccessProps {
  /**
   * The accounts whose caches may import images from this registry, at least one.
   */
  readonly accounts: string[];

  /**
   * The part of the registry that they may cache: `team` matches `team/*`.
   *
   * The value of `upstreamRepositoryPrefix` of the caches: 2 to 30 characters.
   *
   * @default - the whole registry
   */
  readonly repositoryPrefix?: string;
}

/**
 * Allows caches of other accounts to import images from this registry: the permission of the upstream for `UpstreamRegistry.ecr`.
 *
 * It adds a statement to the registry policy of the stack, which other constructs of this library share.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-private.html
 */
export class UpstreamAccess extends Construct {
  static {
    publicClass(this, 'UpstreamAccess');
  }

  /**
   * Creates the access for a cache of this app, in a stack for the account and Region of its upstream.
   *
   * @param scope a scope in a stack for the account and Region of the upstream
   * @param id the id of the construct
   * @param cache a cache of `UpstreamRegistry.ecr` in another account [disable-awslint:prefer-ref-interface]
   */
  public static forCache(scope: Construct, id: string, cache: IPullThroughCache): UpstreamAccess {
    failIfAny(scope, 'InvalidUpstreamAccess', cacheProblems(scope, cache));

    return new UpstreamAccess(scope, id, { accounts: [cache.env.account], repositoryPrefix: cache.upstreamRepositoryPrefix });
  }

  /**
   * Returns a statement with the same access to one repository, for its repository policy instead of the registry policy.
   *
   * @param accounts the accounts whose caches may import images from the repository, at least one
   */
  public static repositoryStatement(accounts: string[]): iam.PolicyStatement {
    failUnscopedIfAny('InvalidUpstreamAccess', accountsProblems(accounts));

    return statementFor(accounts);
  }

  constructor(scope: Construct, id: string, props: UpstreamAccessProps) {
    checkArguments('UpstreamAccess', [scope, id, props]);
    super(scope, id);

    const { accounts, repositoryPrefix = ROOT } = props;
    const { account } = Stack.of(this);
    failIfAny(this, 'InvalidUpstreamAccess', [
      ...accountsProblems(accounts),
      ...(isKnown(account) && accounts.includes(account)
        ? [`'accounts' must be other accounts, got ${show(account)}, the account of this registry, whose caches need no access`]
        : []),
      ...namespaceProblems('repositoryPrefix', repositoryPrefix, LIMITS.cachePrefix),
      ...registryPolicyProblems(this),
    ]);

    const statement = statementFor(accounts);
    statement.addResources(repositoriesBelow(this, Stack.of(this), repositoryPrefix));
    addToRegistryPolicy(this, statement);
  }
}

function statementFor(accounts: string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({ actions: UPSTREAM_ACTIONS, principals: accounts.map(account => new iam.AccountPrincipal(account)) });
}

function accountsProblems(accounts: string[]): string[] {
  return [
    ...(accounts.length === 0 ? ["'accounts' must have at least one account, got []"] : []),
    ...accounts.flatMap((account, index) => accountProblems(`accounts[${index}]`, account)),
    ...duplicatesOf(accounts).map(account => `'accounts' must not have duplicates, got ${show(account)} twice`),
  ];
}

function cacheProblems(scope: Construct, cache: IPullThroughCache): string[] {
  const { ecrRegistry, url } = cache.upstream;
  if (!ecrRegistry) {
    return [`'cache' must have an upstream of UpstreamRegistry.ecr, got ${url}, whose policy you cannot change`];
  }

  const stack = Stack.of(scope);
  const problems: string[] = [];
  if (!isKnown(cache.env.account)) {
    problems.push(`'cache' must be in a stack with a known account, got ${show(cache.node.path)}; set 'env' on its stack, or use 'new UpstreamAccess' with 'accounts'`);
  }
  for (const part of ['account', 'region'] as const) {
    if (isKnown(stack[part]) && isKnown(ecrRegistry[part]) && stack[part] !== ecrRegistry[part]) {
      problems.push(`'scope' must be in the ${part} of the upstream, ${ecrRegistry[part]}, got ${stack[part]}; define the construct in a stack for ${url}`);
    }
  }
  return problems;
}
