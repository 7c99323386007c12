import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { GitHubPushStack, GitLabPushStack } from '../../examples';

function fileOf(name: string): string {
  return readFileSync(join(__dirname, '../../examples', name), 'utf8');
}

function subjectsOf(stack: Stack, issuer: string): unknown[] {
  const [role] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'));
  const statements = role.Properties.AssumeRolePolicyDocument.Statement as Array<{ Condition: Record<string, Record<string, string>> }>;
  return statements.flatMap(({ Condition }) => Object.values(Condition).map(keys => keys[`${issuer}:sub`]).filter(Boolean));
}

describe('the workflow of GitHub', () => {
  const workflow = fileOf('github-push.yml');
  const stack = new GitHubPushStack(new App(), 'Stack');

  test('has no permission but to check out and to get a token', () => {
    expect(/^permissions:\n((?: {2}.+\n)+)/m.exec(workflow)![1].replace(/ #.*/g, '')).toBe('  contents: read\n  id-token: write\n');
    expect(workflow.match(/permissions:/g)).toHaveLength(1);
    expect(workflow).not.toContain('secrets.');
  });

  test('pins every action to a version, and uses those of AWS', () => {
    const actions = [...workflow.matchAll(/uses: (\S+)/g)].map(([, action]) => action);
    expect(actions).toEqual(['actions/checkout@v5', 'aws-actions/configure-aws-credentials@v6', 'aws-actions/amazon-ecr-login@v2']);
  });

  test('runs on what the role trusts, and pushes where it may', () => {
    expect(workflow).toContain('    branches: [main]\n    tags: [v*]\n');
    expect(subjectsOf(stack, 'token.actions.githubusercontent.com')).toEqual([
      'repo:octo-org@123456/api@456789:ref:refs/heads/main', 'repo:octo-org@123456/api@456789:ref:refs/tags/v*',
    ]);
    expect(workflow).toContain('outputs.registry }}/team/api:');
    Template.fromStack(stack).hasResourceProperties('AWS::ECR::Repository', { RepositoryName: 'team/api' });
  });
});

describe('the pipeline of GitLab', () => {
  const pipeline = fileOf('gitlab-push.gitlab-ci.yml');
  const stack = new GitLabPushStack(new App(), 'Stack');

  test('asks for the audience that the provider knows', () => {
    expect(pipeline).toContain('aud: https://gitlab.com\n');
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::OIDCProvider', { ClientIdList: ['https://gitlab.com'] });
  });

  test('runs on what the role trusts, and pushes where it may', () => {
    expect(pipeline).toContain('$CI_COMMIT_REF_PROTECTED == "true" && ($CI_COMMIT_BRANCH == "main" || $CI_COMMIT_TAG =~ /^v/)');
    expect(subjectsOf(stack, 'gitlab.com')).toEqual([
      'project_path:octo-group/team/worker:ref_type:branch:ref:main', 'project_path:octo-group/team/worker:ref_type:tag:ref:v*',
    ]);
    expect(pipeline).toContain('$REGISTRY/team/worker:');
    Template.fromStack(stack).hasResourceProperties('AWS::ECR::Repository', { RepositoryName: 'team/worker' });
  });
});
