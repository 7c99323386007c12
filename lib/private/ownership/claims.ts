import { CfnResource, Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { accountRelation, deployedStackOf, registryRelation, type Relation, relationOf } from '../core/environment';
import { isKnown, show } from '../core/values';
import type { RegistryResource } from '../ecr/registry-resources';

/**
 * A type of resource that may exist once, or once for each key: a second one fails at deployment or overwrites the first.
 */
export interface OwnedKind extends RegistryResource {
  /** The id of the warning about stacks whose environments are unknown. */
  readonly warningId: string;
  /** The remedy for two owners from this library. */
  readonly wayOut: string;
  /** The remedy for a resource that this library did not make, if it is another one. */
  readonly wayOutForeign?: string;
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
 * The claims of an app. Finding the rivals of a claim takes constant time, since an app may have thousands of repositories.
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
   * The resources of the app that are another one with the key of a claim, as Aspects and property setters have left them. A rival with
   * a claim of its own counts for the later of the two claims only.
   */
  public rivalsOf(claim: Claim): CfnResource[] {
    this.beginRun(claim);
    const index = this.indexed(claim.kind);
    const resources = claim.keys.flatMap(key => index.get(`${claim.kind.type} ${identityOf(claim.resource, claim.kind, key)}`) ?? []);
    return [...new Set(resources)].filter(resource => {
      const rival = this.byResource.get(resource);
      return resource !== claim.resource && !isConditional(resource) && (rival === undefined || rival.order < claim.order);
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
   * Forgets what an earlier synthesis read: a claim that is validated again begins the next one.
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
 * Problems with making a construct the owner of a resource: another construct of the app owns it already, or the quota is exhausted.
 *
 * @param owner the construct that the user wrote
 * @param kind the kind of resource
 * @param keys the values that identify the resource, if there may be several
 */
export function claimProblems(owner: IConstruct, kind: OwnedKind, keys: readonly string[] = ONLY): string[] {
  const claims = Claims.of(owner);
  const problems = claims.ofKeys(kind, normalized(kind, keys))
    .filter(claim => relation(claim.owner, owner, kind) === 'same')
    .map(claim => conflict(kind, claim.keys, claim.owner, owner, kind.wayOut));
  if (kind.max !== undefined && ownersRelatedTo(owner, kind.type).filter(it => it === 'same').length >= kind.max) {
    problems.push(`'${owner.node.path}' is one ${kind.noun} more than the ${kind.max} that a registry may have; use another Region or account, or leave one out`);
  }
  return problems;
}

/**
 * Makes a construct the owner of a resource for the rest of the app. Warns about another owner in a stack that may be in the same
 * environment, and fails synthesis if the app also holds such a resource that is not from this library.
 *
 * @param owner the construct that the user wrote, which has no `claimProblems`
 * @param kind the kind of resource
 * @param resource the resource
 * @param keys the values that identify the resource, if there may be several
 */
export function claimResource(owner: IConstruct, kind: OwnedKind, resource: CfnResource, keys: readonly string[] = ONLY): void {
  const claims = Claims.of(owner);
  const claimed = { kind, owner, resource, keys: normalized(kind, keys), order: claims.count };
  const known = new Set(claims.ofKeys(kind, claimed.keys));
  for (const rival of known) {
    if (relation(rival.owner, owner, kind) === 'unknown') {
      warn(claimed, owner, rival.owner);
    }
  }
  claims.add(claimed);

  // Acknowledgements of the owner do not reach its own late warnings in older versions of the CDK, but those of its children.
  const at = resource.node.scopes.includes(owner) ? resource : owner;
  owner.node.addValidation({
    validate: () => {
      const warned = new Set([...known].map(rival => rival.resource));
      const rivals = isConditional(resource) ? [] : claims.rivalsOf(claimed).filter(rival => !warned.has(rival));
      for (const rival of rivals.filter(it => relation(it, owner, kind) === 'unknown')) {
        warn(claimed, at, rival);
      }
      return rivals
        .filter(rival => relation(rival, owner, kind) === 'same')
        .map(rival => conflict(kind, claimed.keys, rival, owner, kind.wayOutForeign ?? kind.wayOut));
    },
  });
}

/**
 * How the registries of the constructs of the app that own a resource of a type relate to the registry of another construct.
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
 * A key as it can be compared. A token has the same value within its stack only.
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
 * Whether a condition decides if a resource exists, as one of two that exclude each other.
 */
function isConditional(resource: CfnResource): boolean {
  return resource.cfnOptions.condition !== undefined;
}

/**
 * Whether a construct was not removed after it was made.
 */
function isInTree({ node }: IConstruct): boolean {
  return node.scope?.node.tryFindChild(node.id)?.node === node;
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const values = map.get(key);
  if (values) {
    values.push(value);
  } else {
    map.set(key, [value]);
  }
}

function conflict(kind: OwnedKind, keys: readonly string[], first: IConstruct, second: IConstruct, wayOut: string): string {
  return `'${first.node.path}' and '${second.node.path}' both define the ${named(kind, keys)} of ${placeOf(second, kind)}, of which there is only one; ${wayOut}`;
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

function warn({ kind, keys }: Claim, at: IConstruct, rival: IConstruct): void {
  const [owner, holds, env] = kind.perAccount
    ? ['an account', 'an account has only one', 'account']
    : ['a registry', 'an account has only one in each Region', 'account and Region'];
  Validations.of(at).addWarning(
    kind.warningId,
    `one deployment fails or overwrites the other if both stacks share ${owner}: '${rival.node.path}' also defines the ${named(kind, keys)}, `
    + `of which ${holds}; set the ${env} in 'env' of both stacks`,
  );
}
