import { App, Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { CONSUMER } from '../harness/accounts';

/** Mistakes that the CDK's own constructs let through: what someone wrote, and what the service answers. */
export const REFUSED: Record<string, { readonly write: (stack: Construct) => void; readonly answer: string }> = {
  'exclusion filters beside plain IMMUTABLE': {
    write: stack => new ecr.CfnRepository(stack, 'Repository', {
      imageTagMutability: 'IMMUTABLE',
      imageTagMutabilityExclusionFilters: [
        { imageTagMutabilityExclusionFilterType: 'WILDCARD', imageTagMutabilityExclusionFilterValue: 'latest' },
      ],
    }),
    answer: 'imageTagMutabilityExclusionFilters go with *_WITH_EXCLUSION',
  },
  'a lifecycle rule that counts images in days': {
    write: stack => new ecr.CfnRepository(stack, 'Repository', {
      lifecyclePolicy: {
        lifecyclePolicyText: JSON.stringify({
          rules: [{
            rulePriority: 1,
            selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countUnit: 'days', countNumber: 5 },
            action: { type: 'expire' },
          }],
        }),
      },
    }),
    answer: 'Lifecycle policy validation failure',
  },
  'a repository policy for a role that does not exist': {
    write: stack => new ecr.CfnRepository(stack, 'Repository', {
      repositoryPolicyText: new iam.PolicyDocument({
        statements: [new iam.PolicyStatement({
          principals: [new iam.ArnPrincipal(`arn:aws:iam::${CONSUMER}:role/nobody`)],
          actions: ['ecr:BatchGetImage'],
        })],
      }),
    }),
    answer: 'Invalid repository policy provided',
  },
  'a cache of Docker Hub without a secret': {
    write: stack => new ecr.CfnPullThroughCacheRule(stack, 'Rule', {
      ecrRepositoryPrefix: 'docker-hub',
      upstreamRegistryUrl: 'registry-1.docker.io',
    }),
    answer: 'docker-hub needs a credentialArn',
  },
  'replication of a registry to itself': {
    write: stack => new ecr.CfnReplicationConfiguration(stack, 'Replication', {
      replicationConfiguration: { rules: [{ destinations: [{ region: Stack.of(stack).region, registryId: Stack.of(stack).account }] }] },
    }),
    answer: 'a registry cannot replicate to itself',
  },
  'continuous scans of the BASIC engine': {
    write: stack => new ecr.CfnRegistryScanningConfiguration(stack, 'Scanning', {
      scanType: 'BASIC',
      rules: [{ scanFrequency: 'CONTINUOUS_SCAN', repositoryFilters: [{ filter: '*', filterType: 'WILDCARD' }] }],
    }),
    answer: 'CONTINUOUS_SCAN needs scanType ENHANCED',
  },
  'a creation template with a prefix in capitals': {
    write: stack => new ecr.CfnRepositoryCreationTemplate(stack, 'Template', { appliedFor: ['REPLICATION'], prefix: 'Team' }),
    answer: "prefix' must match",
  },
};

/** The template of a stack with one of them. */
export function templateOf(write: (stack: Construct) => void): string {
  const app = new App();
  const stack = new Stack(app, 'Refused');
  write(stack);
  return JSON.stringify(app.synth().getStackArtifact(stack.artifactId).template);
}
