import { outsiderProblems } from '../private/policy/statement-problems';
import type { Check } from './check';
import { resourcePolicies, statementPath } from './policy-statements';

/**
 * Any AWS account can use the images, or push images.
 */
export const anyPrincipalAllowed: Check = {
  id: 'anyPrincipalAllowed',
  severity: 'error',
  fix: "use accounts in 'Principal', or an organization in a condition on aws:PrincipalOrgID; CrossAccountPull writes both",
  controls: { 'cdk-nag': 'AwsSolutions-ECR1', 'checkov': 'CKV_AWS_32' },
  find: resources => resourcePolicies(resources).flatMap(policy => policy.statements.flatMap(statement => (
    outsiderProblems(policy.property, statement, policy.place, policy.statements.filter(other => other !== statement)).map(message => (
      { resource: policy.resource, property: statementPath(policy, statement), message }
    ))
  ))),
};
