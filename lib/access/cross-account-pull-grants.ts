import type * as ecr from 'aws-cdk-lib/aws-ecr';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { BRAND } from '../private/core/brand';
import { areDifferent } from '../private/core/environment';
import { isNameable } from '../private/core/physical-names';
import { isKnown, show } from '../private/core/values';
import { LOGIN_ACTIONS, PULL_ACTIONS } from '../private/ecr/actions';
import { grantTo } from '../private/grants/grant';
import type { Grantee } from '../private/grants/grantee';
import { publicClass } from '../private/input/public-class';
import { permissionsOf, type PullConsumer } from './pull-consumer';
import { ofKind } from './pull-permission';
import { mayCover } from './pull-problems';
import { roleNameProblems } from './role-names';

/**
 * Repositories that other accounts pull from, shared in this app or imported.
 */
export interface ICrossAccountPull extends IConstruct {
  /**
   * The repositories to pull from.
   */
  readonly repositories: ecr.IRepository[];

  /**
   * The principals that pull; an empty list if an import does not specify them.
   */
  readonly consumers: PullConsumer[];

  /**
   * Grants for the consumers: identity policies in the account that pulls.
   */
  readonly grants: CrossAccountPullGrants;
}

/**
 * Grants for the consumers of a `CrossAccountPull`: identity policies in the account that pulls.
 */
export class CrossAccountPullGrants {
  static {
    publicClass(this, 'CrossAccountPullGrants');
  }

  /**
   * Permissions on the repositories that a `CrossAccountPull` shares.
   *
   * @param crossAccountPull the share, defined in this app or imported
   */
  public static fromCrossAccountPull(crossAccountPull: ICrossAccountPull): CrossAccountPullGrants {
    return new CrossAccountPullGrants(crossAccountPull);
  }

  private declare readonly [BRAND]: 'CrossAccountPullGrants';

  private constructor(private readonly share: ICrossAccountPull) {}

  /**
   * Grants permissions to pull images from the repositories: `BatchCheckLayerAvailability`, `BatchGetImage` and
   * `GetDownloadUrlForLayer` on them, and `GetAuthorizationToken` on `*`, because this action has no resource type.
   *
   * Throws if the account or the role of the grantee is known not to be among the consumers, or if a repository has no name that
   * another account can refer to. Warns if this app cannot change the policies of the grantee. The grantee needs no permission on the
   * key of the repositories: Amazon ECR decrypts the images.
   *
   * @param grantee the role, user, group or managed policy of the consumer's account
   */
  public pull(grantee: iam.IGrantable): iam.Grant {
    const { share } = this;
    return grantTo(grantee, {
      scope: share,
      region: share.repositories[0].env.region,
      errorCode: 'PullNotGranted',
      warningId: 'cdk-secure-ecr:CrossAccountPull.importedPrincipal',
      isNamed: share.repositories.every(isNameable),
      problems: part => [...this.granteeProblems(part), ...this.nameProblems(part)],
      permissions: () => [
        { actions: PULL_ACTIONS, resourceArns: share.repositories.map(repository => repository.repositoryArn) },
        { actions: LOGIN_ACTIONS, resourceArns: ['*'], identityOnly: true },
      ],
      targets: [], // the repository policy of the owner has the `consumers`
    });
  }

  private granteeProblems({ kind, name, construct, account }: Grantee): string[] {
    if (kind === 'service') {
      return [`'grantee' must be a role, user, group or managed policy, got the service ${name}, which has no identity policy; `
        + "add it to 'consumers' of the CrossAccountPull of the owner"];
    }

    const permissions = permissionsOf(this.share.consumers);
    if (!isKnown(account) || permissions.length === 0 || this.share.repositories.some(({ env }) => !areDifferent(env.account, account))) {
      return [];
    }
    const covering = permissions.filter(permission => mayCover(permission, account));
    if (covering.length === 0) {
      return [`'consumers' must include account ${account} of ${name}, otherwise its pulls are denied; add PullConsumer.account(${show(account)})`];
    }
    const roles = ofKind(covering, 'roles');
    return roles.length < covering.length ? [] : roleNameProblems(construct, roles.flatMap(({ roleNames }) => roleNames));
  }

  private nameProblems(grantee: Grantee): string[] {
    return this.share.repositories
      .filter(repository => !isNameable(repository) && grantee.isForeignTo(repository))
      .map(repository => `'repositoryName' must be set on '${repository.node.path}' for pulls of account ${grantee.account}, `
        + "got a name that CloudFormation generates and that other accounts do not know; set a name such as 'team/api', or PhysicalName.GENERATE_IF_NEEDED");
  }
}
