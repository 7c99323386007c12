import { CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as signer from 'aws-cdk-lib/aws-signer';
import type { Construct } from 'constructs';
import { CONSUMER, PLATFORM, REPLICA, REPLICA_REGION } from '../harness/accounts';
import { env } from '../harness/cdk';

export const KEEP_FIVE = lifecycle({ tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 5 });
export const KEEP_NINE = lifecycle({ tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 9 });

/** Every `AWS::ECR::*` type without a construct of this library, so that the emulator is tested on its own. */
export class HandWrittenStack extends Stack {
  constructor(scope: Construct, id: string, lifecyclePolicyText: string = KEEP_FIVE) {
    super(scope, id, env(PLATFORM, 'us-east-1'));

    const key = new kms.Key(this, 'Key', { enableKeyRotation: true, removalPolicy: RemovalPolicy.DESTROY });
    const pull = new iam.PolicyStatement({ principals: [new iam.AccountPrincipal(CONSUMER)], actions: ['ecr:BatchGetImage'] });
    const repository = new ecr.CfnRepository(this, 'Repository', {
      encryptionConfiguration: { encryptionType: 'KMS', kmsKey: key.keyArn },
      imageScanningConfiguration: { scanOnPush: true },
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: [
        { imageTagMutabilityExclusionFilterType: 'WILDCARD', imageTagMutabilityExclusionFilterValue: 'dev-*' },
      ],
      lifecyclePolicy: { lifecyclePolicyText },
      repositoryPolicyText: new iam.PolicyDocument({ statements: [pull] }),
      tags: [{ key: 'team', value: 'platform' }],
    });
    new ecr.CfnPublicRepository(this, 'PublicRepository', {
      repositoryCatalogData: { AboutText: '# About', Architectures: ['ARM 64'], RepositoryDescription: 'A tool' },
      repositoryName: 'tool',
    });
    new ecr.CfnRegistryPolicy(this, 'RegistryPolicy', {
      policyText: new iam.PolicyDocument({
        statements: [new iam.PolicyStatement({
          principals: [new iam.AccountPrincipal(REPLICA)],
          actions: ['ecr:ReplicateImage'],
          resources: [this.formatArn({ service: 'ecr', resource: 'repository', resourceName: 'team/*' })],
        })],
      }),
    });
    new ecr.CfnReplicationConfiguration(this, 'Replication', {
      replicationConfiguration: {
        rules: [{
          destinations: [{ region: REPLICA_REGION, registryId: REPLICA }],
          repositoryFilters: [{ filter: 'team/', filterType: 'PREFIX_MATCH' }],
        }],
      },
    });
    new ecr.CfnRegistryScanningConfiguration(this, 'Scanning', {
      scanType: 'ENHANCED',
      rules: [{ scanFrequency: 'CONTINUOUS_SCAN', repositoryFilters: [{ filter: '*', filterType: 'WILDCARD' }] }],
    });
    const profile = new signer.CfnSigningProfile(this, 'Profile', { platformId: 'Notation-OCI-SHA384-ECDSA' });
    new ecr.CfnSigningConfiguration(this, 'Signing', {
      rules: [{ signingProfileArn: profile.attrArn, repositoryFilters: [{ filter: 'team/*', filterType: 'WILDCARD_MATCH' }] }],
    });
    const secret = new secretsmanager.Secret(this, 'Secret', { secretName: 'ecr-pullthroughcache/docker-hub' });
    new ecr.CfnPullThroughCacheRule(this, 'Rule', {
      credentialArn: secret.secretArn,
      ecrRepositoryPrefix: 'docker-hub',
      upstreamRegistry: 'docker-hub',
      upstreamRegistryUrl: 'registry-1.docker.io',
    });
    const role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('ecr.amazonaws.com') });
    new ecr.CfnRepositoryCreationTemplate(this, 'Template', {
      appliedFor: ['PULL_THROUGH_CACHE'],
      customRoleArn: role.roleArn,
      encryptionConfiguration: { encryptionType: 'KMS', kmsKey: key.keyArn },
      imageTagMutability: 'MUTABLE',
      lifecyclePolicy: lifecyclePolicyText,
      prefix: 'docker-hub',
      resourceTags: [{ key: 'cached', value: 'yes' }],
    });
    new ecr.CfnPullTimeUpdateExclusion(this, 'Exclusion', { principalArn: role.roleArn });

    const vpc = new ec2.Vpc(this, 'Vpc', {
      availabilityZones: ['us-east-1a', 'us-east-1b'],
      natGateways: 0,
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [{ name: 'tasks', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
    });
    vpc.addInterfaceEndpoint('Registry', { service: ec2.InterfaceVpcEndpointAwsService.ECR_DOCKER });
    vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });

    new CfnOutput(this, 'Uri', { value: repository.attrRepositoryUri });
  }
}

/** A lifecycle policy with one rule that expires images. */
function lifecycle(selection: object): string {
  return JSON.stringify({ rules: [{ rulePriority: 1, selection, action: { type: 'expire' } }] });
}
