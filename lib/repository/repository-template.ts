import { CfnDeletionPolicy, type IResource, Lazy, Resource, Stack, Validations } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { LifecyclePolicy } from '../lifecycle/lifecycle-policy';
import { acknowledgeWildcard } from '../private/core/acknowledgements';
import { areDifferent } from '../private/core/environment';
import { failIfAny } from '../private/core/errors';
import { warnAtSynthesis } from '../private/core/late-warnings';
import { duplicatesOf, isKnown, show } from '../private/core/values';
import { TEMPLATE_ACTIONS, TEMPLATE_KEY_ACTIONS } from '../private/ecr/actions';
import { pathlessRoleProblems } from '../private/ecr/arns';
import { LIMITS } from '../private/ecr/limits';
import { freeTextProblems, namespaceProblems } from '../private/ecr/names';
import { normalPrefix, repositoriesBelow } from '../private/ecr/prefixes';
import { KEYED_RESOURCES } from '../private/ecr/registry-resources';
import { templateTagProblems } from '../private/ecr/resource-tags';
import { filtersOfManyWildcards, mutableTagsProblems, renderTagMutability } from '../private/ecr/tag-mutability';
import { addServiceStatements, trustProblems } from '../private/grants/service-role';
import { checkArguments } from '../private/input/check-arguments';
import { injectable } from '../private/input/injectable';
import { publicClass } from '../private/input/public-class';
import { claimProblems, claimResource, type OwnedKind } from '../private/ownership/claims';
import { keepLogicalId } from '../private/ownership/logical-ids';
import { REPOSITORY_POLICY } from '../private/policy/action-problems';
import { GivenPolicy } from '../private/policy/given-policy';
import { repositoryPolicySizeProblems } from '../private/policy/repository-policy';
import { isAlias, keyDeletionPolicyOf, warnOfForeignKey } from './key-problems';
import { encryptionProblems, RepositoryEncryption } from './repository-encryption';
import { defaultRepositoryKey, shareDefaultKey } from './repository-key';
import { addLifecycleWarnings } from './repository-warnings';
import { TemplateUse } from './template-use';

const TEMPLATES: OwnedKind = {
  ...KEYED_RESOURCES.template,
  normalize: normalPrefix,
  warningId: 'cdk-secure-ecr:RepositoryTemplate.environmentUnknown',
  fix: "give one template several entries in 'appliedFor', or another prefix",
};

/**
 * A repository creation template, defined in this app or imported.
 */
export interface IRepositoryTemplate extends IResource, ecr.IRepositoryCreationTemplateRef {
  /**
   * The prefix of the repositories that the template applies to.
   *
   * @attribute
   */
  readonly repositoryTemplatePrefix: string;
}

/**
 * Properties for defining a `RepositoryTemplate`.
 */
export interface RepositoryTemplateProps {
  /**
   * The prefix of the names of the repositories that the template applies to: `team/cache` matches `team/cache/*`.
   *
   * 1 to 256 characters; the longest matching prefix applies. `ROOT` matches every repository that no other template matches.
   * Changing it replaces the template.
   */
  readonly prefix: string;

  /**
   * The uses that the template applies to, at least one.
   */
  readonly appliedFor: TemplateUse[];

  /**
   * The description of the template, up to 256 characters.
   *
   * @default - no description
   */
  readonly description?: string;

  /**
   * The encryption of the repositories.
   *
   * @default - the customer managed key that the repositories of the stack share
   */
  readonly encryption?: RepositoryEncryption;

  /**
   * The lifecycle policy of the repositories.
   *
   * @default LifecyclePolicy.standard()
   */
  readonly lifecycle?: LifecyclePolicy;

  /**
   * The mutable tags, up to five filters such as `latest` or `prod-*`; `['*']` makes all tags mutable, `[]` none.
   *
   * A cache refreshes mutable tags only.
   *
   * @default - every tag for `TemplateUse.PULL_THROUGH_CACHE`, otherwise none
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

  /**
   * The role with which Amazon ECR creates the repositories. It must be in this account and have no path.
   *
   * The template grants it the permissions that it needs; its trust policy must allow `ecr.amazonaws.com`.
   *
   * [disable-awslint:prefer-ref-interface]
   *
   * @default - a new role if the encryption uses AWS KMS or there are tags, otherwise none
   */
  readonly role?: iam.IRole;
}

/**
 * The settings of repositories that Amazon ECR creates for a cache, for a replica, or on a push.
 *
 * A template applies when a repository is created. It does not change existing repositories. A push to a repository that does not
 * exist fails unless a template for `TemplateUse.CREATE_ON_PUSH` matches; without a template, the repositories of caches and
 * replicas get the defaults of the service (mutable tags, no customer managed key, no lifecycle policy).
 *
 * @resource AWS::ECR::RepositoryCreationTemplate
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html
 */
@injectable
export class RepositoryTemplate extends Resource implements IRepositoryTemplate {
  static {
    publicClass(this, 'RepositoryTemplate');
  }

  /**
   * Uniquely identifies this class.
   */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-secure-ecr.RepositoryTemplate';

  /**
   * Imports a template by its prefix.
   *
   * @param scope the scope of the import
   * @param id the id of the import
   * @param repositoryTemplatePrefix the prefix of the template
   */
  public static fromRepositoryTemplatePrefix(scope: Construct, id: string, repositoryTemplatePrefix: string): IRepositoryTemplate {
    class Import extends Resource implements IRepositoryTemplate {
      public readonly repositoryTemplatePrefix = repositoryTemplatePrefix;
      public readonly repositoryCreationTemplateRef = { prefix: repositoryTemplatePrefix };
    }

    return new Import(scope, id);
  }

  public readonly repositoryTemplatePrefix: string;

  public readonly repositoryCreationTemplateRef: ecr.RepositoryCreationTemplateReference;

  /**
   * The time when the template was created.
   *
   * @attribute
   */
  public readonly repositoryTemplateCreatedAt: string;

  /**
   * The time when the template was last changed.
   *
   * @attribute
   */
  public readonly repositoryTemplateUpdatedAt: string;

  /**
   * The encryption of the repositories.
   */
  public readonly encryption: RepositoryEncryption;

  /**
   * The role with which Amazon ECR creates the repositories, if it needs one.
   */
  public readonly role?: iam.IRole;

  constructor(scope: Construct, id: string, props: RepositoryTemplateProps) {
    checkArguments('RepositoryTemplate', [scope, id, props]);
    super(scope, id);
    failIfAny(this, 'InvalidRepositoryTemplate', [
      ...namespaceProblems('prefix', props.prefix, LIMITS.templatePrefix),
      ...claimProblems(this, TEMPLATES, [props.prefix]),
      ...repositoryTemplateProblems(this, props),
    ]);

    const cache = props.appliedFor.includes(TemplateUse.PULL_THROUGH_CACHE);
    const mutableTags = props.mutableTags ?? (cache ? ['*'] : []);
    const lifecycle = props.lifecycle ?? LifecyclePolicy.standard();
    const tags = Object.entries(props.resourceTags ?? {});
    this.encryption = props.encryption ?? RepositoryEncryption.customerManagedKey(defaultRepositoryKey(this));
    const needsRole = this.encryption.encryptionType !== RepositoryEncryption.AES_256.encryptionType || tags.length > 0;
    const statements = this.statements(props.prefix);
    this.role = props.role ?? (needsRole ? this.createRole(props.prefix, statements) : undefined);

    const resource = new ecr.CfnRepositoryCreationTemplate(this, 'Resource', {
      prefix: props.prefix,
      appliedFor: props.appliedFor,
      description: props.description,
      customRoleArn: this.role?.roleArn,
      encryptionConfiguration: {
        encryptionType: this.encryption.encryptionType,
        kmsKey: this.encryption.key?.keyRef.keyArn,
      },
      lifecyclePolicy: lifecycle.toJson() || undefined,
      ...renderTagMutability(mutableTags),
      repositoryPolicy: props.repositoryPolicy && this.policyText(props.repositoryPolicy),
      resourceTags: tags.length > 0 ? tags.map(([key, value]) => ({ key, value })) : undefined,
    });

    if (props.encryption === undefined) {
      shareDefaultKey(this, () => true);
    }
    this.node.addValidation({ validate: () => encryptionProblems(this, 'encryption', this.encryption) });
    const { key } = this.encryption;
    if (key) {
      warnAtSynthesis(this, resource, 'cdk-secure-ecr:RepositoryTemplate.keyRemoved', () => keyDeletionPolicyOf(key) === CfnDeletionPolicy.DELETE
        ? `the images of the repositories cannot be read after the stack is deleted, because the key ${show(key.node.path)} is deleted with the stack and the repositories are retained; `
          + "set the 'removalPolicy' of the key to RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE"
        : undefined);
    }
    claimResource(this, TEMPLATES, resource, [props.prefix]);
    keepLogicalId(resource, 'Template', normalPrefix(props.prefix));
    if (props.role) {
      const { role } = props;
      addServiceStatements(this, 'cdk-secure-ecr:RepositoryTemplate.importedRole', role, statements, resource);
      this.node.addValidation({ validate: () => trustProblems('role', role, 'ecr.amazonaws.com') });
    }

    this.repositoryTemplatePrefix = resource.ref;
    this.repositoryCreationTemplateRef = { prefix: props.prefix };
    this.repositoryTemplateCreatedAt = resource.attrCreatedAt;
    this.repositoryTemplateUpdatedAt = resource.attrUpdatedAt;

    this.warn(cache, mutableTags, lifecycle);
  }

  // https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates-custom.html, narrowed from '*'
  private statements(prefix: string): iam.PolicyStatement[] {
    const statements = [new iam.PolicyStatement({
      actions: TEMPLATE_ACTIONS,
      resources: [repositoriesBelow(this, this.env, prefix)],
    })];
    if (this.encryption.key) {
      statements.push(new iam.PolicyStatement({
        actions: TEMPLATE_KEY_ACTIONS,
        resources: [this.encryption.key.keyRef.keyArn],
        // not StringEquals, because the domain after the Region depends on the partition
        conditions: { StringLike: { 'kms:ViaService': `ecr.${Stack.of(this).region}.*` } },
      }));
    }
    return statements;
  }

  /**
   * The text of the policy, complete with the statements that are added to the document later.
   */
  private policyText(policy: iam.PolicyDocument): string {
    const given = new GivenPolicy(this, 'RepositoryTemplate', 'repositoryPolicy', REPOSITORY_POLICY, policy);
    this.node.addValidation({
      validate: () => {
        const document = given.document();
        return [...given.problems(document), ...repositoryPolicySizeProblems(this, document)];
      },
    });
    return Lazy.uncachedString({ produce: () => Stack.of(this).toJsonString(given.document()) });
  }

  private createRole(prefix: string, statements: iam.PolicyStatement[]): iam.Role {
    const policy = new iam.ManagedPolicy(this, 'RolePolicy', {
      description: `Allows Amazon ECR to create the repositories below ${prefix}`,
      statements,
    });
    acknowledgeWildcard(policy, repositoriesBelow(this, this.env, prefix), 'The repositories do not exist yet: the role creates them, below this prefix only');
    return new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('ecr.amazonaws.com'),
      description: `Creates the Amazon ECR repositories below ${prefix}`,
      managedPolicies: [policy],
    });
  }

  private warn(cache: boolean, mutableTags: string[], lifecycle: LifecyclePolicy): void {
    const validations = Validations.of(this);
    if (cache && mutableTags.length === 0) {
      validations.addWarning(
        'cdk-secure-ecr:RepositoryTemplate.immutableCache',
        "the cache never refreshes a tag, because all its tags are immutable; omit 'mutableTags', or list the tags that move upstream, such as 'latest'",
      );
    }
    for (const filter of filtersOfManyWildcards(mutableTags)) {
      validations.addWarning(
        'cdk-secure-ecr:RepositoryTemplate.mutableTagWildcards',
        `'mutableTags' has ${show(filter)} with more than ${LIMITS.mutabilityFilterWildcards} wildcards, which Amazon ECR may reject; use several filters`,
      );
    }
    const { key } = this.encryption;
    if (key) {
      warnOfForeignKey(this, 'RepositoryTemplate', key, `the role of this template ${TEMPLATE_KEY_ACTIONS.join(', ')}`);
    }
    addLifecycleWarnings(this, 'RepositoryTemplate', lifecycle, mutableTags);
  }
}

/**
 * Problems with the settings of a template, apart from its prefix.
 *
 * @param scope the scope of the template
 * @param props the settings
 */
export function repositoryTemplateProblems(scope: Construct, props: Omit<RepositoryTemplateProps, 'prefix'>): string[] {
  const problems = [
    ...mutableTagsProblems('mutableTags', props.mutableTags),
    ...templateTagProblems('resourceTags', props.resourceTags),
    ...encryptionProblems(scope, 'encryption', props.encryption),
    ...roleProblems('role', scope, props.role),
  ];
  if (isKnown(props.description)) {
    problems.push(...freeTextProblems('description', props.description, { min: 0, max: LIMITS.templateDescription }));
  }
  if (props.appliedFor.length === 0) {
    problems.push("'appliedFor' must have at least one use, such as 'TemplateUse.PULL_THROUGH_CACHE', got []");
  }
  for (const twice of duplicatesOf(props.appliedFor)) {
    problems.push(`'appliedFor' must not have duplicates, got ${show(twice)} twice`);
  }
  if (props.encryption?.key && isAlias(props.encryption.key)) {
    problems.push(`'encryption' must use a key in a template, got the alias ${show(props.encryption.key.node.path)}; pass the key of the alias`);
  }
  return problems;
}

function roleProblems(prop: string, scope: Construct, role: iam.IRole | undefined): string[] {
  if (!role) {
    return [];
  }

  // The ARN of a role made in this app does not show its path.
  const { path = '/' } = (role.node.defaultChild ?? {}) as Partial<iam.CfnRole>;
  const problems = pathlessRoleProblems(prop, role.roleArn);
  if (isKnown(path) && path !== '/') {
    problems.push(`'${prop}' must be a role without a path, got ${show(path)}; CloudFormation rejects '/' in its name`);
  }
  const { account } = Stack.of(scope);
  if (areDifferent(role.env.account, account)) {
    problems.push(`'${prop}' must be a role of account ${account}, got ${show(role.node.path)} of ${role.env.account}`);
  }
  return problems;
}
