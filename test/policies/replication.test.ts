import { App } from 'aws-cdk-lib';
import { ReplicationDestination, ReplicationSource } from '../../lib';
import {
  administrator, type Caller, COLLEAGUE, ecrActions, GRANTED, matrix, nobody, ORGANIZATIONS, OWNER, repositoryArn, stackOf, STRANGER, World,
} from './harness';

const LOGIN = ['GetAuthorizationToken'];
const REPLICATE = ['CreateRepository', 'ReplicateImage'];

/** The role with which Amazon ECR replicates out of an account, and what it has there. */
function replicationOf(account: string): Caller {
  return {
    principal: `arn:aws:iam::${account}:role/aws-service-role/replication.ecr.amazonaws.com/AWSServiceRoleForECRReplication`,
    account,
    policies: [{ Statement: [{ Effect: 'Allow', Action: ['ecr:CreateRepository', 'ecr:ReplicateImage'], Resource: '*' }] }],
  };
}

const callers = {
  'replication of the source': replicationOf(GRANTED),
  'replication of another account of the organization': replicationOf(COLLEAGUE),
  'replication of another organization': replicationOf(STRANGER),
  'the administrator of the source': administrator(GRANTED),
  'another role of the source': nobody(GRANTED),
  'the administrator of another organization': administrator(STRANGER),
  'another role of the destination': nobody(OWNER),
};
const denied = {
  'replication of another account of the organization': [],
  'replication of another organization': [],
  'another role of the source': [],
  'the administrator of another organization': LOGIN,
  'another role of the destination': [],
};

function worldOf(prefixes?: string[], resourceTags?: Record<string, string>): World {
  const app = new App();
  new ReplicationDestination(stackOf(app, OWNER), 'Replicas', { sources: [ReplicationSource.account(GRANTED, prefixes)], resourceTags });
  return World.of(app);
}

describe('ReplicationDestination', () => {
  test('takes images of its source below the prefixes, and nothing else of nobody else', async () => {
    expect(await matrix({
      title: 'a replica inside the prefix', world: worldOf(['prod/']), organizations: ORGANIZATIONS, repository: repositoryArn('prod/api'), callers,
    })).toEqual({
      ...denied,
      'replication of the source': REPLICATE,
      'the administrator of the source': [...REPLICATE.slice(0, 1), ...LOGIN, ...REPLICATE.slice(1)],
    });
  });

  test.each(['production/api', 'dev/api', 'prod'])('takes none outside of them: %s', async name => {
    expect(await matrix({
      title: 'a replica outside of the prefix', world: worldOf(['prod/']), organizations: ORGANIZATIONS, repository: repositoryArn(name), callers,
    })).toEqual({ ...denied, 'replication of the source': [], 'the administrator of the source': LOGIN });
  });

  test('takes none in another Region', async () => {
    const repository = repositoryArn('prod/api', OWNER, 'us-east-1');

    expect(await matrix({ title: 'a replica in another Region', world: worldOf(['prod/']), organizations: ORGANIZATIONS, repository, callers }))
      .toMatchObject({ 'replication of the source': [] });
  });

  test('takes all without prefixes, and lets the source tag what it creates with tags', async () => {
    const world = worldOf(undefined, { origin: 'replica' });
    const admin = await matrix({ title: 'any replica, with tags', world, organizations: ORGANIZATIONS, repository: repositoryArn('anything'), callers });

    expect(admin['the administrator of the source']).toEqual(['CreateRepository', 'GetAuthorizationToken', 'ReplicateImage', 'TagResource']);
  });

  test('needs both sides: without either of them, nothing is replicated', async () => {
    const repository = repositoryArn('prod/api');
    const unable = { ...callers['replication of the source'], policies: [] };

    expect(await matrix({
      title: 'a replica, without the registry policy', world: worldOf(['prod/']).without('registry'), repository, callers,
    })).toMatchObject({ 'replication of the source': [] });
    expect(await matrix({
      title: 'a replica, without the identity policy', world: worldOf(['prod/']), repository, callers: { unable },
    })).toEqual({ unable: [] });
  });

  test('takes no account for granted that it does not name: the whole list of actions', async () => {
    const actions = (await ecrActions()).map(({ name }) => name);

    expect(actions).toEqual(expect.arrayContaining([...REPLICATE, 'TagResource']));
    process.stdout.write(`\nThe ${actions.length} actions of Amazon ECR: ${actions.join(', ')}\n`);
  });
});
