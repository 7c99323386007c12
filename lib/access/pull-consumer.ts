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
 * Somebody who pulls images from repositories of another account.
 *
 * A plain value: the app that owns the repositories and the app that pulls from them can share one list of them.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html
 */
export class PullConsumer {
  static {
    publicClass(this, 'PullConsumer');
  }

  /**
   * Every identity of an account that has a policy for it there, such as the execution role of an ECS task or the node role of an
   * EKS cluster. The account must have the Region of the repositories enabled.
   *
   * @param account an AWS account id of 12 digits
   */
  public static account(account: string): PullConsumer {
    return PullConsumer.accounts([account]);
  }

  /**
   * Every identity of several accounts that has a policy for it there.
   *
   * @param accounts AWS account ids of 12 digits
   */
  public static accounts(accounts: string[]): PullConsumer {
    return new PullConsumer({ kind: 'accounts', accounts });
  }

  /**
   * Some roles of an account. They need not exist yet: the account is the principal, under a condition on the name of the role.
   *
   * A role of a CDK app needs a `roleName` for it, or a pattern for the name that CloudFormation makes up, such as `MyStack-*`.
   *
   * @param account an AWS account id of 12 digits
   * @param roleNames names without `role/`, with the path if there is one, such as `ecs-*` or `teams/api/*`; `*` stands for any
   * text, slashes included, and `?` for any one character
   */
  public static roles(account: string, roleNames: string[]): PullConsumer {
    return new PullConsumer({ kind: 'roles', account, roleNames });
  }

  /**
   * Every identity of every account in an organization that has a policy for it there; no service, such as AWS Lambda, for a
   * service belongs to no organization. The owner's own account is left out, where a `*` would let in identities without any policy.
   *
   * @param organizationId the id of the organization, such as `o-a1b2c3d4e5`
   */
  public static organization(organizationId: string): PullConsumer {
    return new PullConsumer({ kind: 'organization', organizationId });
  }

  /**
   * Every identity of every account in an organizational unit, and in the units below it, that has a policy for it there; no service,
   * and not the owner's own account.
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgpaths
   * @param organizationPath the path from the organization, since the id of a unit is unique in its organization only, such as
   * `o-a1b2c3d4e5/r-ab12/ou-ab12-11111111`; a step `*` between the organization and the unit stands for any steps
   */
  public static organizationalUnit(organizationPath: string): PullConsumer {
    return new PullConsumer({ kind: 'organizationalUnit', organizationPath: String(organizationPath).replace(/\/\*?$/, '') });
  }

  /**
   * AWS Lambda, for the functions of an account in the Region of the repositories, and whoever deploys them there.
   *
   * Lambda pulls from its own Region only. In the account of the repositories it is worth naming too: Lambda adds its permission
   * to a repository policy by itself, and the next deployment of the repository takes it away again.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#gettingstarted-images-permissions
   * @param account an AWS account id of 12 digits
   */
  public static lambdaFunctions(account: string): PullConsumer {
    return new PullConsumer({ kind: 'lambda', account });
  }

  /**
   * AWS CodeBuild, for the build images of projects that pull with the credentials of CodeBuild itself.
   *
   * AWS asks projects of another account to pull with their service role: name it with `roles`, which is a warning if missing.
   *
   * @see https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ProjectEnvironment.html
   * @param account an AWS account id of 12 digits
   * @param options which projects
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
