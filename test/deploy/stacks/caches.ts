import { type App, CfnOutput, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { LifecyclePolicy, PullThroughCache, UpstreamAccess, UpstreamRegistry } from 'cdk-secure-ecr';
import { CONSUMER, HOME_REGION, PLATFORM, REPLICA } from '../harness/accounts';
import { env } from '../harness/cdk';

/** Caches of public registries, and in another account a cache of this one's images. */
export function caches(app: App, further: UpstreamRegistry[] = []): void {
  const stack = new Stack(app, 'Caches', env(PLATFORM));
  const dockerHub = new PullThroughCache(stack, 'DockerHub', {
    lifecycle: LifecyclePolicy.keepLatest(20),
    resourceTags: { origin: 'docker-hub' },
    upstream: UpstreamRegistry.DOCKER_HUB,
  });
  const ecrPublic = new PullThroughCache(stack, 'EcrPublic', { upstream: UpstreamRegistry.ECR_PUBLIC });
  const others = further.map((upstream, index) => new PullThroughCache(stack, `Further${index}`, { upstream }));

  const builder = role(stack, 'builder');
  for (const cache of [dockerHub, ecrPublic, ...others]) {
    cache.grants.pull(builder);
  }
  dockerHub.grants.pull(role(stack, 'runner'), { createRepository: false });
  ecrPublic.grants.pull(role(new Stack(app, 'CacheUser', env(CONSUMER)), 'cache-user'));

  const mirror = new Stack(app, 'Mirror', env(REPLICA));
  const upstream = UpstreamRegistry.ecr({ account: PLATFORM, region: HOME_REGION });
  const copies = new PullThroughCache(mirror, 'Copies', { prefix: 'mirror', upstream, upstreamRepositoryPrefix: 'base' });
  copies.grants.pull(role(mirror, 'mirror-user'));
  UpstreamAccess.forCache(stack, 'Mirror', copies);

  new CfnOutput(stack, 'Nginx', { value: dockerHub.imageUri('nginx', '1.27') });
  new CfnOutput(stack, 'Redis', { value: dockerHub.imageUri('bitnami/redis', '7') });
  new CfnOutput(stack, 'Python', { value: ecrPublic.imageUri('docker/library/python', '3.13') });
  new CfnOutput(mirror, 'Java', { value: copies.imageUri('base/java', '21') });
}

function role(stack: Stack, roleName: string): iam.Role {
  return new iam.Role(stack, roleName, { assumedBy: new iam.AccountRootPrincipal(), roleName });
}
