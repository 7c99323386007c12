import { stringAt } from '../core/json';
import type { Progress } from '../core/progress';
import { layout } from '../dump/layout';
import type { ImageDetail, Repository } from '../dump/outputs';
import type { Api, Output } from './api';
import type { CallName } from './calls';
import { inParallel, type Recorder } from './recorder';

/** Amazon ECR allows 100 digests in a call. */
const DIGESTS = 100;

const INDEXES = ['application/vnd.docker.distribution.manifest.list.v2+json', 'application/vnd.oci.image.index.v1+json'];

/** The settings of an account that a registry depends on. */
const SETTINGS = ['BASIC_SCAN_TYPE_VERSION', 'BLOB_MOUNTING', 'REGISTRY_POLICY_SCOPE'];

const REGISTRY_CALLS: ReadonlyArray<readonly [CallName, string, string?]> = [
  ['describeRegistry', 'describe-registry'],
  ['getRegistryPolicy', 'get-registry-policy'],
  ['getRegistryScanningConfiguration', 'get-registry-scanning-configuration'],
  ['getSigningConfiguration', 'get-signing-configuration'],
  ['describePullThroughCacheRules', 'describe-pull-through-cache-rules', 'pullThroughCacheRules'],
  ['describeRepositoryCreationTemplates', 'describe-repository-creation-templates', 'repositoryCreationTemplates'],
  ['listPullTimeUpdateExclusions', 'list-pull-time-update-exclusions', 'pullTimeUpdateExclusions'],
];

/**
 * The registry to read, and how.
 */
export interface SnapshotTask {
  readonly api: Api;
  readonly out: string;
  readonly concurrency: number;
  readonly findings: boolean;
  readonly recorder: Recorder;
  readonly progress: Progress;
}

/**
 * Reads a registry into a dump.
 *
 * @returns the account, the Region and the number of repositories
 */
export async function readRegistry(task: SnapshotTask): Promise<{ account: string; region: string; repositories: number }> {
  const { api, recorder, concurrency, progress } = task;
  const region = await api.region();
  const account = stringAt(await api.call('getCallerIdentity'), 'Account')!;
  const folder = layout.registry(task.out, account, region);
  const found = await recorder.record<{ repositories: Repository[] }>('describeRepositories', `${folder}/describe-repositories`, () => (
    api.all('describeRepositories', 'repositories', { maxResults: 1000 })
  ));
  const repositories = found?.repositories ?? [];
  progress.grow(repositories.length);

  await inParallel(REGISTRY_CALLS, concurrency, async ([name, file, list]) => {
    await recorder.record(name, `${folder}/${file}`, () => list === undefined ? api.call(name) : api.all(name, list));
  });
  await inParallel(SETTINGS, concurrency, async name => {
    await recorder.record('getAccountSetting', layout.named(folder, 'get-account-setting', name), () => api.call('getAccountSetting', { name }));
  });
  const keys = repositories.flatMap(({ encryptionConfiguration }) => encryptionConfiguration?.kmsKey ?? []);
  await inParallel([...new Set(keys)], concurrency, async KeyId => {
    const name = KeyId.slice(KeyId.lastIndexOf('/') + 1);
    await recorder.record('describeKey', layout.named(folder, 'describe-key', name), () => api.call('describeKey', { KeyId }));
  });
  await inParallel(repositories, concurrency, async repository => {
    await readRepository(task, folder, repository);
    progress.step();
  });
  return { account, region, repositories: repositories.length };
}

async function readRepository({ api, recorder, findings }: SnapshotTask, registry: string, repository: Repository): Promise<void> {
  const { repositoryName, repositoryArn } = repository;
  const folder = layout.repository(registry, repositoryName);
  const images = await recorder.record<{ imageDetails: ImageDetail[] }>('describeImages', `${folder}/describe-images`, () => (
    api.all('describeImages', 'imageDetails', { repositoryName, maxResults: 1000 })
  ));
  await recorder.record('getLifecyclePolicy', `${folder}/get-lifecycle-policy`, () => api.call('getLifecyclePolicy', { repositoryName }));
  await recorder.record('getRepositoryPolicy', `${folder}/get-repository-policy`, () => api.call('getRepositoryPolicy', { repositoryName }));
  await recorder.record('listTagsForResource', `${folder}/list-tags-for-resource`, () => api.call('listTagsForResource', { resourceArn: repositoryArn }));

  const indexes = (images?.imageDetails ?? [])
    .filter(({ imageManifestMediaType = '', imageStatus }) => INDEXES.includes(imageManifestMediaType) && imageStatus !== 'ARCHIVED')
    .map(({ imageDigest }) => imageDigest);
  if (indexes.length > 0) {
    await recorder.record('batchGetImage', `${folder}/batch-get-image`, () => manifestsOf(api, repositoryName, indexes));
  }
  if (findings) {
    await recorder.record('listFindings', `${folder}/list-findings`, () => api.all('listFindings', 'findings', {
      maxResults: 100, filterCriteria: { ecrImageRepositoryName: [{ comparison: 'EQUALS', value: repositoryName }] },
    }));
  }
}

async function manifestsOf(api: Api, repositoryName: string, digests: readonly string[]): Promise<Output> {
  const images: unknown[] = [];
  for (let from = 0; from < digests.length; from += DIGESTS) {
    const imageIds = digests.slice(from, from + DIGESTS).map(imageDigest => ({ imageDigest }));
    const output = await api.call('batchGetImage', { repositoryName, imageIds, acceptedMediaTypes: INDEXES });
    images.push(...output.images as unknown[] | undefined ?? []);
  }
  return { images };
}
