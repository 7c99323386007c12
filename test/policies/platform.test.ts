import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { addPlatform } from '../../bin/platform/platform';
import { administrator, type Caller, definedRole, ecrActions, matrix, nobody, repositoryArn, World } from './harness';

const { context } = JSON.parse(readFileSync(join(__dirname, '../../cdk.json'), 'utf8')) as { context: Record<string, unknown> };
const { tooling, staging, production, recovery } = context.platform as Record<string, { account: string; region: string }>;
const STRANGER = '444444444444';

const LOGIN = ['GetAuthorizationToken'];
const PULL = ['BatchCheckLayerAvailability', 'BatchGetImage', 'GetAuthorizationToken', 'GetDownloadUrlForLayer'];
const PUSH = [
  'BatchCheckLayerAvailability', 'BatchGetImage', 'CompleteLayerUpload', 'GetAuthorizationToken', 'InitiateLayerUpload', 'PutImage', 'UploadLayerPart',
];
const PUSH_AND_GATE = [...PUSH, 'DescribeImageScanFindings'].sort();
const IMPORT = [
  'BatchCheckLayerAvailability', 'BatchGetImage', 'BatchImportUpstreamImage', 'CreateRepository', 'GetAuthorizationToken', 'GetDownloadUrlForLayer',
];

const app = new App({ analyticsReporting: false, context });
addPlatform(app);
const world = World.of(app);

/** Every role of the platform: not one is left out that a change may have given too much. */
const roles: Record<string, Caller> = Object.fromEntries(world.roles.map(role => [role.name.replace(/[0-9A-F]{8}$/, ''), definedRole(role)]));
const callers: Record<string, Caller> = {
  ...roles,
  'the administrator of tooling': administrator(tooling.account),
  'the administrator of staging': administrator(staging.account),
  'the administrator of production and recovery': administrator(production.account),
  'another role of tooling': nobody(tooling.account),
  'another role of staging': nobody(staging.account),
  'a stranger': administrator(STRANGER),
};

/** What everybody may do without being granted anything: log in where they have a policy for it. */
const nothing = Object.fromEntries(Object.keys(callers).map(label => [label, [] as string[]]));
const logins = Object.fromEntries([
  'Staging-TaskExecutionRole', 'Production-TaskExecutionRole', 'Standby-TaskExecutionRole', 'Build-Role', 'Build-GitHubPushRole',
  'the administrator of staging', 'the administrator of production and recovery', 'a stranger', 'the administrator of tooling',
].map(label => [label, LOGIN]));

let everything: string[];
beforeAll(async () => {
  everything = (await ecrActions()).map(({ name }) => name);
});

function allowed(title: string, repository: string): Promise<Record<string, string[]>> {
  return matrix({ title: `the platform, ${title}`, world, repository, callers });
}

test('an image is pushed by the builds, pulled by the workloads of its Region, and by nobody else', async () => {
  expect(await allowed('images', repositoryArn('platform/web', tooling.account, tooling.region))).toEqual({
    ...nothing,
    ...logins,
    'Build-Role': PUSH_AND_GATE,
    'Build-GitHubPushRole': PUSH_AND_GATE,
    'Staging-TaskExecutionRole': PULL,
    'Production-TaskExecutionRole': PULL,
    'the administrator of staging': PULL,
    'the administrator of production and recovery': PULL,
    'the administrator of tooling': everything,
  });
});

test('a workload has no permission for the images of other workloads, though its account may pull them', async () => {
  expect(await allowed('images of others', repositoryArn('platform/worker', tooling.account, tooling.region))).toEqual({
    ...nothing,
    ...logins,
    'Build-Role': PUSH,
    'Build-GitHubPushRole': PUSH,
    'the administrator of staging': PULL,
    'the administrator of production and recovery': PULL,
    'the administrator of tooling': everything,
  });
});

test('a replica is pulled by the standby, and made by the replication of tooling alone', async () => {
  const replicate = ['CreateRepository', 'GetAuthorizationToken', 'ReplicateImage'];

  expect(await allowed('replicas', repositoryArn('platform/web', recovery.account, recovery.region))).toEqual({
    ...nothing,
    ...logins,
    'Standby-TaskExecutionRole': PULL,
    'Recovery-ReplicasTemplatesplatformRole': ['CreateRepository', 'ReplicateImage', 'TagResource'],
    'the administrator of tooling': replicate,
    'the administrator of production and recovery': everything,
  });
});

test('a base image comes through the cache for the builds alone, in a repository that the template of the cache makes', async () => {
  expect(await allowed('caches', repositoryArn('docker-hub/library/nginx', tooling.account, tooling.region))).toEqual({
    ...nothing,
    ...logins,
    'Build-Role': IMPORT,
    'Build-DockerHubTemplateRole': ['CreateRepository', 'ReplicateImage', 'TagResource'],
    'the administrator of tooling': everything,
  });
});

test('another repository of tooling is out of reach for all of them', async () => {
  expect(await allowed('other repositories', repositoryArn('finance/ledger', tooling.account, tooling.region))).toEqual({
    ...nothing, ...logins, 'the administrator of tooling': everything,
  });
});

test('through the endpoints of a workload images come in, and nothing goes out', async () => {
  const through = (caller: Caller): Caller => ({ ...caller, via: `${staging.account}/ecr.dkr` });

  expect(await matrix({
    title: 'the platform, through the endpoints of staging',
    world,
    repository: repositoryArn('platform/web', tooling.account, tooling.region),
    callers: {
      'the workload': through(roles['Staging-TaskExecutionRole']),
      'the workload of production': through(roles['Production-TaskExecutionRole']),
      'the administrator of staging': through(administrator(staging.account)),
      'the administrator of tooling': through(administrator(tooling.account)),
      'a stranger': through(administrator(STRANGER)),
    },
  })).toEqual({
    'the workload': PULL, 'the workload of production': [], 'the administrator of staging': PULL, 'the administrator of tooling': [], 'a stranger': [],
  });
});
