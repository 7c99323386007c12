import { Stack, Validations } from 'aws-cdk-lib';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { BRAND, brand } from '../private/core/brand';
import { areDifferent } from '../private/core/environment';
import { failIfAny } from '../private/core/errors';
import { isNameable } from '../private/core/physical-names';
import { show } from '../private/core/values';
import {
  LOGIN_ACTIONS, PULL_ACTIONS, PULL_PUSH_ACTIONS, PUSH_ACTIONS, READ_ACTIONS, SCAN_FINDINGS_ACTIONS, SERVICE_PULL_ACTIONS,
} from '../private/ecr/actions';
import { actionProblems, REPOSITORY_GRANT } from '../private/policy/action-problems';
import { statementText } from '../private/policy/statement-text';
import {
  accountOf, arnOf, conditionsOf, constructOf, isForeign, isGroup, isOutOfReach, partsOf, resourcePrincipal, serviceOf,
} from './resource-principal';

/**
 * Least-privilege permissions on the images of a repository: this library's, the CDK's own or an imported one.
 *
 * A principal of the repository's account gets an identity policy. A principal of another account gets both halves: the identity
 * policy and a statement in the repository policy that names its account under a condition on its ARN. A service gets a statement
 * with a condition on its source. What cannot take effect, because the repository or the role is imported, is a warning with the
 * statement that its owner has to add.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
 */
export class RepositoryGrants {
  static {
    brand(this, 'RepositoryGrants');
  }

  /**
   * Permissions on any repository.
   *
   * @param repository the repository, defined in this app or imported into it
   */
  public static fromRepository(repository: ecr.IRepository): RepositoryGrants {
    return new RepositoryGrants(repository);
  }

  private declare readonly [BRAND]: 'RepositoryGrants';

  private constructor(private readonly repository: ecr.IRepository) {}

  /**
   * Pull images: `BatchCheckLayerAvailability`, `BatchGetImage` and `GetDownloadUrlForLayer`, and log in to the registry.
   *
   * @param grantee who pulls
   */
  public pull(grantee: iam.IGrantable): iam.Grant {
    return this.grantWithLogin(grantee, PULL_ACTIONS, SERVICE_PULL_ACTIONS);
  }

  /**
   * Push images: the upload actions, `PutImage`, and `BatchGetImage` as in the list that AWS gives; and log in to the registry.
   *
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
   * @param grantee who pushes
   */
  public push(grantee: iam.IGrantable): iam.Grant {
    return this.grantWithLogin(grantee, PUSH_ACTIONS);
  }

  /**
   * Pull and push images, and log in to the registry.
   *
   * @param grantee who pulls and pushes
   */
  public pullPush(grantee: iam.IGrantable): iam.Grant {
    return this.grantWithLogin(grantee, PULL_PUSH_ACTIONS);
  }

  /**
   * List and describe the repository and its images, without pulling them.
   *
   * @param grantee who reads
   */
  public read(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, READ_ACTIONS);
  }

  /**
   * Read what scans found in the images.
   *
   * Enhanced scanning asks for permissions of Amazon Inspector besides, which know no repository: `ScanGate.grantRead` gives them.
   *
   * @param grantee who reads the findings
   */
  public scanFindings(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, SCAN_FINDINGS_ACTIONS);
  }

  /**
   * Any actions on the repository, in whichever policies they need.
   *
   * @param grantee who may do them
   * @param actions IAM actions with the resource type `repository`, such as `ecr:DescribeImages`
   */
  public actions(grantee: iam.IGrantable, actions: string[]): iam.Grant {
    return combined(partsOf(grantee.grantPrincipal).map(principal => this.grantTo(principal, actions)));
  }

  /**
   * The same, and actions of any service that have no resource type.
   *
   * @internal
   */
  public _actionsAnd(grantee: iam.IGrantable, actions: string[], actionsWithoutResource: string[]): iam.Grant {
    return combined(partsOf(grantee.grantPrincipal).map(principal => this.grantTo(principal, actions, actionsWithoutResource)));
  }

  private grantWithLogin(grantee: iam.IGrantable, actions: string[], serviceActions = actions): iam.Grant {
    return combined(partsOf(grantee.grantPrincipal).map(principal =>
      this.grantTo(principal, serviceOf(principal) === undefined ? actions : serviceActions, LOGIN_ACTIONS)));
  }

  private grantTo(principal: iam.IPrincipal, actions: string[], registryActions: string[] = []): iam.Grant {
    const { repository } = this;
    const foreign = isForeign(repository, principal);
    failIfAny(repository, 'InvalidRepositoryGrant', [
      ...actionProblems('actions', actions, REPOSITORY_GRANT),
      ...principalProblems(repository, principal, foreign),
    ]);

    const identity = this.grantIdentity(principal, actions, registryActions);
    if (identity.success && !foreign) {
      return identity;
    }
    const statement = new iam.PolicyStatement({ actions, principals: [resourcePrincipal(repository, principal)] });
    const { statementAdded, policyDependable = repository } = repository.addToResourcePolicy(statement);
    if (!statementAdded) {
      this.warnOfImportedRepository(principal, statement);
      return identity;
    }
    const resource = iam.Grant.addStatementToResourcePolicy({
      grantee: principal,
      actions,
      resourceArns: [],
      statement,
      // Added above already, where it can be told from the result whether the policy is within reach.
      resource: { env: repository.env, addToResourcePolicy: () => ({ statementAdded, policyDependable }) },
    });
    return identity.combine(resource);
  }

  private grantIdentity(principal: iam.IPrincipal, actions: string[], registryActions: string[]): iam.Grant {
    const { repository } = this;
    const conditions = conditionsOf(principal) as Record<string, Record<string, unknown>>;
    const grants: iam.GrantOnPrincipalOptions[] = [{ grantee: principal, actions, resourceArns: [repository.repositoryArn], conditions }];
    if (registryActions.length > 0) {
      // These actions have no resource type: '*' is the narrowest that IAM knows, and a repository policy cannot give them.
      grants.push({ grantee: principal, actions: registryActions, resourceArns: ['*'] });
    }
    if (!isOutOfReach(principal)) {
      return combined(grants.map(grant => iam.Grant.addToPrincipal(grant)));
    }

    const statements = grants.map(grant => new iam.PolicyStatement({
      actions: grant.actions, resources: grant.resourceArns, conditions: grant.conditions,
    }));
    Validations.of(repository).addWarning(
      'cdk-secure-ecr:RepositoryGrants.importedPrincipal',
      `the imported principal ${arnOf(principal)} of account ${accountOf(principal)} is out of reach of this app; `
      + `ask its owner to attach ${textOf(repository, statements, accountOf(principal) as string)}`,
    );
    return iam.Grant.drop(principal, '');
  }

  private warnOfImportedRepository(principal: iam.IPrincipal, statement: iam.PolicyStatement): void {
    const { repository } = this;
    const { account, region } = Stack.of(repository);
    const statements = [statement];
    if (serviceOf(principal)?.startsWith('lambda.')) {
      if (areDifferent(repository.env.region, region)) {
        Validations.of(repository).addWarning(
          'cdk-secure-ecr:RepositoryGrants.lambdaRegion',
          `a Lambda function of ${region} cannot run an image of '${repository.node.path}' in ${repository.env.region}; replicate it there with ReplicationSetup`,
        );
      }
      if (!areDifferent(repository.env.account, account)) {
        return; // Lambda adds the statement itself when it creates the function for somebody of the repository's account
      }
      statements.unshift(new iam.PolicyStatement({ actions: statement.actions, principals: [new iam.AccountPrincipal(account)] }));
    }
    Validations.of(repository).addWarning(
      'cdk-secure-ecr:RepositoryGrants.importedRepository',
      `the policy of the imported repository '${repository.node.path}' is out of reach of this app; `
      + `ask its owner to add ${textOf(repository, statements, repository.env.account)}`,
    );
  }
}

function principalProblems(repository: ecr.IRepository, principal: iam.IPrincipal, foreign: boolean): string[] {
  const construct = constructOf(principal);
  if (isGroup(principal) && (foreign || construct === undefined)) {
    return [`the group ${show(construct?.node.path ?? arnOf(principal))} cannot be named in the policy of a repository; grant to a role, or to the account with AccountPrincipal`];
  }
  return !foreign || construct === undefined || isNameable(repository) ? [] : [
    `'repositoryName' must be known now on '${repository.node.path}' to grant it to a principal of account ${accountOf(principal)}, `
    + "which cannot know a name that CloudFormation makes up; set a name such as 'team/api', or PhysicalName.GENERATE_IF_NEEDED",
  ];
}

function textOf(repository: ecr.IRepository, statements: iam.PolicyStatement[], account: string): string {
  const [first, ...others] = statements.map(statement => statementText(repository, statement, { account, region: repository.env.region }));
  return others.length > 0 ? `these statements: [${[first, ...others].join(',')}]` : `this statement: ${first}`;
}

function combined(grants: iam.Grant[]): iam.Grant {
  return grants.reduce((left, right) => left.combine(right));
}
