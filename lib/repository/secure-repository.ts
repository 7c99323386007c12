import { Lazy, RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { LifecyclePolicy } from '../lifecycle/lifecycle-policy';
import { failIfAny } from '../private/core/errors';
import { acrossStages } from '../private/core/stage-reference';
import { show } from '../private/core/values';
import { repositoryNameProblems } from '../private/ecr/names';
import { KEYED_RESOURCES } from '../private/ecr/registry-resources';
import { repositoryTagProblems } from '../private/ecr/resource-tags';
import { mutableTagsProblems, renderTagMutability } from '../private/ecr/tag-mutability';
import { checkArguments } from '../private/input/check-arguments';
import { injectable } from '../private/input/injectable';
import { publicClass } from '../private/input/public-class';
import { claimProblems, claimResource, type OwnedKind } from '../private/ownership/claims';
import { REPOSITORY_POLICY } from '../private/policy/action-problems';
import { GivenPolicy } from '../private/policy/given-policy';
import { repositoryPolicySizeProblems } from '../private/policy/repository-policy';
import type { VerbatimPolicy } from '../private/policy/verbatim-policy';
import type { ISecureRepository } from './i-secure-repository';
import { ImportedRepository } from './imported-repository';
import { lambdaProblems, lambdaStatements } from './lambda-readers';
import { lateChangeProblems, warnOfLateChanges } from './late-repository-changes';
import { encryptionProblems, renderEncryption, RepositoryEncryption } from './repository-encryption';
import { defaultRepositoryKey } from './repository-key';
import { RepositoryResource } from './repository-resource';
import { addKeyWarnings, addLifecycleWarnings, addMutableTagsWarnings } from './repository-warnings';
import { SecureRepositoryBase } from './secure-repository-base';

const NAMES: OwnedKind = {
  ...KEYED_RESOURCES.repository,
  warningId: 'cdk-secure-ecr:SecureRepository.environmentUnknown',
  fix: 'give them different names, such as names with the name of the environment, or import the repository in one place with SecureRepository.fromRepositoryName',
};

/**
 * Properties for defining a `SecureRepository`.
 */
export interface SecureRepositoryProps {
  /**
   * The name of the repository, 2 to 256 characters: lowercase letters and digits, joined by `.`, `_`, `__` or `-`, and nested by
   * `/` as in `team/api`. Set it if another account or Region uses the repository, because other accounts and Regions do not know a
   * generated name. Changing it replaces the repository.
   *
   * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
   * @default - a name that CloudFormation generates
   */
  readonly repositoryName?: string;

  /**
   * The mutable tags, such as `latest` or, with `*` for any text, `prod-*`: 1 to 5 filters of 1 to 128 characters. Every other
   * tag is immutable. `['*']` makes all tags mutable, which is a warning.
   *
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html
   * @default - all tags are immutable
   */
  readonly mutableTags?: string[];

  /**
   * The encryption at rest of the images. Changing it replaces the repository.
   *
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
   * @default - a customer managed key with rotation, one for all repositories of the stack
   */
  readonly encryption?: RepositoryEncryption;

  /**
   * The lifecycle policy, which expires and archives images.
   *
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
   * @default LifecyclePolicy.standard() - untagged images expire after 7 days, and the newest 500 tagged images are kept
   */
  readonly lifecycle?: LifecyclePolicy;

  /**
   * Whether basic scanning scans each image when it is pushed. Registries with enhanced scanning ignore this prop, and the
   * filters of a `RegistryScanning` override it.
   *
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-basic.html
   * @default true
   */
  readonly scanOnPush?: boolean;

  /**
   * The removal policy of the repository when it is removed from the stack.
   *
   * By default it stays, unless the deployment that creates it fails: a repository that stays then blocks the next attempt with its name.
   * The key that the repositories of the stack share is deleted with the stack if all of them are.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Whether images are deleted together with the repository. It requires `RemovalPolicy.DESTROY`, otherwise it is an error. If it
   * is false, CloudFormation does not delete a repository that contains images.
   *
   * @default false
   */
  readonly emptyOnDelete?: boolean;

  /**
   * The policy of the repository, up to 10,240 characters together with the statements that grants add to it.
   *
   * `ExistingPolicy.fromJson` adopts the policy of an existing repository without changes. Any other document must satisfy the rules
   * of `addToResourcePolicy`.
   *
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
   * @default - the statements that grants and `addToResourcePolicy` add, or no policy
   */
  readonly repositoryPolicy?: iam.PolicyDocument;
}

/**
 * A private repository for container images that is secure with no props: immutable tags, scan on push, encryption with a customer
 * managed key, and a lifecycle policy.
 *
 * It is an `ecr.IRepository`, so you can pass it to the constructs of Amazon ECS, AWS Lambda, AWS CodeBuild and AWS CodePipeline.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repository.html
 * @resource AWS::ECR::Repository
 */
@injectable
export class SecureRepository extends SecureRepositoryBase {
  static {
    publicClass(this, 'SecureRepository');
  }

  /**
   * Uniquely identifies this class.
   */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-secure-ecr.SecureRepository';

  /**
   * Imports a repository of the account and Region of the stack by its name.
   *
   * @param scope the scope of the import
   * @param id the id of the import
   * @param repositoryName the name of the repository
   */
  public static fromRepositoryName(scope: Construct, id: string, repositoryName: string): ISecureRepository {
    const repositoryArn = Stack.of(scope).formatArn({ service: 'ecr', resource: 'repository', resourceName: repositoryName });
    return ImportedRepository.of(scope, id, { repositoryName, repositoryArn });
  }

  /**
   * Imports a repository of any account and Region by its ARN. A token is an error.
   *
   * @param scope the scope of the import
   * @param id the id of the import
   * @param repositoryArn the ARN of the repository
   */
  public static fromRepositoryArn(scope: Construct, id: string, repositoryArn: string): ISecureRepository {
    return ImportedRepository.ofArn(scope, id, repositoryArn);
  }

  /**
   * Imports a repository by its name and its ARN. Both may be tokens.
   *
   * @param scope the scope of the import
   * @param id the id of the import
   * @param attrs the name and the ARN
   */
  public static fromRepositoryAttributes(scope: Construct, id: string, attrs: ecr.RepositoryAttributes): ISecureRepository {
    return ImportedRepository.of(scope, id, attrs);
  }

  /**
   * Imports a repository that the CDK looks up in the account and Region of the stack at synthesis.
   *
   * @param scope the scope of the import
   * @param id the id of the import
   * @param options the name or the ARN to look for
   */
  public static fromLookup(scope: Construct, id: string, options: ecr.RepositoryLookupOptions): ISecureRepository {
    return ImportedRepository.ofLookup(scope, id, ecr.Repository.fromLookup(scope, `${id}Lookup`, options));
  }

  /**
   * Returns the customer managed key that the repositories of a stack share if they have no `encryption`, and creates it if it does not
   * exist yet. Use it to grant the use of the key, to add an alias, or to share the key with another stack.
   *
   * Throws if another construct of the stack has the id `SecureRepositoryKey`.
   *
   * @param scope a construct of the stack
   */
  public static defaultKeyOf(scope: Construct): kms.Key {
    return defaultRepositoryKey(scope);
  }

  private readonly resource: RepositoryResource;
  private readonly given: GivenPolicy;
  private uri?: string;
  private name?: string;
  private arn?: string;

  constructor(scope: Construct, id: string, props: SecureRepositoryProps = {}) {
    checkArguments('SecureRepository', [scope, id, props]);
    super(scope, id, { physicalName: props.repositoryName });

    const { mutableTags, removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE } = props;
    const names = props.repositoryName === undefined ? [] : [this.physicalName];
    failIfAny(this, 'InvalidSecureRepository', [
      ...repositoryNameProblems('repositoryName', props.repositoryName),
      ...mutableTagsProblems('mutableTags', mutableTags),
      ...encryptionProblems(this, 'encryption', props.encryption),
      ...removalProblems(removalPolicy, props.emptyOnDelete),
      ...names.length > 0 ? claimProblems(this, NAMES, names) : [],
    ]);

    const lifecycle = props.lifecycle ?? LifecyclePolicy.standard();
    const encryption = props.encryption
      ?? RepositoryEncryption.customerManagedKey(defaultRepositoryKey(this, removalPolicy !== RemovalPolicy.DESTROY));
    this.resource = new RepositoryResource(this, 'Resource', {
      repositoryName: this.physicalName,
      ...renderTagMutability(mutableTags),
      imageScanningConfiguration: { scanOnPush: props.scanOnPush ?? true },
      encryptionConfiguration: renderEncryption(encryption),
      lifecyclePolicy: renderLifecycle(lifecycle),
      emptyOnDelete: props.emptyOnDelete,
    });
    this.resource.applyRemovalPolicy(removalPolicy);
    this.given = new GivenPolicy(this, 'SecureRepository', 'repositoryPolicy', REPOSITORY_POLICY, props.repositoryPolicy);
    if (props.repositoryPolicy !== undefined) {
      this.renderPolicy();
    }
    this.node.addValidation({
      validate: () => {
        const changed = this.resource.changedProperties();
        warnOfLateChanges(this, this.resource, changed ?? {}, { encryptionType: encryption.encryptionType, removalPolicy });
        return [...encryptionProblems(this, 'encryption', encryption), ...lateChangeProblems(this.resource, changed), ...this.lateProblems()];
      },
    });
    addKeyWarnings(this, this.resource, encryption, props.encryption === undefined);
    if (names.length > 0) {
      claimResource(this, NAMES, this.resource, names);
    }

    addMutableTagsWarnings(this, mutableTags);
    addLifecycleWarnings(this, 'SecureRepository', lifecycle, mutableTags);
  }

  public get repositoryName(): string {
    return this.name ??= this.acrossStages(this.getResourceNameAttribute(this.resource.ref), name => name);
  }

  public get repositoryArn(): string {
    const components = { service: 'ecr', resource: 'repository' };
    return this.arn ??= this.acrossStages(
      this.getResourceArnAttribute(this.resource.attrArn, { ...components, resourceName: this.physicalName }),
      resourceName => this.stack.formatArn({ ...components, resourceName }),
    );
  }

  public override get repositoryUri(): string {
    return this.uri ??= this.lateUri();
  }

  public override get registryUri(): string {
    const { account, region } = this.env;
    return `${account}.dkr.ecr.${region}.${this.stack.urlSuffix}`;
  }

  public override repositoryUriForTag(tag?: string): string {
    return tag ? `${this.repositoryUri}:${tag}` : this.repositoryUri;
  }

  public override repositoryUriForDigest(digest?: string): string {
    return digest ? `${this.repositoryUri}@${digest}` : this.repositoryUri;
  }

  /**
   * Adds a statement to the policy of the repository.
   *
   * Omit `Resource`: it is always the repository. Throws for actions that do not exist or have no effect in a repository policy, condition
   * operators and keys that do not exist, principals that AWS rejects, a principal `*` without a condition that restricts it, and a Deny
   * that locks the owner out. A Deny that restricts an Allow must be added before it.
   *
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
   * @param statement the statement
   */
  public addToResourcePolicy(statement: iam.PolicyStatement): iam.AddToResourcePolicyResult {
    failIfAny(this, 'InvalidRepositoryPolicy', this.given.problemsOf(statement));
    this.given.add(statement);
    this.renderPolicy();
    return { statementAdded: true, policyDependable: this.resource };
  }

  private acrossStages(reference: string, textOf: (name: string) => string): string {
    return acrossStages(reference, this, 'repositoryName', this.physicalName, textOf);
  }

  private lateProblems(): string[] {
    return [
      ...repositoryTagProblems(this.resource.tags),
      ...this.uri === undefined ? [] : lambdaProblems(this, this.uri),
      ...this.resource.repositoryPolicyText === undefined ? [] : this.policyProblems(this.policy()),
    ];
  }

  private policyProblems(policy: VerbatimPolicy): string[] {
    return [...this.given.problems(policy), ...repositoryPolicySizeProblems(this, policy)];
  }

  /**
   * Sets a policy of the resource that is complete when it is rendered. A repository without grants whose URI is not used has no policy.
   */
  private renderPolicy(): void {
    this.resource.makePolicy(() => {
      const policy = this.policy();
      return policy.isEmpty ? undefined : policy;
    });
  }

  private policy(): VerbatimPolicy {
    return this.given.document(this.uri === undefined ? [] : lambdaStatements(this, this.uri));
  }

  /**
   * The URI as an attribute where the reader is in the same environment and stage, and put together from its parts elsewhere.
   */
  private lateUri(): string {
    this.renderPolicy();
    return Lazy.uncachedString({
      produce: context => {
        const { account, region } = Stack.of(context.scope);
        const near = account === this.env.account && region === this.env.region && Stage.of(context.scope) === Stage.of(this);
        return near ? this.resource.attrRepositoryUri : `${this.registryUri}/${this.repositoryName}`;
      },
    });
  }
}

function renderLifecycle(lifecycle: LifecyclePolicy): ecr.CfnRepository.LifecyclePolicyProperty | undefined {
  const lifecyclePolicyText = lifecycle.toJson();
  return lifecyclePolicyText === '' ? undefined : { lifecyclePolicyText };
}

function removalProblems(removalPolicy: RemovalPolicy, emptyOnDelete: boolean | undefined): string[] {
  return emptyOnDelete && removalPolicy !== RemovalPolicy.DESTROY
    ? [`'emptyOnDelete' must be used with 'removalPolicy' RemovalPolicy.DESTROY, got ${show(removalPolicy)}; set both to delete images with the repository`]
    : [];
}
