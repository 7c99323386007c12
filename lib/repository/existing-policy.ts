import { Token } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { BRAND } from '../private/core/brand';
import { failUnscopedIfAny } from '../private/core/errors';
import { duplicateKeysIn, isRecord, parseJson } from '../private/core/json';
import { isLookupPending, show } from '../private/core/values';
import { publicClass } from '../private/input/public-class';
import { type PolicyJson, VerbatimPolicy } from '../private/policy/verbatim-policy';

const POLICY_KEYS = ['Version', 'Id', 'Statement'];
const STATEMENT_KEYS = ['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'];

/**
 * The policy that a repository, a registry or a creation template has before this app takes it over, word for word.
 *
 * CloudFormation deletes a policy that the template lacks, when it imports or updates a repository. With this class the template has the
 * statements of the policy in their order, with their Sids. Statements that constructs add follow them. Each part that is an error
 * elsewhere, such as the principal `*` without a condition, is a warning.
 *
 * @see https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2493
 */
export class ExistingPolicy extends VerbatimPolicy {
  static {
    publicClass(this, 'ExistingPolicy');
  }

  /**
   * Reads a policy.
   *
   * Throws with every problem at once when AWS cannot have accepted it: text that is not JSON, duplicate and unknown keys, a statement
   * without an effect, an action or a principal.
   *
   * @param obj the policy as an object or as text, or the output of `aws ecr get-repository-policy`, `aws ecr get-registry-policy` or
   *   `aws ecr-public get-repository-policy`
   */
  public static override fromJson(obj: unknown): iam.PolicyDocument {
    if (isLookupPending(obj)) {
      return new ExistingPolicy();
    }
    const problems: string[] = [];
    const policy = policyIn(obj, problems);
    failUnscopedIfAny('InvalidExistingPolicy', problems);
    return new ExistingPolicy(policy as PolicyJson);
  }

  private declare readonly [BRAND]: 'ExistingPolicy';

  private constructor(existing?: PolicyJson) {
    super(existing);
  }

  /**
   * Throws, since an existing policy stays as it is: `addToResourcePolicy` and grants add statements to the policy of a construct.
   */
  public override addStatements(...statement: iam.PolicyStatement[]): void {
    failUnscopedIfAny('ExistingPolicyChanged', statement.length > 0
      ? ["an existing policy must stay as it is, got statements to add; add them with 'addToResourcePolicy' of the repository or 'addStatement' of the RegistryPolicy"]
      : []);
  }
}

function policyIn(source: unknown, problems: string[]): unknown {
  if (typeof source === 'string' && Token.isUnresolved(source)) {
    problems.push("'obj' must be known at synthesis, got a token; read the policy from a file");
    return undefined;
  }
  const value = typeof source === 'string' ? parsed(source, problems) : source;
  if (problems.length > 0) {
    return undefined;
  }
  if (isRecord(value) && typeof value.policyText === 'string') {
    return policyIn(value.policyText, problems); // the output of the AWS CLI
  }
  problems.push(...policyProblems(value));
  return value;
}

function parsed(text: string, problems: string[]): unknown {
  const { value, problem } = parseJson('obj', text);
  problems.push(...problem === undefined
    ? duplicateKeysIn(text).map(path => `'${path}' must be given once, got it twice; keep the last one, which AWS uses`)
    : [`${problem}; pass the policy, or the output of aws ecr get-repository-policy`]);
  return value;
}

function policyProblems(policy: unknown): string[] {
  if (!isRecord(policy)) {
    return [`'obj' must be a policy with 'Statement', got ${show(policy)}; pass the output of aws ecr get-repository-policy`];
  }
  const statements = [policy.Statement].flat();
  return [
    ...keyProblems('obj', policy, POLICY_KEYS),
    ...policy.Statement === undefined || statements.length === 0
      ? ["'Statement' must have at least one statement, got none; leave the policy out"]
      : statements.flatMap((statement, index) => formProblems(`Statement[${index}]`, statement)),
  ];
}

function formProblems(path: string, statement: unknown): string[] {
  if (!isRecord(statement)) {
    return [`'${path}' must be a statement, got ${show(statement)}`];
  }
  const lacks = (...keys: string[]): string[] => keys.some(key => statement[key] !== undefined && statement[key] !== null)
    ? []
    : [`'${path}' must have '${keys.join("' or '")}', got none; pass the policy as AWS returns it`];
  return [
    ...keyProblems(path, statement, STATEMENT_KEYS),
    ...['Allow', 'Deny'].includes(statement.Effect as string) ? [] : [`'${path}.Effect' must be 'Allow' or 'Deny', got ${show(statement.Effect)}`],
    ...lacks('Principal', 'NotPrincipal'),
    ...lacks('Action', 'NotAction'),
  ];
}

function keyProblems(path: string, value: object, keys: readonly string[]): string[] {
  return Object.keys(value).filter(key => !keys.includes(key)).map(key => `'${path}' must have only the keys ${keys.join(', ')}, got ${show(key)}; pass the policy as AWS returns it`);
}
