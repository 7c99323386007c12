import { matchesWildcards } from '../core/wildcards';

/**
 * The services whose actions this library knows.
 */
export type EcrService = 'ecr' | 'ecr-public';

/** The access levels of the service authorization reference. Actions that manage permissions or tags also write. */
type Access = 'list' | 'read' | 'write' | 'permissions' | 'tagging';

interface ActionRow {
  readonly service: EcrService;
  /** The resource type of the action; undefined if it has none, so that it takes only `*` as its resource. */
  readonly resource?: 'repository' | 'registry';
  readonly access: Access;
  readonly names: string;
}

/**
 * Every action of Amazon ECR and Amazon ECR Public. A test compares the table with the service authorization reference.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistrypublic.html
 */
const ROWS: readonly ActionRow[] = [
  { service: 'ecr', resource: 'repository', access: 'list', names: 'DescribeImages ListImages' },
  {
    service: 'ecr',
    resource: 'repository',
    access: 'read',
    names: 'BatchCheckLayerAvailability BatchGetImage BatchGetRepositoryScanningConfiguration DescribeImageReplicationStatus DescribeImageScanFindings '
      + 'DescribeImageSigningStatus DescribeRepositories GetDownloadUrlForLayer GetImageCopyStatus GetLifecyclePolicy GetLifecyclePolicyPreview '
      + 'GetRepositoryPolicy ListTagsForResource',
  },
  {
    service: 'ecr',
    resource: 'repository',
    access: 'write',
    names: 'BatchDeleteImage BatchImportUpstreamImage CompleteLayerUpload CreateRepository DeleteLifecyclePolicy DeleteRepository InitiateLayerUpload '
      + 'PutImage PutImageScanningConfiguration PutImageTagMutability PutLifecyclePolicy ReplicateImage StartImageScan StartLifecyclePolicyPreview '
      + 'UpdateImageStorageClass UploadLayerPart',
  },
  { service: 'ecr', resource: 'repository', access: 'permissions', names: 'DeleteRepositoryPolicy SetRepositoryPolicy' },
  { service: 'ecr', resource: 'repository', access: 'tagging', names: 'TagResource UntagResource' },
  { service: 'ecr', access: 'list', names: 'DescribePullThroughCacheRules ListPullTimeUpdateExclusions' },
  {
    service: 'ecr',
    access: 'read',
    names: 'DescribeRegistry DescribeRepositoryCreationTemplates GetAccountSetting GetAuthorizationToken GetRegistryPolicy '
      + 'GetRegistryScanningConfiguration GetSigningConfiguration ValidatePullThroughCacheRule',
  },
  {
    service: 'ecr',
    access: 'write',
    names: 'CreatePullThroughCacheRule CreateRepositoryCreationTemplate DeletePullThroughCacheRule DeleteRepositoryCreationTemplate '
      + 'DeleteSigningConfiguration DeregisterPullTimeUpdateExclusion PutAccountSetting PutRegistryScanningConfiguration PutReplicationConfiguration '
      + 'PutSigningConfiguration RegisterPullTimeUpdateExclusion UpdatePullThroughCacheRule UpdateRepositoryCreationTemplate',
  },
  { service: 'ecr', access: 'permissions', names: 'DeleteRegistryPolicy PutRegistryPolicy' },

  { service: 'ecr-public', resource: 'repository', access: 'list', names: 'DescribeImageTags DescribeRepositories' },
  {
    service: 'ecr-public',
    resource: 'repository',
    access: 'read',
    names: 'BatchCheckLayerAvailability DescribeImages GetRepositoryCatalogData GetRepositoryPolicy ListTagsForResource',
  },
  {
    service: 'ecr-public',
    resource: 'repository',
    access: 'write',
    names: 'BatchDeleteImage CompleteLayerUpload CreateRepository DeleteRepository DeleteRepositoryPolicy InitiateLayerUpload PutImage '
      + 'PutRepositoryCatalogData UploadLayerPart',
  },
  { service: 'ecr-public', resource: 'repository', access: 'permissions', names: 'SetRepositoryPolicy' },
  { service: 'ecr-public', resource: 'repository', access: 'tagging', names: 'TagResource UntagResource' },
  { service: 'ecr-public', resource: 'registry', access: 'list', names: 'DescribeRegistries' },
  { service: 'ecr-public', resource: 'registry', access: 'read', names: 'GetRegistryCatalogData' },
  { service: 'ecr-public', resource: 'registry', access: 'write', names: 'PutRegistryCatalogData' },
  { service: 'ecr-public', access: 'read', names: 'GetAuthorizationToken' },
];

/**
 * An action of Amazon ECR or Amazon ECR Public.
 */
export interface EcrAction extends Omit<ActionRow, 'names'> {
  /** With the prefix of the service, such as `ecr:PutImage`. */
  readonly name: string;
}

/**
 * Every known action, sorted by name.
 */
export const ECR_ACTIONS: readonly EcrAction[] = ROWS
  .flatMap(({ names, ...row }) => names.split(' ').map(name => ({ ...row, name: `${row.service}:${name}` })))
  .sort((a, b) => a.name < b.name ? -1 : 1);

const matches = new Map<string, readonly EcrAction[]>();

/**
 * The known actions that a pattern such as `ecr:Put*` matches. IAM ignores the case of actions.
 */
export function actionsMatching(pattern: string): readonly EcrAction[] {
  const lower = pattern.toLowerCase();
  const found = matches.get(lower) ?? ECR_ACTIONS.filter(({ name }) => matchesWildcards(name.toLowerCase(), lower));
  matches.set(lower, found);
  return found;
}

/**
 * Whether an action changes images, settings, tags or permissions.
 */
export function isChange({ access }: EcrAction): boolean {
  return access !== 'list' && access !== 'read';
}
