import { Aws, type Environment, Token } from 'aws-cdk-lib';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { Construct } from 'constructs';
import { SecureRepositoryBase } from './secure-repository-base';

/**
 * A repository that another app or stack made. Its policy is out of reach, so that only identity policies can be added to.
 */
export class ImportedRepository extends SecureRepositoryBase {
  public readonly repositoryName: string;
  public readonly repositoryArn: string;

  constructor(scope: Construct, id: string, attrs: ecr.RepositoryAttributes, env: Environment = {}) {
    super(scope, id, env);
    this.repositoryName = attrs.repositoryName;
    this.repositoryArn = attrs.repositoryArn;
  }

  public override get registryUri(): string {
    const { account, region } = this.env;
    const suffix = Token.isUnresolved(region) ? Aws.URL_SUFFIX : RegionInfo.get(region).domainSuffix ?? Aws.URL_SUFFIX;
    return `${account}.dkr.ecr.${region}.${suffix}`;
  }

  public override repositoryUriForTag(tag?: string): string {
    return `${this.registryUri}/${this.repositoryName}${tag ? `:${tag}` : ''}`;
  }

  public override repositoryUriForDigest(digest?: string): string {
    return `${this.registryUri}/${this.repositoryName}${digest ? `@${digest}` : ''}`;
  }

  public addToResourcePolicy(_statement: iam.PolicyStatement): iam.AddToResourcePolicyResult {
    return { statementAdded: false };
  }
}
