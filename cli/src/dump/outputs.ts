import { amount, date, flag, list, object, type Shape, text } from './shape';

/** A date as the AWS CLI prints it: a text in version 2, seconds since 1970 in version 1. */
export type CliDate = string | number;

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export interface EncryptionConfiguration {
  readonly encryptionType: string;
  readonly kmsKey?: string;
}

export interface ExclusionFilter {
  readonly filterType: string;
  readonly filter: string;
}

export interface RepositoryFilter {
  readonly filter: string;
  readonly filterType: string;
}

export interface Repository {
  readonly repositoryName: string;
  readonly repositoryArn?: string;
  readonly registryId?: string;
  readonly repositoryUri?: string;
  readonly createdAt?: CliDate;
  readonly imageTagMutability?: string;
  readonly imageTagMutabilityExclusionFilters?: readonly ExclusionFilter[];
  readonly imageScanningConfiguration?: { readonly scanOnPush?: boolean };
  readonly encryptionConfiguration?: EncryptionConfiguration;
}

export interface ImageDetail {
  readonly imageDigest: string;
  readonly imagePushedAt: CliDate;
  readonly imageTags?: readonly string[];
  readonly imageSizeInBytes?: number;
  readonly imageStatus?: string;
  readonly lastRecordedPullTime?: CliDate;
  readonly lastArchivedAt?: CliDate;
  readonly lastActivatedAt?: CliDate;
  readonly subjectManifestDigest?: string;
  readonly imageManifestMediaType?: string;
  readonly artifactMediaType?: string;
  readonly imageScanStatus?: { readonly status?: string; readonly description?: string };
  readonly imageScanFindingsSummary?: {
    readonly imageScanCompletedAt?: CliDate;
    readonly findingSeverityCounts?: { readonly [severity: string]: number };
  };
}

export interface ReplicationRule {
  readonly destinations: ReadonlyArray<{ readonly region: string; readonly registryId: string }>;
  readonly repositoryFilters?: readonly RepositoryFilter[];
}

export interface CacheRule {
  readonly ecrRepositoryPrefix: string;
  readonly upstreamRegistryUrl: string;
  readonly upstreamRegistry?: string;
  readonly upstreamRepositoryPrefix?: string;
  readonly credentialArn?: string;
  readonly customRoleArn?: string;
}

export interface CreationTemplate {
  readonly prefix: string;
  readonly appliedFor?: readonly string[];
  readonly description?: string;
  readonly encryptionConfiguration?: EncryptionConfiguration;
  readonly resourceTags?: readonly Tag[];
  readonly imageTagMutability?: string;
  readonly imageTagMutabilityExclusionFilters?: readonly ExclusionFilter[];
  readonly repositoryPolicy?: string;
  readonly lifecyclePolicy?: string;
  readonly customRoleArn?: string;
}

export interface SigningRule {
  readonly signingProfileArn: string;
  readonly repositoryFilters?: readonly RepositoryFilter[];
}

/**
 * The outputs of the calls for a registry, by the name of the call in the AWS CLI.
 */
export interface RegistryOutputs {
  readonly 'describe-registry': { readonly registryId?: string; readonly replicationConfiguration?: { readonly rules?: readonly ReplicationRule[] } };
  readonly 'get-registry-policy': { readonly policyText: string };
  readonly 'get-registry-scanning-configuration': {
    readonly scanningConfiguration: {
      readonly scanType: string;
      readonly rules: ReadonlyArray<{ readonly scanFrequency: string; readonly repositoryFilters: readonly RepositoryFilter[] }>;
    };
  };
  readonly 'get-signing-configuration': {
    readonly signingConfiguration: { readonly rules: readonly SigningRule[] };
  };
  readonly 'describe-pull-through-cache-rules': { readonly pullThroughCacheRules: readonly CacheRule[] };
  readonly 'describe-repository-creation-templates': { readonly repositoryCreationTemplates: readonly CreationTemplate[] };
  readonly 'list-pull-time-update-exclusions': { readonly pullTimeUpdateExclusions: readonly string[] };
  readonly 'describe-repositories': { readonly repositories: readonly Repository[] };
}

/**
 * The outputs of the calls for a repository.
 */
export interface RepositoryOutputs {
  readonly 'describe-images': { readonly imageDetails: readonly ImageDetail[] };
  readonly 'batch-get-image': { readonly images: ReadonlyArray<{ readonly imageId: { readonly imageDigest: string }; readonly imageManifest: string }> };
  readonly 'get-lifecycle-policy': { readonly lifecyclePolicyText: string; readonly lastEvaluatedAt?: CliDate };
  readonly 'get-repository-policy': { readonly policyText: string };
  readonly 'list-tags-for-resource': { readonly tags: readonly Tag[] };
  readonly 'list-findings': { readonly findings: readonly Finding[] };
}

/** A finding of Amazon Inspector. */
export interface Finding {
  readonly severity: string;
  readonly status?: string;
  readonly resources?: ReadonlyArray<{
    readonly details?: {
      readonly awsEcrContainerImage?: {
        readonly repositoryName?: string;
        readonly imageHash?: string;
        readonly inUseCount?: number;
        readonly lastInUseAt?: CliDate;
      };
    };
  }>;
}

/** The outputs of `aws kms describe-key` and `aws ecr get-account-setting`, one file for each key and setting. */
export interface NamedOutputs {
  readonly 'describe-key': { readonly KeyMetadata: { readonly KeyId: string; readonly Arn?: string; readonly KeyManager?: string } };
  readonly 'get-account-setting': { readonly name: string; readonly value: string };
}

export type Outputs = RegistryOutputs & RepositoryOutputs & NamedOutputs;
export type Operation = keyof Outputs;

const filters = list(object({ filter: text }, { filterType: text }));
const encryption = object({ encryptionType: text }, { kmsKey: text });
const tags = list(object({ Key: text, Value: text }));

/**
 * What is checked of the output of each call.
 */
export const SHAPES: { readonly [operation in Operation]: Shape } = {
  'describe-registry': object({}, {
    registryId: text,
    replicationConfiguration: object({}, {
      rules: list(object({ destinations: list(object({ region: text, registryId: text })) }, { repositoryFilters: filters })),
    }),
  }),
  'get-registry-policy': object({ policyText: text }),
  'get-registry-scanning-configuration': object({
    scanningConfiguration: object({ scanType: text, rules: list(object({ scanFrequency: text, repositoryFilters: filters })) }),
  }),
  'get-signing-configuration': object({
    signingConfiguration: object({ rules: list(object({ signingProfileArn: text }, { repositoryFilters: filters })) }),
  }),
  'describe-pull-through-cache-rules': object({
    pullThroughCacheRules: list(object({ ecrRepositoryPrefix: text, upstreamRegistryUrl: text }, {
      upstreamRegistry: text, upstreamRepositoryPrefix: text, credentialArn: text, customRoleArn: text,
    })),
  }),
  'describe-repository-creation-templates': object({
    repositoryCreationTemplates: list(object({ prefix: text }, {
      appliedFor: list(text), description: text, encryptionConfiguration: encryption, resourceTags: tags, imageTagMutability: text,
      imageTagMutabilityExclusionFilters: filters, repositoryPolicy: text, lifecyclePolicy: text, customRoleArn: text,
    })),
  }),
  'list-pull-time-update-exclusions': object({ pullTimeUpdateExclusions: list(text) }),
  'describe-repositories': object({
    repositories: list(object({ repositoryName: text }, {
      repositoryArn: text, registryId: text, repositoryUri: text, createdAt: date, imageTagMutability: text,
      imageTagMutabilityExclusionFilters: filters, imageScanningConfiguration: object({}, { scanOnPush: flag }), encryptionConfiguration: encryption,
    })),
  }),
  'describe-images': object({
    imageDetails: list(object({ imageDigest: text, imagePushedAt: date }, {
      imageTags: list(text), imageSizeInBytes: amount, imageStatus: text, lastRecordedPullTime: date, lastArchivedAt: date, lastActivatedAt: date,
      subjectManifestDigest: text, imageManifestMediaType: text, artifactMediaType: text, imageScanStatus: object({}, { status: text }),
      imageScanFindingsSummary: object({}, { imageScanCompletedAt: date }),
    })),
  }),
  'batch-get-image': object({ images: list(object({ imageId: object({ imageDigest: text }), imageManifest: text })) }),
  'get-lifecycle-policy': object({ lifecyclePolicyText: text }, { lastEvaluatedAt: date }),
  'get-repository-policy': object({ policyText: text }),
  'list-tags-for-resource': object({ tags }),
  'list-findings': object({ findings: list(object({ severity: text }, { status: text })) }),
  'describe-key': object({ KeyMetadata: object({ KeyId: text }, { Arn: text, KeyManager: text }) }),
  'get-account-setting': object({ name: text, value: text }),
};
