import { CfnRegistryPolicy } from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { deployedStackOf } from '../core/environment';
import { failIfAny } from '../core/errors';
import { LIMITS } from '../ecr/limits';
import { REGISTRY_SETTINGS } from '../ecr/registry-resources';
import { policyLength } from '../policy/policy-length';
import { claimProblems, claimResource, type OwnedKind } from './claims';

const REGISTRY_POLICY: OwnedKind = {
  ...REGISTRY_SETTINGS.policy,
  warningId: 'cdk-secure-ecr:RegistryPolicy.environmentUnknown',
  wayOut: 'put both into one stack, where their statements become one policy',
  wayOutForeign: 'replace the first with a RegistryPolicy of cdk-secure-ecr in the stack of the second',
};

/**
 * Problems with a construct that is about to contribute to the registry policy of its stack.
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
  const existing = registryPolicyOf(owner);
  if (existing) {
    (existing.policyText as iam.PolicyDocument).addStatements(statement);
    return existing;
  }

  failIfAny(owner, 'RegistryPolicyOwnedTwice', registryPolicyProblems(owner));

  const document = new iam.PolicyDocument({ statements: [statement], minimize: true });
  const policy = new CfnRegistryPolicy(deployedStackOf(owner), 'SecureEcrRegistryPolicy', { policyText: document });
  policy.node.addValidation({ validate: () => lengthProblems(policy, document) });
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
