import { Arn, ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import { areDifferent } from '../core/environment';
import { ownResource } from '../core/physical-names';
import { isKnown, show } from '../core/values';
import { isOrganization } from '../policy/organizations';

/** A construct with an account and a Region. */
export type Owned = IConstruct & { readonly env: { readonly account: string; readonly region: string } };

/** Conditions of a policy statement: operators, keys and values. */
export type Conditions = Record<string, Record<string, unknown>>;

/**
 * The kinds of grantees:
 *
 * - `identity`: a role or user, which has policies and can be a principal
 * - `group`, `policy`: a group or a managed policy, to which statements can be added, but which cannot be a principal
 * - `account`, `arn`, `organization`, `allPrincipals`, `service`, `federated`, `canonicalUser`: principals without policies in this app
 * - `unknown`: the role of a resource that was imported without it
 */
export type GranteeKind =
  'identity' | 'group' | 'policy' | 'account' | 'arn' | 'organization' | 'allPrincipals' | 'service' | 'federated' | 'canonicalUser' | 'unknown';

// The context in which `Role.customizeRoles` keeps its options: https://docs.aws.amazon.com/cdk/v2/guide/define-iam-l2.html
const CUSTOMIZE_ROLES = '@aws-cdk/iam:customizeRoles';

/**
 * One principal to which permissions are granted: a part of a composite principal, or another principal.
 */
export class Grantee {
  /**
   * The principals that a grantee consists of. The conditions of a composite principal apply to each of its parts.
   */
  public static partsOf(grantable: iam.IGrantable): Grantee[] {
    return partsOf(grantable.grantPrincipal).map(principal => new Grantee(principal));
  }

  public readonly kind: GranteeKind;

  /** The construct behind the principal: a role, user or group of this app or imported into it. */
  public readonly construct?: IConstruct;

  /** The conditions that come with the principal, such as those of `withConditions`. */
  public readonly conditions: Conditions;

  /** The service of a service principal, such as `lambda.amazonaws.com`. */
  public readonly service?: string;

  /** The ARN, if the principal has one. */
  public readonly arn?: string;

  /** The account, if it is known. */
  public readonly account?: string;

  private constructor(public readonly principal: iam.IPrincipal) {
    const inner = innermost(principal);
    this.construct = Construct.isConstruct(inner) ? inner : undefined;
    if (inner instanceof iam.UnknownPrincipal) {
      this.kind = 'unknown';
      this.conditions = {};
      return;
    }
    const { principalJson } = inner.policyFragment;
    this.conditions = principal.policyFragment.conditions as Conditions;
    // the property of a ServicePrincipal is readable where its policy fragment has a token
    this.service = inner instanceof iam.ServicePrincipal ? fullName(inner.service) : firstOf(principalJson, 'Service');
    this.arn = firstOf(principalJson, 'AWS');
    this.account = inner.principalAccount ?? accountIn(this.arn);
    this.kind = this.kindOf(inner, principalJson);
  }

  /**
   * The name of the grantee in messages.
   */
  public get name(): string {
    const { construct, kind, service, arn } = this;
    if (construct) {
      return `'${construct.node.path}'`;
    }
    const described = innermost(this.principal) as iam.PrincipalBase; // all principals of the CDK that are not constructs have a text
    return show(service ?? (kind !== 'organization' && isKnown(arn) ? arn : described.toString()));
  }

  /**
   * Whether statements can be added to policies of the grantee, in this app or by its owner.
   */
  public get hasPolicies(): boolean {
    return this.kind === 'identity' || this.kind === 'group' || this.kind === 'policy' || this.kind === 'unknown';
  }

  /**
   * Whether the grantee is an import into a stack of another account, which cannot attach a policy to it.
   */
  public get isImportedFromAbroad(): boolean {
    const { construct } = this;
    return construct !== undefined && ownResource(construct) === undefined
      && areDifferent(Stack.of(construct).account, this.account) && !isReported(construct);
  }

  /**
   * Whether the CDK ignores statements that are added to the grantee, as it does with `mutable: false` and `withoutPolicyUpdates`.
   * For an import, this is known after a statement was added: only an import with mutable policies has a policy then.
   */
  public get ignoresStatements(): boolean {
    const { construct } = this;
    if (this.kind !== 'identity' || construct === undefined || isReported(construct)) {
      return false;
    }
    const resource = ownResource(construct);
    return resource ? !resource.node.scopes.includes(construct) : !construct.node.findAll().some(child => child instanceof iam.Policy);
  }

  /**
   * Whether the grantee is known to be in another account than a resource. A service has no account.
   */
  public isForeignTo(resource: Owned): boolean {
    return areDifferent(resource.env.account, this.account);
  }

  private kindOf(inner: iam.IPrincipal, principalJson: Record<string, unknown>): GranteeKind {
    const { construct, arn } = this;
    if (construct) {
      return 'groupArn' in construct ? 'group' : 'identity';
    }
    if (this.service !== undefined) {
      return 'service';
    }
    if ('Federated' in principalJson) {
      return 'federated';
    }
    if ('CanonicalUser' in principalJson) {
      return 'canonicalUser';
    }
    if (Object.values(principalJson).flat().includes('*')) {
      return isOrganization(this.principal) ? 'organization' : 'allPrincipals';
    }
    if (!(inner instanceof iam.PrincipalBase)) {
      return 'policy'; // the principals of iam.ManagedPolicy and iam.Policy, whose ARN cannot be resolved
    }
    if (inner instanceof iam.AccountPrincipal || /^\d+$|:root$/.test(String(arn))) {
      return 'account';
    }
    return /:group\//.test(String(arn)) ? 'group' : 'arn';
  }
}

/**
 * Problems with a grantee whose parts cannot be distinguished.
 */
export function compositionProblems(prop: string, { grantPrincipal }: iam.IGrantable): string[] {
  const inner = innermost(grantPrincipal);
  if (inner === grantPrincipal) {
    return inner instanceof iam.CompositePrincipal ? inner.principals.flatMap(part => compositionProblems(prop, part)) : [];
  }
  if (inner instanceof iam.UnknownPrincipal) {
    return [`'${prop}' must not be a resource that was imported without its role and has conditions; import it with its role, or leave the conditions out`];
  }
  return inner instanceof iam.CompositePrincipal && inner.principals.some(part => part instanceof iam.CompositePrincipal || hasConditions(part))
    ? [`'${prop}' must not be a composite principal with conditions whose parts have conditions or parts; set the conditions of each part`]
    : [];
}

/**
 * Two sets of conditions as one set; the second set takes precedence for keys that both have.
 */
export function withConditions(principal: iam.IPrincipal, conditions: iam.Conditions): iam.IPrincipal {
  return Object.keys(conditions).length > 0 ? new iam.PrincipalWithConditions(principal, conditions) : principal;
}

function partsOf(principal: iam.IPrincipal): iam.IPrincipal[] {
  const inner = innermost(principal);
  if (!(inner instanceof iam.CompositePrincipal)) {
    return [principal];
  }
  const parts = inner.principals.flatMap(partsOf);
  return inner === principal ? parts : parts.map(part => withConditions(part, principal.policyFragment.conditions));
}

/**
 * The principal without the wrappers of `withConditions` and `withSessionTags`, which `PrincipalAdapter` documents as `wrapped`.
 */
function innermost(principal: iam.IPrincipal): iam.IPrincipal {
  const { wrapped } = principal as { wrapped?: iam.IPrincipal };
  return wrapped === undefined ? principal : innermost(wrapped);
}

function hasConditions(principal: iam.IPrincipal): boolean {
  return !(principal instanceof iam.UnknownPrincipal) && Object.keys(principal.policyFragment.conditions).length > 0;
}

/**
 * Whether `Role.customizeRoles` applies to a role: the CDK then writes all statements into a report for the owner of the role.
 */
function isReported(construct: IConstruct): boolean {
  return 'roleArn' in construct && construct.node.tryGetContext(CUSTOMIZE_ROLES) !== undefined;
}

function firstOf(principalJson: Record<string, unknown>, kind: string): string | undefined {
  return [principalJson[kind] as string | string[] | undefined].flat()[0];
}

function fullName(service: string): string {
  return isKnown(service) && !service.includes('.') ? `${service}.amazonaws.com` : service;
}

function accountIn(arn: string | undefined): string | undefined {
  const account = arn?.startsWith('arn:') ? Arn.split(arn, ArnFormat.NO_RESOURCE_NAME).account : /^\d+$/.exec(String(arn))?.[0];
  return isKnown(account) ? account : undefined;
}
