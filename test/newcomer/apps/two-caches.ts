import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { PullThroughCache, UpstreamRegistry } from 'cdk-secure-ecr';

const stack = new Stack(new App(), 'Nodes', { env: { account: '111122223333', region: 'eu-west-1' } });
const nodes = new iam.Role(stack, 'NodeRole', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
for (const [id, upstream] of Object.entries({ DockerHub: UpstreamRegistry.DOCKER_HUB, GitHub: UpstreamRegistry.GITHUB })) {
  new PullThroughCache(stack, id, { upstream }).grants.pull(nodes);
}
