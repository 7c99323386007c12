import { CfnRegistryPolicy } from 'aws-cdk-lib/aws-ecr';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { deployedStackOf } from '../core/environment';
import { failIfAny } from '../core/errors';
import { LIMITS } from '../ecr/limits';
import { REGISTRY_SETTINGS } from '../ecr/registry-resources';
import { versionProblems } from '../policy/given-policy';
import { policyLength } from '../policy/policy-length';
import { VerbatimPolicy } from '../policy/verbatim-policy';
import { claimProblems, claimResource, type OwnedKind } from './claims';

const REGISTRY_POLICY: OwnedKind = {
  ...REGISTRY_SETTINGS.policy,
  warningId: 'cdk-secure-ecr:RegistryPolicy.environmentUnknown',
  fix: 'move both to one stack, which merges their statements into one policy',
  fixForeign: 'replace the first with a RegistryPolicy of cdk-secure-ecr in the stack of the second',
};

/**
 * Problems with a construct that contributes to the registry policy of its stack.
 *
 * @param owner the construct that the user wrote
 */
export function registryPolicyProblems(owner: IConstruct): string[] {
  return registryPolicyOf(owner) ? [] : claimProblems(owner, REGISTRY_POLICY);
}

/**
 * Contributes a statement to the one registry policy of a stack, which the first contributor creates. Constructs in nested
 * stacks contribute to the policy of the outermost stack.
 *
 * @param owner the construct that the user wrote
 * @param statement a statement with principals, actions and resources
 * @returns the registry policy
 */
export function addToRegistryPolicy(owner: IConstruct, statement: iam.PolicyStatement): CfnRegistryPolicy {
  const policy = policyFor(owner);
  (policy.policyText as VerbatimPolicy).addStatements(statement);
  return policy;
}

/**
 * Puts the policy that a registry has at the beginning of the one registry policy of a stack.
 *
 * @param owner the construct that the user wrote
 * @param existing the policy
 */
export function beginRegistryPolicy(owner: IConstruct, existing: VerbatimPolicy): void {
  const document = policyFor(owner).policyText as VerbatimPolicy;
  failIfAny(owner, 'RegistryPolicyTakenTwice', document._existing === undefined
    ? []
    : ["'existingPolicy' must be given once, since a registry has one policy, got a second one; remove one of the two"]);
  document._existing = existing._existing;
}

function policyFor(owner: IConstruct): CfnRegistryPolicy {
  const existing = registryPolicyOf(owner);
  if (existing) {
    return existing;
  }

  failIfAny(owner, 'RegistryPolicyOwnedTwice', registryPolicyProblems(owner));

  const document = new VerbatimPolicy();
  const policy = new CfnRegistryPolicy(deployedStackOf(owner), 'SecureEcrRegistryPolicy', { policyText: document });
  policy.node.addValidation({ validate: () => [...lengthProblems(policy, document), ...versionProblems(policy, 'existingPolicy', document)] });
  claimResource(owner, REGISTRY_POLICY, policy);
  return policy;
}

/**
 * The registry policy of a stack, once a construct has contributed to it.
 */
export function registryPolicyOf(scope: IConstruct): CfnRegistryPolicy | undefined {
  return deployedStackOf(scope).node.tryFindChild('SecureEcrRegistryPolicy') as CfnRegistryPolicy | undefined;
}

function lengthProblems(policy: CfnRegistryPolicy, document: iam.PolicyDocument): string[] {
  const length = policyLength(policy, document);
  const max = LIMITS.registryPolicyCharacters;
  return length > max
    ? [`the registry policy must be at most ${max} characters long, got ${length}; name fewer accounts and shorter or fewer prefixes`]
    : [];
}
