import { App } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { RepositoryGrants, SecureRepository } from '../../lib';
import {
  administrator, COLLEAGUE, definedRole, ecrActions, GRANTED, LONER, matrix, nobody, ORGANIZATIONS, OWNER, repositoryArn, roleIn, service, stackOf,
  STRANGER, World,
} from './harness';

// As AWS documents them, and not as lib/private/ecr/actions.ts has them.
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
const LOGIN = ['GetAuthorizationToken'];
const PULL = ['BatchCheckLayerAvailability', 'BatchGetImage', 'GetDownloadUrlForLayer'];
const PUSH = ['BatchCheckLayerAvailability', 'BatchGetImage', 'CompleteLayerUpload', 'InitiateLayerUpload', 'PutImage', 'UploadLayerPart'];
const sorted = (...actions: string[]): string[] => [...new Set(actions)].sort();

const images = repositoryArn('team/api');
const others = repositoryArn('team/other');

describe('grants of a SecureRepository to roles of its account', () => {
  const app = new App();
  const stack = stackOf(app, OWNER);
  const { grants } = new SecureRepository(stack, 'Api', { repositoryName: 'team/api' });
  grants.pull(roleIn(stack, 'puller'));
  grants.push(roleIn(stack, 'pusher'));
  grants.pullPush(roleIn(stack, 'builder'));
  grants.read(roleIn(stack, 'reader'));
  grants.scanFindings(roleIn(stack, 'auditor'));
  const world = World.of(app);

  const callers = {
    'pull': definedRole(world.role('puller')),
    'push': definedRole(world.role('pusher')),
    'pullPush': definedRole(world.role('builder')),
    'read': definedRole(world.role('reader')),
    'scanFindings': definedRole(world.role('auditor')),
    'another role of the account': nobody(OWNER),
    'the administrator of an account of the organization': administrator(COLLEAGUE),
    'the administrator of another organization': administrator(STRANGER),
    'the administrator of an account without organization': administrator(LONER),
    'lambda.amazonaws.com for a function of the account': service('lambda.amazonaws.com', `arn:aws:lambda:eu-west-1:${OWNER}:function:f`),
  };
  const outsiders = { [labels(callers)[6]]: LOGIN, [labels(callers)[7]]: LOGIN, [labels(callers)[8]]: LOGIN };
  const nothing = { [labels(callers)[5]]: [], [labels(callers)[9]]: [] };

  test('allow what they say, and nothing else to nobody else', async () => {
    expect(await matrix({ title: 'grants in one account', world, organizations: ORGANIZATIONS, repository: images, callers })).toEqual({
      pull: sorted(...LOGIN, ...PULL),
      push: sorted(...LOGIN, ...PUSH),
      pullPush: sorted(...LOGIN, ...PULL, ...PUSH),
      read: ['DescribeImages', 'DescribeRepositories', 'ListImages'],
      scanFindings: ['DescribeImageScanFindings', 'DescribeImages'],
      ...nothing,
      ...outsiders,
    });
  });

  test('reach no other repository', async () => {
    expect(await matrix({ title: 'grants in one account', world, organizations: ORGANIZATIONS, repository: others, callers })).toEqual({
      pull: LOGIN,
      push: LOGIN,
      pullPush: LOGIN,
      read: [],
      scanFindings: [],
      ...nothing,
      ...outsiders,
    });
  });

  test('are made of identity policies alone: without them, nothing is left', async () => {
    const { pull, pullPush } = await matrix({
      title: 'grants in one account, without identity policies',
      world: world.without('identity'),
      repository: images,
      callers,
    });

    expect([pull, pullPush]).toEqual([[], []]);
    expect(world.documents('repository', images)).toEqual([]);
  });
});

describe.each<[string, (repository: ecr.IRepository) => RepositoryGrants, (scope: ReturnType<typeof stackOf>) => ecr.IRepository]>([
  ['a SecureRepository', repository => (repository as SecureRepository).grants, scope => new SecureRepository(scope, 'Api', { repositoryName: 'team/api' })],
  ['a repository of the CDK', repository => RepositoryGrants.fromRepository(repository), scope => new ecr.Repository(scope, 'Api', { repositoryName: 'team/api' })],
])('grants of %s to roles of another account', (_, grantsOf, define) => {
  const app = new App();
  const owner = stackOf(app, OWNER);
  const consumer = stackOf(app, GRANTED);
  const grants = grantsOf(define(owner));
  grants.pull(roleIn(consumer, 'puller'));
  grants.push(roleIn(consumer, 'pusher'));
  grants.pull(new iam.Role(consumer, 'Unnamed', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') }));
  const world = World.of(app);

  const unnamed = world.roles.find(({ name }) => name.startsWith('Stack2-'))!;
  const callers = {
    'pull, by its name': definedRole(world.role('puller')),
    'pull, by its tag': definedRole(unnamed),
    'pull, by its tag, from which somebody took it': definedRole(unnamed, { tags: {} }),
    'push': definedRole(world.role('pusher')),
    'the administrator of the granted account': administrator(GRANTED),
    'another role of the granted account': nobody(GRANTED),
    'a role of the same name elsewhere': administrator(COLLEAGUE, { principal: `arn:aws:iam::${COLLEAGUE}:role/puller` }),
    'the administrator of another organization': administrator(STRANGER),
    'the administrator of the owner': administrator(OWNER),
  };

  test('need both sides, and open the repository to nobody else in the account', async () => {
    const everything = (await ecrActions()).map(({ name }) => name);

    expect(await matrix({ title: 'grants across accounts', world, organizations: ORGANIZATIONS, repository: images, callers })).toEqual({
      'pull, by its name': sorted(...LOGIN, ...PULL),
      'pull, by its tag': sorted(...LOGIN, ...PULL),
      'pull, by its tag, from which somebody took it': LOGIN,
      'push': sorted(...LOGIN, ...PUSH),
      'the administrator of the granted account': LOGIN,
      'another role of the granted account': [],
      'a role of the same name elsewhere': LOGIN,
      'the administrator of another organization': LOGIN,
      'the administrator of the owner': everything,
    });
  });

  test('do nothing without the identity policies', async () => {
    const allowed = await matrix({ title: 'grants across accounts, without identity policies', world: world.without('identity'), repository: images, callers });

    expect([allowed['pull, by its name'], allowed['pull, by its tag'], allowed.push]).toEqual([[], [], []]);
  });

  test('do nothing but log in without the repository policy', async () => {
    const allowed = await matrix({ title: 'grants across accounts, without the repository policy', world: world.without('repository'), repository: images, callers });

    expect([allowed['pull, by its name'], allowed['pull, by its tag'], allowed.push]).toEqual([LOGIN, LOGIN, LOGIN]);
  });
});

describe('grants of a SecureRepository to services', () => {
  const app = new App();
  const stack = stackOf(app, OWNER);
  const { grants } = new SecureRepository(stack, 'Api', { repositoryName: 'team/api' });
  grants.pull(new iam.ServicePrincipal('lambda.amazonaws.com'));
  grants.pull(new iam.ServicePrincipal('codebuild.amazonaws.com'));
  const world = World.of(app);

  test('end where the source is in another account', async () => {
    const callers = {
      'Lambda, own function': service('lambda.amazonaws.com', `arn:aws:lambda:eu-west-1:${OWNER}:function:f`),
      'Lambda, own function of another Region': service('lambda.amazonaws.com', `arn:aws:lambda:us-east-1:${OWNER}:function:f`),
      'Lambda, function of another account': service('lambda.amazonaws.com', `arn:aws:lambda:eu-west-1:${GRANTED}:function:f`),
      'CodeBuild, own project': service('codebuild.amazonaws.com', `arn:aws:codebuild:eu-west-1:${OWNER}:project/p`),
      'CodeBuild, project of another account': service('codebuild.amazonaws.com', `arn:aws:codebuild:eu-west-1:${GRANTED}:project/p`),
      'another service, own resource': service('sagemaker.amazonaws.com', `arn:aws:sagemaker:eu-west-1:${OWNER}:model/m`),
    };
    const pull = ['BatchGetImage', 'GetDownloadUrlForLayer'];

    expect(await matrix({ title: 'grants to services', world, organizations: ORGANIZATIONS, repository: images, callers })).toEqual({
      'Lambda, own function': pull,
      'Lambda, own function of another Region': [],
      'Lambda, function of another account': [],
      'CodeBuild, own project': pull,
      'CodeBuild, project of another account': [],
      'another service, own resource': [],
    });
  });
});

function labels(callers: Record<string, unknown>): string[] {
  return Object.keys(callers);
}
