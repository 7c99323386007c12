import { App } from 'aws-cdk-lib';
import { RepositoryNamespace, SecureRepository } from '../../lib';
import { administrator, COLLEAGUE, definedRole, matrix, nobody, ORGANIZATIONS, OWNER, repositoryArn, roleIn, stackOf, STRANGER, World } from './harness';

// As AWS documents them. https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
const LOGIN = ['GetAuthorizationToken'];
const PULL = ['BatchCheckLayerAvailability', 'BatchGetImage', 'GetDownloadUrlForLayer'];
const PUSH = ['BatchCheckLayerAvailability', 'BatchGetImage', 'CompleteLayerUpload', 'CreateRepository', 'InitiateLayerUpload', 'PutImage', 'UploadLayerPart'];
const sorted = (...actions: string[]): string[] => [...new Set(actions)].sort();

describe('two namespaces of one registry', () => {
  const app = new App();
  const stack = stackOf(app, OWNER);
  const [a, b] = ['team-a', 'team-b'].map(namespace => {
    const it = new RepositoryNamespace(stack, namespace, { prefix: namespace, resourceTags: { team: namespace } });
    it.addRepository('api');
    it.grants.pull(roleIn(stack, `${namespace}-service`));
    it.grants.push(roleIn(stack, `${namespace}-ci`));
    it.grants.pullPush(roleIn(stack, `${namespace}-builder`));
    return it;
  });
  new SecureRepository(stack, 'Shared', { repositoryName: 'shared/base' });
  const world = World.of(app);
  const rolesOf = (team: string) => ({
    [`${team} pull`]: definedRole(world.role(`${team}-service`)),
    [`${team} push`]: definedRole(world.role(`${team}-ci`)),
    [`${team} pullPush`]: definedRole(world.role(`${team}-builder`)),
  });
  const callers = {
    ...rolesOf('team-a'),
    ...rolesOf('team-b'),
    'another role of the account': nobody(OWNER),
    'the administrator of an account of the organization': administrator(COLLEAGUE),
    'the administrator of another organization': administrator(STRANGER),
  };
  const outsiders = {
    'another role of the account': [],
    'the administrator of an account of the organization': LOGIN,
    'the administrator of another organization': LOGIN,
  };
  const allowedFor = (team: string) => ({ [`${team} pull`]: sorted(...LOGIN, ...PULL), [`${team} push`]: sorted(...LOGIN, ...PUSH), [`${team} pullPush`]: sorted(...LOGIN, ...PULL, ...PUSH) });
  const loginFor = (team: string) => ({ [`${team} pull`]: LOGIN, [`${team} push`]: LOGIN, [`${team} pullPush`]: LOGIN });

  test.each([[a.prefix, b.prefix, 'api'], [a.prefix, b.prefix, 'not/yet/there'], [b.prefix, a.prefix, 'api']])(
    'let %s in, and not %s, for the repository %s', async (team, other, name) => {
      expect(await matrix({ title: 'two namespaces', world, organizations: ORGANIZATIONS, repository: repositoryArn(`${team}/${name}`), callers })).toEqual({
        ...allowedFor(team), ...loginFor(other), ...outsiders,
      });
    },
  );

  test.each(['shared/base', 'team-a', 'team-ab/api', 'x/team-a/api', 'team-c/api'])('reach no repository outside of them: %s', async name => {
    expect(await matrix({ title: 'outside of two namespaces', world, organizations: ORGANIZATIONS, repository: repositoryArn(name), callers })).toEqual({
      ...loginFor('team-a'), ...loginFor('team-b'), ...outsiders,
    });
  });

  test('reach no repository of another account or Region', async () => {
    for (const repository of [repositoryArn('team-a/api', COLLEAGUE), repositoryArn('team-a/api', OWNER, 'us-east-1')]) {
      const { 'team-a pull': pull, 'team-a push': push } = await matrix({ title: 'another registry', world, organizations: ORGANIZATIONS, repository, callers });
      expect({ pull, push }).toEqual({ pull: LOGIN, push: LOGIN });
    }
  });

  test('are made of identity policies alone', async () => {
    expect(await matrix({ title: 'two namespaces, without identity policies', world: world.without('identity'), organizations: ORGANIZATIONS, repository: repositoryArn('team-a/api'), callers }))
      .toMatchObject({ 'team-a pull': [], 'team-a push': [], 'team-b pull': [] });
  });
});

test('a role that pulls from 250 repositories of a namespace has a policy of two statements', () => {
  const app = new App();
  const stack = stackOf(app, OWNER);
  const namespace = new RepositoryNamespace(stack, 'Namespace', { prefix: 'team-a' });
  Array.from({ length: 250 }, (_, index) => namespace.addRepository(`service-${index}`));
  namespace.grants.pull(roleIn(stack, 'service'));
  const [policy] = World.of(app).policies.filter(({ kind, of }) => kind === 'identity' && /service/.test(String(of)));
  const { length } = JSON.stringify(policy.document).replace(/\s/g, '');
  process.stdout.write(`\na role that pulls from 250 repositories: a policy of ${length} characters, of 10,240 that a role may have\n`);
  expect(policy.document.Statement).toHaveLength(2);
  expect(length).toBeLessThan(1024);
});
