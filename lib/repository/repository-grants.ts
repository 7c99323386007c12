import { Stack, Validations } from 'aws-cdk-lib';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import {
  LOGIN_ACTIONS, PULL_ACTIONS, PULL_PUSH_ACTIONS, PUSH_ACTIONS, READ_ACTIONS, SCAN_FINDINGS_ACTIONS, SERVICE_PULL_ACTIONS,
} from '../private/actions';
import { failIfAny } from '../private/errors';
import { isNameable } from '../private/physical-names';
import { statementText } from '../private/statement-text';
import { accountOf, isForeign, resourcePrincipal, serviceOf } from './resource-principal';

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
  /**
   * Permissions on any repository.
   *
   * @param repository the repository, defined in this app or imported into it
   */
  public static fromRepository(repository: ecr.IRepository): RepositoryGrants {
    return new RepositoryGrants(repository);
  }

  private constructor(private readonly repository: ecr.IRepository) {}

  /**
   * Pull images: `BatchCheckLayerAvailability`, `BatchGetImage` and `GetDownloadUrlForLayer`, and log in to the registry.
   *
   * @param grantee who pulls
   */
  public pull(grantee: iam.IGrantable): iam.Grant {
    const isService = serviceOf(grantee.grantPrincipal) !== undefined;
    return this.grantWithLogin(grantee, isService ? SERVICE_PULL_ACTIONS : PULL_ACTIONS);
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
    const { repository } = this;
    const principal = grantee.grantPrincipal;
    const foreign = isForeign(repository, principal);
    if (foreign) {
      this.requireName(principal);
    }

    const identity = iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [repository.repositoryArn] });
    if (identity.success && !foreign && accountOf(principal) !== undefined) {
      return identity;
    }
    if (foreign) {
      this.warnIfForeignImport(principal, actions);
    }

    const statement = new iam.PolicyStatement({ actions, principals: [resourcePrincipal(repository, principal)] });
    const resource = iam.Grant.addStatementToResourcePolicy({ grantee, actions, resourceArns: [], resource: repository, statement });
    if (!resource.success) {
      Validations.of(repository).addWarning(
        'cdk-secure-ecr:RepositoryGrants.importedRepository',
        `the policy of the imported repository '${repository.node.path}' is out of reach of this app; `
        + `ask its owner to add this statement: ${statementText(repository, statement)}`,
      );
    }
    return identity.combine(resource);
  }

  private grantWithLogin(grantee: iam.IGrantable, actions: string[]): iam.Grant {
    // GetAuthorizationToken has no resource type: '*' is the narrowest that IAM knows, and a repository policy cannot give it.
    return this.actions(grantee, actions).combine(iam.Grant.addToPrincipal({ grantee, actions: LOGIN_ACTIONS, resourceArns: ['*'] }));
  }

  private requireName(principal: iam.IPrincipal): void {
    const { repository } = this;
    failIfAny(repository, 'RepositoryNameRequired', isNameable(repository) ? [] : [
      `'repositoryName' must be set on '${repository.node.path}' to grant it to account ${accountOf(principal)}, `
      + "which cannot know a name that CloudFormation makes up; set a name such as 'team/api', or PhysicalName.GENERATE_IF_NEEDED",
    ]);
  }

  private warnIfForeignImport(principal: iam.IPrincipal, actions: string[]): void {
    const { repository } = this;
    const role = principal as iam.IPrincipal & Partial<iam.IRole>;
    if (role.roleArn === undefined || iam.principalIsOwnedResource(principal)) {
      return;
    }
    if (Stack.of(role as iam.IRole).account === accountOf(principal)) {
      return; // imported into a stack of its own account, which can attach a policy to it
    }
    const statement = new iam.PolicyStatement({ actions, resources: [repository.repositoryArn] });
    const login = new iam.PolicyStatement({ actions: LOGIN_ACTIONS, resources: ['*'] });
    Validations.of(repository).addWarning(
      'cdk-secure-ecr:RepositoryGrants.importedPrincipal',
      `the imported role ${role.roleArn} of account ${accountOf(principal)} is out of reach of this app; `
      + `ask its owner to attach these statements: [${statementText(repository, statement)},${statementText(repository, login)}]`,
    );
  }
}
