import { isKnown } from '../private/core/values';
import { LIMITS } from '../private/ecr/limits';
import { actionProblems, IDENTITY_POLICY, REGISTRY_POLICY } from '../private/policy/action-problems';
import { conditionProblems } from '../private/policy/condition-problems';
import { documentLength } from '../private/policy/policy-length';
import { principalProblems } from '../private/policy/principal-problems';
import { registryResourceProblems } from '../private/policy/resource-problems';
import { type StatementJson, textsOf } from '../private/policy/statement-json';
import { documentProblems, lockOutProblems } from '../private/policy/statement-problems';
import type { Check, Finding } from './check';
import { identityPolicies, type PolicyJson, resourcePolicies, type ResourcePolicyJson, statementPath } from './policy-statements';

/**
 * AWS rejects the policy, or accepts it and a part of it has no effect.
 */
export const ineffectivePolicy: Check = {
  id: 'ineffectivePolicy',
  severity: 'error',
  fix: 'correct the policy, or write it with the grants of SecureRepository and with CrossAccountPull',
  find: resources => [...resourcePolicies(resources).flatMap(resourcePolicyFindings), ...identityPolicies(resources).flatMap(identityPolicyFindings)],
};

function resourcePolicyFindings(policy: ResourcePolicyJson): Finding[] {
  const { resource, property, document, statements, place } = policy;
  const length = documentLength(document);
  const max = LIMITS.repositoryPolicyCharacters; // the registry policy has the same limit
  return [
    ...length > max ? [`'${property}' must be at most ${max} characters long, got ${length}; allow an organization instead of single accounts`] : [],
    ...documentProblems(property, statements),
  ].map((message): Finding => ({ resource, property, message })).concat(inStatements(policy, statement => [
    ...actionProblems(property, textsOf([statement.Action, statement.NotAction].flat()), place),
    ...conditionProblems(property, statement.Condition),
    ...principalProblems(property, statement),
    ...lockOutProblems(property, statement, place),
    ...place === REGISTRY_POLICY ? registryResourceProblems(property, statement, resource.place) : [],
  ]));
}

/** Of other services, policies of identities are not judged. */
function identityPolicyFindings(policy: PolicyJson): Finding[] {
  return inStatements(policy, statement => {
    const actions = textsOf([statement.Action, statement.NotAction].flat());
    return [
      ...actionProblems(policy.property, actions, IDENTITY_POLICY),
      ...actions.length > 0 && actions.every(action => isKnown(action) && /^ecr(?:-public)?:/i.test(action))
        ? conditionProblems(policy.property, statement.Condition)
        : [],
    ];
  });
}

function inStatements(policy: PolicyJson, problemsOf: (statement: StatementJson) => string[]): Finding[] {
  const { resource, statements } = policy;
  return statements.flatMap(statement => problemsOf(statement).map(message => ({ resource, property: statementPath(policy, statement), message })));
}
