import { App } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { PullThroughCache, UpstreamAccess, UpstreamRegistry } from '../../lib';
import {
  administrator, COLLEAGUE, definedRole, Evaluator, GRANTED, LONER, matrix, nobody, ORGANIZATIONS, OWNER, REGION, repositoryArn, roleIn,
  stackOf, STRANGER, World,
} from './harness';

const LOGIN = ['GetAuthorizationToken'];
const USE = ['BatchCheckLayerAvailability', 'BatchGetImage', 'BatchImportUpstreamImage', 'GetAuthorizationToken', 'GetDownloadUrlForLayer'];
const FILL = [...USE.slice(0, 3), 'CreateRepository', ...USE.slice(3)];

const cached = repositoryArn('quay/team/app');
const sharing = { organizations: ORGANIZATIONS, repository: cached };

describe('grants of a PullThroughCache in its account', () => {
  const app = new App();
  const stack = stackOf(app, OWNER);
  const { grants } = new PullThroughCache(stack, 'Quay', { upstream: UpstreamRegistry.QUAY });
  grants.pull(roleIn(stack, 'filler'));
  grants.pull(roleIn(stack, 'user'), { createRepository: false });
  const world = World.of(app);
  const callers = {
    'pull': definedRole(world.role('filler')),
    'pull without new repositories': definedRole(world.role('user')),
    'another role of the account': nobody(OWNER),
    'the administrator of another account': administrator(COLLEAGUE),
  };

  test('let in images below the prefix, and give nothing to nobody else', async () => {
    expect(await matrix({ title: 'a cache', world, ...sharing, callers })).toEqual({
      'pull': FILL,
      'pull without new repositories': USE,
      'another role of the account': [],
      'the administrator of another account': LOGIN,
    });
  });

  test.each(['quay-of-somebody/app', 'team/app', 'quay'])('let in nothing outside of it: %s', async name => {
    expect(await matrix({ title: 'outside of a cache', world, ...sharing, repository: repositoryArn(name), callers })).toMatchObject({
      'pull': LOGIN,
      'pull without new repositories': LOGIN,
    });
  });

  test('are made of identity policies alone', async () => {
    expect(world.documents('registry', `${OWNER}/${REGION}`)).toEqual([]);
    expect(await matrix({ title: 'a cache, without identity policies', world: world.without('identity'), ...sharing, callers })).toMatchObject({
      'pull': [],
      'pull without new repositories': [],
    });
  });
});

describe('grants of a PullThroughCache to other accounts', () => {
  const app = new App();
  const { grants } = new PullThroughCache(stackOf(app, OWNER), 'Quay', { upstream: UpstreamRegistry.QUAY });
  const consumer = stackOf(app, GRANTED);
  grants.pull(roleIn(consumer, 'puller'));
  grants.pull(new iam.AccountPrincipal(LONER), { createRepository: false });
  roleIn(consumer, 'bystander');
  const world = World.of(app);
  const callers = {
    'the granted role': definedRole(world.role('puller')),
    'a role beside it': definedRole(world.role('bystander')),
    'the administrator of its account': administrator(GRANTED),
    'the administrator of the granted account': administrator(LONER),
    'another role of the granted account': nobody(LONER),
    'the administrator of another account of the organization': administrator(COLLEAGUE),
    'the administrator of another organization': administrator(STRANGER),
    'another role of the owner': nobody(OWNER),
  };
  const nothing = {
    'a role beside it': [],
    'the administrator of its account': LOGIN,
    'another role of the granted account': [],
    'the administrator of another account of the organization': LOGIN,
    'the administrator of another organization': LOGIN,
    'another role of the owner': [],
  };

  test('need both sides, and name nobody else', async () => {
    expect(await matrix({ title: 'a cache for other accounts', world, ...sharing, callers })).toEqual({
      ...nothing,
      'the granted role': FILL,
      'the administrator of the granted account': USE,
    });
  });

  test('end outside of the prefix', async () => {
    expect(await matrix({ title: 'outside of a cache for other accounts', world, ...sharing, repository: repositoryArn('team/app'), callers })).toEqual({
      ...nothing,
      'the granted role': LOGIN,
      'the administrator of the granted account': LOGIN,
    });
  });

  test('do nothing without either side', async () => {
    expect(await matrix({ title: 'a cache for other accounts, without the registry policy', world: world.without('registry'), ...sharing, callers })).toEqual({
      ...nothing,
      'the granted role': LOGIN,
      'the administrator of the granted account': LOGIN,
    });
    expect(await matrix({ title: 'a cache for other accounts, without identity policies', world: world.without('identity'), ...sharing, callers })).toMatchObject({
      'the granted role': [],
    });
  });
});

describe('a PullThroughCache of another account\'s Amazon ECR', () => {
  const app = new App();
  const upstream = { account: GRANTED, region: REGION };
  const cache = new PullThroughCache(stackOf(app, OWNER), 'Cache', {
    upstream: UpstreamRegistry.ecr(upstream),
    prefix: 'theirs',
    upstreamRepositoryPrefix: 'team',
  });
  UpstreamAccess.forCache(stackOf(app, GRANTED), 'Access', cache);
  const world = World.of(app);
  const role = world.roles.find(({ arn }) => arn.includes('CacheRole') && !arn.includes('Template'))!;
  const evaluator = new Evaluator(world, ORGANIZATIONS);
  const ours = repositoryArn('theirs/app');
  const theirs = repositoryArn('team/app', GRANTED);

  const callers = {
    'the role of the cache': definedRole(role),
    'the administrator of the cache': administrator(OWNER),
    'another role of the account of the cache': nobody(OWNER),
    'the administrator of another account': administrator(COLLEAGUE),
    'another role of the upstream': nobody(GRANTED),
  };
  const read = ['BatchGetImage', 'BatchImportUpstreamImage', 'GetDownloadUrlForLayer', 'GetImageCopyStatus'];
  const withLogin = (...actions: string[]): string[] => [...actions, ...LOGIN].sort();

  test('reads the upstream below the prefix, and nothing else of it', async () => {
    expect(await matrix({ title: 'the upstream of a cache', world, organizations: ORGANIZATIONS, repository: theirs, callers })).toEqual({
      'the role of the cache': withLogin(...read),
      'the administrator of the cache': withLogin(...read),
      'another role of the account of the cache': [],
      'the administrator of another account': LOGIN,
      'another role of the upstream': [],
    });
    expect(await matrix({
      title: 'the rest of the upstream', world, organizations: ORGANIZATIONS, repository: repositoryArn('other/app', GRANTED), callers,
    })).toMatchObject({ 'the role of the cache': LOGIN, 'the administrator of the cache': LOGIN });
  });

  test('writes the cache below its prefix, and nothing else', async () => {
    const { 'the administrator of the cache': _, ...others } = callers;

    expect(await matrix({ title: 'a cache of Amazon ECR', world, organizations: ORGANIZATIONS, repository: ours, callers: others })).toEqual({
      'the role of the cache': withLogin(...read, 'CompleteLayerUpload', 'InitiateLayerUpload', 'PutImage', 'UploadLayerPart'),
      'another role of the account of the cache': [],
      'the administrator of another account': LOGIN,
      'another role of the upstream': [],
    });
    expect(await matrix({
      title: 'the rest of the registry', world, organizations: ORGANIZATIONS, repository: repositoryArn('team/app'), callers: others,
    })).toMatchObject({ 'the role of the cache': LOGIN });
  });

  test('needs both sides: without either of them, the role does not read', async () => {
    const caller = { role: definedRole(role) };
    const request = { organizations: ORGANIZATIONS, repository: theirs, callers: caller };

    expect(await matrix({ title: 'the upstream, without its registry policy', world: world.without('registry'), ...request })).toEqual({ role: LOGIN });
    expect(await matrix({ title: 'the upstream, without the policy of the role', world: world.without('identity'), ...request })).toEqual({ role: [] });
  });

  test('has a role that the cache of Amazon ECR can assume, and nobody else', async () => {
    expect(await evaluator.trusts(role, { principal: 'pullthroughcache.ecr.amazonaws.com' })).toBe(true);
    for (const caller of [{ principal: 'ecr.amazonaws.com' }, { principal: 'lambda.amazonaws.com' }, administrator(OWNER), administrator(GRANTED)]) {
      expect([caller.principal, await evaluator.trusts(role, caller)]).toEqual([caller.principal, false]);
    }
  });
});
