import { type IResource, Lazy, Resource, Stack, Validations } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as events from 'aws-cdk-lib/aws-events';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { LifecyclePolicy } from '../lifecycle/lifecycle-policy';
import { partitionOf } from '../private/core/environment';
import { failIfAny } from '../private/core/errors';
import { targetInStage } from '../private/core/event-target';
import { isKnown, show } from '../private/core/values';
import { LIMITS } from '../private/ecr/limits';
import { namespaceProblems } from '../private/ecr/names';
import { partitionFacts, undocumented } from '../private/ecr/partitions';
import { normalPrefix, ROOT } from '../private/ecr/prefixes';
import { KEYED_RESOURCES } from '../private/ecr/registry-resources';
import { addServiceStatements, trustProblems } from '../private/grants/service-role';
import { checkArguments } from '../private/input/check-arguments';
import { injectable } from '../private/input/injectable';
import { publicClass } from '../private/input/public-class';
import { claimProblems, claimResource, type OwnedKind } from '../private/ownership/claims';
import { keepLogicalId } from '../private/ownership/logical-ids';
import type { RepositoryEncryption } from '../repository/repository-encryption';
import { type IRepositoryTemplate, RepositoryTemplate, repositoryTemplateProblems } from '../repository/repository-template';
import { TemplateUse } from '../repository/template-use';
import { archives, warnOfUpstream } from './cache-warnings';
import { CachedContainerImage } from './cached-container-image';
import { warnOfTasks } from './cached-task-warnings';
import { type CachedImage, imagePath, imageProblems, imageReference } from './image-reference';
import { PullThroughCacheGrants, type IPullThroughCache } from './pull-through-cache-grants';
import { createCredentials, credentialsProblems } from './upstream-credentials';
import type { UpstreamRegistry } from './upstream-registry';
import { createUpstreamRole, needsRole, upstreamProblems, upstreamStatements } from './upstream-role';

const CACHES: OwnedKind = {
  ...KEYED_RESOURCES.cache,
  warningId: 'cdk-secure-ecr:PullThroughCache.environmentUnknown',
  fix: "give one of them another 'prefix'",
  normalize: normalPrefix,
};

/**
 * Properties for defining a `PullThroughCache`.
 */
export interface PullThroughCacheProps {
  /**
   * The upstream registry.
   *
   * CloudFormation cannot change it under the same prefix: set a new prefix together with a new upstream.
   */
  readonly upstream: UpstreamRegistry;

  /**
   * The prefix of the names of the repositories with the cached images: `docker-hub` matches `docker-hub/*`.
   *
   * 2 to 30 characters, unique in each account and Region. `ROOT` matches every repository that no other cache matches.
   *
   * @default - the default prefix of the upstream
   */
  readonly prefix?: string;

  /**
   * The part of the upstream that is cached: `team` matches `team/*`. The names of the repositories have `prefix` instead.
   *
   * 2 to 30 characters; requires a `prefix` other than `ROOT`.
   *
   * @default - the whole upstream
   */
  readonly upstreamRepositoryPrefix?: string;

  /**
   * The secret with the credentials for the upstream: JSON with the keys `username` and `accessToken`.
   *
   * Its name begins with `ecr-pullthroughcache/`, it is in the account and Region of the cache, and the AWS managed key encrypts it.
   * To change the credentials, put a new value into the same secret: CloudFormation cannot change the secret of the cache.
   *
   * [disable-awslint:prefer-ref-interface]
   *
   * @default - a new secret `ecr-pullthroughcache/<prefix>` if the upstream requires credentials; set its value after the deployment
   */
  readonly credentials?: secretsmanager.ISecret;

  /**
   * The role with which Amazon ECR pulls from an upstream that is a private registry of Amazon ECR, of the account of the cache.
   *
   * The cache grants it the permissions that it needs; its trust policy must allow `pullthroughcache.ecr.amazonaws.com`.
   *
   * [disable-awslint:prefer-ref-interface]
   *
   * @default - a new role if the upstream is in another account, otherwise none
   */
  readonly role?: iam.IRole;

  /**
   * The encryption of the repositories.
   *
   * @default - the customer managed key that the repositories of the stack share
   */
  readonly encryption?: RepositoryEncryption;

  /**
   * The lifecycle policy of the repositories. An expired image is cached again when it is pulled again.
   *
   * @default LifecyclePolicy.standard()
   */
  readonly lifecycle?: LifecyclePolicy;

  /**
   * The mutable tags, which the cache refreshes when they move in the upstream, up to five filters such as `latest`.
   *
   * @default - every tag
   */
  readonly mutableTags?: string[];

  /**
   * The repository policy of the repositories, up to 10,240 characters.
   * `ExistingPolicy.fromJson` takes the policy of a template that exists, word for word.
   *
   * @default - no repository policy: identity policies and the registry policy apply
   */
  readonly repositoryPolicy?: iam.PolicyDocument;

  /**
   * Tags of the repositories, up to 50.
   *
   * @default - no tags
   */
  readonly resourceTags?: { [key: string]: string };
}

/**
 * Attributes of a pull through cache of another stack, account or Region.
 */
export interface PullThroughCacheAttributes {
  /**
   * The prefix of the names of the repositories with the cached images, or `ROOT`.
   */
  readonly prefix: string;

  /**
   * The registry whose images are cached.
   */
  readonly upstream: UpstreamRegistry;

  /**
   * The part of the upstream that is cached.
   *
   * @default - the whole upstream
   */
  readonly upstreamRepositoryPrefix?: string;

  /**
   * Whether the repositories of the cache get tags when they are created.
   *
   * @default false
   */
  readonly tagsRepositories?: boolean;

  /**
   * The account of the cache.
   *
   * @default - the account of the stack
   */
  readonly account?: string;

  /**
   * The Region of the cache.
   *
   * @default - the Region of the stack
   */
  readonly region?: string;
}

abstract class PullThroughCacheBase extends Resource implements IPullThroughCache {
  public abstract readonly prefix: string;
  public abstract readonly upstream: UpstreamRegistry;
  public abstract readonly upstreamRepositoryPrefix: string;
  public abstract readonly tagsRepositories: boolean;
  public abstract readonly pullThroughCacheRuleRef: ecr.PullThroughCacheRuleReference;
  public readonly grants = PullThroughCacheGrants.fromPullThroughCache(this);

  public imageUri(image: string, tagOrDigest?: string): string {
    const { prefix, upstream } = this;
    const cached: CachedImage = { prefix, upstream, upstreamPrefix: this.upstreamRepositoryPrefix, image, tagOrDigest };
    failIfAny(this, 'InvalidImage', imageProblems(cached));

    const { account, region } = this.env;
    const host = `${account}.dkr.ecr.${region}.${this.stack.urlSuffix}`;
    const path = prefix === ROOT ? imagePath(cached) : `${this.prefixInUri()}/${imagePath(cached)}`;
    return `${host}/${path}${imageReference(cached)}`;
  }

  public containerImage(image: string, tagOrDigest?: string): ecs.ContainerImage {
    return new CachedContainerImage(this, this.imageUri(image, tagOrDigest));
  }

  protected prefixInUri(): string {
    return normalPrefix(this.prefix);
  }
}

/**
 * Caches the images of an upstream registry in this account and Region.
 *
 * A pull through the cache imports an image, and refreshes a tag at most once in 24 hours. The cache has a creation template, so
 * that the repositories that Amazon ECR creates for it are encrypted and expire their images.
 *
 * AWS Lambda cannot pull through a cache. The first pull of an image needs a route to the internet even with VPC endpoints.
 *
 * CloudFormation replaces the rule when its upstream, credentials or role change. The replacement fails if the prefix stays the same,
 * because the prefix identifies the rule. Change the value of the secret instead of the secret, and change the prefix together with
 * the upstream.
 *
 * @resource AWS::ECR::PullThroughCacheRule
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
 */
@injectable
export class PullThroughCache extends PullThroughCacheBase {
  static {
    publicClass(this, 'PullThroughCache');
  }

  /**
   * Uniquely identifies this class.
   */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-secure-ecr.PullThroughCache';

  /**
   * Imports a cache of another stack, account or Region.
   *
   * @param scope the scope of the import
   * @param id the id of the import
   * @param attrs the attributes of the cache
   */
  public static fromPullThroughCacheAttributes(scope: Construct, id: string, attrs: PullThroughCacheAttributes): IPullThroughCache {
    class Import extends PullThroughCacheBase {
      public readonly prefix = attrs.prefix;
      public readonly upstream = attrs.upstream;
      public readonly upstreamRepositoryPrefix = normalPrefix(attrs.upstreamRepositoryPrefix ?? ROOT);
      public readonly tagsRepositories = attrs.tagsRepositories ?? false;
      public readonly pullThroughCacheRuleRef = { ecrRepositoryPrefix: attrs.prefix };
    }

    return new Import(scope, id, { account: attrs.account, region: attrs.region });
  }

  public readonly prefix: string;

  public readonly upstream: UpstreamRegistry;

  public readonly upstreamRepositoryPrefix: string;

  public readonly tagsRepositories: boolean;

  public readonly pullThroughCacheRuleRef: ecr.PullThroughCacheRuleReference;

  /**
   * The creation template of the repositories.
   */
  public readonly template: IRepositoryTemplate;

  /**
   * The secret with the credentials for the upstream, if it requires credentials.
   */
  public readonly credentials?: secretsmanager.ISecret;

  /**
   * The role with which Amazon ECR pulls from another account, if it needs one.
   */
  public readonly role?: iam.IRole;

  private readonly resource: ecr.CfnPullThroughCacheRule;

  constructor(scope: Construct, id: string, props: PullThroughCacheProps) {
    checkArguments('PullThroughCache', [scope, id, props]);
    super(scope, id);

    const { upstream } = props;
    const prefix = props.prefix ?? upstream.defaultPrefix;
    const settings = {
      appliedFor: [TemplateUse.PULL_THROUGH_CACHE],
      description: isKnown(upstream.url) ? `Images cached from ${upstream.url}` : 'Images cached from a registry of Amazon ECR',
      encryption: props.encryption,
      lifecycle: props.lifecycle,
      mutableTags: props.mutableTags,
      repositoryPolicy: props.repositoryPolicy,
      resourceTags: props.resourceTags,
    };
    failIfAny(this, 'InvalidPullThroughCache', [
      ...regionProblems(this),
      ...prefixProblems(prefix, props),
      ...claimProblems(this, CACHES, [prefix]),
      ...upstreamProblems(this, upstream, props.role),
      ...credentialsProblems(this, 'credentials', upstream, props.credentials),
      ...repositoryTemplateProblems(this, settings),
    ]);

    this.prefix = prefix;
    this.upstream = upstream;
    this.upstreamRepositoryPrefix = normalPrefix(props.upstreamRepositoryPrefix ?? ROOT);
    this.tagsRepositories = Object.keys(props.resourceTags ?? {}).length > 0;
    this.pullThroughCacheRuleRef = { ecrRepositoryPrefix: prefix };
    this.template = new RepositoryTemplate(this, 'Template', { prefix, ...settings });
    this.credentials = props.credentials ?? (upstream.takesCredentials ? createCredentials(this, prefix, upstream) : undefined);

    const { ecrRegistry } = upstream;
    const statements = ecrRegistry ? upstreamStatements(this, prefix, ecrRegistry, this.upstreamRepositoryPrefix) : [];
    this.role = props.role ?? (needsRole(this, upstream) ? createUpstreamRole(this, upstream.url, statements) : undefined);

    this.resource = new ecr.CfnPullThroughCacheRule(this, 'Resource', {
      ecrRepositoryPrefix: prefix,
      upstreamRegistry: upstream.kind,
      upstreamRegistryUrl: upstream.url,
      upstreamRepositoryPrefix: props.upstreamRepositoryPrefix,
      credentialArn: this.credentials?.secretArn,
      customRoleArn: this.role?.roleArn,
    });
    claimResource(this, CACHES, this.resource, [prefix]);
    keepLogicalId(this.resource, 'Cache', normalPrefix(prefix));
    // otherwise the first pull could create a repository without the settings of the template
    this.resource.node.addDependency(this.template.node.defaultChild as ecr.CfnRepositoryCreationTemplate);
    if (props.role) {
      const { role } = props;
      addServiceStatements(this, 'cdk-secure-ecr:PullThroughCache.importedRole', role, statements, this.resource);
      this.node.addValidation({ validate: () => trustProblems('role', role, 'pullthroughcache.ecr.amazonaws.com') });
    }
    this.warn(props.credentials);
    warnOfTasks(this, this.resource, prefix);
    if (ecrRegistry) {
      warnOfUpstream(this, this.resource, prefix, ecrRegistry);
    }
    if (archives(props.lifecycle)) {
      Validations.of(this).addWarning(
        'cdk-secure-ecr:PullThroughCache.archivesImages',
        "pulls of archived images fail, because a cache does not import an image that it already has; expire images in 'lifecycle' instead",
      );
    }
  }

  /**
   * Calls a target whenever an image cannot be imported or refreshed, for example because of wrong credentials, an unavailable
   * upstream or rate limits.
   *
   * Cached images stay available, so that the failure is not visible otherwise. The event contains the image and the reason.
   *
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
   * @param id the id of the rule
   * @param options the target
   */
  public onSyncFailed(id: string, options: events.OnEventOptions = {}): events.Rule {
    const rule = new events.Rule(this, id, options);
    rule.addTarget(targetInStage(this, options.target));
    rule.addEventPattern({
      source: ['aws.ecr'],
      detailType: ['ECR Pull Through Cache Action'],
      detail: { 'sync-status': ['FAILED'], 'ecr-repository-prefix': [normalPrefix(this.prefix)] },
    });
    return rule;
  }

  /**
   * The prefix as a reference if the reader is in the same stack, so that the reader depends on the rule.
   */
  protected override prefixInUri(): string {
    return Lazy.uncachedString({
      produce: context => Stack.of(context.scope) === this.stack && !this.prefix.endsWith('/') ? this.resource.ref : normalPrefix(this.prefix),
    });
  }

  private warn(credentials: secretsmanager.ISecret | undefined): void {
    const validations = Validations.of(this);
    const { region } = this.env;
    const undocumentedThere = undocumented('pullThroughCache', region);
    if (undocumentedThere && !(this.upstream.ecrRegistry && partitionOf(region) === 'aws-us-gov')) {
      validations.addWarning('cdk-secure-ecr:PullThroughCache.undocumentedPartition', undocumentedThere);
    }
    if (this.prefix === ROOT) {
      validations.addWarning(
        'cdk-secure-ecr:PullThroughCache.rootPrefix',
        "every pull from a repository that does not exist is sent to the upstream, also for a mistyped name, because 'prefix' is ROOT; set a prefix for the cache",
      );
    }
    if (credentials && credentials.secretFullArn === undefined) {
      validations.addWarning(
        'cdk-secure-ecr:PullThroughCache.partialSecretArn',
        `Amazon ECR may not find the secret ${show(credentials.node.path)}, because it is imported without the six characters at the end of its ARN; `
        + 'use Secret.fromSecretCompleteArn',
      );
    }
  }
}

function regionProblems(cache: IResource): string[] {
  const { region } = cache.env;
  return partitionFacts(region).pullThroughCache === 'missing'
    ? [`the Region must not be in ${partitionFacts(region).name}, where Amazon ECR does not support pull through caches, got ${region}; push or replicate the images into repositories there`]
    : [];
}

function prefixProblems(prefix: string, props: PullThroughCacheProps): string[] {
  const { upstreamRepositoryPrefix } = props;
  const problems = [
    ...namespaceProblems('prefix', prefix, LIMITS.cachePrefix)
      .map(problem => props.prefix === undefined ? `${problem}; this is the default for the upstream, set a shorter prefix` : problem),
    ...namespaceProblems('upstreamRepositoryPrefix', upstreamRepositoryPrefix, LIMITS.cachePrefix),
  ];
  if (prefix === ROOT && isKnown(upstreamRepositoryPrefix) && upstreamRepositoryPrefix !== ROOT) {
    problems.push(`'upstreamRepositoryPrefix' must not be used with 'prefix' ROOT, got ${show(upstreamRepositoryPrefix)}; set a prefix for the cache`);
  }
  return problems;
}
