import { CfnResource, Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { append } from '../core/append';
import { accountRelation, deployedStackOf, registryRelation, type Relation, relationOf } from '../core/environment';
import { isKnown, show } from '../core/values';
import type { RegistryResource } from '../ecr/registry-resources';

/**
 * A type of resource that may exist once, or once for each key: a second one fails at deployment or overwrites the first.
 */
export interface OwnedKind extends RegistryResource {
  /** The id of the warning about stacks whose environments are unknown. */
  readonly warningId: string;
  /** The fix for two owners from this library. */
  readonly fix: string;
  /** The fix for a resource that is not from this library, if it is different. */
  readonly fixForeign?: string;
  /** The form in which two keys are compared. */
  normalize?(key: string): string;
}

/** The resource of a kind that a construct owns. */
interface Claim {
  readonly kind: OwnedKind;
  readonly owner: IConstruct;
  readonly resource: CfnResource;
  /** The values that identify the resource; the first one is for messages. */
  readonly keys: readonly string[];
  /** The number of claims of the app before this one. */
  readonly order: number;
}

/** The key of a resource that may exist once. */
const ONLY = [''];

/**
 * The claims of an app. Finding the conflicts of a claim takes constant time, because an app may have thousands of repositories.
 */
class Claims {
  public static of(scope: IConstruct): Claims {
    const { root } = scope.node;
    let claims = Claims.byApp.get(root);
    if (claims === undefined) {
      Claims.byApp.set(root, claims = new Claims(root));
    }
    return claims;
  }

  private static readonly byApp = new WeakMap<IConstruct, Claims>();

  private readonly byType = new Map<string, Claim[]>();
  private readonly byKey = new Map<string, Claim[]>();
  private readonly byResource = new Map<CfnResource, Claim>();
  private readonly validated = new Set<Claim>();
  private resources = new Map<string, CfnResource[]>();

  private constructor(private readonly root: IConstruct) {}

  public get count(): number {
    return this.byResource.size;
  }

  public add(claim: Claim): void {
    append(this.byType, claim.kind.type, claim);
    for (const key of claim.keys) {
      append(this.byKey, `${claim.kind.type} ${key}`, claim);
    }
    this.byResource.set(claim.resource, claim);
  }

  public ofType(type: string): readonly Claim[] {
    return this.byType.get(type) ?? [];
  }

  public ofKeys({ type }: OwnedKind, keys: readonly string[]): Claim[] {
    const claims = keys.flatMap(key => this.byKey.get(`${type} ${key}`) ?? []);
    return [...new Set(claims)].filter(({ owner, resource }) => isInTree(owner) && !isConditional(resource));
  }

  /**
   * The other resources of the app with the key of a claim, after Aspects and property setters. A conflict between two claims belongs to
   * the later claim only.
   */
  public conflictsOf(claim: Claim): CfnResource[] {
    this.beginRun(claim);
    const index = this.indexed(claim.kind);
    const resources = claim.keys.flatMap(key => index.get(`${claim.kind.type} ${identityOf(claim.resource, claim.kind, key)}`) ?? []);
    return [...new Set(resources)].filter(resource => {
      const other = this.byResource.get(resource);
      return resource !== claim.resource && !isConditional(resource) && (other === undefined || other.order < claim.order);
    });
  }

  /**
   * Reads the resources of a type once for each synthesis.
   */
  private indexed(kind: OwnedKind): Map<string, CfnResource[]> {
    if (!this.resources.has(kind.type)) {
      const all = this.root.node.findAll().filter(CfnResource.isCfnResource).filter(({ cfnResourceType }) => cfnResourceType === kind.type);
      this.resources.set(kind.type, all);
      for (const resource of all) {
        const key = keyOf(resource, kind);
        if (key !== undefined) {
          append(this.resources, `${kind.type} ${identityOf(resource, kind, key)}`, resource);
        }
      }
    }
    return this.resources;
  }

  /**
   * Discards the results of an earlier synthesis: a claim that is validated again starts the next synthesis.
   */
  private beginRun(claim: Claim): void {
    if (this.validated.has(claim)) {
      this.validated.clear();
      this.resources = new Map();
    }
    this.validated.add(claim);
  }
}

/**
 * Problems with making a construct the owner of a resource: another construct of the app already owns it, or the quota is exhausted.
 *
 * @param owner the construct that the user wrote
 * @param kind the kind of resource
 * @param keys the values that identify the resource, if several can exist
 */
export function claimProblems(owner: IConstruct, kind: OwnedKind, keys: readonly string[] = ONLY): string[] {
  const claims = Claims.of(owner);
  const problems = claims.ofKeys(kind, normalized(kind, keys))
    .filter(claim => relation(claim.owner, owner, kind) === 'same')
    .map(claim => conflict(kind, claim.keys, claim.owner, owner, kind.fix));
  if (kind.max !== undefined && ownersRelatedTo(owner, kind.type).filter(it => it === 'same').length >= kind.max) {
    problems.push(`'${owner.node.path}' is one ${kind.noun} more than the ${kind.max} that a registry may have; use another Region or account, or remove one`);
  }
  return problems;
}

/**
 * Makes a construct the owner of a resource for the rest of the app. Warns about another owner in a stack that may be in the same
 * environment, and fails synthesis if the app also has such a resource that is not from this library.
 *
 * @param owner the construct that the user wrote, which has no `claimProblems`
 * @param kind the kind of resource
 * @param resource the resource
 * @param keys the values that identify the resource, if several can exist
 */
export function claimResource(owner: IConstruct, kind: OwnedKind, resource: CfnResource, keys: readonly string[] = ONLY): void {
  const claims = Claims.of(owner);
  const claimed = { kind, owner, resource, keys: normalized(kind, keys), order: claims.count };
  const known = new Set(claims.ofKeys(kind, claimed.keys));
  for (const other of known) {
    if (relation(other.owner, owner, kind) === 'unknown') {
      warn(claimed, owner, other.owner);
    }
  }
  claims.add(claimed);

  // In older versions of the CDK, acknowledgements of the owner apply to the late warnings of its children, not to its own.
  const at = resource.node.scopes.includes(owner) ? resource : owner;
  owner.node.addValidation({
    validate: () => {
      const warned = new Set([...known].map(other => other.resource));
      const conflicts = isConditional(resource) ? [] : claims.conflictsOf(claimed).filter(other => !warned.has(other));
      for (const other of conflicts.filter(it => relation(it, owner, kind) === 'unknown')) {
        warn(claimed, at, other);
      }
      return conflicts
        .filter(other => relation(other, owner, kind) === 'same')
        .map(other => conflict(kind, claimed.keys, other, owner, kind.fixForeign ?? kind.fix));
    },
  });
}

/**
 * The relations between the registry of a construct and the registries of all constructs of the app that own a resource of a type.
 *
 * @param scope the other construct
 * @param type the CloudFormation type
 */
export function ownersRelatedTo(scope: IConstruct, type: string): Relation[] {
  return Claims.of(scope).ofType(type).map(({ owner }) => relationOf(owner, scope));
}

function relation(left: IConstruct, right: IConstruct, { perAccount }: OwnedKind): Relation {
  return relationOf(left, right, perAccount ? accountRelation : registryRelation);
}

function normalized(kind: OwnedKind, keys: readonly string[]): string[] {
  return [...new Set(keys.map(key => kind.normalize?.(key) ?? key))];
}

/**
 * The key of a resource; none if CloudFormation generates it, or if the resource is of a class without properties of its own.
 */
function keyOf(resource: CfnResource, { keyProperty }: OwnedKind): string | undefined {
  if (keyProperty === undefined) {
    return ONLY[0];
  }
  const key = (resource as unknown as { [name: string]: unknown })[keyProperty.charAt(0).toLowerCase() + keyProperty.slice(1)];
  return typeof key === 'string' && (isKnown(key) || Stack.of(resource).resolve(key) !== undefined) ? key : undefined;
}

/**
 * A key in comparable form. A token has the same value within its stack only.
 */
function identityOf(scope: IConstruct, kind: OwnedKind, key: string): string {
  const plain = kind.normalize?.(key) ?? key;
  if (isKnown(plain)) {
    return plain;
  }
  const stack = Stack.of(scope);
  const value: unknown = stack.resolve(key);
  return typeof value === 'string' ? kind.normalize?.(value) ?? value : `${stack.node.addr} ${JSON.stringify(value)}`;
}

/**
 * Whether a condition decides if a resource exists, such as one of two exclusive resources.
 */
function isConditional(resource: CfnResource): boolean {
  return resource.cfnOptions.condition !== undefined;
}

/**
 * Whether a construct is still in the tree.
 */
function isInTree({ node }: IConstruct): boolean {
  return node.scope?.node.tryFindChild(node.id)?.node === node;
}

function conflict(kind: OwnedKind, keys: readonly string[], first: IConstruct, second: IConstruct, fix: string): string {
  return `'${first.node.path}' and '${second.node.path}' both define the ${named(kind, keys)} of ${placeOf(second, kind)}, of which there is only one; ${fix}`;
}

function named({ noun, keyProperty }: OwnedKind, [key]: readonly string[]): string {
  return keyProperty === undefined ? noun : `${noun} ${isKnown(key) ? show(key) : 'of the same name'}`;
}

function placeOf(scope: IConstruct, { perAccount }: OwnedKind): string {
  const { account, region, node } = deployedStackOf(scope);
  if (perAccount) {
    return isKnown(account) ? `account ${account}` : `the account of stack '${node.path}'`;
  }
  return isKnown(account) && isKnown(region) ? `account ${account} in ${region}` : `the registry of stack '${node.path}'`;
}

function warn({ kind, keys }: Claim, at: IConstruct, other: IConstruct): void {
  const [owner, holds, env] = kind.perAccount
    ? ['an account', 'an account has only one', 'account']
    : ['a registry', 'an account has only one in each Region', 'account and Region'];
  Validations.of(at).addWarning(
    kind.warningId,
    `one deployment fails or overwrites the other if both stacks share ${owner}: '${other.node.path}' also defines the ${named(kind, keys)}, `
    + `of which ${holds}; set the ${env} in 'env' of both stacks`,
  );
}
