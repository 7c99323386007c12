/**
 * The limits of one Amazon ECR registry, repository or rule. If the service and its CloudFormation schema differ, this is
 * the stricter number.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/Welcome.html
 */
export const LIMITS = {
  repositoryName: { min: 2, max: 256 },
  repositoryPolicyCharacters: 10_240,
  registryPolicyCharacters: 10_240,
  /** https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html */
  endpointPolicyCharacters: 20_480,
  /** The default quota; it can be raised. https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html */
  securityGroupRules: 60,
  resourceTags: 50,
  repositoryTagKey: { min: 1, max: 127 },
  repositoryTagValue: { min: 1, max: 255 },
  /** A role name of 64 characters after a path of 512 characters, not counting its first slash. */
  rolePattern: { min: 1, max: 575 },
  /** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
  roleName: { min: 1, max: 64 },
  roleSessionHours: { min: 1, max: 12 },
  managedPolicyCharacters: 6144,
  /** The default quota; it can be raised. */
  trustPolicyCharacters: 2048,
  mutabilityFilters: { min: 1, max: 5 },
  mutabilityFilterCharacters: 128,
  /** The API model does not have this limit, but another well-known tool does, so the library warns and does not fail. */
  mutabilityFilterWildcards: 2,
  lifecycleRules: 50,
  lifecycleCharacters: { min: 100, max: 30_720 },
  lifecyclePatternWildcards: 4,
  /** An archived image is charged for this long, and no rule may delete it earlier. */
  archiveDays: 90,
  /** The default quota; it can be raised. */
  imagesPerRepository: 100_000,
  imageTagCharacters: 300,
  /** This is not a limit of ECR: a forecast must end within seconds. */
  forecastPushesPerDay: 1000,
  forecastDays: 1825,
  forecastSources: 100,
  forecastImagesPerPush: 100,
  forecastBurstiness: 100,
  forecastRuns: 1000,
  fitTagsOfGroup: 4,
  replicationRules: 10,
  replicationDestinations: 25,
  replicationFilters: 100,
  replicationFilterCharacters: { min: 2, max: 256 },
  /** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutRegistryScanningConfiguration.html */
  scanRules: 2,
  scanFilters: 100,
  scanFilterCharacters: { min: 1, max: 255 },
  /** The default quotas, of which the first can be raised: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
  eventPatternCharacters: 2048,
  eventRuleTargets: { min: 1, max: 5 },
  cacheRules: 50,
  cachePrefix: { min: 2, max: 30 },
  templatePrefix: { min: 1, max: 256 },
  templateDescription: 256,
  templateTagKey: { min: 1, max: 128 },
  templateTagValue: { min: 0, max: 256 },
  /** https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-time-update-exclusions.html */
  pullTimeExclusions: 100,
  identityArnCharacters: 200,
  /** https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_CreateRepository.html */
  publicRepositoryName: { min: 2, max: 205 },
  /** The service accepts 25,600 characters, but CloudFormation accepts fewer. */
  catalogText: { min: 0, max: 10_240 },
  catalogDescription: { min: 0, max: 1024 },
  catalogList: 50,
  catalogEntry: { min: 1, max: 50 },
  /** CloudFormation accepts 50, the service accepts 10. */
  signingRules: 10,
  signingFilters: 100,
  signingFilterCharacters: { min: 1, max: 256 },
  signingProfileArnCharacters: 200,
  signingProfileName: { min: 2, max: 64 },
  /** 135 months of the shortest possible length. https://docs.aws.amazon.com/signer/latest/developerguide/signing-profiles.html */
  signatureValidityDays: { min: 1, max: 4050 },
} as const;
