import { type IResource, Validations } from 'aws-cdk-lib';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { BRAND } from '../private/core/brand';
import { isNameable } from '../private/core/physical-names';
import { BEARER_TOKEN_ACTIONS, PUBLIC_LOGIN_ACTIONS, PUBLIC_PUSH_ACTIONS } from '../private/ecr/actions';
import { grantTo, type Permission, type ResourceHalf, statementsText } from '../private/grants/grant';
import type { Grantee } from '../private/grants/grantee';
import { publicClass } from '../private/input/public-class';

/**
 * A repository of the Amazon ECR Public Gallery, defined in this app or imported.
 */
export interface IPublicRepository extends IResource, ecr.IPublicRepositoryRef, iam.IResourceWithPolicyV2 {
  /**
   * The name of the repository.
   *
   * @attribute
   */
  readonly publicRepositoryName: string;

  /**
   * The ARN of the repository, which has no Region.
   *
   * @attribute
   */
  readonly publicRepositoryArn: string;

  /**
   * Least-privilege permissions to push; anyone can pull.
   */
  readonly grants: PublicRepositoryGrants;

  /**
   * Returns the URI to pull from. The alias of a registry is in the console; it is not an attribute in CloudFormation.
   *
   * @param registryAlias the default alias of the registry, such as `a1b2c3d4`, or a custom one
   */
  repositoryUriForAlias(registryAlias: string): string;
}

const HOME = 'us-east-1';

// The actions of the login have no resource type, so '*' is the narrowest resource.
const LOGIN: Permission[] = [
  { actions: PUBLIC_LOGIN_ACTIONS, resourceArns: ['*'], identityOnly: true },
  {
    actions: BEARER_TOKEN_ACTIONS,
    resourceArns: ['*'],
    conditions: { StringEquals: { 'sts:AWSServiceName': 'ecr-public.amazonaws.com' } },
    identityOnly: true,
  },
];

/**
 * Least-privilege permissions to push to a public repository.
 *
 * A principal of the account of the repository gets an identity policy. A principal of another account also gets a statement in the
 * policy of the repository. If this app cannot change one of these policies, a warning contains the statement for its owner.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/public/public-repository-policies.html
 */
export class PublicRepositoryGrants {
  static {
    publicClass(this, 'PublicRepositoryGrants');
  }

  /**
   * Permissions on a public repository.
   *
   * @param repository the repository, defined in this app or imported
   */
  public static fromPublicRepository(repository: IPublicRepository): PublicRepositoryGrants {
    return new PublicRepositoryGrants(repository);
  }

  private declare readonly [BRAND]: 'PublicRepositoryGrants';

  private constructor(private readonly repository: IPublicRepository) {}

  /**
   * Grants permissions to push images (the upload actions and `PutImage` on the repository), and to log in to the public registry
   * (`ecr-public:GetAuthorizationToken` and, for tokens of ECR Public only, `sts:GetServiceBearerToken` on `*`).
   *
   * @param grantee the principal that pushes
   */
  public push(grantee: iam.IGrantable): iam.Grant {
    const { repository } = this;
    return grantTo(grantee, {
      scope: repository,
      region: HOME,
      errorCode: 'InvalidPublicRepositoryGrant',
      warningId: 'cdk-secure-ecr:PublicRepositoryGrants.importedPrincipal',
      isNamed: isNameable(repository),
      problems: part => granteeProblems(repository, part),
      permissions: () => [{ actions: PUBLIC_PUSH_ACTIONS, resourceArns: [repository.publicRepositoryArn] }, ...LOGIN],
      targets: [{ resource: repository, half: (_, principal) => this.half(principal) }],
    });
  }

  private half(principal: iam.IPrincipal): ResourceHalf {
    const { repository } = this;
    const statement = new iam.PolicyStatement({ actions: PUBLIC_PUSH_ACTIONS, principals: [principal] });
    return {
      statement,
      add: () => {
        const { statementAdded, policyDependable = repository } = repository.addToResourcePolicy(statement);
        return { statementAdded, policyDependable };
      },
      warn: () => Validations.of(repository).addWarning(
        'cdk-secure-ecr:PublicRepositoryGrants.importedRepository',
        `the grant has no effect until the owner of the imported repository '${repository.node.path}', whose policy this app cannot change, adds `
        + statementsText(repository, [statement], { account: repository.env.account, region: HOME }),
      ),
    };
  }
}

function granteeProblems(repository: IPublicRepository, grantee: Grantee): string[] {
  if (grantee.kind === 'service') {
    return [`'grantee' must be an AWS identity or an AWS account, got ${grantee.name}; grant to the role that it pushes with`];
  }
  return grantee.construct === undefined || !grantee.isForeignTo(repository) || isNameable(repository) ? [] : [
    `'repositoryName' must be set on '${repository.node.path}' for a grant to a principal of account ${grantee.account}, `
    + "got a name that CloudFormation generates and that other accounts do not know; set a name such as 'tools/converter'",
  ];
}
