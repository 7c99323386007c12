import { Stack } from 'aws-cdk-lib';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { IConstruct } from 'constructs';
import { isKnown } from './values';

/** An account and a Region; either may be unknown before deployment. */
export interface Environment {
  readonly account?: string;
  readonly region?: string;
}

/** Whether two environments are the same registry, which is one account in one Region. */
export type Relation = 'same' | 'different' | 'unknown';

/** The prefixes of the Region names of each partition. */
const PARTITIONS: ReadonlyArray<readonly [regions: RegExp, partition: string]> = [
  [/^cn-/, 'aws-cn'],
  [/^us-gov-/, 'aws-us-gov'],
  [/^us-iso-/, 'aws-iso'],
  [/^us-isob-/, 'aws-iso-b'],
  [/^eu-isoe-/, 'aws-iso-e'],
  [/^us-isof-/, 'aws-iso-f'],
  [/^eusc-/, 'aws-eusc'],
  [/^(?:af|ap|ca|eu|il|me|mx|sa|us)-(?:north|south|east|west|central)/, 'aws'],
];

/**
 * Whether two account ids or two Regions are known to be different.
 */
export function areDifferent(left: string | undefined, right: string | undefined): boolean {
  return isKnown(left) && isKnown(right) && left !== right;
}

/**
 * Whether two account ids or two Regions are known to be the same.
 */
export function areSame(left: string | undefined, right: string | undefined): boolean {
  return isKnown(left) && left === right;
}

/**
 * Whether two environments may be one registry. Unknown values are equal to any value.
 */
export function registryRelation(a: Environment, b: Environment): Relation {
  return combined([[a.account, b.account], [a.region, b.region]]);
}

/**
 * Whether two environments may be in one account. An unknown account is equal to any account.
 */
export function accountRelation(a: Environment, b: Environment): Relation {
  return combined([[a.account, b.account]]);
}

/**
 * Whether two constructs are deployed to one registry. Two constructs of one stack are, even if its environment is unknown.
 *
 * @param left a construct
 * @param right another construct
 * @param compare what to compare between stacks
 */
export function relationOf(left: IConstruct, right: IConstruct, compare = registryRelation): Relation {
  const [a, b] = [deployedStackOf(left), deployedStackOf(right)];
  return a === b ? 'same' : compare(a, b);
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

/**
 * The AWS partition of a Region, if it is known. Follows from the prefix of the name, so that a Region that is newer than this
 * version of the CDK has one too.
 *
 * @see https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
 */
export function partitionOf(region: string | undefined): string | undefined {
  return isKnown(region) ? PARTITIONS.find(([regions]) => regions.test(region))?.[1] : undefined;
}

/**
 * Whether this version of the CDK knows a Region.
 */
export function isListedRegion(region: string): boolean {
  return RegionInfo.get(region).partition !== undefined;
}

function combined(pairs: ReadonlyArray<readonly [string | undefined, string | undefined]>): Relation {
  if (pairs.some(([x, y]) => areDifferent(x, y))) {
    return 'different';
  }
  return pairs.every(([x, y]) => areSame(x, y)) ? 'same' : 'unknown';
}
