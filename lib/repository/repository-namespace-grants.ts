import { Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { acknowledgeWildcard } from '../private/core/acknowledgements';
import { BRAND } from '../private/core/brand';
import { areDifferent } from '../private/core/environment';
import { failIfAny } from '../private/core/errors';
import { CREATE_ON_PUSH_ACTIONS, LOGIN_ACTIONS, PULL_ACTIONS, PULL_PUSH_ACTIONS, PUSH_ACTIONS } from '../private/ecr/actions';
import { LIMITS } from '../private/ecr/limits';
import { namespaceProblems } from '../private/ecr/names';
import { repositoriesBelow, ROOT } from '../private/ecr/prefixes';
import { grantTo } from '../private/grants/grant';
import type { Grantee } from '../private/grants/grantee';
import { publicClass } from '../private/input/public-class';

/**
 * Options for pushing to the repositories of a namespace.
 */
export interface NamespacePushOptions {
  /**
   * Whether a push may create a repository. A creation template for `TemplateUse.CREATE_ON_PUSH` must match it.
   *
   * @default - whether the namespace creates repositories on push; false for `RepositoryNamespaceGrants.fromPrefix`
   */
  readonly createRepository?: boolean;
}

/**
 * Least-privilege permissions on all repositories of a namespace, those that exist and those that do not exist yet.
 *
 * An identity policy gets one statement for `prefix/*` and one for the login, however many repositories there are. Repository policies
 * are not changed, so that the grantee must be a role, user or group of the account.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/security_iam_id-based-policy-examples.html
 */
export class RepositoryNamespaceGrants {
  static {
    publicClass(this, 'RepositoryNamespaceGrants');
  }

  /**
   * Permissions on a namespace that another app defines, in the account and Region of a stack.
   *
   * @param scope a construct of the stack
   * @param prefix the prefix of the namespace, such as `team-a`
   */
  public static fromPrefix(scope: IConstruct, prefix: string): RepositoryNamespaceGrants {
    failIfAny(scope, 'InvalidRepositoryNamespace', repositoryNamespaceProblems('prefix', prefix));
    return new RepositoryNamespaceGrants(scope, prefix, false);
  }

  /**
   * Permissions on a namespace of this app.
   *
   * @internal
   */
  public static _of(scope: IConstruct, prefix: string, createsRepositories: boolean): RepositoryNamespaceGrants {
    return new RepositoryNamespaceGrants(scope, prefix, createsRepositories);
  }

  private declare readonly [BRAND]: 'RepositoryNamespaceGrants';

  private constructor(private readonly scope: IConstruct, private readonly prefix: string, private readonly createsRepositories: boolean) {}

  /**
   * Grants permissions to pull images, and to log in to the registry.
   *
   * @param grantee the role, user or group that pulls
   */
  public pull(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, PULL_ACTIONS);
  }

  /**
   * Grants permissions to push images, to create repositories if the namespace does, and to log in to the registry.
   *
   * @param grantee the role, user or group that pushes
   * @param options what else the pushes may do
   */
  public push(grantee: iam.IGrantable, options: NamespacePushOptions = {}): iam.Grant {
    return this.grant(grantee, this.withCreation(PUSH_ACTIONS, options));
  }

  /**
   * Grants permissions to pull and push images, to create repositories if the namespace does, and to log in to the registry.
   *
   * @param grantee the role, user or group that pulls and pushes
   * @param options what else the pushes may do
   */
  public pullPush(grantee: iam.IGrantable, options: NamespacePushOptions = {}): iam.Grant {
    return this.grant(grantee, this.withCreation(PULL_PUSH_ACTIONS, options));
  }

  private withCreation(actions: string[], { createRepository = this.createsRepositories }: NamespacePushOptions): string[] {
    return createRepository ? [...actions, ...CREATE_ON_PUSH_ACTIONS].sort() : actions;
  }

  private grant(grantee: iam.IGrantable, actions: string[]): iam.Grant {
    const { scope, prefix } = this;
    const { account, region } = Stack.of(scope);
    const resourceArn = repositoriesBelow(scope, { account, region }, prefix);
    return grantTo(grantee, {
      scope,
      region,
      errorCode: 'InvalidNamespaceGrant',
      warningId: 'cdk-secure-ecr:RepositoryNamespaceGrants.importedPrincipal',
      isNamed: true,
      problems: part => granteeProblems(part, account),
      permissions: ({ construct, isImportedFromAbroad }) => {
        if (construct && !isImportedFromAbroad) {
          acknowledgeWildcard(construct, resourceArn, 'All repositories of the namespace, and of no other one: some are created by pushes');
        }
        return [
          { actions, resourceArns: [resourceArn] },
          // GetAuthorizationToken has no resource type: '*' is the narrowest that IAM knows.
          { actions: LOGIN_ACTIONS, resourceArns: ['*'], identityOnly: true },
        ];
      },
      targets: [],
    });
  }
}

/**
 * Problems with the name of a namespace.
 */
export function repositoryNamespaceProblems(prop: string, prefix: string): string[] {
  return [
    ...namespaceProblems(prop, prefix, LIMITS.templatePrefix),
    ...prefix === ROOT ? [`'${prop}' must be a part of the registry such as 'team-a', got '${ROOT}', which stands for all repositories`] : [],
  ];
}

function granteeProblems(grantee: Grantee, account: string): string[] {
  if (areDifferent(grantee.account, account)) {
    return [
      `'grantee' must be of account ${account}, got ${grantee.name} of account ${grantee.account}, which needs a statement in the policy of each repository; `
      + "use CrossAccountPull for its repositories, and 'repositoryPolicy' for those that pushes create",
    ];
  }
  return grantee.hasPolicies ? [] : [
    `'grantee' must be a role, user or group, got ${grantee.name}, which has no identity policy; grant to the role that it uses, or on each repository with its grants`,
  ];
}
