import { Stack, type StackProps, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CrossAccountPull, PullConsumer, SecureRepository } from 'cdk-secure-ecr';
import type { Construct } from 'constructs';

/** Both apps know it: the one that owns the images, and those that pull them. */
const EVERYBODY = [PullConsumer.organization('o-a1b2c3d4e5')];

/**
 * The owner: every account of the organization may pull the base images, also those that join it later.
 */
export class OrganizationPullStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const base = new SecureRepository(this, 'Base', { repositoryName: 'base/node' });
    new CrossAccountPull(this, 'Organization', { repositories: [base], consumers: EVERYBODY });

    Validations.of(base).acknowledge({
      id: 'AwsSolutions-ECR1',
      reason: 'The principal * is limited to the organization by a condition on aws:PrincipalOrgID, which the rule does not read',
    });
  }
}

/**
 * A consumer: whatever carries the policy, in any account of the organization, pulls the base images.
 */
export class OrganizationPullConsumerStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const images = CrossAccountPull.fromCrossAccountPullAttributes(this, 'Images', {
      account: '111122223333',
      region: 'eu-west-1',
      repositoryNames: ['base/node'],
      consumers: EVERYBODY,
    });
    const pull = new iam.ManagedPolicy(this, 'PullBaseImages');
    images.grants.pull(pull);

    Validations.of(pull).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'ecr:GetAuthorizationToken, the login, has no resource type: IAM knows nothing narrower than *',
    });
  }
}
