/**
 * The facts about a CloudFormation type that decide what an update does.
 */
export interface ResourceType {
  /** What a person calls such a resource. */
  readonly noun: string;
  /** Properties that CloudFormation cannot change: a new value replaces the resource. */
  readonly createOnly: readonly string[];
  /** The property that holds the physical name; undefined if a registry has one such resource, or AWS chooses the name. */
  readonly name?: string;
}

/**
 * The types of Amazon ECR, from their schemas.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_ECR.html
 */
export const ECR_TYPES: { readonly [type: string]: ResourceType } = {
  'AWS::ECR::Repository': { noun: 'repository', createOnly: ['RepositoryName', 'EncryptionConfiguration'], name: 'RepositoryName' },
  'AWS::ECR::PublicRepository': { noun: 'public repository', createOnly: ['RepositoryName'], name: 'RepositoryName' },
  'AWS::ECR::RegistryPolicy': { noun: 'registry policy', createOnly: [] },
  'AWS::ECR::RegistryScanningConfiguration': { noun: 'scanning configuration', createOnly: [] },
  'AWS::ECR::ReplicationConfiguration': { noun: 'replication configuration', createOnly: [] },
  'AWS::ECR::SigningConfiguration': { noun: 'signing configuration', createOnly: [] },
  'AWS::ECR::PullThroughCacheRule': {
    noun: 'pull through cache rule',
    createOnly: ['EcrRepositoryPrefix', 'UpstreamRegistryUrl', 'CredentialArn', 'UpstreamRegistry', 'CustomRoleArn', 'UpstreamRepositoryPrefix'],
    name: 'EcrRepositoryPrefix',
  },
  'AWS::ECR::RepositoryCreationTemplate': { noun: 'repository creation template', createOnly: ['Prefix'], name: 'Prefix' },
  'AWS::ECR::PullTimeUpdateExclusion': { noun: 'pull time update exclusion', createOnly: ['PrincipalArn'], name: 'PrincipalArn' },
};
