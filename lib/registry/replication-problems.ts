import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { partitionOf } from '../private/core/environment';
import { isKnown, show } from '../private/core/values';
import { LIMITS } from '../private/ecr/limits';
import { accountProblems, regionProblems } from '../private/ecr/names';
import { repositoryPrefixProblems } from '../private/ecr/repository-filters';
import type { ReplicationRule } from './replication-rule';
import type { ReplicationTarget } from './replication-target';

/**
 * A rule and the prefix of its props in messages.
 */
export interface NamedRule {
  readonly at: string;
  readonly rule: ReplicationRule;
}

/**
 * Problems with the replication rules of the registry of a construct.
 */
export function replicationRuleProblems(scope: IConstruct, rules: readonly NamedRule[]): string[] {
  const problems = rules.flatMap(({ at, rule }) => [
    ...destinationProblems(scope, `${at}destinations`, rule.destinations),
    ...repositoryPrefixProblems(`${at}repositoryPrefixes`, rule.repositoryPrefixes),
  ]);

  const most = { rules: LIMITS.replicationRules, destinations: LIMITS.replicationDestinations };
  if (rules.length > most.rules) {
    problems.push(`'rules' must be at most ${most.rules} in a registry, got ${rules.length}; a rule accepts up to ${LIMITS.replicationFilters} 'repositoryPrefixes'`);
  }
  const unique = new Set(rules.flatMap(({ rule }) => rule.destinations.map(destination => registryOf(scope, destination)))).size;
  if (unique > most.destinations) {
    problems.push(`'destinations' must be at most ${most.destinations} different registries over all rules, got ${unique}; replicate to the others from another account or Region`);
  }
  return [...problems, ...partitionProblems(scope, rules)];
}

/**
 * The prefixes that look like a namespace, but also match other repositories.
 */
export function prefixesWithoutSlash(prefixes: readonly string[]): string[] {
  return [...new Set(prefixes)].filter(prefix => isKnown(prefix) && /^[^/]*[a-z0-9]$/.test(prefix));
}

function destinationProblems(scope: IConstruct, prop: string, destinations: readonly ReplicationTarget[]): string[] {
  if (destinations.length === 0) {
    return [`'${prop}' must have at least one entry, got []; use a registry such as ReplicationTarget.region('eu-central-1')`];
  }

  const { account: ownAccount, region: ownRegion } = Stack.of(scope);
  const problems = destinations.flatMap(({ registryAccount: account, registryRegion: region }, index) => [
    ...accountProblems(`${prop}[${index}]`, account),
    ...regionProblems(`${prop}[${index}]`, region),
    ...((account ?? ownAccount) === ownAccount && region === ownRegion
      ? [`'${prop}[${index}]' must be another account or another Region than the source, got ${isKnown(region) ? show(region) : 'the Region of the stack'} in the same account`]
      : []),
  ]);
  const registries = destinations.map(destination => registryOf(scope, destination));
  registries.forEach((registry, index) => {
    const first = registries.indexOf(registry);
    if (first < index) {
      problems.push(`'${prop}[${index}]' must be another registry than '${prop}[${first}]', got the same account and Region`);
    }
  });
  return problems;
}

function partitionProblems(scope: IConstruct, rules: readonly NamedRule[]): string[] {
  const own = partitionOf(Stack.of(scope).region);
  const all = rules.flatMap(({ at, rule }) => rule.destinations.map(({ registryRegion: region }, index) =>
    ({ prop: `${at}destinations[${index}]`, region, partition: partitionOf(region) })));
  const expected = own ?? all.find(({ partition }) => partition)?.partition;
  return all
    .filter(({ partition }) => partition && partition !== expected)
    .map(({ prop, region, partition }) =>
      `'${prop}' must be in the partition ${expected} of ${own ? 'the source' : 'the other destinations'}, got ${show(region)} of ${partition}; `
      + 'copy the images to another partition with your own tools');
}

function registryOf(scope: IConstruct, { registryAccount, registryRegion }: ReplicationTarget): string {
  return `${registryAccount ?? Stack.of(scope).account} ${registryRegion}`;
}
