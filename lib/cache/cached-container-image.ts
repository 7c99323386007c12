import { ContainerImage, type ContainerDefinition, type ContainerImageConfig } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { IPullThroughCache } from './pull-through-cache-grants';

/**
 * An image of a cache for a container of Amazon ECS. It grants the execution role of the task, which pulls the image, the permissions.
 */
export class CachedContainerImage extends ContainerImage {
  constructor(private readonly cache: IPullThroughCache, private readonly uri: string) {
    super();
  }

  public bind(_scope: Construct, containerDefinition: ContainerDefinition): ContainerImageConfig {
    this.cache.grants.pull(containerDefinition.taskDefinition.obtainExecutionRole());
    return { imageName: this.uri };
  }
}
