import { Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CiPushRole, CiSubject, type GitHubSubjectOptions, type GitLabSubjectOptions, SecureRepository } from '../../lib';
import type { Mistake } from './mistake';

const repository = (stack: Stack): SecureRepository => new SecureRepository(stack, 'Api', { repositoryName: 'team/api' });
const twice = (stack: Stack): Stack[] => [stack, new Stack(stack.node.root, 'Other', { env: { account: stack.account, region: 'us-east-1' } })];

function roleFor(mistake: string, names: string, subject: () => CiSubject, sub: string, atAws: string): Mistake {
  return {
    mistake,
    atAws,
    names,
    ours: stack => new CiPushRole(stack, 'Push', { repositories: [repository(stack)], subjects: [subject()] }),
    core: stack => {
      const provider = new iam.OidcProviderNative(stack, 'Provider', { url: 'https://token.actions.githubusercontent.com', clientIds: ['sts.amazonaws.com'] });
      const role = new iam.Role(stack, 'Role', {
        assumedBy: new iam.OpenIdConnectPrincipal(provider, { StringLike: { 'token.actions.githubusercontent.com:sub': sub } }),
      });
      new ecr.Repository(stack, 'Api').grantPush(role);
    },
  };
}

const gitHub = (options: Partial<GitHubSubjectOptions>) => () => CiSubject.github({ owner: 'octo', ownerId: '1', repo: 'api', repoId: '2', ...options });
const gitLab = (options: Partial<GitLabSubjectOptions>) => () => CiSubject.gitlab({ projectPath: 'group/api', ...options });

export const CI_MISTAKES: Mistake[] = [
  roleFor('a CI role for every repository of an organization', "'repo'", gitHub({ repo: '*', repoId: undefined, branches: ['main'] }), 'repo:octo/*:ref:refs/heads/main',
    'whoever creates a repository in the organization pushes images'),
  roleFor('a CI role for every repository on GitHub', "'owner'", gitHub({ owner: '*', branches: ['main'] }), 'repo:*', 'everybody on GitHub pushes images'),
  roleFor('a CI role for all jobs of a repository', "'branches', 'tags' or 'environments'", gitHub({}), 'repo:octo/api:*', 'pull requests push images'),
  roleFor('a CI role for a pull request', "'branches[0]'", gitHub({ branches: ['x:pull_request'] }), 'repo:octo/api:pull_request', 'pull requests push images'),
  roleFor('a CI role for any environment', "'environments[0]'", gitHub({ environments: ['*'] }), 'repo:octo/api:environment:*',
    'a pull request that names a new environment pushes images'),
  roleFor('a CI role for a whole ref', "'branches[0]'", gitHub({ branches: ['refs/heads/main'] }), 'repo:octo/api:ref:refs/heads/refs/heads/main', 'nobody can push'),
  roleFor('a CI role for a repository by its name', 'cdk-secure-ecr:CiPushRole.recyclableName', gitHub({ ownerId: undefined, repoId: undefined, branches: ['main'] }),
    'repo:octo/api:ref:refs/heads/main', 'a new repository cannot push; whoever gets a name that was given up can'),
  roleFor('a CI role for every project of a group on GitLab', "'projectPath'", gitLab({ projectPath: 'group/*', branches: ['main'] }),
    'project_path:group/*:ref_type:branch:ref:main', 'whoever creates a project in the group pushes images'),
  {
    mistake: 'two stacks of an account with an OIDC provider for GitHub each',
    atAws: 'CreateOpenIDConnectProvider: EntityAlreadyExists',
    names: "'provider'",
    ours: stack => twice(stack).map(it => new CiPushRole(it, 'Push', {
      repositories: [repository(it)], subjects: [gitHub({ branches: ['main'] })()],
    })),
    core: stack => twice(stack).map(it => (
      new iam.OidcProviderNative(it, 'Provider', { url: 'https://token.actions.githubusercontent.com' })
    )),
  },
];
