import { CfnResource, Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { isKnown } from '../core/values';

/**
 * A kind of resource that a registry, which is one account in one Region, holds once: a second one fails at deployment or
 * overwrites the first.
 */
export interface RegistrySingleton {
  /** The CloudFormation type. */
  readonly type: string;
  /** What messages call it. */
  readonly noun: string;
  /** The id of the warning about stacks that may or may not share a registry. */
  readonly warningId: string;
  /** What to do about two owners from this library. */
  readonly wayOut: string;
  /** What to do about a resource that this library did not make. */
  readonly wayOutForeign: string;
  /** Whether there is only one in all Regions of an account. */
  readonly global?: boolean;
  /** Tells the resources of the type apart of which there may be one each; the noun names which. */
  matches?(resource: CfnResource): boolean;
}

interface Claim {
  readonly singleton: RegistrySingleton;
  readonly owner: IConstruct;
  readonly resource: CfnResource;
}

export type Relation = 'same' | 'different' | 'unknown';

/** An account and a Region; either may be unknown. */
export interface Environment {
  readonly account?: string;
  readonly region?: string;
}

/** The type of which a registry holds one for each principal. */
export const EXCLUSION_TYPE = 'AWS::ECR::PullTimeUpdateExclusion';

const claimsByApp = new WeakMap<IConstruct, Claim[]>();

/**
 * Problems with making a construct the owner of a singleton: another construct of the app owns it already.
 *
 * @param owner the construct that the user wrote
 * @param singleton what it wants to own
 */
export function ownershipProblems(owner: IConstruct, singleton: RegistrySingleton): string[] {
  return claimsOf(owner, singleton)
    .filter(claim => relation(claim.owner, owner, singleton.global) === 'same')
    .map(claim => conflict(singleton, claim.owner, owner, singleton.wayOut));
}

/**
 * Makes a construct the owner of a singleton for the rest of the app. Warns where nobody can tell before deployment whether
 * another owner has the same registry, and fails synthesis when the app also holds such a resource that is not ours.
 *
 * @param owner the construct that the user wrote, without `ownershipProblems`
 * @param singleton what it owns
 * @param resource the resource itself
 */
export function takeOwnership(owner: IConstruct, singleton: RegistrySingleton, resource: CfnResource): void {
  for (const claim of claimsOf(owner, singleton)) {
    if (relation(claim.owner, owner, singleton.global) === 'unknown') {
      warn(singleton, owner, claim.owner);
    }
  }

  const app = owner.node.root;
  claimsByApp.set(app, [...(claimsByApp.get(app) ?? []), { singleton, owner, resource }]);

  // Acknowledgements of the owner do not reach its own late warnings in older versions of the CDK, but those of what it contains.
  const at = resource.node.scopes.includes(owner) ? resource : owner;
  owner.node.addValidation({
    validate: () => {
      const rivals = foreignResources(app, singleton);
      for (const rival of rivals.filter(it => relation(it, owner, singleton.global) === 'unknown')) {
        warn(singleton, at, rival);
      }
      return rivals
        .filter(rival => relation(rival, owner, singleton.global) === 'same')
        .map(rival => conflict(singleton, rival, owner, singleton.wayOutForeign));
    },
  });
}

/**
 * How the constructs of the app that own a resource of a type stand to the registry of another one.
 *
 * @param scope the other one
 * @param type the CloudFormation type
 */
export function ownersRelatedTo(scope: IConstruct, type: string): Relation[] {
  return (claimsByApp.get(scope.node.root) ?? []).filter(({ singleton }) => singleton.type === type).map(({ owner }) => relation(owner, scope));
}

/**
 * The stack whose deployment a construct is part of: a nested stack deploys with its parent.
 */
export function deployedStackOf(scope: IConstruct): Stack {
  let stack = Stack.of(scope);
  while (stack.nestedStackParent) {
    stack = stack.nestedStackParent;
  }
  return stack;
}

function claimsOf(scope: IConstruct, singleton: RegistrySingleton): Claim[] {
  return (claimsByApp.get(scope.node.root) ?? []).filter(claim => claim.singleton.noun === singleton.noun);
}

function foreignResources(app: IConstruct, singleton: RegistrySingleton): CfnResource[] {
  const ours = claimsOf(app, singleton).map(claim => claim.resource);
  return app.node.findAll()
    .filter(CfnResource.isCfnResource)
    .filter(resource => resource.cfnResourceType === singleton.type && (singleton.matches?.(resource) ?? true) && !ours.includes(resource));
}

export function relation(left: IConstruct, right: IConstruct, global = false): Relation {
  const [a, b] = [deployedStackOf(left), deployedStackOf(right)];
  return a === b ? 'same' : environmentRelation(a, b, global);
}

/**
 * How the registries of two environments stand to each other, as far as they are known.
 */
export function environmentRelation(a: Environment, b: Environment, global = false): Relation {
  const parts = [[a.account, b.account], ...global ? [] : [[a.region, b.region]]];
  if (parts.some(([x, y]) => isKnown(x) && isKnown(y) && x !== y)) {
    return 'different';
  }
  return parts.every(([x, y]) => isKnown(x) && isKnown(y)) ? 'same' : 'unknown';
}

function conflict(singleton: RegistrySingleton, first: IConstruct, second: IConstruct, wayOut: string): string {
  return `'${first.node.path}' and '${second.node.path}' both define the ${singleton.noun} of ${registryOf(second, singleton)}, of which there is only one; ${wayOut}`;
}

function registryOf(scope: IConstruct, { global }: RegistrySingleton): string {
  const { account, region, node } = deployedStackOf(scope);
  if (global) {
    return isKnown(account) ? `account ${account}` : `the account of stack '${node.path}'`;
  }
  return isKnown(account) && isKnown(region) ? `account ${account} in ${region}` : `the registry of stack '${node.path}'`;
}

function warn(singleton: RegistrySingleton, at: IConstruct, rival: IConstruct): void {
  const [each, what] = singleton.global ? ['', 'the account'] : [' in each Region', 'the account and Region'];
  Validations.of(at).addWarning(
    singleton.warningId,
    `'${rival.node.path}' also defines a ${singleton.noun}, of which an account has only one${each}, and without 'env' on both stacks `
    + `nobody can tell whether they share it; set ${what} of the stacks`,
  );
}
