import { Validations } from 'aws-cdk-lib';
import type { PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { LIMITS } from '../ecr/limits';
import { REPOSITORY_POLICY } from './action-problems';
import { policyLength } from './policy-length';
import type { StatementJson } from './statement-json';
import { statementDoubts, statementProblems } from './statement-problems';

/**
 * Problems with a statement of a repository policy.
 *
 * @param prop what the user set
 * @param statement its value
 * @param document the policy that it is added to
 */
export function repositoryStatementProblems(prop: string, statement: PolicyStatement, document?: PolicyDocument): string[] {
  return statementProblems(prop, jsonOf(statement), REPOSITORY_POLICY, statementsOf(document));
}

/**
 * A statement as JSON, in which tokens may stand for texts.
 */
export function jsonOf(statement: PolicyStatement): StatementJson {
  return statement.toStatementJson() as StatementJson;
}

/**
 * The statements of a document as it stands.
 */
export function statementsOf(document: PolicyDocument | undefined): StatementJson[] {
  return (document?.toJSON() as { Statement?: StatementJson[] } | undefined)?.Statement ?? [];
}

/**
 * Warns about actions and keys of a statement that AWS does not list, and about services that may act for any account.
 *
 * @param scope the construct that the user wrote
 * @param className its class, with which the id of the warning begins
 * @param statement the statement
 */
export function warnOfStatementDoubts(scope: IConstruct, className: string, statement: StatementJson): void {
  for (const { id, message } of statementDoubts(statement)) {
    Validations.of(scope).addWarning(`cdk-secure-ecr:${className}.${id}`, message);
  }
}

/**
 * Problems with the form of a repository policy, which has no `Resource`. Newer versions of the CDK require one unless an option disables
 * that; older versions do not require one and ignore the option.
 */
export function repositoryPolicyFormProblems(document: PolicyDocument): string[] {
  const validated: { validateForResourcePolicy(options: object): string[] } = document;
  return validated.validateForResourcePolicy({ skipResourceValidation: true });
}

/**
 * Problems with the size of a repository policy. With tokens, the size is a lower bound.
 */
export function repositoryPolicySizeProblems(scope: IConstruct, document: PolicyDocument): string[] {
  const length = policyLength(scope, document);
  const max = LIMITS.repositoryPolicyCharacters;
  return length > max
    ? [`the repository policy must be at most ${max} characters long, got ${length}; grant to an organization with CrossAccountPull instead of single accounts`]
    : [];
}
