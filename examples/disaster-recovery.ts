import { Stack, type StackProps } from 'aws-cdk-lib';
import { LifecyclePolicy, ReplicationDestination, ReplicationSetup, ReplicationSource, ReplicationTarget } from 'cdk-secure-ecr';
import type { Construct } from 'constructs';

const IMAGES = '222222222222';
const RECOVERY = { account: '333333333333', region: 'eu-central-1' };
const PREFIXES = ['prod/', 'base/'];

/**
 * The side of the account that owns the images: they go to another account in another Region, so that neither a lost Region nor
 * a lost account takes them away.
 */
export class DisasterRecoverySourceStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    new ReplicationSetup(this, 'DisasterRecovery', {
      destinations: [ReplicationTarget.account(RECOVERY.account, RECOVERY.region)],
      repositoryPrefixes: PREFIXES,
    });
  }
}

/**
 * The side of the account for recovery, deployed first: it lets the other account in, and makes the replicas as strict as their
 * originals, which Amazon ECR does not.
 */
export class DisasterRecoveryDestinationStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    new ReplicationDestination(this, 'Replicas', {
      sources: [ReplicationSource.account(IMAGES, PREFIXES)],
      lifecycle: LifecyclePolicy.production(),
    });
  }
}
