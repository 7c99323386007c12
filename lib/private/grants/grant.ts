import { Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { failIfAny } from '../core/errors';
import { isKnown } from '../core/values';
import { statementText } from '../policy/statement-text';
import { compositionProblems, type Conditions, Grantee, type Owned } from './grantee';
import { granteeProblems } from './grantee-problems';
import { namedPrincipal } from './named-principal';

/** A statement of an identity policy. */
export interface Permission {
  readonly actions: string[];
  readonly resourceArns: string[];
  /** Whether a resource policy cannot grant it, such as a login, because its actions have no resource type. */
  readonly identityOnly?: boolean;
  /** The conditions of such a permission; the others get the conditions of the grantee. */
  readonly conditions?: Conditions;
}

/** The part of a grant that is in a resource policy. */
export interface ResourceHalf {
  readonly statement: iam.PolicyStatement;
  /** Adds it, if the policy of the resource is in this app. */
  add(): iam.AddToResourcePolicyResult;
  /** Warns that the owner of the resource must add it. */
  warn(): void;
}

/** A resource that permissions are granted on. */
export interface GrantTarget {
  readonly resource: Owned;
  /** Whether its policy accepts principals of other accounts only. */
  readonly foreignOnly?: boolean;
  /** The statement for a grantee without an identity policy, or of another account. */
  half(grantee: Grantee, principal: iam.IPrincipal): ResourceHalf;
}

/** The permissions to grant, and the policies to add them to. */
export interface GrantRequest {
  /** The construct that reports problems and warnings. */
  readonly scope: IConstruct;
  /** The code of the error about grantees that cannot be granted this. */
  readonly errorCode: string;
  /** The id of the warning about a grantee whose policies the app cannot change. */
  readonly warningId: string;
  /** The Region of the resources. */
  readonly region: string;
  /** Whether the names of the resources are known, so that the message can include a statement for another account. */
  readonly isNamed: boolean;
  /** The resources; empty if the resource policy already allows the grantee. */
  readonly targets: readonly GrantTarget[];
  /** The permissions that the identity policies must allow. */
  permissions(grantee: Grantee): Permission[];
  /** Problems of this kind of grant with a grantee. */
  problems(grantee: Grantee): string[];
}

// The logins that a principal already has, so that grants on many repositories add one login.
const logins = new WeakMap<iam.IPrincipal, Set<string>>();

/**
 * Grants permissions to every part of a grantee, in all policies that need them: the identity policies of the account, both policies
 * across accounts, and the resource policy for principals without policies. If this app cannot change one of the policies, a
 * warning contains the statement for its owner.
 */
export function grantTo(grantable: iam.IGrantable, request: GrantRequest): iam.Grant {
  failIfAny(request.scope, request.errorCode, compositionProblems('grantee', grantable));
  const grantees = Grantee.partsOf(grantable);
  failIfAny(request.scope, request.errorCode, grantees.flatMap(grantee => [
    ...granteeProblems('grantee', grantee, request.targets.map(({ resource }) => resource)),
    ...request.problems(grantee),
  ]));
  return combined(grantees.map(grantee => grantToPart(grantee, request)));
}

function grantToPart(grantee: Grantee, request: GrantRequest): iam.Grant {
  const permissions = request.permissions(grantee);
  const abroad = grantee.isImportedFromAbroad;
  const identity = grantee.hasPolicies && !abroad ? addToIdentity(grantee, permissions) : iam.Grant.drop(grantee.principal, '');

  const targets = request.targets.filter(({ resource, foreignOnly }) => grantee.isForeignTo(resource) || (!identity.success && !foreignOnly));
  const halves = targets.map(target => addHalf(grantee, target));
  const complete = halves.length > 0 && halves.every(({ added, foreign }) => added && !foreign);
  for (const { added, foreign, half } of halves) {
    if (!added && (foreign || !abroad)) {
      half.warn(); // a principal of the account needs an identity policy only, so the warning is for its owner
    }
  }

  if (abroad || (grantee.hasPolicies && (!identity.success || grantee.ignoresStatements))) {
    warnOfPrincipal(grantee, request, identity.success || !complete ? permissions : permissions.filter(({ identityOnly }) => identityOnly));
  } else if (!identity.success && halves.length === 0) {
    warnOfPrincipal(grantee, request, permissions);
  }
  return combined([identity, ...halves.map(({ grant }) => grant)]);
}

function addToIdentity({ principal, conditions }: Grantee, permissions: readonly Permission[]): iam.Grant {
  const known = logins.get(principal) ?? new Set();
  const isKnownLogin = (permission: Permission): boolean => permission.identityOnly === true && known.has(String(permission.actions));
  const [first, ...others] = permissions.filter(permission => !isKnownLogin(permission));
  const add = (permission: Permission): iam.Grant => iam.Grant.addToPrincipal({
    grantee: principal,
    actions: permission.actions,
    resourceArns: permission.resourceArns,
    conditions: conditionsFor(permission, conditions),
  });
  const grant = add(first);
  if (grant.success) {
    permissions.filter(({ identityOnly }) => identityOnly).forEach(({ actions }) => known.add(String(actions)));
    logins.set(principal, known);
  }
  return others.length === 0 ? grant : combined([grant, ...others.map(add)]);
}

interface AddedHalf {
  readonly half: ResourceHalf;
  readonly grant: iam.Grant;
  readonly added: boolean;
  readonly foreign: boolean;
}

/**
 * The conditions of a statement. The conditions of the grantee do not apply to a login, which does not give access to images.
 */
function conditionsFor({ identityOnly, conditions }: Permission, ofGrantee: Conditions): Conditions | undefined {
  return identityOnly ? conditions : ofGrantee;
}

function addHalf(grantee: Grantee, target: GrantTarget): AddedHalf {
  const half = target.half(grantee, namedPrincipal(target.resource, grantee));
  const result = half.add();
  const grant = !result.statementAdded ? iam.Grant.drop(grantee.principal, '') : iam.Grant.addStatementToResourcePolicy({
    grantee: grantee.principal,
    actions: half.statement.actions,
    resourceArns: half.statement.resources,
    statement: half.statement,
    resource: { env: { account: '', region: '' }, addToResourcePolicy: () => result },
  });
  return { half, grant, added: result.statementAdded, foreign: grantee.isForeignTo(target.resource) };
}

function warnOfPrincipal(grantee: Grantee, { scope, region, warningId, isNamed }: GrantRequest, permissions: readonly Permission[]): void {
  if (permissions.length === 0) {
    return;
  }
  const { account = Stack.of(scope).account, conditions } = grantee;
  const reader = isNamed && isKnown(account) && isKnown(region) ? { account, region } : undefined;
  const statements = permissions.map(permission => new iam.PolicyStatement({
    actions: permission.actions,
    resources: permission.resourceArns,
    conditions: conditionsFor(permission, conditions),
  }));
  Validations.of(scope).addWarning(
    warningId,
    `the grant has no effect until the owner of ${grantee.name}, whose policies this app cannot change, attaches ${statementsText(scope, statements, reader)}`,
  );
}

/**
 * The statements for the owner of a policy, as text and JSON.
 */
export function statementsText(scope: IConstruct, statements: readonly iam.PolicyStatement[], reader?: { account: string; region: string }): string {
  const [first, ...others] = statements.map(statement => statementText(scope, statement, reader));
  return others.length > 0 ? `these statements: [${[first, ...others].join(',')}]` : `this statement: ${first}`;
}

function combined(grants: iam.Grant[]): iam.Grant {
  return grants.reduce((left, right) => left.combine(right));
}
