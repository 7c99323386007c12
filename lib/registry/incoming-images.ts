import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { registryRelation } from '../private/core/environment';
import { isKnown, show } from '../private/core/values';
import { accountProblems } from '../private/ecr/names';
import { ROOT } from '../private/ecr/prefixes';
import { repositoryPrefixProblems } from '../private/ecr/repository-filters';
import type { IReplicationSetup } from './replication-setup';
import type { ReplicationSource } from './replication-source';

/**
 * Images that one account replicates to a registry.
 */
export interface IncomingImages {
  /** The account of the source; undefined if it is known to be the account of the registry, which needs no permission. */
  readonly account?: string;
  /** The prefixes of the repository names; `['']` matches all. */
  readonly prefixes: readonly string[];
}

/**
 * Problems with the sources of the registry of a construct.
 */
export function sourceProblems(scope: IConstruct, sources: readonly ReplicationSource[]): string[] {
  if (sources.length === 0) {
    return ["'sources' must have at least one entry, got []; use a source such as ReplicationSource.account('111122223333')"];
  }

  return sources.flatMap(({ replicationSetup: setup, sourceAccount, repositoryPrefixes }, index) => {
    const prop = `sources[${index}]`;
    return setup
      ? setupProblems(scope, prop, setup)
      : [...accountProblems(prop, sourceAccount), ...repositoryPrefixProblems(`${prop}.repositoryPrefixes`, repositoryPrefixes)];
  });
}

/**
 * The images that sources replicate to the registry of a construct.
 */
export function incomingImages(scope: IConstruct, sources: readonly ReplicationSource[]): IncomingImages[] {
  const own = Stack.of(scope).account;
  return sources.flatMap(({ replicationSetup: setup, sourceAccount, repositoryPrefixes }) =>
    setup
      ? rulesFor(scope, setup)
      : [{ account: sourceAccount === own ? undefined : sourceAccount, prefixes: repositoryPrefixes ?? [''] }]);
}

/**
 * The prefixes without those that a shorter prefix includes, in their order.
 */
export function shortestPrefixes(prefixes: readonly string[]): string[] {
  return [...new Set(prefixes)].filter(prefix => !prefixes.some(other => other !== prefix && prefix.startsWith(other)));
}

/**
 * The prefixes of the fewest creation templates that match every repository whose name begins with one of the given prefixes.
 *
 * A template matches a namespace, and a replication filter compares characters: `prod` also replicates `prod-eu/api`, which only a
 * template for all repositories matches. Therefore the template is for the parent namespace of a prefix, unless the prefix ends with `/`.
 */
export function templatePrefixes(prefixes: readonly string[]): string[] {
  const namespaces = prefixes.map(prefix => isKnown(prefix) ? prefix.slice(0, prefix.lastIndexOf('/') + 1) : '');
  return shortestPrefixes(namespaces).map(namespace => namespace === '' ? ROOT : namespace.slice(0, -1));
}

function rulesFor(scope: IConstruct, setup: IReplicationSetup): IncomingImages[] {
  const { account, region } = Stack.of(scope);
  return setup.rules.flatMap(({ destinations, repositoryPrefixes }) =>
    destinations
      .filter(it => registryRelation({ account: it.registryAccount ?? setup.env.account, region: it.registryRegion }, { account, region }) !== 'different')
      .map(it => ({
        account: it.registryAccount === undefined || it.registryAccount === setup.env.account ? undefined : setup.env.account,
        prefixes: repositoryPrefixes ?? [''],
      })));
}

function setupProblems(scope: IConstruct, prop: string, setup: IReplicationSetup): string[] {
  const incoming = rulesFor(scope, setup);
  if (incoming.length === 0) {
    return [`'${prop}' must replicate to the account and Region of this stack, got ${show(setup.node.path)}, whose destinations are other registries; add this registry to its destinations`];
  }
  return incoming.some(({ account }) => Token.isUnresolved(account))
    ? [`'${prop}' must be in a stack with a known account, got ${show(setup.node.path)}; set 'env' of its stack or use ReplicationSource.account('111122223333')`]
    : [];
}
