import { Stack, type StackProps } from 'aws-cdk-lib';
import { RegistryScanning, ReplicationDestination, ReplicationSource } from 'cdk-secure-ecr';
import type { Construct } from 'constructs';
import type { Environment } from './environments';
import { NAMESPACE } from './images-stack';

export interface RecoveryStackProps extends StackProps {
  readonly tooling: Environment;
}

/**
 * The second Region: replicas that are as strict as their originals. Deployed before the images, because what is pushed while
 * the destination does not accept it is not copied later.
 */
export class RecoveryStack extends Stack {
  constructor(scope: Construct, id: string, props: RecoveryStackProps) {
    super(scope, id, props);

    new ReplicationDestination(this, 'Replicas', {
      sources: [ReplicationSource.account(props.tooling.account, [NAMESPACE])],
      mutableTags: ['prod-*'],
    });
    new RegistryScanning(this, 'Scanning'); // the originals are scanned again and again, copies once, which costs nothing
  }
}
