import { Stack, Validations } from 'aws-cdk-lib';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import { failIfAny } from '../private/core/errors';
import { isKnown } from '../private/core/values';
import { checkArguments } from '../private/input/check-arguments';
import { publicClass } from '../private/input/public-class';
import { addToRegistryPolicy, beginRegistryPolicy, registryPolicyOf, registryPolicyProblems } from '../private/ownership/registry-policy';
import { REGISTRY_POLICY } from '../private/policy/action-problems';
import { isExisting, warnOfExistingPolicy } from '../private/policy/given-policy';
import { jsonOf, statementsOf, warnOfStatementDoubts } from '../private/policy/repository-policy';
import { registryResourceProblems } from '../private/policy/resource-problems';
import { type StatementJson, textsOf } from '../private/policy/statement-json';
import { statementProblems as policyStatementProblems } from '../private/policy/statement-problems';
import { existingStatements, type VerbatimPolicy } from '../private/policy/verbatim-policy';

/**
 * Properties for defining a `RegistryPolicy`.
 */
export interface RegistryPolicyProps {
  /**
   * Statements with principals, actions of Amazon ECR, and the ARNs of repositories of this registry or `*` as resources.
   *
   * @default - none, `addStatement` adds them
   */
  readonly statements?: iam.PolicyStatement[];

  /**
   * The policy that the registry has before this app takes it over, word for word: `ExistingPolicy.fromJson` of the output of
   * `aws ecr get-registry-policy`. Statements of this app follow its statements. Once for each registry.
   *
   * @default - none, the registry policy has the statements of this app only
   */
  readonly existingPolicy?: iam.PolicyDocument;
}

/**
 * Adds statements to the registry policy, which applies to all existing and future repositories of this registry.
 *
 * A registry, which is one account in one Region, has one policy of up to 10,240 characters. All `RegistryPolicy`,
 * `ReplicationDestination` and other constructs of a stack that need it share one `AWS::ECR::RegistryPolicy` resource. Two
 * stacks of an app that define the policy of the same registry are an error.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html
 */
export class RegistryPolicy extends Construct {
  static {
    publicClass(this, 'RegistryPolicy');
  }

  constructor(scope: Construct, id: string, props: RegistryPolicyProps = {}) {
    checkArguments('RegistryPolicy', [scope, id, props]);
    super(scope, id);

    const statements = props.statements ?? [];
    failIfAny(this, 'InvalidRegistryPolicy', [
      ...statements.flatMap((statement, index) => statementProblems(this, `statements[${index}]`, statement, statements)),
      ...registryPolicyProblems(this),
      ...props.existingPolicy === undefined || isExisting(props.existingPolicy)
        ? []
        : ["'existingPolicy' must come from ExistingPolicy.fromJson, got another document; put statements of your own into 'statements'"],
    ]);
    if (isExisting(props.existingPolicy) && !props.existingPolicy.isEmpty) {
      this.take(props.existingPolicy);
    }
    for (const statement of statements) {
      this.contribute(statement);
    }
  }

  /**
   * The registry policy of the stack, once a construct has added a statement.
   */
  public get policy(): ecr.IRegistryPolicyRef | undefined {
    return registryPolicyOf(this);
  }

  /**
   * Adds a statement to the registry policy.
   *
   * @param statement a statement with principals, actions of Amazon ECR, and the ARNs of repositories of this registry or `*` as
   *   resources
   */
  public addStatement(statement: iam.PolicyStatement): void {
    failIfAny(this, 'InvalidRegistryPolicy', [...statementProblems(this, 'statement', statement), ...registryPolicyProblems(this)]);
    this.contribute(statement);
  }

  private contribute(statement: iam.PolicyStatement): void {
    const json = jsonOf(statement);
    addToRegistryPolicy(this, statement);
    warnOfStatementDoubts(this, 'RegistryPolicy', json);
    this.warn(json);
  }

  private take(policy: VerbatimPolicy): void {
    beginRegistryPolicy(this, policy);
    warnOfExistingPolicy(this, 'RegistryPolicy', 'existingPolicy', REGISTRY_POLICY, policy);
    existingStatements(policy).forEach(statement => this.warn(statement));
  }

  private warn(statement: StatementJson): void {
    if (statement.Effect === 'Allow' && names(statement, 'ecr:*')) {
      Validations.of(this).addWarning(
        'cdk-secure-ecr:RegistryPolicy.allActions',
        "the principals can also delete images and change policies, because a statement allows every action of Amazon ECR; list the actions in 'actions'",
      );
    }
    if (statement.Effect === 'Deny' && names(statement, 'ecr:PutRegistryScanningConfiguration')) {
      Validations.of(this).addWarning(
        'cdk-secure-ecr:RegistryPolicy.deniesScanning',
        "Amazon Inspector cannot be activated, because a statement denies 'ecr:PutRegistryScanningConfiguration'; remove it from 'actions'",
      );
    }
  }
}

function statementProblems(scope: IConstruct, prop: string, statement: iam.PolicyStatement, siblings: readonly iam.PolicyStatement[] = []): string[] {
  const problems: string[] = [];
  if (!statement.hasPrincipal) {
    problems.push(`'${prop}' must have 'principals', got none; use an account such as new AccountPrincipal('111122223333')`);
  }
  if (statement.actions.length === 0) {
    problems.push(`'${prop}' must have 'actions', got none; use names such as 'ecr:ReplicateImage'`);
  }
  if (!statement.hasResource) {
    problems.push(`'${prop}' must have 'resources', got none; use ARNs of repositories of this registry, or '*' for all repositories`);
  }
  if (statement.actions.some(action => action.toLowerCase() === 'ecr:getauthorizationtoken')) {
    problems.push(`'${prop}' must not include "ecr:GetAuthorizationToken", which a registry policy cannot allow; allow it in an identity policy`);
  }
  const json = jsonOf(statement);
  const document = registryPolicyOf(scope)?.policyText as iam.PolicyDocument | undefined;
  const others = [...statementsOf(document), ...siblings.filter(it => it !== statement).map(jsonOf)];
  return [...problems, ...policyStatementProblems(prop, json, REGISTRY_POLICY, others), ...registryResourceProblems(prop, json, Stack.of(scope))];
}

/**
 * Whether the actions of a statement, which may have wildcards, include an action.
 */
function names({ Action }: StatementJson, action: string): boolean {
  return textsOf(Action)
    .filter(isKnown)
    .some(pattern => new RegExp(`^${pattern.replace(/\*+/g, '.*')}$`, 'i').test(action));
}
