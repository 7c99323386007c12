import { RemovalPolicy, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { EcrChecks, LifecyclePolicy } from 'cdk-secure-ecr';
import type { Construct } from 'constructs';

/**
 * Repositories of the CDK itself, held to the rules of this library: nothing has to be rewritten for that.
 */
export class CheckedAppStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    // for every stack of the app, this one or others
    Validations.of(this).addPlugins(new EcrChecks());

    const mirror = new ecr.CfnRepository(this, 'Mirror', {
      imageTagMutability: 'IMMUTABLE',
      imageScanningConfiguration: { scanOnPush: true },
      lifecyclePolicy: { lifecyclePolicyText: LifecyclePolicy.standard().toJson() },
      encryptionConfiguration: { encryptionType: 'KMS' },
    });
    mirror.applyRemovalPolicy(RemovalPolicy.RETAIN);

    // a rule that somebody decided against, for this repository only
    Validations.of(mirror).acknowledge({
      id: 'cdk-secure-ecr::EcrChecks.noCustomerManagedKey',
      reason: 'Copies of images that are public: the key that AWS manages for the account is enough',
    });
  }
}
