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
 * Warns about parts of a statement that AWS does not list, and about services that may act for any account.
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
 * Problems with the form of a repository policy, in which a `Resource` has no place: newer versions of the CDK ask for one unless they
 * are told not to, and older ones, which do not, ignore what they are told.
 */
export function repositoryPolicyFormProblems(document: PolicyDocument): string[] {
  const validated: { validateForResourcePolicy(options: object): string[] } = document;
  return validated.validateForResourcePolicy({ skipResourceValidation: true });
}

/**
 * Problems with the size of a repository policy. Values that are only known at deployment make it a lower bound.
 */
export function repositoryPolicySizeProblems(scope: IConstruct, document: PolicyDocument): string[] {
  const length = policyLength(scope, document);
  const max = LIMITS.repositoryPolicyCharacters;
  return length > max
    ? [`the repository policy must be at most ${max} characters long, got ${length}; grant to an organization with CrossAccountPull in place of single accounts`]
    : [];
}
