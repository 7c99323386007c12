import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { CiPushRole, CiSubject, SecureRepository } from 'cdk-secure-ecr';
import type { Construct } from 'constructs';

/**
 * A workflow of GitHub Actions pushes without a stored secret: from the branch `main` and from release tags of one repository, and
 * nothing else. The workflow is github-push.yml.
 */
export class GitHubPushStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const repository = new SecureRepository(this, 'Api', { repositoryName: 'team/api' });
    const push = new CiPushRole(this, 'Push', {
      repositories: [repository],
      subjects: [CiSubject.github({
        owner: 'octo-org',
        ownerId: '123456', // the numbers outlive every name: nobody gets the role with a name that was given up
        repo: 'api',
        repoId: '456789',
        branches: ['main'],
        tags: ['v*'],
      })],
    });

    new CfnOutput(this, 'RoleArn', { value: push.role.roleArn, description: 'The variable AWS_ROLE_ARN of the repository on GitHub' });
  }
}
