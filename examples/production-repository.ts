import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { ImageSelection, LifecyclePolicy, LifecycleRule, RepositoryEncryption, SecureRepository } from 'cdk-secure-ecr';
import type { Construct } from 'constructs';

/**
 * A repository of the production: deployments move an alias such as `prod-blue`, every other tag stays where it is; releases
 * are never deleted for being old; the key belongs to the team.
 */
export class ProductionRepositoryStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const key = new kms.Key(this, 'Key', { alias: 'payments/images', enableKeyRotation: true });

    new SecureRepository(this, 'Payments', {
      repositoryName: 'payments/api',
      mutableTags: ['prod-*'],
      encryption: RepositoryEncryption.customerManagedKey(key),
      lifecycle: LifecyclePolicy.of(
        LifecycleRule.protect({ images: ImageSelection.anyOfTagPatterns('release-*', 'prod-*') }),
        LifecycleRule.expire({ images: ImageSelection.tagPattern('pr-*'), olderThan: Duration.days(30) }),
        LifecycleRule.expire({ images: ImageSelection.UNTAGGED, olderThan: Duration.days(7) }),
      ),
    });
  }
}
