import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { LifecyclePolicy, SecureRepository } from 'cdk-secure-ecr';
import type { Construct } from 'constructs';

/**
 * A repository for branches: `dev` and `latest` move, the newest 50 images stay, and the stack deletes the repository with it.
 */
export class DevelopmentRepositoryStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    new SecureRepository(this, 'Sandbox', {
      mutableTags: ['dev', 'latest'],
      lifecycle: LifecyclePolicy.development(),
      removalPolicy: RemovalPolicy.DESTROY,
      emptyOnDelete: true,
    });
  }
}
