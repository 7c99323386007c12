import { statementDoubts } from '../private/policy/statement-problems';
import type { Check } from './check';
import { identityPolicies, resourcePolicies, statementPath } from './policy-statements';

/**
 * The policy has a part that AWS does not list, or lets a service act for resources of any AWS account.
 */
export const doubtfulPolicy: Check = {
  id: 'doubtfulPolicy',
  severity: 'warning',
  fix: "correct the name, or add a condition on 'aws:SourceArn' or 'aws:SourceAccount' for a service",
  find: resources => [
    ...resourcePolicies(resources).map(policy => ({ policy, inIdentity: false })),
    ...identityPolicies(resources).map(policy => ({ policy, inIdentity: true })),
  ].flatMap(({ policy, inIdentity }) => policy.statements.flatMap(statement => (
    statementDoubts(statement, policy.statements.filter(other => other !== statement)).filter(({ id }) => !inIdentity || id === 'unknownAction').map(({ message }) => (
      { resource: policy.resource, property: statementPath(policy, statement), message: `'${policy.property}': ${message}` }
    ))
  ))),
};
