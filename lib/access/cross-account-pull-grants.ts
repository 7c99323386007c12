import { Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { BRAND, brand } from '../private/core/brand';
import { areDifferent } from '../private/core/environment';
import { failIfAny } from '../private/core/errors';
import { isNameable } from '../private/core/physical-names';
import { isKnown, show } from '../private/core/values';
import { LOGIN_ACTIONS, PULL_ACTIONS } from '../private/ecr/actions';
import { statementText } from '../private/policy/statement-text';
import { accountOf, isForeign, serviceOf } from '../repository/resource-principal';
import type { ICrossAccountPull } from './cross-account-pull';
import { isOutOfReach, nameOf, roleNameProblems } from './principals';
import { ofKind } from './pull-permission';
import { mayCover } from './pull-problems';

/**
 * The consumer's half of a `CrossAccountPull`: identity policies in the account that pulls.
 */
export class CrossAccountPullGrants {
  static {
    brand(this, 'CrossAccountPullGrants');
  }

  /**
   * Permissions on the repositories that a `CrossAccountPull` shares.
   *
   * @param crossAccountPull the share, defined in this app or imported into it
   */
  public static fromCrossAccountPull(crossAccountPull: ICrossAccountPull): CrossAccountPullGrants {
    return new CrossAccountPullGrants(crossAccountPull);
  }

  private declare readonly [BRAND]: 'CrossAccountPullGrants';

  private constructor(private readonly share: ICrossAccountPull) {}

  /**
   * Pull images from the repositories: `BatchCheckLayerAvailability`, `BatchGetImage` and `GetDownloadUrlForLayer` on them, and
   * `GetAuthorizationToken` on `*`, since IAM knows nothing narrower for a login.
   *
   * Fails if the account or the role of the grantee is known not to be among the consumers, or if a repository has no name that
   * another account can refer to. Warns if the grantee is an imported role whose policies are out of reach. A key that encrypts
   * the repositories needs no permission: Amazon ECR decrypts for the puller.
   *
   * @param grantee the role, user, group or managed policy of the consumer's account
   */
  public pull(grantee: iam.IGrantable): iam.Grant {
    const { share } = this;
    const principal = grantee.grantPrincipal;
    failIfAny(share, 'PullNotGranted', [...this.granteeProblems(principal), ...this.nameProblems(principal)]);

    const resourceArns = share.repositories.map(repository => repository.repositoryArn);
    const grant = iam.Grant.addToPrincipal({ grantee, actions: PULL_ACTIONS, resourceArns })
      .combine(iam.Grant.addToPrincipal({ grantee, actions: LOGIN_ACTIONS, resourceArns: ['*'] }));
    if (!grant.success || isOutOfReach(principal)) {
      const statements = [
        new iam.PolicyStatement({ actions: PULL_ACTIONS, resources: resourceArns }),
        new iam.PolicyStatement({ actions: LOGIN_ACTIONS, resources: ['*'] }),
      ];
      Validations.of(share).addWarning(
        'cdk-secure-ecr:CrossAccountPull.importedPrincipal',
        `the policies of ${nameOf(principal)} are out of reach of this app; ask its owner to attach these statements: `
        + `[${statements.map(statement => statementText(share, statement)).join(',')}]`,
      );
    }
    return grant;
  }

  private granteeProblems(principal: iam.IPrincipal): string[] {
    const service = serviceOf(principal);
    if (service !== undefined) {
      return [`'grantee' must be a role, user, group or managed policy, got the service ${show(service)}, which has no identity policy; `
        + "name it in 'consumers' of the CrossAccountPull of the owner"];
    }

    const account = accountOf(principal);
    const permissions = this.share.consumers.map(consumer => consumer._permission);
    if (!isKnown(account) || permissions.length === 0 || this.share.repositories.some(({ env }) => !areDifferent(env.account, account))) {
      return [];
    }
    const covering = permissions.filter(permission => mayCover(permission, account));
    if (covering.length === 0) {
      return [`'consumers' must include account ${account} of ${nameOf(principal)}, or its pulls are denied; add PullConsumer.account(${show(account)})`];
    }
    const roles = ofKind(covering, 'roles');
    return roles.length < covering.length ? [] : roleNameProblems(principal, roles.flatMap(({ roleNames }) => roleNames));
  }

  private nameProblems(principal: iam.IPrincipal): string[] {
    return this.share.repositories
      .filter(repository => !isNameable(repository) && isForeign(repository, principal))
      .map(repository => `'repositoryName' must be set on '${repository.node.path}' for account ${accountOf(principal)} to pull from it, `
        + "which cannot know a name that is made up at deployment; set a name such as 'team/api', or PhysicalName.GENERATE_IF_NEEDED");
  }
}
