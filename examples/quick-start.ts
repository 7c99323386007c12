import { Stack, type StackProps } from 'aws-cdk-lib';
import { SecureRepository } from 'cdk-secure-ecr';
import type { Construct } from 'constructs';

/**
 * One line: immutable tags, scan on push, a customer managed key, a lifecycle policy.
 */
export class QuickStartStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    new SecureRepository(this, 'Api');
  }
}
