import { CfnOutput, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { LifecyclePolicy, PullThroughCache, UpstreamRegistry } from 'cdk-secure-ecr';
import type { Construct } from 'constructs';

const UPSTREAMS = {
  DockerHub: UpstreamRegistry.DOCKER_HUB,
  GitHub: UpstreamRegistry.GITHUB,
  EcrPublic: UpstreamRegistry.ECR_PUBLIC,
  Kubernetes: UpstreamRegistry.KUBERNETES,
  Quay: UpstreamRegistry.QUAY,
};

/**
 * Images of five registries, two of which want credentials. After the deployment put these in, once for each of the two:
 *
 * aws secretsmanager put-secret-value --secret-id ecr-pullthroughcache/docker-hub --secret-string '{"username":"...","accessToken":"..."}'
 */
export class PullThroughCachesStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const nodeRole = new iam.Role(this, 'NodeRole', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
    for (const [name, upstream] of Object.entries(UPSTREAMS)) {
      const cache = new PullThroughCache(this, name, { upstream, lifecycle: LifecyclePolicy.development() });
      cache.grants.pull(nodeRole);
      if (upstream === UpstreamRegistry.DOCKER_HUB) {
        new CfnOutput(this, 'Nginx', { value: cache.imageUri('nginx', '1.27'), description: 'The official image, through the cache' });
      }
    }

    Validations.of(nodeRole).acknowledge(
      { id: 'AwsSolutions-IAM5[Resource::*]', reason: 'ecr:GetAuthorizationToken has no resource type in IAM' },
      ...['HIPAA.Security', 'NIST.800.53.R5', 'PCI.DSS.321'].map(pack => (
        { id: `${pack}-IAMNoInlinePolicy`, reason: 'the CDK writes the permissions of one role as its own policy, which nobody else can use' }
      )),
    );
  }
}
