import { Stack, Validations } from 'aws-cdk-lib';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { BRAND } from '../private/core/brand';
import { areDifferent } from '../private/core/environment';
import { failUnscopedIfAny } from '../private/core/errors';
import { isNameable } from '../private/core/physical-names';
import { duplicatesOf, show } from '../private/core/values';
import {
  IMPORT_ACTIONS, LOGIN_ACTIONS, PUBLISH_ASSETS_ACTIONS, PULL_ACTIONS, PULL_PUSH_ACTIONS, PUSH_ACTIONS, READ_ACTIONS, SCAN_FINDINGS_ACTIONS,
  SERVICE_PULL_ACTIONS,
} from '../private/ecr/actions';
import { type GrantTarget, grantTo, type ResourceHalf, statementsText } from '../private/grants/grant';
import type { Grantee } from '../private/grants/grantee';
import { roleThatPulls, sourceOfAnotherService } from '../private/grants/service-source';
import { publicClass } from '../private/input/public-class';
import { isOfCache } from '../private/ownership/app-registry';
import { actionProblems, REPOSITORY_GRANT, unknownActions } from '../private/policy/action-problems';

/**
 * Least-privilege permissions on the images of repositories of this library, of the CDK, or imported ones.
 *
 * A principal of the account of the repository gets an identity policy. A principal of another account gets an identity policy,
 * and a statement in the repository policy for its account with a condition on its ARN, or on a tag if the role has no name. A service
 * gets a statement with a condition on its source. If this app cannot change one of these policies, because the repository or the
 * principal is imported, a warning contains the statement for its owner.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
 */
export class RepositoryGrants {
  static {
    publicClass(this, 'RepositoryGrants');
  }

  /**
   * Permissions on any repository.
   *
   * @param repository the repository, defined in this app or imported
   */
  public static fromRepository(repository: ecr.IRepository): RepositoryGrants {
    return new RepositoryGrants([repository]);
  }

  /**
   * Permissions on several repositories at once: an identity policy gets one statement that lists their ARNs.
   *
   * @param repositories the repositories, at least one, without duplicates
   */
  public static fromRepositories(repositories: ecr.IRepository[]): RepositoryGrants {
    failUnscopedIfAny('InvalidRepositories', repositoriesProblems(repositories));
    return new RepositoryGrants([...repositories]);
  }

  private declare readonly [BRAND]: 'RepositoryGrants';

  private constructor(private readonly repositories: readonly ecr.IRepository[]) {}

  /**
   * Grants permissions to pull images (`BatchCheckLayerAvailability`, `BatchGetImage` and `GetDownloadUrlForLayer`), and to log in to
   * the registry.
   *
   * With `BatchImportUpstreamImage` for an imported repository of a pull through cache that this app has defined in the registry before.
   *
   * Warns about a service that pulls with a role, such as Amazon ECS with the execution role of the task.
   *
   * @param grantee the principal that pulls
   */
  public pull(grantee: iam.IGrantable): iam.Grant {
    const actions = this.repositories.some(isOfCache) ? [...PULL_ACTIONS, ...IMPORT_ACTIONS].sort() : PULL_ACTIONS;
    return this.grant(grantee, part => part.kind === 'service' ? SERVICE_PULL_ACTIONS : actions, LOGIN_ACTIONS);
  }

  /**
   * Grants permissions to push images (the upload actions, `PutImage`, and `BatchGetImage` as in the AWS documentation), and to log in
   * to the registry.
   *
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
   * @param grantee the principal that pushes
   */
  public push(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, () => PUSH_ACTIONS, LOGIN_ACTIONS);
  }

  /**
   * Grants permissions to pull and push images, and to log in to the registry.
   *
   * @param grantee the principal that pulls and pushes
   */
  public pullPush(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, () => PULL_PUSH_ACTIONS, LOGIN_ACTIONS);
  }

  /**
   * Grants permissions to publish the image assets of CDK apps: to pull and push images, to describe the repository and its images, and
   * to log in to the registry.
   *
   * Use it for the role in `imageAssetPublishingRoleArn` of the stack synthesizer if `imageAssetsRepositoryName` is this repository. The
   * lifecycle policy must keep the images that deployed stacks use.
   *
   * @see https://docs.aws.amazon.com/cdk/v2/guide/customize-synth.html
   * @param grantee the role that publishes, by default `cdk-hnb659fds-image-publishing-role-<account>-<Region>`
   */
  public publishAssets(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, () => PUBLISH_ASSETS_ACTIONS, LOGIN_ACTIONS);
  }

  /**
   * Grants permissions to list and describe the repository and its images, without pulling them.
   *
   * @param grantee the principal that reads
   */
  public read(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, () => READ_ACTIONS);
  }

  /**
   * Grants permissions to read the scan findings of the images.
   *
   * Enhanced scanning also needs permissions of Amazon Inspector, which have no resource: `ScanGate.grantRead` grants them.
   *
   * @param grantee the principal that reads the findings
   */
  public scanFindings(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, () => SCAN_FINDINGS_ACTIONS);
  }

  /**
   * Grants any actions on the repository, in all policies that need them.
   *
   * Throws if an action is misspelled, and warns about one that AWS does not list.
   *
   * @param grantee the principal that gets the permissions
   * @param actions IAM actions with the resource type `repository`, such as `ecr:DescribeImages`, at least one
   */
  public actions(grantee: iam.IGrantable, actions: string[]): iam.Grant {
    for (const action of unknownActions(actions)) {
      Validations.of(this.repositories[0]).addWarning(
        'cdk-secure-ecr:RepositoryGrants.unknownAction',
        `the action ${show(action)} has no effect, unless AWS added it lately; check its name`,
      );
    }
    return this.grant(grantee, () => actions);
  }

  /**
   * Grants actions on the repository, and actions of any service without a resource type.
   *
   * @internal
   */
  public _actionsAnd(grantee: iam.IGrantable, actions: string[], actionsWithoutResource: string[]): iam.Grant {
    return this.grant(grantee, () => actions, actionsWithoutResource);
  }

  private grant(grantable: iam.IGrantable, actionsOf: (grantee: Grantee) => string[], registryActions: string[] = []): iam.Grant {
    const { repositories } = this;
    const [scope] = repositories;
    return grantTo(grantable, {
      scope,
      region: scope.env.region,
      errorCode: 'InvalidRepositoryGrant',
      warningId: 'cdk-secure-ecr:RepositoryGrants.importedPrincipal',
      isNamed: repositories.every(isNameable),
      problems: grantee => [
        ...actionsProblems('actions', actionsOf(grantee)),
        ...repositories.flatMap(repository => nameProblems(repository, grantee)),
      ],
      permissions: grantee => [
        { actions: actionsOf(grantee), resourceArns: repositories.map(({ repositoryArn }) => repositoryArn) },
        // These actions have no resource type, so '*' is the narrowest resource, and a repository policy cannot allow them.
        ...registryActions.length > 0 ? [{ actions: registryActions, resourceArns: ['*'], identityOnly: true }] : [],
      ],
      targets: repositories.map(repository => targetOf(repository, actionsOf)),
    });
  }
}

function targetOf(repository: ecr.IRepository, actionsOf: (grantee: Grantee) => string[]): GrantTarget {
  return {
    resource: repository,
    half: (grantee, principal): ResourceHalf => {
      const statement = new iam.PolicyStatement({ actions: actionsOf(grantee), principals: [principal] });
      warnOfService(repository, grantee);
      return {
        statement,
        add: () => {
          const { statementAdded, policyDependable = repository } = repository.addToResourcePolicy(statement);
          return { statementAdded, policyDependable };
        },
        warn: () => warnOfImport(repository, grantee, statement),
      };
    },
  };
}

function warnOfService(repository: ecr.IRepository, grantee: Grantee): void {
  const role = roleThatPulls(grantee);
  if (role !== undefined) {
    Validations.of(repository).addWarning(
      'cdk-secure-ecr:RepositoryGrants.serviceWithoutEffect',
      `the grant has no effect, because ${grantee.name} does not use a repository policy and pulls with ${role}; grant to that role`,
    );
  }
  const source = sourceOfAnotherService(grantee);
  if (source !== undefined) {
    Validations.of(repository).addWarning(
      'cdk-secure-ecr:RepositoryGrants.sourceOfAnotherService',
      `the grant to ${grantee.name} has no effect, because ${show(source)} is not one of its resources; name a resource of that service in 'aws:SourceArn'`,
    );
  }
}

function warnOfImport(repository: ecr.IRepository, { service }: Grantee, statement: iam.PolicyStatement): void {
  const { account, region } = Stack.of(repository);
  const statements = [statement];
  if (service?.startsWith('lambda.')) {
    if (areDifferent(repository.env.region, region)) {
      Validations.of(repository).addWarning(
        'cdk-secure-ecr:RepositoryGrants.lambdaRegion',
        `a Lambda function of ${region} cannot run an image of '${repository.node.path}' in ${repository.env.region}; replicate it there with ReplicationSetup`,
      );
    }
    if (!areDifferent(repository.env.account, account)) {
      return; // Lambda adds the statement itself when it creates the function for a principal of the repository's account
    }
    statements.unshift(new iam.PolicyStatement({ actions: statement.actions, principals: [new iam.AccountPrincipal(account)] }));
  }
  Validations.of(repository).addWarning(
    'cdk-secure-ecr:RepositoryGrants.importedRepository',
    `the grant has no effect until the owner of the imported repository '${repository.node.path}', whose policy this app cannot change, adds `
    + statementsText(repository, statements, repository.env),
  );
}

function repositoriesProblems(repositories: readonly ecr.IRepository[]): string[] {
  return [
    ...repositories.length > 0 ? [] : ["'repositories' must have at least one repository, got []; remove the grant"],
    ...duplicatesOf(repositories.map(({ node }) => node.path)).map(path => `'repositories' must not have duplicates, got '${path}' twice`),
  ];
}

function actionsProblems(prop: string, actions: readonly string[]): string[] {
  return actions.length === 0
    ? [`'${prop}' must have at least one action such as 'ecr:DescribeImages', got []`]
    : actionProblems(prop, actions, REPOSITORY_GRANT);
}

function nameProblems(repository: ecr.IRepository, grantee: Grantee): string[] {
  return grantee.construct === undefined || !grantee.isForeignTo(repository) || isNameable(repository) ? [] : [
    `'repositoryName' must be set on '${repository.node.path}' for a grant to a principal of account ${grantee.account}, `
    + "got a name that CloudFormation generates and that other accounts do not know; set a name such as 'team/api', or PhysicalName.GENERATE_IF_NEEDED",
  ];
}
