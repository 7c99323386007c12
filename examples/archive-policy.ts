import { Duration, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { ImageSelection, LifecyclePolicy, LifecycleRule, PullTimeExclusions, SecureRepository } from 'cdk-secure-ecr';
import type { Construct } from 'constructs';

/**
 * Images that nobody has pulled for 90 days go to the archive, and a year later they are deleted. Neither the scanner, which pulls
 * every image every night, nor the backup counts as somebody.
 */
export class ArchivePolicyStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const repository = new SecureRepository(this, 'Reports', {
      repositoryName: 'finance/reports',
      lifecycle: LifecyclePolicy.of(
        LifecycleRule.archive({ images: ImageSelection.ANY, notPulledFor: Duration.days(90) }),
        LifecycleRule.expireArchived({ images: ImageSelection.ANY, archivedFor: Duration.days(365) }),
      ),
    });

    new PullTimeExclusions(this, 'Exclusions', {
      roles: ['image-scanner', 'image-backup'].map(name => iam.Role.fromRoleName(this, name, name)),
    });

    Validations.of(repository).acknowledge({
      id: 'cdk-secure-ecr:SecureRepository.lifecycleArchiveSavesNothing',
      reason: 'the auditors want what ran in the last year, and nobody shall deploy it again',
    });
  }
}
