import type { CfnResource } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';

/**
 * Gives a role statements that must be in place before a resource is made.
 */
export function addStatements(role: iam.IRole, statements: readonly iam.PolicyStatement[], resource: CfnResource): void {
  for (const statement of statements) {
    const { policyDependable } = role.grantPrincipal.addToPrincipalPolicy(statement);
    if (policyDependable) {
      resource.node.addDependency(policyDependable);
    }
  }
}
