import { folderOf, NOW } from './harness';

const DAY = 86_400_000;

export const ACCOUNT = '111122223333';
export const REGION = 'eu-west-1';

/** An image, pushed so many days before `NOW`. */
export function image(digest: string, days: number, more: object = {}): object {
  return {
    imageDigest: `sha256:${digest}`,
    imagePushedAt: new Date(NOW.getTime() - days * DAY).toISOString(),
    imageSizeInBytes: 2 ** 30,
    imageManifestMediaType: 'application/vnd.oci.image.manifest.v1+json',
    imageScanStatus: { status: 'COMPLETE' },
    ...more,
  };
}

export interface RepositoryFiles {
  /** Keys of `describe-repositories`. */
  readonly description?: object;
  readonly images?: unknown;
  readonly lifecycle?: object;
  readonly policy?: object;
  /** Other files, by name. */
  readonly files?: Record<string, unknown>;
}

const notFound = (code: string) => `An error occurred (${code}) when calling the operation: none\n`;

/** A lifecycle policy of one rule. */
export function rule(selection: object): object {
  return { rules: [{ rulePriority: 1, selection, action: { type: 'expire' } }] };
}

/**
 * The files of a registry, complete as a snapshot with all permissions writes them.
 */
export function registryFiles(repositories: Record<string, RepositoryFiles>, files: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    'describe-repositories.json': { repositories: Object.entries(repositories).map(([repositoryName, { description }]) => ({
      repositoryName,
      repositoryArn: `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/${repositoryName}`,
      registryId: ACCOUNT,
      createdAt: '2024-01-01T00:00:00Z',
      imageTagMutability: 'IMMUTABLE',
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: { encryptionType: 'KMS', kmsKey: `arn:aws:kms:${REGION}:${ACCOUNT}:key/own` },
      ...description,
    })) },
    'describe-registry.json': { registryId: ACCOUNT, replicationConfiguration: { rules: [] } },
    'get-registry-policy.error.txt': notFound('RegistryPolicyNotFoundException'),
    'get-registry-scanning-configuration.json': { scanningConfiguration: {
      scanType: 'BASIC', rules: [{ scanFrequency: 'SCAN_ON_PUSH', repositoryFilters: [{ filter: '*', filterType: 'WILDCARD' }] }],
    } },
    'get-signing-configuration.error.txt': notFound('SigningConfigurationNotFoundException'),
    'describe-pull-through-cache-rules.json': { pullThroughCacheRules: [] },
    'describe-repository-creation-templates.json': { repositoryCreationTemplates: [] },
    'list-pull-time-update-exclusions.json': { pullTimeUpdateExclusions: [] },
    'describe-key/own.json': { KeyMetadata: { KeyId: 'own', KeyManager: 'CUSTOMER' } },
    'describe-key/managed.json': { KeyMetadata: { KeyId: 'managed', KeyManager: 'AWS' } },
    ...Object.fromEntries(Object.entries(repositories).flatMap(([name, { images = [], lifecycle, policy, files: more = {} }]) => {
      const folder = `repositories/${name.replace(/\//g, '%2F')}`;
      return Object.entries({
        'describe-images.json': Array.isArray(images) ? { imageDetails: images } : images,
        ...lifecycle ? { 'get-lifecycle-policy.json': { lifecyclePolicyText: JSON.stringify(lifecycle) } } : { 'get-lifecycle-policy.error.txt': notFound('LifecyclePolicyNotFoundException') },
        ...policy ? { 'get-repository-policy.json': { policyText: JSON.stringify(policy) } } : { 'get-repository-policy.error.txt': notFound('RepositoryPolicyNotFoundException') },
        'list-tags-for-resource.json': { tags: [] },
        ...more,
      }).map(([file, content]) => [`${folder}/${file}`, content]);
    })),
    ...files,
  };
}

/**
 * A folder with the dumps of registries, by place.
 */
export function dumpOf(registries: Record<string, Record<string, unknown>>): string {
  return folderOf(Object.fromEntries(Object.entries(registries).flatMap(([place, files]) => (
    Object.entries(files).filter(([, content]) => content !== undefined).map(([file, content]) => [`${place}/${file}`, content])
  ))));
}

/**
 * The dump of one registry.
 */
export function dump(repositories: Record<string, RepositoryFiles>, files: Record<string, unknown> = {}): string {
  return dumpOf({ [`${ACCOUNT}/${REGION}`]: registryFiles(repositories, files) });
}
