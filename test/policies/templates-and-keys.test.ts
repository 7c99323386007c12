import { App, type Stack } from 'aws-cdk-lib';
import { RepositoryTemplate, SecureRepository, TemplateUse } from '../../lib';
import {
  administrator, COLLEAGUE, definedRole, Evaluator, GRANTED, matrix, nobody, ORGANIZATIONS, OWNER, REGION, repositoryArn, roleIn, service, stackOf,
  STRANGER, World,
} from './harness';

const KEY_ACTIONS = ['kms:CreateGrant', 'kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:PutKeyPolicy', 'kms:RetireGrant', 'kms:ScheduleKeyDeletion'];

function world(define: (stack: Stack) => void): World {
  const app = new App();
  define(stackOf(app, OWNER));
  return World.of(app);
}

describe('the key that the repositories of a stack share', () => {
  const it = world(stack => new SecureRepository(stack, 'Api', { repositoryName: 'team/api' }).grants.pull(roleIn(stack, 'puller')));
  const [{ of: key }] = it.policies.filter(({ kind }) => kind === 'key');
  const evaluator = new Evaluator(it, ORGANIZATIONS);

  test('is in the hands of its account, as far as identity policies go', async () => {
    for (const action of KEY_ACTIONS) {
      expect([action, await evaluator.allows(administrator(OWNER), action, key)]).toEqual([action, true]);
      expect([action, await evaluator.allows(nobody(OWNER), action, key)]).toEqual([action, false]);
    }
  });

  test.each([
    ['another account of the organization', administrator(COLLEAGUE)],
    ['another organization', administrator(STRANGER)],
    ['a role that pulls: Amazon ECR decrypts for it', definedRole(it.role('puller'))],
    ['Amazon ECR for another account', service('ecr.amazonaws.com', repositoryArn('x', STRANGER))],
  ])('is of no use to %s', async (_, caller) => {
    for (const action of KEY_ACTIONS) {
      expect([action, await evaluator.allows(caller, action, key)]).toEqual([action, false]);
    }
  });

  test('is lost without its policy, even to administrators', async () => {
    const without = new Evaluator(it.without('key').with({ kind: 'key', of: key, document: { Statement: [] } }));

    expect(await without.allows(administrator(OWNER), 'kms:CreateGrant', key)).toBe(false);
  });
});

describe('the role of a RepositoryTemplate', () => {
  const it = world(stack => new RepositoryTemplate(stack, 'Template', {
    prefix: 'cache',
    appliedFor: [TemplateUse.PULL_THROUGH_CACHE],
    resourceTags: { team: 'platform' },
  }));
  const [role] = it.roles;
  const [{ of: key }] = it.policies.filter(({ kind }) => kind === 'key');
  const evaluator = new Evaluator(it, ORGANIZATIONS);
  const create = ['CreateRepository', 'ReplicateImage', 'TagResource'];

  test('creates and tags repositories below the prefix, and nothing else', async () => {
    for (const [name, allowed] of [['cache/nginx', create], ['cache/library/nginx', create], ['cached/nginx', []], ['nginx', []]] as const) {
      expect(await matrix({ title: 'the role of a template', world: it, repository: repositoryArn(name), callers: { role: definedRole(role) } })).toEqual({
        role: allowed,
      });
    }
  });

  test('uses the key through Amazon ECR of its Region only', async () => {
    const through = (host?: string) => definedRole(role, { context: host === undefined ? {} : { 'kms:ViaService': host } });

    for (const action of ['kms:CreateGrant', 'kms:DescribeKey', 'kms:RetireGrant']) {
      expect([action, await evaluator.allows(through(`ecr.${REGION}.amazonaws.com`), action, key)]).toEqual([action, true]);
      expect([action, await evaluator.allows(through('ecr.us-east-1.amazonaws.com'), action, key)]).toEqual([action, false]);
      expect([action, await evaluator.allows(through(`s3.${REGION}.amazonaws.com`), action, key)]).toEqual([action, false]);
      expect([action, await evaluator.allows(through(), action, key)]).toEqual([action, false]);
    }
    expect(await evaluator.allows(through(`ecr.${REGION}.amazonaws.com`), 'kms:Decrypt', key)).toBe(false);
  });

  test('can be assumed by Amazon ECR, and by nobody else', async () => {
    expect(await evaluator.trusts(role, { principal: 'ecr.amazonaws.com' })).toBe(true);
    for (const caller of [
      { principal: 'lambda.amazonaws.com' },
      { principal: 'replication.ecr.amazonaws.com' },
      administrator(GRANTED),
      administrator(STRANGER),
      administrator(OWNER),
    ]) {
      expect([caller.principal, await evaluator.trusts(role, caller)]).toEqual([caller.principal, false]);
    }
  });
});
