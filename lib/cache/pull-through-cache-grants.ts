import { Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { acknowledgeWildcard } from '../private/core/acknowledgements';
import { BRAND, brand } from '../private/core/brand';
import { failIfAny } from '../private/core/errors';
import { show } from '../private/core/values';
import { IMPORT_ACTIONS, LOGIN_ACTIONS, PULL_ACTIONS } from '../private/ecr/actions';
import { repositoriesBelow } from '../private/ecr/prefixes';
import { addToRegistryPolicy } from '../private/ownership/registry-policy';
import { repositoryStatementProblems } from '../private/policy/repository-policy';
import { statementText } from '../private/policy/statement-text';
import {
  accountOf, arnOf, conditionsOf, constructOf, isForeign, isOutOfReach, partsOf, resourcePrincipal, serviceOf,
} from '../repository/resource-principal';
import type { IPullThroughCache } from './pull-through-cache';

/**
 * Options for pulling through a cache.
 */
export interface CachePullOptions {
  /**
   * Whether a pull may bring in an image that nobody pulled before, for which Amazon ECR creates a repository.
   *
   * The repositories of a cache come into being in no other way. `false` is for those who may only use what others brought in.
   *
   * @default true
   */
  readonly createRepository?: boolean;
}

/**
 * Least-privilege permissions to pull through a cache.
 *
 * A principal of the account gets an identity policy. A principal of another account, a whole account and an organization get a
 * statement in the registry policy too; the identities there need the other half, which `pull` gives to a role that the app defines.
 * What is out of reach of the app is a warning with the statement that its owner has to add.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html
 */
export class PullThroughCacheGrants {
  static {
    brand(this, 'PullThroughCacheGrants');
  }

  /**
   * Permissions on a cache.
   *
   * @param cache the cache, defined in this app or imported into it
   */
  public static fromPullThroughCache(cache: IPullThroughCache): PullThroughCacheGrants {
    return new PullThroughCacheGrants(cache);
  }

  private declare readonly [BRAND]: 'PullThroughCacheGrants';

  private constructor(private readonly cache: IPullThroughCache) {}

  /**
   * Pull images through the cache: the actions of every pull, `BatchImportUpstreamImage`, and log in to the registry; with
   * `CreateRepository`, unless it is not wanted, and `TagResource` where the repositories get tags.
   *
   * @param grantee who pulls; AWS Lambda cannot
   * @param options what else the pulls may do
   */
  public pull(grantee: iam.IGrantable, options: CachePullOptions = {}): iam.Grant {
    this.warnOfLambda(grantee);
    return combined(partsOf(grantee.grantPrincipal).map(principal => this.pullTo(principal, options.createRepository ?? true)));
  }

  private pullTo(principal: iam.IPrincipal, creates: boolean): iam.Grant {
    const { cache } = this;
    const foreign = isForeign(cache, principal);
    failIfAny(cache, 'InvalidGrantee', granteeProblems(principal, foreign));

    const actions = [...IMPORT_ACTIONS, ...PULL_ACTIONS, ...(creates ? ['ecr:CreateRepository'] : [])].sort();
    const resources = [repositoriesBelow(cache, cache.env, cache.prefix)];
    // AWS takes the permission to tag a repository from an identity policy only.
    const identity = this.grantIdentity(principal, creates && cache.tagsRepositories ? [...actions, 'ecr:TagResource'] : actions, resources);
    if (identity.success && !foreign) {
      return identity;
    }

    const statement = new iam.PolicyStatement({ actions, principals: [resourcePrincipal(cache, principal)], resources });
    failIfAny(cache, 'InvalidGrantee', repositoryStatementProblems('grantee', statement));
    return identity.combine(iam.Grant.addStatementToResourcePolicy({
      grantee: principal,
      actions,
      resourceArns: resources,
      statement,
      resource: { env: cache.env, addToResourcePolicy: entry => this.addToRegistryPolicy(entry) },
    }));
  }

  private grantIdentity(principal: iam.IPrincipal, actions: string[], resourceArns: string[]): iam.Grant {
    const { cache } = this;
    const conditions = conditionsOf(principal) as Record<string, Record<string, unknown>>;
    if (!isOutOfReach(principal)) {
      const construct = constructOf(principal);
      if (construct) {
        acknowledgeWildcard(construct, resourceArns[0], 'The repositories of a cache come into being when somebody pulls, below this prefix only');
      }
      // GetAuthorizationToken has no resource type: '*' is the narrowest that IAM knows.
      return iam.Grant.addToPrincipal({ grantee: principal, actions, resourceArns, conditions })
        .combine(iam.Grant.addToPrincipal({ grantee: principal, actions: LOGIN_ACTIONS, resourceArns: ['*'] }));
    }

    const statements = [
      new iam.PolicyStatement({ actions, resources: resourceArns, conditions }),
      new iam.PolicyStatement({ actions: LOGIN_ACTIONS, resources: ['*'] }),
    ];
    Validations.of(cache).addWarning(
      'cdk-secure-ecr:PullThroughCacheGrants.importedPrincipal',
      `the imported principal ${arnOf(principal)} of account ${accountOf(principal)} is out of reach of this app; `
      + `ask its owner to attach these statements: [${statements.map(statement => statementText(cache, statement)).join(',')}]`,
    );
    return iam.Grant.drop(principal, '');
  }

  private addToRegistryPolicy(statement: iam.PolicyStatement): iam.AddToResourcePolicyResult {
    const { cache } = this;
    if (cache.node.defaultChild) {
      return { statementAdded: true, policyDependable: addToRegistryPolicy(cache, statement) };
    }
    Validations.of(cache).addWarning(
      'cdk-secure-ecr:PullThroughCacheGrants.importedCache',
      `the registry policy of the imported cache ${show(cache.node.path)} is out of reach of this app; `
      + `ask its owner to add this statement: ${statementText(cache, statement)}`,
    );
    return { statementAdded: false };
  }

  private warnOfLambda(grantee: iam.IGrantable): void {
    if ('functionArn' in grantee) {
      Validations.of(this.cache).addWarning(
        'cdk-secure-ecr:PullThroughCacheGrants.lambda',
        'AWS Lambda cannot pull the image of a function through a cache, so the grant serves the code of the function only; '
        + 'copy the image into a repository and deploy the function from there',
      );
    }
  }
}

function granteeProblems(principal: iam.IPrincipal, foreign: boolean): string[] {
  const service = serviceOf(principal);
  if (service?.startsWith('lambda.')) {
    return ["'grantee' must not be AWS Lambda, which cannot pull through a cache; copy the image into a repository and deploy the function from there"];
  }
  if (foreign && /:group\//.test(String(arnOf(principal)))) {
    return [`'grantee' must not be a group of another account, which no policy can name, got ${show(arnOf(principal))}; grant to a role or to the account`];
  }
  if (principal instanceof iam.UnknownPrincipal) {
    return []; // the CDK itself warns that the statements are up to the owner of the imported resource
  }
  const { Federated, CanonicalUser } = principal.policyFragment.principalJson;
  const stranger: unknown = service ?? Federated ?? CanonicalUser;
  return stranger === undefined ? [] : [
    `'grantee' must be an identity, an account or an organization of AWS, got ${show(stranger)}; grant the role with which it pulls`,
  ];
}

function combined(grants: iam.Grant[]): iam.Grant {
  return grants.reduce((left, right) => left.combine(right));
}
