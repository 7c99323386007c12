import { type CfnResource, Stack, Validations } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { show } from '../core/values';
import type { StatementJson } from '../policy/statement-json';
import { statementsText } from './grant';
import { Grantee } from './grantee';

/**
 * Adds the statements that a service needs before a resource is created to its role, or warns that the owner of the role must attach them.
 *
 * @param owner the construct that the user wrote
 * @param warningId the id of the warning about a role whose policies the app cannot change
 * @param role the role that the user gave
 * @param statements the permissions that the service needs
 * @param resource the resource that the service needs the role for
 */
export function addServiceStatements(
  owner: IConstruct, warningId: string, role: iam.IRole, statements: readonly iam.PolicyStatement[], resource: CfnResource,
): void {
  for (const statement of statements) {
    const { policyDependable } = role.grantPrincipal.addToPrincipalPolicy(statement);
    if (policyDependable) {
      resource.node.addDependency(policyDependable);
    }
  }
  if (Grantee.partsOf(role).some(({ ignoresStatements }) => ignoresStatements)) {
    Validations.of(owner).addWarning(
      warningId,
      `Amazon ECR cannot use the role until the owner of '${role.node.path}', whose policies this app cannot change, attaches ${statementsText(owner, statements)}`,
    );
  }
}

/**
 * Problems with a role of this app that a service cannot assume. The trust of an imported role is unknown.
 *
 * @param prop the prop that the user set
 * @param role its value
 * @param service the service that assumes the role, such as `ecr.amazonaws.com`
 */
export function trustProblems(prop: string, role: iam.IRole, service: string): string[] {
  const { assumeRolePolicy } = role as Partial<iam.Role>;
  const statements = assumeRolePolicy === undefined
    ? []
    : (Stack.of(role).resolve(assumeRolePolicy) as { Statement?: StatementJson[] } | undefined)?.Statement ?? [];
  const allowed = statements.filter(({ Effect }) => Effect === 'Allow');
  const services = allowed.flatMap(servicesOf);
  const matching = allowed.filter(statement => servicesOf(statement).some(it => typeof it !== 'string' || it === service));
  if (matching.length > 0 && matching.every(requiresExternalId)) {
    return [`'${prop}' must be a role that ${service} can assume, got '${role.node.path}', whose trust policy requires 'sts:ExternalId', which Amazon ECR does not send; omit its 'externalIds'`];
  }
  return assumeRolePolicy === undefined || matching.length > 0 ? [] : [
    `'${prop}' must be a role that ${service} can assume, got '${role.node.path}', which trusts ${services.length > 0 ? show(services) : 'no service'}; `
    + `add new iam.ServicePrincipal('${service}') to its 'assumedBy'`,
  ];
}

function servicesOf({ Principal }: StatementJson): unknown[] {
  return [(Principal as { Service?: unknown } | undefined)?.Service ?? []].flat();
}

/** Whether a statement is only for requests with an external ID, as `externalIds` of `iam.Role` writes it. */
function requiresExternalId({ Condition = {} }: StatementJson): boolean {
  return Object.entries(Condition).some(([operator, keys]) => operator === 'StringEquals' && 'sts:ExternalId' in keys);
}
