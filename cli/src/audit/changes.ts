import { canonicalJson } from '../core/json';
import type { RegistryDump, RepositoryDump } from '../dump/dump';
import { type Call, valueOf } from '../dump/read-call';

/**
 * A difference between two snapshots.
 */
export interface Change {
  readonly registry: string;
  /** The repository, or the setting of the registry. */
  readonly subject: string;
  readonly change: string;
}

const REGISTRY_SETTINGS = [
  'describe-registry', 'get-registry-policy', 'get-registry-scanning-configuration', 'get-signing-configuration', 'describe-pull-through-cache-rules',
  'describe-repository-creation-templates', 'list-pull-time-update-exclusions',
] as const;

const REPOSITORY_SETTINGS = ['get-lifecycle-policy', 'get-repository-policy', 'list-tags-for-resource'] as const;

/** The parts of outputs that change by themselves. */
const VOLATILE = /"(?:lastEvaluatedAt|createdAt|updatedAt)":(?:"[^"]*"|[\d.]+),?/g;

/**
 * The differences between two dumps of the same registries, as far as both know the settings.
 */
export function changesBetween(before: readonly RegistryDump[], after: readonly RegistryDump[]): Change[] {
  const place = ({ account, region }: RegistryDump): string => `${account} ${region}`;
  const old = new Map(before.map(registry => [place(registry), registry]));
  return after.flatMap(registry => {
    const earlier = old.get(place(registry));
    return !earlier ? [] : registryChanges(earlier, registry).map(change => ({ registry: place(registry), ...change }));
  });
}

function registryChanges(before: RegistryDump, after: RegistryDump): Array<Omit<Change, 'registry'>> {
  const old = new Map(before.repositories.map(repository => [repository.name, repository]));
  const names = new Set(after.repositories.map(({ name }) => name));
  return [
    ...REGISTRY_SETTINGS.flatMap(setting => differs(before.call(setting), after.call(setting)).map(change => ({ subject: setting, change }))),
    ...before.repositories.filter(({ name }) => !names.has(name)).map(({ name }) => ({ subject: name, change: 'the repository is gone' })),
    ...after.repositories.flatMap(repository => {
      const earlier = old.get(repository.name);
      return (earlier ? repositoryChanges(earlier, repository) : ['the repository is new']).map(change => ({ subject: repository.name, change }));
    }),
  ];
}

function repositoryChanges(before: RepositoryDump, after: RepositoryDump): string[] {
  const keys = ['imageTagMutability', 'imageTagMutabilityExclusionFilters', 'imageScanningConfiguration', 'encryptionConfiguration', 'createdAt'] as const;
  const shown = (value: unknown): string => value === undefined ? 'nothing' : typeof value === 'string' ? value : JSON.stringify(value);
  return [
    ...keys.filter(key => canonicalJson(before.description[key] ?? null) !== canonicalJson(after.description[key] ?? null)).map(key => key === 'createdAt'
      ? 'the repository was deleted and created again'
      : `${key} changed from ${shown(before.description[key])} to ${shown(after.description[key])}`),
    ...REPOSITORY_SETTINGS.flatMap(setting => differs(before.call(setting), after.call(setting)).map(change => `${setting}: ${change}`)),
    ...imageChanges(before, after),
  ];
}

function imageChanges(before: RepositoryDump, after: RepositoryDump): string[] {
  const [old, now] = [before, after].map(repository => valueOf(repository.call('describe-images'))?.imageDetails);
  if (!old || !now) {
    return [];
  }
  const digests = (details: typeof old): Set<string> => new Set(details.map(({ imageDigest }) => imageDigest));
  const tags = (details: typeof old): Map<string, string> => (
    new Map(details.flatMap(({ imageTags = [], imageDigest }) => imageTags.map(tag => [tag, imageDigest] as const)))
  );
  const [oldDigests, newDigests] = [digests(old), digests(now)];
  const oldTags = tags(old);
  const moved = [...tags(now)].filter(([tag, digest]) => oldTags.has(tag) && oldTags.get(tag) !== digest).map(([tag]) => tag);
  const pushed = [...newDigests].filter(digest => !oldDigests.has(digest)).length;
  const removed = [...oldDigests].filter(digest => !newDigests.has(digest)).length;
  return [
    ...pushed > 0 || removed > 0 ? [`${pushed} images added, ${removed} removed`] : [],
    ...moved.length > 0 ? [`tags moved to another image: ${moved.slice(0, 10).join(', ')}${moved.length > 10 ? ` and ${moved.length - 10} more` : ''}`] : [],
  ];
}

function differs(before: Call<unknown>, after: Call<unknown>): string[] {
  if (before.state === 'unknown' || after.state === 'unknown') {
    return [];
  }
  const text = (call: Call<unknown>): string => call.state === 'read' ? canonicalJson(call.value).replace(VOLATILE, '') : '';
  return text(before) === text(after) ? [] : [before.state === 'none' ? 'added' : after.state === 'none' ? 'removed' : 'changed'];
}
