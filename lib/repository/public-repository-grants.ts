import { Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { BRAND, brand } from '../private/core/brand';
import { failIfAny } from '../private/core/errors';
import { isNameable } from '../private/core/physical-names';
import { show } from '../private/core/values';
import { BEARER_TOKEN_ACTIONS, PUBLIC_LOGIN_ACTIONS, PUBLIC_PUSH_ACTIONS } from '../private/ecr/actions';
import { statementText } from '../private/policy/statement-text';
import type { IPublicRepository } from './public-repository';
import { accountOf, arnOf, conditionsOf, constructOf, isForeign, isGroup, isOutOfReach, partsOf, resourcePrincipal, serviceOf } from './resource-principal';

const HOME = 'us-east-1';

/**
 * Least-privilege permissions to push to a public repository.
 *
 * A principal of the repository's account gets an identity policy, one of another account a statement in the policy of the repository
 * too. What is out of reach of the app is a warning with the statement that its owner has to add.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/public/public-repository-policies.html
 */
export class PublicRepositoryGrants {
  static {
    brand(this, 'PublicRepositoryGrants');
  }

  /**
   * Permissions on a public repository.
   *
   * @param repository the repository, defined in this app or imported into it
   */
  public static fromPublicRepository(repository: IPublicRepository): PublicRepositoryGrants {
    return new PublicRepositoryGrants(repository);
  }

  private declare readonly [BRAND]: 'PublicRepositoryGrants';

  private constructor(private readonly repository: IPublicRepository) {}

  /**
   * Push images: the upload actions and `PutImage` on the repository; and log in to the public registry, which takes
   * `ecr-public:GetAuthorizationToken` and, for tokens of ECR Public alone, `sts:GetServiceBearerToken` on `*`.
   *
   * @param grantee who pushes
   */
  public push(grantee: iam.IGrantable): iam.Grant {
    return partsOf(grantee.grantPrincipal).map(principal => this.pushBy(principal)).reduce((left, right) => left.combine(right));
  }

  private pushBy(principal: iam.IPrincipal): iam.Grant {
    const { repository } = this;
    const foreign = isForeign(repository, principal);
    failIfAny(repository, 'InvalidPublicRepositoryGrant', granteeProblems(repository, principal, foreign));

    const identity = this.grantIdentity(principal);
    if (identity.success && !foreign) {
      return identity;
    }
    const statement = new iam.PolicyStatement({ actions: PUBLIC_PUSH_ACTIONS, principals: [resourcePrincipal(repository, principal)] });
    const { statementAdded, policyDependable = repository } = repository.addToResourcePolicy(statement);
    if (!statementAdded) {
      Validations.of(repository).addWarning(
        'cdk-secure-ecr:PublicRepositoryGrants.importedRepository',
        `the policy of the imported repository '${repository.node.path}' is out of reach of this app; `
        + `ask its owner to add this statement: ${statementText(repository, statement, { account: repository.env.account, region: HOME })}`,
      );
      return identity;
    }
    return identity.combine(iam.Grant.addStatementToResourcePolicy({
      grantee: principal,
      actions: PUBLIC_PUSH_ACTIONS,
      resourceArns: [],
      statement,
      resource: { env: repository.env, addToResourcePolicy: () => ({ statementAdded, policyDependable }) },
    }));
  }

  private grantIdentity(principal: iam.IPrincipal): iam.Grant {
    const { repository } = this;
    const conditions = conditionsOf(principal) as Record<string, Record<string, unknown>>;
    const grants: iam.GrantOnPrincipalOptions[] = [
      { grantee: principal, actions: PUBLIC_PUSH_ACTIONS, resourceArns: [repository.publicRepositoryArn], conditions },
      // Neither action of the login has a resource type: '*' is the narrowest that IAM knows.
      { grantee: principal, actions: PUBLIC_LOGIN_ACTIONS, resourceArns: ['*'] },
      { grantee: principal, actions: BEARER_TOKEN_ACTIONS, resourceArns: ['*'], conditions: { StringEquals: { 'sts:AWSServiceName': 'ecr-public.amazonaws.com' } } },
    ];
    if (!isOutOfReach(principal)) {
      return grants.map(grant => iam.Grant.addToPrincipal(grant)).reduce((left, right) => left.combine(right));
    }

    const reader = { account: accountOf(principal) as string, region: HOME };
    const statements = grants.map(grant => new iam.PolicyStatement({
      actions: grant.actions, resources: grant.resourceArns, conditions: grant.conditions,
    }));
    Validations.of(repository).addWarning(
      'cdk-secure-ecr:PublicRepositoryGrants.importedPrincipal',
      `the imported principal ${arnOf(principal)} of account ${reader.account} is out of reach of this app; `
      + `ask its owner to attach these statements: [${statements.map(statement => statementText(repository, statement, reader)).join(',')}]`,
    );
    return iam.Grant.drop(principal, '');
  }
}

function granteeProblems(repository: IPublicRepository, principal: iam.IPrincipal, foreign: boolean): string[] {
  const service = serviceOf(principal);
  if (service !== undefined) {
    return [`'grantee' must be an identity or an account of AWS, got ${show(service)}; grant the role with which it pushes`];
  }
  const construct = constructOf(principal);
  if (isGroup(principal) && (foreign || construct === undefined)) {
    return [`'grantee' must not be a group that is not of this account and app, which no policy can name, got ${show(arnOf(principal))}; grant to a role`];
  }
  return !foreign || construct === undefined || isNameable(repository) ? [] : [
    `'repositoryName' must be known now on '${repository.node.path}' to grant it to a principal of account ${accountOf(principal)}, `
    + "which cannot know a name that CloudFormation makes up; set a name such as 'tools/converter'",
  ];
}
