import { App, type Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { EcrVpcEndpoints, type EcrVpcEndpointsProps } from '../../lib';
import {
  administrator, type Allowed, COLLEAGUE, ecrActions, Evaluator, GRANTED, LONER, matrix, ORGANIZATION, ORGANIZATIONS, OWNER, type PolicyDocument,
  repositoryArn, service, stackOf, STRANGER, World,
} from './harness';

const LOGIN = 'GetAuthorizationToken';
const PULL = ['BatchCheckLayerAvailability', 'BatchGetImage', 'BatchImportUpstreamImage', 'GetDownloadUrlForLayer'];
const ADD_ONS = '602401143452';

let EVERYTHING: string[];
let ON_REPOSITORY: string[];
beforeAll(async () => {
  const actions = await ecrActions();
  EVERYTHING = actions.map(({ name }) => name);
  ON_REPOSITORY = actions.filter(({ onRepository }) => onRepository).map(({ name }) => name);
});

/** A VPC of OWNER with endpoints. */
function worldOf(props: Partial<EcrVpcEndpointsProps> | ((stack: Stack) => Partial<EcrVpcEndpointsProps>) = {}): World {
  const app = new App();
  const stack = stackOf(app, OWNER);
  const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 0, availabilityZones: ['eu-west-1a', 'eu-west-1b'], restrictDefaultSecurityGroup: false });
  new EcrVpcEndpoints(stack, 'Endpoints', { vpc, ...typeof props === 'function' ? props(stack) : props });
  return World.of(app);
}

/** Repositories that let everybody in, so that only the endpoints decide. */
function openedUp(world: World, ...repositories: string[]): World {
  const document: PolicyDocument = { Statement: [{ Effect: 'Allow', Principal: '*', Action: 'ecr:*' }] };
  return world.with(...repositories.map(of => ({ kind: 'repository' as const, of, document })));
}

const via = { via: `${OWNER}/ecr.dkr` };
const callers = {
  'the own account': administrator(OWNER, via),
  'an account of the organization': administrator(COLLEAGUE, via),
  'another organization': administrator(STRANGER, via),
  'an account without organization': administrator(LONER, via),
  'the own account, not through the endpoint': administrator(OWNER),
  'another organization, not through the endpoint': administrator(STRANGER),
};
type Label = keyof typeof callers;

/** What passes to a repository that lets everybody in. */
async function passes(title: string, props: Partial<EcrVpcEndpointsProps>, repository: string): Promise<Record<Label, string[]>> {
  const allowed: Allowed = await matrix({
    title: `endpoints ${title}`, world: openedUp(worldOf(props), repository), organizations: ORGANIZATIONS, repository, callers,
  });
  return allowed as Record<Label, string[]>;
}

describe.each(['ecr.api', 'ecr.dkr'])('the policy of %s', endpoint => {
  test('is that of the other', () => {
    const world = worldOf({ trustedOrganization: ORGANIZATION, reachableRegistries: [OWNER], pullOnly: true });

    expect(world.documents('endpoint', `${OWNER}/${endpoint}`)).toHaveLength(1);
    expect(world.documents('endpoint', `${OWNER}/ecr.api`)).toEqual(world.documents('endpoint', `${OWNER}/ecr.dkr`));
  });
});

describe('by default', () => {
  const own = repositoryArn('team/api');

  test('only identities of the account pass, and may do all that they may', async () => {
    const allowed = await passes('by default', {}, own);

    expect(allowed).toMatchObject({
      'the own account': EVERYTHING,
      'an account of the organization': [],
      'another organization': [],
      'an account without organization': [],
      'the own account, not through the endpoint': EVERYTHING,
    });
    expect(allowed['another organization, not through the endpoint']).toEqual(expect.arrayContaining([...PULL, LOGIN]));
  });

  test.each([
    ['an account of the organization', repositoryArn('team/api', COLLEAGUE)],
    ['another organization', repositoryArn('theirs', STRANGER)],
    ['AWS, such as the add-ons of Amazon EKS', repositoryArn('eks/pause', ADD_ONS)],
  ])('they reach repositories of %s', async (_, repository) => {
    expect((await passes('by default', {}, repository))['the own account']).toEqual([...ON_REPOSITORY, LOGIN].sort());
  });

  test('nobody carries images out with other credentials', async () => {
    const allowed = await passes('by default', {}, repositoryArn('theirs', STRANGER));

    expect(allowed['another organization']).toEqual([]);
    expect(allowed['another organization, not through the endpoint']).toEqual(EVERYTHING);
  });

  test('the endpoint gives nothing: who has no permission gets none', async () => {
    const allowed = await matrix({
      title: 'endpoints by default, to a repository without a policy', world: worldOf(), organizations: ORGANIZATIONS, repository: own, callers,
    });

    expect(allowed).toMatchObject({ 'the own account': EVERYTHING, 'another organization': [], 'another organization, not through the endpoint': [LOGIN] });
  });

  test('no service passes as one', async () => {
    const evaluator = new Evaluator(openedUp(worldOf(), own));
    const lambda = service('lambda.amazonaws.com', `arn:aws:lambda:eu-west-1:${OWNER}:function:f`);

    expect(await evaluator.allows(lambda, 'ecr:BatchGetImage', own)).toBe(true);
    expect(await evaluator.allows({ ...lambda, ...via }, 'ecr:BatchGetImage', own)).toBe(false);
  });
});

describe('trusted identities', () => {
  const repository = repositoryArn('team/api');

  test('of an organization', async () => {
    expect(await passes('that trust an organization', { trustedOrganization: ORGANIZATION }, repository)).toMatchObject({
      'the own account': EVERYTHING,
      'an account of the organization': [...ON_REPOSITORY, LOGIN].sort(),
      'another organization': [],
      'an account without organization': [],
    });
  });

  test('of accounts: the own one is not among them unless it is named', async () => {
    expect(await passes('that trust accounts', { trustedAccounts: [COLLEAGUE, LONER] }, repository)).toMatchObject({
      'the own account': [],
      'an account of the organization': [...ON_REPOSITORY, LOGIN].sort(),
      'another organization': [],
      'an account without organization': [...ON_REPOSITORY, LOGIN].sort(),
    });
  });

  test('of an organization and of accounts', async () => {
    expect(await passes('that trust both', { trustedOrganization: ORGANIZATION, trustedAccounts: [LONER] }, repository)).toMatchObject({
      'the own account': EVERYTHING,
      'an account of the organization': [...ON_REPOSITORY, LOGIN].sort(),
      'another organization': [],
      'an account without organization': [...ON_REPOSITORY, LOGIN].sort(),
    });
  });
});

describe('reachable repositories', () => {
  const repositories = {
    own: repositoryArn('team/api'),
    granted: repositoryArn('team/api', GRANTED),
    foreign: repositoryArn('theirs', STRANGER),
    addOn: repositoryArn('eks/pause', ADD_ONS),
  };

  test.each<[string, Partial<EcrVpcEndpointsProps>, Array<keyof typeof repositories>]>([
    ['of registries', { reachableRegistries: [OWNER, ADD_ONS] }, ['own', 'addOn']],
    ['of an organization', { reachableOrganization: ORGANIZATION }, ['own', 'granted']],
    ['of an organization and of AWS', { reachableOrganization: ORGANIZATION, reachableRegistries: [ADD_ONS] }, ['own', 'granted', 'addOn']],
  ])('%s', async (title, props, reachable) => {
    for (const [name, repository] of Object.entries(repositories)) {
      const allowed = await passes(`that reach repositories ${title}`, props, repository);
      const passed = allowed['the own account'].filter(action => ON_REPOSITORY.includes(action));

      expect([name, passed]).toEqual([name, reachable.includes(name as never) ? ON_REPOSITORY : []]);
      expect(allowed['the own account']).toContain(LOGIN);
      expect(allowed['another organization']).toEqual([]);
    }
  });

  test('of registries end calls about the whole registry, those of an organization do not', async () => {
    const ofRegistries = await passes('that reach a registry', { reachableRegistries: [OWNER] }, repositories.own);
    const ofOrganization = await passes('that reach an organization', { reachableOrganization: ORGANIZATION }, repositories.own);

    expect(ofRegistries['the own account']).toEqual([...ON_REPOSITORY, LOGIN].sort());
    expect(ofOrganization['the own account']).toEqual(EVERYTHING);
  });

  test('that are named, and no other of the same account', async () => {
    const world = worldOf(stack => ({ reachableRepositories: [new ecr.Repository(stack, 'Api', { repositoryName: 'team/api' })] }));
    const evaluator = new Evaluator(world, ORGANIZATIONS);
    const caller = administrator(OWNER, via);

    expect(await evaluator.allows(caller, 'ecr:PutImage', repositoryArn('team/api'))).toBe(true);
    expect(await evaluator.allows(caller, 'ecr:PutImage', repositoryArn('team/api-2'))).toBe(false);
    expect(await evaluator.allows(caller, 'ecr:GetAuthorizationToken', '*')).toBe(true);
    expect(await evaluator.allows(caller, 'ecr:PutRegistryPolicy', '*')).toBe(false);
  });
});

describe('pullOnly', () => {
  const repository = repositoryArn('team/api');

  test('lets logins and pulls through', async () => {
    expect(await passes('to pull only', { pullOnly: true }, repository)).toMatchObject({
      'the own account': [...PULL, LOGIN].sort(),
      'an account of the organization': [],
      'the own account, not through the endpoint': EVERYTHING,
    });
  });

  test('lets pulls through to what is reachable', async () => {
    const props = { pullOnly: true, reachableRegistries: [OWNER] };

    expect((await passes('to pull only, in the own registry', props, repository))['the own account']).toEqual([...PULL, LOGIN].sort());
    expect((await passes('to pull only, in the own registry', props, repositoryArn('theirs', STRANGER)))['the own account']).toEqual([LOGIN]);
  });
});

describe('the gateway to Amazon S3', () => {
  const layer = 'arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/layer';
  // Amazon ECR signs the address of a layer, so that the request is one of its own account.
  const signer = administrator('666666666666', { via: `${OWNER}/s3` });

  test.each<[string, string, string, boolean]>([
    ['reads layers', 's3:GetObject', layer, true],
    ['writes no layers', 's3:PutObject', layer, false],
    ['reads no layers of another Region', 's3:GetObject', 'arn:aws:s3:::prod-us-east-1-starport-layer-bucket/layer', false],
    ['reads nothing else', 's3:GetObject', 'arn:aws:s3:::somebody-else/object', false],
    ['lists nothing', 's3:ListBucket', 'arn:aws:s3:::prod-eu-west-1-starport-layer-bucket', false],
  ])('that is restricted to layers %s', async (_, action, resource, allowed) => {
    const evaluator = new Evaluator(worldOf({ restrictS3ToImageLayers: true }));

    expect(await evaluator.allows(signer, action, resource, '666666666666')).toBe(allowed);
  });

  test('has no policy by default', () => {
    expect(worldOf().documents('endpoint', `${OWNER}/s3`)).toEqual([]);
  });
});
