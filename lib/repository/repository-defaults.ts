import { Annotations, Lazy, Mixin, Validations } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import type { IConstruct } from 'constructs';
import type { LifecyclePolicy } from '../lifecycle/lifecycle-policy';
import { BRAND } from '../private/core/brand';
import { failUnscopedIfAny } from '../private/core/errors';
import { isBelow } from '../private/ecr/prefixes';
import { allTagsMutable, mutableTagsProblems, renderTagMutability } from '../private/ecr/tag-mutability';
import { checkArguments } from '../private/input/check-arguments';
import { publicClass } from '../private/input/public-class';
import { inRegistry, nameOf, rendered } from '../private/ownership/app-registry';

/**
 * Properties for defining `RepositoryDefaults`.
 */
export interface RepositoryDefaultsProps {
  /**
   * Whether repositories that do not choose it scan images when they are pushed.
   *
   * @default true
   */
  readonly scanOnPush?: boolean;

  /**
   * Makes the tags of repositories immutable that do not choose their mutability, except 0 to 5 filters such as `latest` or `prod-*`.
   *
   * A push that moves another tag then fails: name the tags that CI moves. Repositories below the prefix of a pull through cache of the
   * app are left out, since the cache refreshes their tags.
   *
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html
   * @default - the mutability is not changed
   */
  readonly mutableTags?: string[];

  /**
   * The lifecycle policy of repositories that have none. It deletes images that exist: preview it first.
   *
   * @default - no lifecycle policy is added
   */
  readonly lifecycle?: LifecyclePolicy;
}

/**
 * A repository that `RepositoryDefaults` changes.
 */
export interface RepositoryDefaultsChange {
  /**
   * The repository.
   */
  readonly repository: ecr.CfnRepository;

  /**
   * The properties that the mixin sets, such as `ImageScanningConfiguration`.
   */
  readonly properties: string[];

  /**
   * Whether the template has a policy of the repository. Without one, the deployment removes a policy that was added outside of
   * CloudFormation.
   */
  readonly hasPolicy: boolean;
}

/** The settings of a repository that the mixin can set. */
type Settings = 'imageScanningConfiguration' | 'imageTagMutability' | 'imageTagMutabilityExclusionFilters' | 'lifecyclePolicy';

/** A repository that the mixin was applied to, with what it had before. */
interface Target {
  readonly repository: ecr.CfnRepository;
  readonly before: Pick<ecr.CfnRepository, Settings>;
  /** What the mixin put there, which the app may have replaced since. */
  readonly after: Partial<Pick<ecr.CfnRepository, Settings>>;
}

/**
 * A mixin that gives `ecr.Repository` and `CfnRepository` of any app the defaults of this library, without replacing a repository.
 *
 * It sets properties that CloudFormation updates in place, and only those that a repository leaves open when the app is synthesized; never
 * the encryption. `Mixins.of(app).apply(new RepositoryDefaults())` at the end of the app, or `repository.with(new RepositoryDefaults())`.
 * Repositories that are created afterwards are not changed.
 *
 * Each change is an information at the repository. An update through CloudFormation removes a repository policy that was added outside of
 * it, such as the one that AWS Lambda adds: a changed repository without a policy in the template is a warning.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/mixins.html
 */
export class RepositoryDefaults extends Mixin {
  static {
    publicClass(this, 'RepositoryDefaults');
  }

  private declare readonly [BRAND]: 'RepositoryDefaults';
  private readonly props: RepositoryDefaultsProps;
  private readonly targets = new Map<ecr.CfnRepository, Target>();
  private caches = new Map<IConstruct, readonly ecr.CfnPullThroughCacheRule[]>();

  constructor(props: RepositoryDefaultsProps = {}) {
    checkArguments('RepositoryDefaults', [props]);
    super();
    failUnscopedIfAny('InvalidRepositoryDefaults', [
      ...mutableTagsProblems('mutableTags', props.mutableTags),
      ...allTagsMutable(props.mutableTags) ? ["'mutableTags' must not be ['*'], which changes nothing; leave it out"] : [],
    ]);
    this.props = props;
  }

  /**
   * The repositories that the mixin changes, those without a policy in the template first.
   */
  public get changes(): RepositoryDefaultsChange[] {
    this.caches.clear();
    const changes = [...this.targets.values()].map(target => this.changeOf(target)).filter(({ properties }) => properties.length > 0);
    return [...changes.filter(({ hasPolicy }) => !hasPolicy), ...changes.filter(({ hasPolicy }) => hasPolicy)];
  }

  /**
   * Whether the mixin can change a construct: a `CfnRepository`, also that of an `ecr.Repository`.
   *
   * @param construct the construct
   */
  public override supports(construct: IConstruct): boolean {
    return ecr.CfnRepository.isCfnRepository(construct);
  }

  /**
   * Sets the properties that a repository leaves open; the CDK calls it.
   *
   * @param construct the repository
   */
  public applyTo(construct: IConstruct): void {
    if (!ecr.CfnRepository.isCfnRepository(construct) || this.targets.has(construct)) {
      return;
    }
    const { imageScanningConfiguration, imageTagMutability, imageTagMutabilityExclusionFilters, lifecyclePolicy } = construct;
    const before = { imageScanningConfiguration, imageTagMutability, imageTagMutabilityExclusionFilters, lifecyclePolicy };
    const target = { repository: construct, before, after: this.after(construct, before) };
    Object.assign(construct, target.after);
    const isFirst = this.targets.size === 0;
    this.targets.set(construct, target);
    construct.node.addValidation({
      validate: () => {
        if (isFirst) {
          this.caches.clear(); // a new synthesis, whose app may have other caches
        }
        report(this.changeOf(target));
        return [];
      },
    });
  }

  /** The new values, which are the old ones if the app sets them until it is synthesized: the CDK adds lifecycle rules late. */
  private after(repository: ecr.CfnRepository, before: Target['before']): Target['after'] {
    const { scanOnPush = true, mutableTags, lifecycle } = this.props;
    const text = lifecycle?.toJson() ?? '';
    const tags = mutableTags && renderTagMutability(mutableTags);
    return {
      ...scanOnPush ? { imageScanningConfiguration: late(repository, before.imageScanningConfiguration, () => ({ scanOnPush })) } : {},
      ...text === '' ? {} : { lifecyclePolicy: late(repository, before.lifecyclePolicy, () => ({ lifecyclePolicyText: text })) },
      ...tags ? {
        imageTagMutability: Lazy.uncachedString({
          produce: () => rendered<string>(repository, before.imageTagMutability)
            ?? (this.takesTags(repository, before) ? tags.imageTagMutability : undefined),
        }),
        imageTagMutabilityExclusionFilters: late(repository, before.imageTagMutabilityExclusionFilters, () => (
          this.takesTags(repository, before) ? tags.imageTagMutabilityExclusionFilters : undefined
        )),
      } : {},
    };
  }

  private changeOf({ repository, before, after }: Target): RepositoryDefaultsChange {
    const text = (value: unknown): string => JSON.stringify(rendered(repository, value));
    const isNew = (name: Settings): boolean => name in after && !isSet(repository, before[name]) && text(repository[name]) === text(after[name]);
    return {
      repository,
      properties: [
        ...isNew('imageScanningConfiguration') ? ['ImageScanningConfiguration'] : [],
        ...isNew('imageTagMutability') && this.takesTags(repository, before) ? ['ImageTagMutability'] : [],
        ...isNew('lifecyclePolicy') ? ['LifecyclePolicy'] : [],
      ],
      hasPolicy: isSet(repository, repository.repositoryPolicyText),
    };
  }

  /** Whether a repository leaves its mutability open, and no cache fills it, whose tags would not be refreshed. */
  private takesTags(repository: ecr.CfnRepository, before: Target['before']): boolean {
    const name = nameOf(repository);
    return !isSet(repository, before.imageTagMutability) && !isSet(repository, before.imageTagMutabilityExclusionFilters)
      && !(name?.includes('/') && this.cachesBeside(repository).some(cache => isBelow(rendered(cache, cache.ecrRepositoryPrefix), name)));
  }

  private cachesBeside(repository: ecr.CfnRepository): readonly ecr.CfnPullThroughCacheRule[] {
    const { stack } = repository;
    const known = this.caches.get(stack) ?? inRegistry(repository, it => ecr.CfnPullThroughCacheRule.isCfnPullThroughCacheRule(it), ['same', 'unknown']);
    this.caches.set(stack, known);
    return known;
  }
}

/** The old value if the app sets one until it is synthesized, else the new one. */
function late<T>(repository: ecr.CfnRepository, before: T, produce: () => T): ReturnType<typeof Lazy.uncachedAny> {
  return Lazy.uncachedAny({ produce: () => isSet(repository, before) ? rendered<unknown>(repository, before) : produce() });
}

/** Whether a property has a value in the template, where empty objects are left out. */
function isSet(repository: ecr.CfnRepository, value: unknown): boolean {
  const result = rendered<unknown>(repository, value);
  return result !== undefined && result !== null && !(typeof result === 'object' && Object.keys(result).length === 0);
}

/** Reports a change at the repository. */
function report({ repository, properties, hasPolicy }: RepositoryDefaultsChange): void {
  if (properties.length === 0) {
    return;
  }
  if (!hasPolicy) {
    Validations.of(repository).addWarning(
      'cdk-secure-ecr:RepositoryDefaults.policyNotInTemplate',
      'the deployment updates this repository and removes a repository policy that was added outside of CloudFormation, such as by AWS Lambda, since the template has none; '
      + "read it with 'aws ecr get-repository-policy' and add its statements with addToResourcePolicy, or acknowledge this if there is none",
    );
  }
  Annotations.of(repository).addInfoV2('cdk-secure-ecr:RepositoryDefaults.changes', `RepositoryDefaults sets ${properties.join(', ')}`);
}
