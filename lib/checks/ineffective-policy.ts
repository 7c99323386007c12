import { LIMITS } from '../private/ecr/limits';
import { actionProblems, REGISTRY_POLICY, REPOSITORY_POLICY } from '../private/policy/action-problems';
import { documentLength } from '../private/policy/policy-length';
import type { Check } from './check';
import { resourcePolicies } from './policy-statements';

/**
 * Amazon ECR refuses the policy for its length, or takes it and does less than it says.
 */
export const ineffectivePolicy: Check = {
  id: 'ineffectivePolicy',
  severity: 'error',
  fix: 'write it with the grants of SecureRepository and with CrossAccountPull, which know what belongs where',
  find: resources => resourcePolicies(resources).flatMap(({ resource, property, document, statements }) => {
    const length = documentLength(document);
    const max = LIMITS.repositoryPolicyCharacters; // the registry policy has the same limit
    const actions = statements.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action ?? []).filter(action => typeof action === 'string');
    return [
      ...length > max ? [`'${property}' must be at most ${max} characters long, got ${length}; allow an organization in place of single accounts`] : [],
      ...actionProblems(property, actions, property === 'PolicyText' ? REGISTRY_POLICY : REPOSITORY_POLICY),
    ].map(message => ({ resource, property, message }));
  }),
};
