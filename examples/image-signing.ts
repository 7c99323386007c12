import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CiPushRole, CiSubject, ImageSigning, SecureRepository } from 'cdk-secure-ecr';
import type { Construct } from 'constructs';

/**
 * Every image of the release repositories is signed when it is pushed, and only jobs for release tags may push and sign.
 */
export class ImageSigningStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const signing = new ImageSigning(this, 'Signing', {
      rules: [{ repositoryFilters: ['release/*'] }],
      signatureValidity: Duration.days(3 * 365),
    });

    const release = new CiPushRole(this, 'Release', {
      repositories: [new SecureRepository(this, 'Api', { repositoryName: 'release/api' })],
      subjects: [CiSubject.github({ owner: 'octo-org', ownerId: '123456', repo: 'api', repoId: '456789', tags: ['v*'] })],
      provider: iam.OidcProviderNative.fromOidcProviderArn(this, 'GitHub', this.formatArn({
        service: 'iam', region: '', resource: 'oidc-provider', resourceName: 'token.actions.githubusercontent.com',
      })), // an account has one: leave this out where it has none yet
    });
    signing.grants.sign(release); // Amazon ECR signs with the identity of the pusher

    new CfnOutput(this, 'TrustPolicy', { value: signing.notationTrustPolicy, description: 'trustpolicy.json for whoever verifies images with Notation' });
  }
}
