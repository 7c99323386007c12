import { type IResource, Validations } from 'aws-cdk-lib';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { acknowledgeWildcard } from '../private/core/acknowledgements';
import { BRAND } from '../private/core/brand';
import { failIfAny } from '../private/core/errors';
import { IMPORT_ACTIONS, LOGIN_ACTIONS, PULL_ACTIONS } from '../private/ecr/actions';
import { repositoriesBelow } from '../private/ecr/prefixes';
import { grantTo, type ResourceHalf, statementsText } from '../private/grants/grant';
import type { Grantee } from '../private/grants/grantee';
import { publicClass } from '../private/input/public-class';
import { addToRegistryPolicy } from '../private/ownership/registry-policy';
import { repositoryStatementProblems } from '../private/policy/repository-policy';
import type { UpstreamRegistry } from './upstream-registry';

/**
 * A pull through cache, defined in this app or imported.
 */
export interface IPullThroughCache extends IResource, ecr.IPullThroughCacheRuleRef {
  /**
   * The prefix of the names of the repositories with the cached images, or `ROOT`.
   *
   * @attribute
   */
  readonly prefix: string;

  /**
   * The registry whose images are cached.
   */
  readonly upstream: UpstreamRegistry;

  /**
   * The part of the upstream that is cached, or `ROOT`.
   */
  readonly upstreamRepositoryPrefix: string;

  /**
   * Whether the repositories of the cache get tags when they are created.
   */
  readonly tagsRepositories: boolean;

  /**
   * Permissions to pull through the cache.
   */
  readonly grants: PullThroughCacheGrants;

  /**
   * Returns the URI for pulling an image of the upstream through the cache.
   *
   * @param image the name of the image in the upstream, such as `nginx` or `bitnami/redis`; `library/` is added to official images of Docker Hub
   * @param tagOrDigest a tag such as `1.27`, or a digest such as `sha256:...`; no tag means `latest`
   */
  imageUri(image: string, tagOrDigest?: string): string;

  /**
   * Returns an image of the upstream for a container of Amazon ECS. It grants the execution role of the task the permissions to pull
   * the image through the cache, which `ecs.ContainerImage.fromRegistry(cache.imageUri(…))` does not grant.
   *
   * @param image the name of the image in the upstream, as for `imageUri`
   * @param tagOrDigest a tag or a digest, as for `imageUri`
   */
  containerImage(image: string, tagOrDigest?: string): ecs.ContainerImage;
}

/**
 * Options for pulling through a cache.
 */
export interface CachePullOptions {
  /**
   * Whether a pull may import an image for the first time, for which Amazon ECR creates a repository.
   *
   * The repositories of a cache are only created by pulls. Use `false` for principals that may only pull images that are already in the cache.
   *
   * @default true
   */
  readonly createRepository?: boolean;
}

/**
 * Least-privilege permissions to pull through a cache.
 *
 * A principal of the account gets an identity policy. A principal of another account, an account and an organization also get a
 * statement in the registry policy. The identities there also need an identity policy, which `pull` adds to a role of the app. If this
 * app cannot change one of these policies, a warning contains the statement for its owner.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html
 */
export class PullThroughCacheGrants {
  static {
    publicClass(this, 'PullThroughCacheGrants');
  }

  /**
   * Permissions on a cache.
   *
   * @param cache the cache, defined in this app or imported
   */
  public static fromPullThroughCache(cache: IPullThroughCache): PullThroughCacheGrants {
    return new PullThroughCacheGrants(cache);
  }

  private declare readonly [BRAND]: 'PullThroughCacheGrants';

  private constructor(private readonly cache: IPullThroughCache) {}

  /**
   * Grants permissions to pull images through the cache (the actions of a pull and `BatchImportUpstreamImage`), and to log in to
   * the registry. It includes `CreateRepository`, unless `createRepository` is `false`, and `TagResource` if the repositories get tags.
   *
   * @param grantee the principal that pulls; AWS Lambda cannot pull through a cache
   * @param options the permissions besides the pull
   */
  public pull(grantee: iam.IGrantable, options: CachePullOptions = {}): iam.Grant {
    const { cache } = this;
    const creates = options.createRepository ?? true;
    const actions = [...IMPORT_ACTIONS, ...PULL_ACTIONS, ...creates ? ['ecr:CreateRepository'] : []].sort();
    const resourceArns = [repositoriesBelow(cache, cache.env, cache.prefix)];
    this.warnOfLambda(grantee);
    return grantTo(grantee, {
      scope: cache,
      region: cache.env.region,
      errorCode: 'InvalidGrantee',
      warningId: 'cdk-secure-ecr:PullThroughCacheGrants.importedPrincipal',
      isNamed: true,
      problems: granteeProblems,
      permissions: part => {
        acknowledgePrefix(part, resourceArns[0]);
        return [
          // The permission to tag a repository only applies from an identity policy.
          { actions: creates && cache.tagsRepositories ? [...actions, 'ecr:TagResource'] : actions, resourceArns },
          // GetAuthorizationToken has no resource type, so '*' is the narrowest resource.
          { actions: LOGIN_ACTIONS, resourceArns: ['*'], identityOnly: true },
        ];
      },
      targets: [{
        resource: cache,
        half: (_, principal) => this.half(new iam.PolicyStatement({ actions, principals: [principal], resources: resourceArns })),
      }],
    });
  }

  private half(statement: iam.PolicyStatement): ResourceHalf {
    const { cache } = this;
    failIfAny(cache, 'InvalidGrantee', repositoryStatementProblems('grantee', statement));
    return {
      statement,
      add: () => cache.node.defaultChild
        ? { statementAdded: true, policyDependable: addToRegistryPolicy(cache, statement) }
        : { statementAdded: false },
      warn: () => Validations.of(cache).addWarning(
        'cdk-secure-ecr:PullThroughCacheGrants.importedCache',
        `the grant has no effect until the owner of the registry of the imported cache '${cache.node.path}', whose policy this app cannot change, adds `
        + statementsText(cache, [statement]),
      ),
    };
  }

  private warnOfLambda(grantee: iam.IGrantable): void {
    if ('functionArn' in grantee) {
      Validations.of(this.cache).addWarning(
        'cdk-secure-ecr:PullThroughCacheGrants.lambda',
        'the grant applies to the code of the function only, because AWS Lambda cannot pull the image of a function through a cache; '
        + 'copy the image into a repository and deploy the function from there',
      );
    }
  }
}

function acknowledgePrefix({ construct, isImportedFromAbroad }: Grantee, resourceArn: string): void {
  if (construct && !isImportedFromAbroad) {
    acknowledgeWildcard(construct, resourceArn, 'The repositories of a cache are created by pulls, below this prefix only');
  }
}

function granteeProblems({ kind, service, name }: Grantee): string[] {
  if (service?.startsWith('lambda.')) {
    return ["'grantee' must not be AWS Lambda, which cannot pull through a cache; copy the image into a repository and deploy the function from there"];
  }
  return kind === 'service' ? [`'grantee' must be an AWS identity, account or organization, got ${name}; grant to the role that it pulls with`] : [];
}
