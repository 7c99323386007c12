import { Stack, Tags, Validations } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import type { LifecyclePolicy } from '../lifecycle/lifecycle-policy';
import { relationOf } from '../private/core/environment';
import { failIfAny } from '../private/core/errors';
import { isKnown } from '../private/core/values';
import { isBelow, normalPrefix, repositoriesBelow } from '../private/ecr/prefixes';
import { checkArguments } from '../private/input/check-arguments';
import { injectable } from '../private/input/injectable';
import { publicClass } from '../private/input/public-class';
import type { RepositoryEncryption } from './repository-encryption';
import { RepositoryNamespaceGrants, repositoryNamespaceProblems } from './repository-namespace-grants';
import { type IRepositoryTemplate, RepositoryTemplate } from './repository-template';
import { SecureRepository, type SecureRepositoryProps } from './secure-repository';
import { TemplateUse } from './template-use';

/**
 * Properties for defining a `RepositoryNamespace`.
 */
export interface RepositoryNamespaceProps {
  /**
   * The beginning of the names of all repositories of the namespace: `team-a` means `team-a/*`. 1 to 256 characters.
   */
  readonly prefix: string;

  /**
   * Whether a push to a repository that does not exist creates it, with the settings of the namespace. Creates a `RepositoryTemplate`.
   *
   * @default true
   */
  readonly createOnPush?: boolean;

  /**
   * How the repositories encrypt their images. Changing it makes new repositories of those that this app defines.
   *
   * @default - the customer managed key that the repositories of the stack share
   */
  readonly encryption?: RepositoryEncryption;

  /**
   * When the repositories expire their images.
   *
   * @default LifecyclePolicy.standard()
   */
  readonly lifecycle?: LifecyclePolicy;

  /**
   * Tags that may move to another image, up to five filters such as `latest` or `prod-*`.
   *
   * @default - no tag can be moved
   */
  readonly mutableTags?: string[];

  /**
   * Who may do what in the repositories that pushes create, up to 10,240 characters.
   *
   * @default - only what the policies of IAM and of the registry allow
   */
  readonly repositoryPolicy?: iam.PolicyDocument;

  /**
   * Tags of all repositories, up to 50.
   *
   * @default - no tags
   */
  readonly resourceTags?: { [key: string]: string };
}

/** The namespaces of an app. */
const namespacesOf = new WeakMap<IConstruct, RepositoryNamespace[]>();

/**
 * A part of a registry for one team: all repositories whose names begin with a prefix, with common settings and permissions.
 *
 * Repositories come from pushes, if `createOnPush` is true, and from `addRepository`. A grant is one statement for `prefix/*`: it includes
 * repositories of that name that others define, and none of another namespace.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html
 */
@injectable
export class RepositoryNamespace extends Construct {
  static {
    publicClass(this, 'RepositoryNamespace');
  }

  /**
   * Uniquely identifies this class.
   */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-secure-ecr.RepositoryNamespace';

  /**
   * The beginning of the names of the repositories, without a `/` at the end.
   */
  public readonly prefix: string;

  /**
   * The ARN of all repositories of the namespace, which ends with `/*`, for policies.
   */
  public readonly repositoriesArn: string;

  /**
   * The template of the repositories that pushes create, if they do.
   */
  public readonly template?: IRepositoryTemplate;

  /**
   * Permissions on all repositories of the namespace.
   */
  public readonly grants: RepositoryNamespaceGrants;

  private readonly props: RepositoryNamespaceProps;

  constructor(scope: Construct, id: string, props: RepositoryNamespaceProps) {
    checkArguments('RepositoryNamespace', [scope, id, props]);
    super(scope, id);
    const { prefix, createOnPush = true, encryption, lifecycle, mutableTags, repositoryPolicy, resourceTags } = props;
    failIfAny(this, 'InvalidRepositoryNamespace', [
      ...repositoryNamespaceProblems('prefix', prefix),
      ...repositoryPolicy !== undefined && !createOnPush ? ["'repositoryPolicy' must go with 'createOnPush', since it is for repositories that pushes create; use addToResourcePolicy of the others"] : [],
    ]);

    this.props = props;
    this.prefix = normalPrefix(prefix);
    this.repositoriesArn = repositoriesBelow(this, Stack.of(this), this.prefix);
    this.grants = RepositoryNamespaceGrants._of(this, this.prefix, createOnPush);
    this.template = createOnPush ? new RepositoryTemplate(this, 'Template', {
      prefix: this.prefix, appliedFor: [TemplateUse.CREATE_ON_PUSH], encryption, lifecycle, mutableTags, repositoryPolicy, resourceTags,
    }) : undefined;
    this.warnOfNesting();
  }

  /**
   * Adds a repository to the namespace, with the settings of the namespace where the props have none.
   *
   * @param name the name below the namespace: `api` for `team-a/api`
   * @param props the props of the repository, without `repositoryName`
   */
  public addRepository(name: string, props: SecureRepositoryProps = {}): SecureRepository {
    failIfAny(this, 'InvalidRepositoryNamespace', props.repositoryName === undefined ? [] : [
      "'repositoryName' must be left out, since the repository has the namespace and 'name' as its name",
    ]);
    const { encryption, lifecycle, mutableTags, resourceTags = {} } = this.props;
    const repository = new SecureRepository(this, name, {
      ...props,
      repositoryName: `${this.prefix}/${name}`,
      encryption: props.encryption ?? encryption,
      lifecycle: props.lifecycle ?? lifecycle,
      mutableTags: props.mutableTags ?? mutableTags,
    });
    for (const [key, value] of Object.entries(resourceTags)) {
      Tags.of(repository).add(key, value);
    }
    return repository;
  }

  private warnOfNesting(): void {
    const { root } = this.node;
    const others = namespacesOf.get(root) ?? [];
    namespacesOf.set(root, [...others, this]);
    for (const other of others.filter(it => relationOf(it, this) !== 'different')) {
      const [outer, inner] = isInside(this, other) ? [other, this] : [this, other];
      if (isInside(inner, outer)) {
        Validations.of(this).addWarning(
          'cdk-secure-ecr:RepositoryNamespace.insideAnother',
          `the grants of '${outer.node.path}' on ${outer.prefix}/* also reach the repositories of '${inner.node.path}', ${inner.prefix}/*; use a namespace that is not inside another one`,
        );
      }
    }
  }
}

function isInside(inner: RepositoryNamespace, outer: RepositoryNamespace): boolean {
  return isKnown(inner.prefix) && isBelow(outer.prefix, `${inner.prefix}/`);
}
