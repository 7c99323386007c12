import { isObject, valueAt } from '../core/json';
import type { RegistryDump } from '../dump/dump';
import { valueOf } from '../dump/read-call';
import type { AuditFinding } from './audit';

/** How many repositories a message names. */
const NAMED = 10;

/**
 * The gaps between the settings of a registry: caches and replicas without a template, repositories that are not replicated.
 *
 * @param all the registries of the dump, among which the destinations of replication may be
 */
export function gapsOf(registry: RegistryDump, all: readonly RegistryDump[]): AuditFinding[] {
  return [...uncoveredCaches(registry), ...uncoveredReplicas(registry), ...unreplicated(registry), ...missingReplicas(registry, all)];
}

function templatesFor(registry: RegistryDump, use: string): string[] | undefined {
  return valueOf(registry.call('describe-repository-creation-templates'))?.repositoryCreationTemplates
    .filter(({ appliedFor }) => appliedFor?.includes(use)).map(({ prefix }) => prefix);
}

function uncoveredCaches(registry: RegistryDump): AuditFinding[] {
  const templates = templatesFor(registry, 'PULL_THROUGH_CACHE');
  const rules = valueOf(registry.call('describe-pull-through-cache-rules'))?.pullThroughCacheRules ?? [];
  const uncovered = rules.filter(({ ecrRepositoryPrefix: prefix }) => !templates?.some(template => covers(template, prefix)));
  return templates === undefined ? [] : uncovered.map(({ ecrRepositoryPrefix }) => ({
    rule: 'cacheWithoutTemplate',
    severity: 'warning',
    resource: ecrRepositoryPrefix,
    message: `Amazon ECR creates the repositories of the cache '${ecrRepositoryPrefix}' with its own defaults: no lifecycle policy, encryption with AES256`,
    fix: `add a repository creation template with the prefix '${ecrRepositoryPrefix}' for PULL_THROUGH_CACHE, as PullThroughCache does`,
    call: 'describe-pull-through-cache-rules',
  }));
}

/** Whether a template applies to all repositories below a prefix; both end with an implied `/`. */
function covers(template: string, prefix: string): boolean {
  const [outer, inner] = [template, prefix].map(it => it === 'ROOT' ? '' : `${it.replace(/\/$/, '')}/`);
  return inner.startsWith(outer);
}

/** A registry policy that lets others replicate into the registry. */
function uncoveredReplicas(registry: RegistryDump): AuditFinding[] {
  const policy = valueOf(registry.call('get-registry-policy'));
  const templates = templatesFor(registry, 'REPLICATION');
  if (!policy || templates === undefined || templates.includes('ROOT')) {
    return [];
  }
  const prefixes = replicatedPrefixes(policy.policyText).filter(prefix => !templates.some(template => covers(template, prefix)));
  return [...new Set(prefixes)].map(prefix => ({
    rule: 'replicasWithoutTemplate',
    severity: 'warning',
    resource: 'registry policy',
    message: `replicas ${prefix === '' ? '' : `with the prefix '${prefix}' `}are created with the defaults of Amazon ECR: mutable tags, no lifecycle policy, encryption with AES256`,
    fix: `add a repository creation template for REPLICATION${prefix === '' ? " with the prefix 'ROOT'" : ` with the prefix '${prefix}'`}, as ReplicationDestination does`,
    call: 'get-registry-policy',
  }));
}

/** The prefixes that statements allow to replicate; an empty one for all repositories. */
function replicatedPrefixes(policyText: string): string[] {
  let policy: unknown;
  try {
    policy = JSON.parse(policyText);
  } catch {
    return [];
  }
  return [valueAt(policy, 'Statement')].flat().filter(isObject)
    .filter(({ Effect, Action }) => Effect === 'Allow' && [Action].flat().some(action => /^ecr:(?:\*|Replicate\*|ReplicateImage)$/i.test(String(action))))
    .flatMap(({ Resource }) => [Resource].flat().map(resource => (/:repository\/(.*?)\*?$/.exec(String(resource))?.[1] ?? '').replace(/\*$/, '')));
}

function unreplicated(registry: RegistryDump): AuditFinding[] {
  const rules = valueOf(registry.call('describe-registry'))?.replicationConfiguration?.rules ?? [];
  const left = rules.length === 0 ? [] : registry.repositories.filter(({ name }) => !rules.some(rule => matchesRule(name, rule)));
  return left.length === 0 ? [] : [{
    rule: 'notReplicated',
    severity: 'note',
    resource: 'registry replication',
    message: `no replication rule matches ${namesOf(left.map(({ name }) => name))}`,
    fix: 'add a rule with a prefix of their names, if another Region or account needs them',
    call: 'describe-registry',
  }];
}

function matchesRule(name: string, { repositoryFilters }: { repositoryFilters?: ReadonlyArray<{ filter: string }> }): boolean {
  return !repositoryFilters?.length || repositoryFilters.some(({ filter }) => name.startsWith(filter));
}

/** Images that a destination in the same dump lacks: pushed before the rule, or failed to replicate. */
function missingReplicas(registry: RegistryDump, all: readonly RegistryDump[]): AuditFinding[] {
  const rules = valueOf(registry.call('describe-registry'))?.replicationConfiguration?.rules ?? [];
  return rules.flatMap(rule => rule.destinations.flatMap(({ region, registryId }) => {
    const destination = all.find(it => it.account === registryId && it.region === region && it.problems.length === 0);
    const replicas = new Map((destination?.repositories ?? []).map(repository => [repository.name, repository]));
    return !destination ? [] : registry.repositories.filter(({ name }) => matchesRule(name, rule)).flatMap((repository): AuditFinding[] => {
      const images = valueOf(repository.call('describe-images'))?.imageDetails;
      const replica = replicas.get(repository.name);
      const copies = replica ? valueOf(replica.call('describe-images'))?.imageDetails : [];
      if (!images || !copies) {
        return [];
      }
      const present = new Set(copies.map(({ imageDigest }) => imageDigest));
      const missing = images.filter(({ imageDigest, imageStatus }) => imageStatus !== 'ARCHIVED' && !present.has(imageDigest)).length;
      return missing === 0 ? [] : [{
        rule: 'missingReplicas',
        severity: 'warning',
        resource: repository.name,
        message: `${registryId} ${region} lacks ${missing} of ${images.length} images: Amazon ECR replicates what is pushed after the rule exists`,
        fix: 'push or copy the images again, or start a replication backfill',
        call: 'describe-images',
      }];
    });
  }));
}

export function namesOf(names: readonly string[]): string {
  return `${names.slice(0, NAMED).join(', ')}${names.length > NAMED ? ` and ${names.length - NAMED} more` : ''}`;
}
