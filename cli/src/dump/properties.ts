import type { JsonObject } from '../core/json';
import type { RegistryDump } from './dump';
import type { CacheRule, EncryptionConfiguration, ExclusionFilter, RepositoryFilter } from './outputs';
import { valueOf } from './read-call';

/**
 * The key of a repository or template.
 */
export interface LiveKey {
  readonly arn?: string;
  readonly isManagedByAws: boolean;
  /** Whether the dump does not state if AWS manages the key. */
  readonly isUnknown: boolean;
}

/**
 * The key, and whether AWS manages it: Amazon ECR states a key that AWS manages like any other, and only AWS KMS knows.
 */
export function keyOf(registry: RegistryDump, encryption: EncryptionConfiguration | undefined): LiveKey {
  const { kmsKey } = encryption ?? {};
  const manager = kmsKey === undefined ? undefined : valueOf(registry.named('describe-key', kmsKey))?.KeyMetadata.KeyManager;
  return { arn: kmsKey, isManagedByAws: manager === 'AWS', isUnknown: kmsKey !== undefined && manager === undefined };
}

/**
 * The `EncryptionConfiguration` of a template, without the key that AWS manages.
 */
export function encryptionProperty(registry: RegistryDump, encryption: EncryptionConfiguration | undefined): JsonObject | undefined {
  const { arn, isManagedByAws } = keyOf(registry, encryption);
  return encryption && { EncryptionType: encryption.encryptionType, ...arn === undefined || isManagedByAws ? {} : { KmsKey: arn } };
}

/**
 * An entry of `ImageTagMutabilityExclusionFilters`.
 */
export function exclusionFilterProperty({ filterType, filter }: ExclusionFilter): JsonObject {
  return { ImageTagMutabilityExclusionFilterType: filterType, ImageTagMutabilityExclusionFilterValue: filter };
}

/**
 * An entry of `RepositoryFilters`.
 */
export function repositoryFilterProperty({ filter, filterType }: RepositoryFilter): JsonObject {
  return { Filter: filter, FilterType: filterType };
}

/**
 * The properties of `AWS::ECR::PullThroughCacheRule`.
 */
export function cacheRuleProperties(rule: CacheRule): JsonObject {
  return {
    EcrRepositoryPrefix: rule.ecrRepositoryPrefix,
    UpstreamRegistryUrl: rule.upstreamRegistryUrl,
    UpstreamRegistry: rule.upstreamRegistry,
    UpstreamRepositoryPrefix: rule.upstreamRepositoryPrefix,
    CredentialArn: rule.credentialArn,
    CustomRoleArn: rule.customRoleArn,
  };
}
