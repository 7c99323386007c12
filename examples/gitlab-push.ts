import { CfnOutput, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { CiPushRole, CiSubject, SecureRepository } from 'cdk-secure-ecr';
import type { Construct } from 'constructs';

/**
 * A pipeline of GitLab CI/CD pushes without a stored secret: from the branch `main` and from release tags of one project, both
 * protected, and nothing else. The pipeline is gitlab-push.gitlab-ci.yml.
 */
export class GitLabPushStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const repository = new SecureRepository(this, 'Worker', { repositoryName: 'team/worker' });
    const push = new CiPushRole(this, 'Push', {
      repositories: [repository],
      subjects: [CiSubject.gitlab({
        projectPath: 'octo-group/team/worker',
        branches: ['main'],
        tags: ['v*'],
      })],
    });

    Validations.of(push).acknowledge({ id: 'cdk-secure-ecr:CiPushRole.recyclablePath', reason: 'our organization keeps octo-group' });
    new CfnOutput(this, 'RoleArn', { value: push.role.roleArn, description: 'The variable AWS_ROLE_ARN of the project on GitLab' });
  }
}
