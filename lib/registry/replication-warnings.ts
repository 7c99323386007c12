import { Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import type { IConstruct } from 'constructs';
import { deployedStackOf, type Environment, registryRelation } from '../private/core/environment';
import { warnAtSynthesis } from '../private/core/late-warnings';
import { isKnown, show } from '../private/core/values';
import { inRegistry, lacksRegistryPolicy, nameOf, rendered } from '../private/ownership/app-registry';
import type { ReplicationRule } from './replication-rule';

interface RenderedRule {
  readonly destinations: ReadonlyArray<{ readonly region: unknown; readonly registryId: unknown }>;
  readonly repositoryFilters?: ReadonlyArray<{ readonly filter: unknown }>;
}

/**
 * Warns about a replication that does not match the rest of the app.
 *
 * @param owner the construct that the user wrote
 * @param resource its resource
 * @param rules its rules
 */
export function warnOfReplication(owner: IConstruct, resource: ecr.CfnReplicationConfiguration, rules: readonly ReplicationRule[]): void {
  warnAtSynthesis(owner, resource, 'cdk-secure-ecr:ReplicationSetup.secondHop', () => {
    const [lost] = secondHops(owner, rules);
    return lost && `images that '${lost.source}' replicates to this registry never reach ${lost.destination}, because Amazon ECR does not replicate replicas; add this destination to '${lost.source}'`;
  });
  warnAtSynthesis(owner, resource, 'cdk-secure-ecr:ReplicationSetup.noDestination', () => {
    const own = Stack.of(owner).account;
    const missing = rules.flatMap(({ destinations }) => destinations)
      .filter(({ registryAccount }) => registryAccount !== undefined && registryAccount !== own)
      .filter(({ registryAccount, registryRegion }) => lacksRegistryPolicy(owner, { account: registryAccount, region: registryRegion }))
      .map(({ registryAccount, registryRegion }) => `account ${registryAccount} in ${registryRegion}`);
    return missing.length === 0 ? undefined
      : `nothing is replicated to ${[...new Set(missing)].join(', ')}, because the app has stacks there but no permission for this registry; define a ReplicationDestination there, or acknowledge this if another app does`;
  });
  warnAtSynthesis(owner, resource, 'cdk-secure-ecr:ReplicationSetup.prefixWithoutRepository', () => {
    const unused = unusedPrefixes(owner, rules.flatMap(({ repositoryPrefixes }) => repositoryPrefixes ?? []));
    return unused.length === 0 ? undefined
      : `nothing is replicated for ${unused.map(show).join(', ')}, because no repository of the app in this registry begins with it; correct 'repositoryPrefixes', or acknowledge this for repositories of other apps`;
  });
}

/** The destinations that do not get all images: images of another registry are replicated to this one only. */
function secondHops(owner: IConstruct, rules: readonly ReplicationRule[]): Array<{ source: string; destination: string }> {
  const here = deployedStackOf(owner);
  return owner.node.root.node.findAll()
    .filter(node => ecr.CfnReplicationConfiguration.isCfnReplicationConfiguration(node))
    .filter(({ stack }) => registryRelation(stack, here) === 'different')
    .flatMap(other => {
      const theirs = rendered<{ rules: RenderedRule[] }>(other, other.replicationConfiguration)!.rules;
      const reached = theirs.flatMap(({ destinations }) => destinations.map(({ registryId, region }) => environment(registryId, region)));
      const incoming = theirs.filter(({ destinations }) => destinations.some(it => isSame(environment(it.registryId, it.region), here)));
      return rules
        .filter(({ repositoryPrefixes }) => incoming.some(({ repositoryFilters: filters }) => (
          overlap(filters?.map(({ filter }) => String(filter)), repositoryPrefixes)
        )))
        .flatMap(({ destinations }) => destinations.map(it => environment(it.registryAccount ?? here.account, it.registryRegion)))
        .filter(destination => isKnown(destination.account) && isKnown(destination.region))
        .filter(destination => !isSame(destination, other.stack) && !reached.some(it => isSame(it, destination)))
        .map(({ account, region }) => ({ source: other.node.path.replace(/\/Resource$/, ''), destination: `account ${account} in ${region}` }));
    });
}

/** Only parts that are texts in the template are known. */
function environment(account: unknown, region: unknown): Environment {
  const [knownAccount, knownRegion] = [account, region].map(part => typeof part === 'string' ? part : undefined);
  return { account: knownAccount, region: knownRegion };
}

function isSame(left: Environment, right: Environment): boolean {
  return registryRelation(left, right) === 'same';
}

function overlap(left: readonly string[] | undefined, right: readonly string[] | undefined): boolean {
  return left === undefined || right === undefined || left.some(a => right.some(b => a.startsWith(b) || b.startsWith(a)));
}

/** The prefixes that match no repository, if all names of the registry are known. */
function unusedPrefixes(owner: IConstruct, prefixes: readonly string[]): string[] {
  const names = inRegistry(owner, it => ecr.CfnRepository.isCfnRepository(it), ['same', 'unknown']).map(nameOf);
  const templates = inRegistry(owner, it => ecr.CfnRepositoryCreationTemplate.isCfnRepositoryCreationTemplate(it), ['same', 'unknown']).map(({ prefix }) => prefix);
  return names.length === 0 || names.includes(undefined) ? [] : prefixes.filter(prefix => isKnown(prefix)
    && !names.some(name => name!.startsWith(prefix))
    && !templates.some(template => !isKnown(template) || template === 'ROOT' || overlap([`${template}/`], [prefix])));
}
