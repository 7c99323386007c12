import { BRAND } from '../private/core/brand';
import { publicClass } from '../private/input/public-class';
import type { PullPermission } from './pull-permission';

/**
 * Options for `PullConsumer.codeBuildProjects`.
 */
export interface CodeBuildPullOptions {
  /**
   * The name of the project; `*` stands for any text and `?` for any one character.
   *
   * @default '*'
   */
  readonly projectName?: string;

  /**
   * The Region of the project.
   *
   * @default - the Region of the repository
   */
  readonly region?: string;
}

/**
 * A principal that pulls images from repositories of another account.
 *
 * It is a value without a scope: the app that owns the repositories and the app that pulls from them can share one list.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html
 */
export class PullConsumer {
  static {
    publicClass(this, 'PullConsumer');
  }

  /**
   * All identities of an account that have an identity policy for the pull, such as the execution role of an ECS task or the node role of an
   * EKS cluster. The account must have the Region of the repositories enabled.
   *
   * @param account an AWS account id of 12 digits
   */
  public static account(account: string): PullConsumer {
    return PullConsumer.accounts([account]);
  }

  /**
   * All identities of several accounts that have an identity policy for the pull.
   *
   * @param accounts AWS account ids of 12 digits
   */
  public static accounts(accounts: string[]): PullConsumer {
    return new PullConsumer({ kind: 'accounts', accounts });
  }

  /**
   * Some roles of an account. They do not have to exist yet: the principal is the account, with a condition on the name of the role.
   *
   * For a role of a CDK app, set its `roleName`, or use a pattern for the name that CloudFormation generates, such as `MyStack-*`.
   *
   * @param account an AWS account id of 12 digits
   * @param roleNames names without `role/` and with the path, such as `ecs-*` or `teams/api/*`; `*` stands for any
   * text, slashes included, and `?` for any one character
   */
  public static roles(account: string, roleNames: string[]): PullConsumer {
    return new PullConsumer({ kind: 'roles', account, roleNames });
  }

  /**
   * All identities of all accounts in an organization that have an identity policy for the pull. It does not include services
   * such as AWS Lambda, which do not belong to an organization. It excludes the account of the owner, in which `*` would allow
   * identities without any policy.
   *
   * @param organizationId the id of the organization, such as `o-a1b2c3d4e5`
   */
  public static organization(organizationId: string): PullConsumer {
    return new PullConsumer({ kind: 'organization', organizationId });
  }

  /**
   * All identities of all accounts in an organizational unit, and in the units below it, that have an identity policy for the pull. It
   * does not include services and the account of the owner.
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgpaths
   * @param organizationPath the path from the organization, because the id of a unit is unique in its organization only, such as
   * `o-a1b2c3d4e5/r-ab12/ou-ab12-11111111`; a step `*` between the organization and the unit matches any steps
   */
  public static organizationalUnit(organizationPath: string): PullConsumer {
    return new PullConsumer({ kind: 'organizationalUnit', organizationPath: String(organizationPath).replace(/\/\*?$/, '') });
  }

  /**
   * AWS Lambda, for the functions of an account in the Region of the repositories, and the principals that deploy them there.
   *
   * Lambda pulls from its own Region only. Also use it for the account of the repositories: Lambda adds its permission to the
   * repository policy, and the next deployment of the repository removes it.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#gettingstarted-images-permissions
   * @param account an AWS account id of 12 digits
   */
  public static lambdaFunctions(account: string): PullConsumer {
    return new PullConsumer({ kind: 'lambda', account });
  }

  /**
   * AWS CodeBuild, for the build images of projects that pull with the credentials of CodeBuild.
   *
   * AWS requires projects of another account to pull with their service role: add it with `roles`. It is a warning if the role is missing.
   *
   * @see https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ProjectEnvironment.html
   * @param account an AWS account id of 12 digits
   * @param options the projects
   */
  public static codeBuildProjects(account: string, options: CodeBuildPullOptions = {}): PullConsumer {
    return new PullConsumer({ kind: 'codeBuild', account, projectName: options.projectName ?? '*', region: options.region });
  }

  private declare readonly [BRAND]: 'PullConsumer';

  private constructor(
    /** @internal */
    public readonly _permission: PullPermission,
  ) {}
}

/**
 * The permissions of consumers.
 */
export function permissionsOf(consumers: readonly PullConsumer[]): PullPermission[] {
  return consumers.map(consumer => consumer._permission);
}
