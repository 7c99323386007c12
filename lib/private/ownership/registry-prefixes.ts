import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { isKnown, show } from '../core/values';
import { normalPrefix } from '../ecr/prefixes';
import { relation } from './registry-singleton';

/**
 * A kind of resource that a registry, which is one account in one Region, holds once for each prefix.
 */
export interface PrefixedKind {
  /** What messages call it. */
  readonly noun: string;
  /** The id of the warning about stacks that may or may not share a registry. */
  readonly warningId: string;
  /** What to do about two of them with one prefix. */
  readonly wayOut: string;
  /** How many a registry may hold, if there is a limit. */
  readonly max?: number;
}

interface Claim {
  readonly kind: PrefixedKind;
  readonly prefix: string;
  readonly owner: IConstruct;
}

const claimsByApp = new WeakMap<IConstruct, Claim[]>();

/**
 * Problems with a construct that is about to take a prefix: another construct of the app has it, or the registry is full.
 *
 * @param owner the construct that the user wrote
 * @param kind what takes the prefix
 * @param prefix the prefix
 */
export function prefixClaimProblems(owner: IConstruct, kind: PrefixedKind, prefix: string): string[] {
  const neighbours = claimsOf(owner, kind).filter(claim => relation(claim.owner, owner) === 'same');
  const problems = neighbours
    .filter(claim => isKnown(prefix) && claim.prefix === normalPrefix(prefix))
    .map(claim => `'${claim.owner.node.path}' and '${owner.node.path}' both define the ${kind.noun} for ${show(claim.prefix)}, of which a registry has one; ${kind.wayOut}`);
  if (kind.max !== undefined && neighbours.length >= kind.max) {
    problems.push(`'${owner.node.path}' is one ${kind.noun} more than the ${kind.max} that a registry may have; use another Region or account, or leave one out`);
  }
  return problems;
}

/**
 * Takes a prefix for the rest of the app, and warns where nobody can tell before deployment whether another construct took it.
 *
 * @param owner the construct that the user wrote, without `prefixClaimProblems`
 * @param kind what takes the prefix
 * @param prefix the prefix
 */
export function claimPrefix(owner: IConstruct, kind: PrefixedKind, prefix: string): void {
  const claim = { kind, owner, prefix: normalPrefix(prefix) };
  for (const rival of claimsOf(owner, kind)) {
    if (rival.prefix === claim.prefix && relation(rival.owner, owner) === 'unknown') {
      Validations.of(owner).addWarning(
        kind.warningId,
        `'${rival.owner.node.path}' also defines a ${kind.noun} for ${show(claim.prefix)}, of which a registry has one, and without 'env' on both `
        + 'stacks nobody can tell whether they share a registry; set the account and Region of the stacks',
      );
    }
  }
  const { root } = owner.node;
  claimsByApp.set(root, [...(claimsByApp.get(root) ?? []), claim]);
}

function claimsOf(owner: IConstruct, kind: PrefixedKind): Claim[] {
  return (claimsByApp.get(owner.node.root) ?? []).filter(claim => claim.kind === kind);
}
