import { Mixins, RemovalPolicy, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { LifecyclePolicy, RepositoryDefaults } from 'cdk-secure-ecr';
import type { Construct } from 'constructs';

/**
 * Repositories of an app that exists get the defaults of this library where they are: nothing is replaced.
 */
export class DefaultsForAnAppStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    new ecr.Repository(this, 'Api');
    new ecr.CfnRepository(this, 'Web', { imageTagMutability: 'IMMUTABLE' }).applyRemovalPolicy(RemovalPolicy.RETAIN);

    // at the end of the app, for all repositories in it
    const defaults = new RepositoryDefaults({
      mutableTags: ['latest'], // the tags that CI moves
      lifecycle: LifecyclePolicy.standard(), // previewed on the images that exist
    });
    Mixins.of(this).apply(defaults);

    for (const { repository } of defaults.changes) {
      // aws ecr get-repository-policy: a policy that was added by hand is removed by the update
      Validations.of(repository.node.scope!).acknowledge({
        id: 'cdk-secure-ecr:RepositoryDefaults.policyNotInTemplate',
        reason: 'Read with the AWS CLI: these repositories have no policy',
      });
    }
    Validations.of(this).acknowledge({
      id: 'cdk-secure-ecr::EcrChecks.noCustomerManagedKey',
      reason: 'Another key replaces the repositories: new ones get one',
    });
  }
}
