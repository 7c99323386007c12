import { App, Stack } from 'aws-cdk-lib';
import { CiPushRole, CiSubject, RepositoryTemplate, SecureRepository, TemplateUse } from 'cdk-secure-ecr';

const stack = new Stack(new App(), 'Teams', { env: { account: '111122223333', region: 'eu-west-1' } });
new RepositoryTemplate(stack, 'TeamA', { prefix: 'team-a', appliedFor: [TemplateUse.CREATE_ON_PUSH] });
new CiPushRole(stack, 'Push', {
  repositories: [new SecureRepository(stack, 'Api', { repositoryName: 'team-a/api' })],
  subjects: [CiSubject.github({ owner: 'octo-org', ownerId: '123456', repo: 'api', repoId: '456789', branches: ['main'] })],
  createOnPushPrefixes: ['team-a'],
});
