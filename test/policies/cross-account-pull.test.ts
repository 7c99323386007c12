import { App } from 'aws-cdk-lib';
import { CrossAccountPull, PullConsumer, SecureRepository } from '../../lib';
import {
  administrator, COLLEAGUE, definedRole, ecrActions, GRANTED, LONER, matrix, nobody, ORGANIZATION, ORGANIZATIONS, OWNER, REGION,
  repositoryArn, roleIn, service, stackOf, STRANGER, UNIT, World,
} from './harness';

const LOGIN = ['GetAuthorizationToken'];
const PULL = ['BatchCheckLayerAvailability', 'BatchGetImage', 'GetAuthorizationToken', 'GetDownloadUrlForLayer'];
const SERVICE_PULL = ['BatchGetImage', 'GetDownloadUrlForLayer'];
const DEPLOYER_PULL = ['BatchGetImage', 'GetAuthorizationToken', 'GetDownloadUrlForLayer'];

const images = repositoryArn('team/api');
const sharing = { organizations: ORGANIZATIONS, repository: images };

/** A repository of OWNER that is shared; the stack of GRANTED has a role with the consumer's half, and one without. */
function worldOf(...consumers: PullConsumer[]): World {
  const app = new App();
  const repository = new SecureRepository(stackOf(app, OWNER), 'Api', { repositoryName: 'team/api' });
  const share = new CrossAccountPull(stackOf(app, OWNER, 'Share'), 'Share', { repositories: [repository], consumers });
  const workload = stackOf(app, GRANTED);
  share.grants.pull(roleIn(workload, 'team-puller'));
  roleIn(workload, 'team-bystander');
  return World.of(app);
}

function callersOf(world: World) {
  return {
    'the role with the consumer\'s half': definedRole(world.role('team-puller')),
    'a role beside it': definedRole(world.role('team-bystander')),
    'the administrator of the granted account': administrator(GRANTED),
    'an administrator called team-admin there': administrator(GRANTED, { principal: `arn:aws:iam::${GRANTED}:role/team-admin` }),
    'the administrator of another account of the organization': administrator(COLLEAGUE),
    'one called team-admin there': administrator(COLLEAGUE, { principal: `arn:aws:iam::${COLLEAGUE}:role/team-admin` }),
    'the administrator of another organization': administrator(STRANGER),
    'the administrator of an account without organization': administrator(LONER),
    'another role of the owner': nobody(OWNER),
    'Lambda, function of the granted account': service('lambda.amazonaws.com', `arn:aws:lambda:${REGION}:${GRANTED}:function:f`, ORGANIZATIONS),
    'Lambda, its function of another Region': service('lambda.amazonaws.com', `arn:aws:lambda:us-east-1:${GRANTED}:function:f`, ORGANIZATIONS),
    'Lambda, function of another account': service('lambda.amazonaws.com', `arn:aws:lambda:${REGION}:${COLLEAGUE}:function:f`, ORGANIZATIONS),
    'CodeBuild, project of the granted account': service('codebuild.amazonaws.com', `arn:aws:codebuild:${REGION}:${GRANTED}:project/api`, ORGANIZATIONS),
    'CodeBuild, its other project': service('codebuild.amazonaws.com', `arn:aws:codebuild:${REGION}:${GRANTED}:project/other`, ORGANIZATIONS),
    'CodeBuild, project of another account': service('codebuild.amazonaws.com', `arn:aws:codebuild:${REGION}:${STRANGER}:project/api`, ORGANIZATIONS),
    'the administrator of the owner': administrator(OWNER),
  };
}
type Label = keyof ReturnType<typeof callersOf>;

// Everybody who is not granted anything: administrators log in to their own registry, the others do nothing.
const NOTHING: Record<Exclude<Label, 'the administrator of the owner'>, string[]> = {
  'the role with the consumer\'s half': LOGIN,
  'a role beside it': [],
  'the administrator of the granted account': LOGIN,
  'an administrator called team-admin there': LOGIN,
  'the administrator of another account of the organization': LOGIN,
  'one called team-admin there': LOGIN,
  'the administrator of another organization': LOGIN,
  'the administrator of an account without organization': LOGIN,
  'another role of the owner': [],
  'Lambda, function of the granted account': [],
  'Lambda, its function of another Region': [],
  'Lambda, function of another account': [],
  'CodeBuild, project of the granted account': [],
  'CodeBuild, its other project': [],
  'CodeBuild, project of another account': [],
};

const account = {
  'the role with the consumer\'s half': PULL,
  'the administrator of the granted account': PULL,
  'an administrator called team-admin there': PULL,
};

const cases: Array<[string, PullConsumer[], Partial<Record<Label, string[]>>]> = [
  ['an account', [PullConsumer.account(GRANTED)], account],
  ['roles of an account', [PullConsumer.roles(GRANTED, ['team-*'])], {
    'the role with the consumer\'s half': PULL,
    'an administrator called team-admin there': PULL,
  }],
  ['an organization', [PullConsumer.organization(ORGANIZATION)], {
    ...account,
    'the administrator of another account of the organization': PULL,
    'one called team-admin there': PULL,
  }],
  ['an organizational unit', [PullConsumer.organizationalUnit(`${ORGANIZATION}/r-ab12/${UNIT}`)], account],
  ['an organizational unit at any depth', [PullConsumer.organizationalUnit(`${ORGANIZATION}/*/${UNIT}`)], account],
  ['Lambda functions of an account', [PullConsumer.lambdaFunctions(GRANTED)], {
    'the role with the consumer\'s half': DEPLOYER_PULL,
    'the administrator of the granted account': DEPLOYER_PULL,
    'an administrator called team-admin there': DEPLOYER_PULL,
    'Lambda, function of the granted account': SERVICE_PULL,
  }],
  ['a CodeBuild project', [PullConsumer.codeBuildProjects(GRANTED, { projectName: 'api' }), PullConsumer.roles(GRANTED, ['team-puller'])], {
    'the role with the consumer\'s half': PULL,
    'CodeBuild, project of the granted account': SERVICE_PULL,
  }],
  ['several at once', [PullConsumer.account(LONER), PullConsumer.roles(GRANTED, ['team-puller']), PullConsumer.lambdaFunctions(COLLEAGUE)], {
    'the role with the consumer\'s half': PULL,
    'the administrator of another account of the organization': DEPLOYER_PULL,
    'one called team-admin there': DEPLOYER_PULL,
    'the administrator of an account without organization': PULL,
    'Lambda, function of another account': SERVICE_PULL,
  }],
];

describe.each(cases)('CrossAccountPull of %s', (title, consumers, granted) => {
  const world = worldOf(...consumers);
  const callers = callersOf(world);

  test('lets those pull, and nobody do anything else', async () => {
    const everything = (await ecrActions()).map(({ name }) => name);

    expect(await matrix({ title: `CrossAccountPull of ${title}`, world, ...sharing, callers })).toEqual({
      ...NOTHING,
      ...granted,
      'the administrator of the owner': everything,
    });
  });

  test('shares no other repository', async () => {
    const { 'the administrator of the owner': _, ...others } = callers;

    expect(await matrix({ title: `CrossAccountPull of ${title}, another repository`, world, ...sharing, repository: repositoryArn('team/other'), callers: others }))
      .toEqual(NOTHING);
  });

  test('needs both sides: the role loses its pulls without either of them', async () => {
    const role = { role: callers['the role with the consumer\'s half'] };

    expect(await matrix({ title: `CrossAccountPull of ${title}, without the owner's half`, world: world.without('repository'), ...sharing, callers: role }))
      .toEqual({ role: LOGIN });
    expect(await matrix({ title: `CrossAccountPull of ${title}, without the consumer's half`, world: world.without('identity'), ...sharing, callers: role }))
      .toEqual({ role: [] });
  });
});

describe('the consumer\'s half in an app of its own', () => {
  const app = new App();
  const share = CrossAccountPull.fromCrossAccountPullAttributes(stackOf(app, GRANTED), 'Share', { account: OWNER, repositoryNames: ['team/api'] });
  share.grants.pull(roleIn(stackOf(app, GRANTED, 'Workload'), 'team-puller'));
  const consumer = World.of(app);
  const owner = worldOf(PullConsumer.account(GRANTED)).without('identity');

  test('fits the owner\'s half of the other app', async () => {
    const callers = { role: definedRole(consumer.role('team-puller')) };

    expect(await matrix({ title: 'two apps, the consumer alone', world: consumer, ...sharing, callers })).toEqual({ role: LOGIN });
    expect(await matrix({ title: 'two apps, the owner alone', world: owner, ...sharing, callers })).toEqual({ role: [] });
    expect(await matrix({ title: 'two apps', world: owner.with(...consumer.policies), ...sharing, callers })).toEqual({ role: PULL });
  });
});
