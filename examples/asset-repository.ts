import { DefaultStackSynthesizer, Duration, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { ImageSelection, LifecyclePolicy, LifecycleRule, SecureRepository } from 'cdk-secure-ecr';
import type { Construct } from 'constructs';

/** The repository for the image assets of CDK apps. */
const ASSETS = 'platform/assets';

/**
 * The image assets of CDK apps in a `SecureRepository`, instead of the repository of the bootstrap.
 */
export class AssetRepositoryStack extends Stack {
  /** For the stacks with image assets: `new Stack(app, 'Service', { synthesizer: AssetRepositoryStack.synthesizer() })`. */
  public static synthesizer(): DefaultStackSynthesizer {
    return new DefaultStackSynthesizer({ imageAssetsRepositoryName: ASSETS });
  }

  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const assets = new SecureRepository(this, 'Assets', {
      repositoryName: ASSETS,
      // the hash is the tag of an asset: a count or an age deletes images that deployed stacks run
      lifecycle: LifecyclePolicy.of(LifecycleRule.expire({ images: ImageSelection.UNTAGGED, olderThan: Duration.days(7) })),
    });

    // the role of the bootstrap may push to its own repository only
    const qualifier = DefaultStackSynthesizer.DEFAULT_QUALIFIER;
    const publisher = iam.Role.fromRoleName(this, 'Publisher', `cdk-${qualifier}-image-publishing-role-${this.account}-${this.region}`);
    assets.grants.publishAssets(publisher);

    Validations.of(publisher).acknowledge(
      { id: 'AwsSolutions-IAM5[Resource::*]', reason: 'ecr:GetAuthorizationToken, the login, has no resource type' },
      ...['HIPAA.Security', 'NIST.800.53.R5', 'PCI.DSS.321'].map(pack => (
        { id: `${pack}-IAMNoInlinePolicy`, reason: 'the CDK writes the permissions of one role as its own policy, which nobody else can use' }
      )),
    );
  }
}
