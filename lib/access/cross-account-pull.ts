import { Stack, Validations } from 'aws-cdk-lib';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import { CfnRepository } from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { failIfAny } from '../private/core/errors';
import { isUnnamed } from '../private/core/physical-names';
import { duplicatesOf, isKnown, show } from '../private/core/values';
import { LIMITS } from '../private/ecr/limits';
import { accountProblems, regionProblems, repositoryNameProblems } from '../private/ecr/names';
import { statementsText } from '../private/grants/grant';
import { checkArguments } from '../private/input/check-arguments';
import { publicClass } from '../private/input/public-class';
import { policyLength } from '../private/policy/policy-length';
import { SecureRepository } from '../repository/secure-repository';
import { CrossAccountPullGrants, type ICrossAccountPull } from './cross-account-pull-grants';
import { permissionsOf, type PullConsumer } from './pull-consumer';
import { consumersFindings, consumersProblems } from './pull-problems';
import { pullStatements, type Registry } from './pull-statements';
import { SharedRepository } from './shared-repository';

/**
 * Properties for defining a `CrossAccountPull`.
 */
export interface CrossAccountPullProps {
  /**
   * The repositories to pull from, at least one. Each should have a `repositoryName`, because consumers must know it. The owner
   * of an imported repository must add the statements of a warning.
   *
   * [disable-awslint:prefer-ref-interface]
   */
  readonly repositories: ecr.IRepository[];

  /**
   * The principals that pull, without duplicates. An empty list removes all access, which is a warning.
   */
  readonly consumers: PullConsumer[];
}

/**
 * The attributes of repositories that another account shares, for the app of a consumer.
 */
export interface CrossAccountPullAttributes {
  /**
   * The account that owns the repositories, 12 digits.
   */
  readonly account: string;

  /**
   * The Region of the repositories. Amazon ECS and Amazon EKS pull from any Region, AWS Lambda from its own Region only.
   *
   * @default - the Region of the stack
   */
  readonly region?: string;

  /**
   * The names of the repositories, at least one, without duplicates, such as `team/api`.
   */
  readonly repositoryNames: string[];

  /**
   * The consumers in the `CrossAccountPull` of the owner. A grant to a principal that is not among them is then an error at synthesis
   * and not a failed pull.
   *
   * @default - whether the owner shares the repositories with this account is not checked
   */
  readonly consumers?: PullConsumer[];
}

/**
 * Allows accounts, roles, organizations and AWS services outside the account to pull from repositories.
 *
 * It adds statements to the policies of the repositories of the owner. They have no `Resource`, do not include `GetAuthorizationToken`,
 * and never allow all principals. The consumer also needs an identity policy in its account: use `grants.pull(role)` if both
 * accounts are in one app, and `CrossAccountPull.fromCrossAccountPullAttributes(…).grants.pull(role)` in another app. Consumers need
 * no permissions on the key of the repositories.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
 */
export class CrossAccountPull extends Construct implements ICrossAccountPull {
  static {
    publicClass(this, 'CrossAccountPull');
  }

  /**
   * Imports the repositories that another account shares into the app of a consumer.
   *
   * @param scope the parent construct, in a stack of the consumer
   * @param id the id of the import
   * @param attrs the account, Region and names of the repositories
   */
  public static fromCrossAccountPullAttributes(scope: Construct, id: string, attrs: CrossAccountPullAttributes): ICrossAccountPull {
    const { account, region = Stack.of(scope).region, repositoryNames, consumers = [] } = attrs;
    failIfAny(scope, 'InvalidCrossAccountPull', [
      ...accountProblems('account', account),
      ...regionProblems('region', region),
      ...namesProblems(repositoryNames),
      ...attrs.consumers ? consumersProblems(permissionsOf(consumers)) : [],
    ]);

    class Import extends Construct implements ICrossAccountPull {
      public readonly consumers = [...consumers];
      public readonly grants = CrossAccountPullGrants.fromCrossAccountPull(this);
      public readonly repositories: ecr.IRepository[] = repositoryNames.map((name, index) =>
        new SharedRepository(this, isKnown(name) ? name : `Repository${index}`, this, { account, region }, name));
    }

    return new Import(scope, id);
  }

  /**
   * Returns the repository policy that allows consumers to pull, for repositories that Amazon ECR creates: replicas, caches
   * and repositories created on push get it from the `repositoryPolicy` of a `RepositoryTemplate`.
   *
   * @param scope a construct in the stack of the template, which determines the account and Region
   * @param consumers the principals that pull, at least one, without duplicates
   */
  public static repositoryPolicy(scope: Construct, consumers: PullConsumer[]): iam.PolicyDocument {
    const permissions = permissionsOf(consumers);
    failIfAny(scope, 'InvalidCrossAccountPull', permissions.length > 0
      ? consumersProblems(permissions)
      : ["'consumers' must have at least one entry, got []; omit 'repositoryPolicy' of the template"]);

    const registry = Stack.of(scope);
    addFindings(scope, registry.account, consumers);
    return new iam.PolicyDocument({ statements: pullStatements(scope, registry, permissions) });
  }

  public readonly repositories: ecr.IRepository[];
  public readonly consumers: PullConsumer[];
  public readonly grants = CrossAccountPullGrants.fromCrossAccountPull(this);

  constructor(scope: Construct, id: string, props: CrossAccountPullProps) {
    checkArguments('CrossAccountPull', [scope, id, props]);
    super(scope, id);

    const { repositories, consumers } = props;
    failIfAny(this, 'InvalidCrossAccountPull', [
      ...repositoriesProblems(repositories),
      ...consumersProblems(permissionsOf(consumers)),
    ]);
    this.repositories = [...repositories];
    this.consumers = [...consumers];

    for (const account of new Set(repositories.map(repository => registryOf(repository).account))) {
      addFindings(this, account, consumers);
    }
    for (const repository of repositories) {
      this.share(repository);
    }
  }

  private share(repository: ecr.IRepository): void {
    const statements = pullStatements(repository, registryOf(repository), permissionsOf(this.consumers));
    const added = statements.map(statement => repository.addToResourcePolicy(statement).statementAdded);
    if (added.includes(false)) {
      Validations.of(this).addWarning(
        'cdk-secure-ecr:CrossAccountPull.importedRepository',
        `the consumers cannot pull until the owner of the imported repository '${repository.node.path}', whose policy this app cannot change, adds `
        + statementsText(repository, statements),
      );
    }
    if (isUnnamed(repository)) {
      Validations.of(this).addWarning(
        'cdk-secure-ecr:CrossAccountPull.generatedName',
        `consumers cannot rely on the name of '${repository.node.path}', because 'repositoryName' is not set, `
        + 'and CloudFormation generates another name when it replaces the repository; set \'repositoryName\'',
      );
    }
    if (!(repository instanceof SecureRepository)) {
      this.node.addValidation({ validate: () => lengthProblems(repository, statements) });
    }
  }
}

/**
 * The registry of a repository; imports of the CDK have it in their ARN only.
 */
function registryOf(repository: ecr.IRepository): Registry {
  const [, region, account] = /^arn:[^:]+:ecr:([^:]+):([^:]+):repository\//.exec(repository.repositoryArn) ?? [];
  return account ? { account, region } : repository.env;
}

function addFindings(scope: Construct, ownAccount: string, consumers: PullConsumer[]): void {
  for (const { id, message } of consumersFindings(ownAccount, permissionsOf(consumers))) {
    Validations.of(scope).addWarning(`cdk-secure-ecr:CrossAccountPull.${id}`, message);
  }
}

function repositoriesProblems(repositories: ecr.IRepository[]): string[] {
  if (repositories.length === 0) {
    return ["'repositories' must have at least one entry, got []; add a SecureRepository"];
  }
  return duplicatesOf(repositories.map(({ node }) => node.path)).map(path => `'repositories' must not have duplicates, got ${show(path)} twice`);
}

function namesProblems(repositoryNames: string[]): string[] {
  if (!isKnown(repositoryNames)) {
    return ["'repositoryNames' must be a list of known length, got a token; list the entries, which may be tokens"];
  }
  if (repositoryNames.length === 0) {
    return ["'repositoryNames' must have at least one entry, got []; add the name of a repository, such as 'team/api'"];
  }
  return [
    ...repositoryNames.flatMap((name, index) => repositoryNameProblems(`repositoryNames[${index}]`, name)),
    ...duplicatesOf(repositoryNames).map(name => `'repositoryNames' must not have duplicates, got ${show(name)} twice`),
  ];
}

/**
 * Problems with the length of the policy of another repository; `SecureRepository` checks its own policy.
 */
function lengthProblems(repository: ecr.IRepository, statements: iam.PolicyStatement[]): string[] {
  const { defaultChild } = repository.node;
  const whole = defaultChild instanceof CfnRepository ? defaultChild.repositoryPolicyText as iam.PolicyDocument : undefined;
  const length = policyLength(repository, whole ?? new iam.PolicyDocument({ statements }));
  const max = LIMITS.repositoryPolicyCharacters;
  return length > max ? [
    `the policy of '${repository.node.path}' must be at most ${max} characters long, got ${length}; `
    + 'replace the accounts in \'consumers\' with their PullConsumer.organization, which needs one statement for all accounts',
  ] : [];
}
