import { LIMITS } from './limits';

/**
 * A type of resource that exists once in an account or registry, or once for each value of a property.
 */
export interface RegistryResource {
  /** The CloudFormation type. */
  readonly type: string;
  /** The noun for messages. */
  readonly noun: string;
  /** The CloudFormation property whose values must be unique; if omitted, the resource may exist once. */
  readonly keyProperty?: string;
  /** Whether it is unique in all Regions of an account. */
  readonly perAccount?: boolean;
  /** The quota of the number of resources, if there is one. */
  readonly max?: number;
}

/**
 * The settings that a registry has once.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-settings.html
 */
export const REGISTRY_SETTINGS = {
  /** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-registrypolicy.html */
  policy: { type: 'AWS::ECR::RegistryPolicy', noun: 'registry policy' },
  /** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-registryscanningconfiguration.html */
  scanning: { type: 'AWS::ECR::RegistryScanningConfiguration', noun: 'scanning configuration' },
  /** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-replicationconfiguration.html */
  replication: { type: 'AWS::ECR::ReplicationConfiguration', noun: 'replication configuration' },
  /** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-signingconfiguration.html */
  signing: { type: 'AWS::ECR::SigningConfiguration', noun: 'signing configuration' },
} as const satisfies { readonly [name: string]: RegistryResource };

/**
 * The resources that a registry or an account has once for each value of a property.
 */
export const KEYED_RESOURCES = {
  /** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repository.html */
  repository: { type: 'AWS::ECR::Repository', noun: 'repository', keyProperty: 'RepositoryName' },
  /** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-publicrepository.html */
  publicRepository: { type: 'AWS::ECR::PublicRepository', noun: 'public repository', keyProperty: 'RepositoryName', perAccount: true },
  /** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-pullthroughcacherule.html */
  cache: { type: 'AWS::ECR::PullThroughCacheRule', noun: 'pull through cache', keyProperty: 'EcrRepositoryPrefix', max: LIMITS.cacheRules },
  /** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repositorycreationtemplate.html */
  template: { type: 'AWS::ECR::RepositoryCreationTemplate', noun: 'repository creation template', keyProperty: 'Prefix' },
  /** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-pulltimeupdateexclusion.html */
  exclusion: { type: 'AWS::ECR::PullTimeUpdateExclusion', noun: 'pull time exclusion', keyProperty: 'PrincipalArn' },
  /** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-oidcprovider.html */
  oidcProvider: { type: 'AWS::IAM::OIDCProvider', noun: 'OIDC provider', keyProperty: 'Url', perAccount: true },
} as const satisfies { readonly [name: string]: RegistryResource };
