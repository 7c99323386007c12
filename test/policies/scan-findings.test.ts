import { App } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { ScanFindings } from '../../lib';
import {
  administrator, type Caller, COLLEAGUE, definedRole, Evaluator, matrix, nobody, ORGANIZATIONS, OWNER, REGION, repositoryArn, roleIn, service,
  stackOf, STRANGER, World,
} from './harness';

const KEY_ACTIONS = ['kms:CreateGrant', 'kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion'];
const TLS = { context: { 'aws:SecureTransport': 'true' } };
const PLAIN = { context: { 'aws:SecureTransport': 'false' } };

const ruleArn = (account = OWNER, region = REGION): string => `arn:aws:events:${region}:${account}:rule/Stack1-FindingsBasicRule`;
const overTls = ({ context, ...caller }: Caller): Caller => ({ ...caller, context: { ...context, ...TLS.context } });

function worldOf(): World {
  const app = new App();
  const stack = stackOf(app, OWNER);
  new ScanFindings(stack, 'Findings');
  new ScanFindings(stack, 'Others');
  roleIn(stack, 'bystander');
  return World.of(app);
}

const world = worldOf();
const evaluator = new Evaluator(world, ORGANIZATIONS);
const the = (kind: string, id: string): string => world.policies.find(({ kind: it, of }) => it === kind && of.includes(`Stack1-${id}`))!.of;
const roleOf = (id: string) => world.roles.find(({ name }) => name.startsWith(`Stack1-${id}Role`))!;
const [topic, key, role] = [the('topic', 'FindingsTopic'), the('key', 'FindingsKey'), roleOf('Findings')];

describe('the topic of ScanFindings', () => {
  const publishes = (caller: Caller): Promise<boolean> => evaluator.allows(caller, 'sns:Publish', topic);

  test('gets messages from its role, over TLS', async () => {
    expect(await publishes(definedRole(role, TLS))).toBe(true);
    expect(await publishes(definedRole(role, PLAIN))).toBe(false);
  });

  test.each<[string, Caller]>([
    ['an administrator of its account', administrator(OWNER, TLS)],
    ['an administrator of its account without TLS', administrator(OWNER, PLAIN)],
    ['the role of other findings', definedRole(roleOf('Others'), TLS)],
    ['a role beside it', definedRole(world.role('bystander'), TLS)],
    ['nobody', nobody(OWNER, TLS)],
    ['another account of the organization', administrator(COLLEAGUE, TLS)],
    ['another organization', administrator(STRANGER, TLS)],
    ['Amazon EventBridge without the role', overTls(service('events.amazonaws.com', ruleArn()))],
    ['Amazon EventBridge for another account', overTls(service('events.amazonaws.com', ruleArn(STRANGER)))],
    ['Amazon CloudWatch', overTls(service('cloudwatch.amazonaws.com', `arn:aws:cloudwatch:${REGION}:${OWNER}:alarm:x`))],
  ])('gets none from %s', async (_, caller) => {
    expect(await publishes(caller)).toBe(false);
  });

  test('can be subscribed to in its account, by whoever may', async () => {
    for (const action of ['sns:Subscribe', 'sns:GetTopicAttributes', 'sns:ListSubscriptionsByTopic']) {
      expect([action, await evaluator.allows(administrator(OWNER), action, topic)]).toEqual([action, true]);
      expect([action, await evaluator.allows(nobody(OWNER), action, topic)]).toEqual([action, false]);
      expect([action, await evaluator.allows(administrator(STRANGER), action, topic)]).toEqual([action, false]);
      expect([action, await evaluator.allows(definedRole(role), action, topic)]).toEqual([action, false]);
    }
  });
});

describe('the key of ScanFindings', () => {
  const usable = async (caller: Caller, of = key): Promise<string[]> => {
    const answers = await Promise.all(KEY_ACTIONS.map(action => evaluator.allows(caller, action, of)));
    return KEY_ACTIONS.filter((_, index) => answers[index]);
  };

  test('encrypts for the role what it publishes, and nothing else', async () => {
    expect(await usable(definedRole(role))).toEqual(['kms:Decrypt', 'kms:GenerateDataKey']);
  });

  test('is in the hands of its account, as far as identity policies go', async () => {
    expect(await usable(administrator(OWNER))).toEqual(KEY_ACTIONS);
  });

  test.each<[string, Caller]>([
    ['the role of other findings', definedRole(roleOf('Others'))],
    ['a role beside it', definedRole(world.role('bystander'))],
    ['nobody', nobody(OWNER)],
    ['another account of the organization', administrator(COLLEAGUE)],
    ['another organization', administrator(STRANGER)],
    ['Amazon EventBridge for another account', service('events.amazonaws.com', ruleArn(STRANGER))],
    ['Amazon SNS for another account', service('sns.amazonaws.com', `arn:aws:sns:${REGION}:${STRANGER}:x`)],
  ])('is of no use to %s', async (_, caller) => {
    expect(await usable(caller)).toEqual([]);
  });

  test('can be one of the account, which the role then uses alike', async () => {
    const app = new App();
    const stack = stackOf(app, OWNER);
    const encryptionKey = new kms.Key(stack, 'Mine');
    new ScanFindings(stack, 'Findings', { encryptionKey });
    const other = World.of(app);
    const [{ of }] = other.policies.filter(({ kind }) => kind === 'key');

    for (const action of KEY_ACTIONS) {
      const allowed = await new Evaluator(other).allows(definedRole(other.roles[0]), action, of);
      expect([action, allowed]).toEqual([action, ['kms:Decrypt', 'kms:GenerateDataKey'].includes(action)]);
    }
  });
});

describe('the role of ScanFindings', () => {
  test('is for rules of its account and Region', async () => {
    expect(await evaluator.trusts(role, service('events.amazonaws.com', ruleArn()))).toBe(true);
  });

  test.each<[string, Caller]>([
    ['rules of another account', service('events.amazonaws.com', ruleArn(STRANGER))],
    ['rules of another account of the organization', service('events.amazonaws.com', ruleArn(COLLEAGUE))],
    ['rules of another Region', service('events.amazonaws.com', ruleArn(OWNER, 'us-east-1'))],
    ['an event bus', service('events.amazonaws.com', `arn:aws:events:${REGION}:${OWNER}:event-bus/default`)],
    ['no rule', { principal: 'events.amazonaws.com' }],
    ['another service', service('lambda.amazonaws.com', ruleArn())],
    ['an administrator of its account', administrator(OWNER)],
    ['an administrator of another account', administrator(STRANGER)],
  ])('is not for %s', async (_, caller) => {
    expect(await evaluator.trusts(role, caller)).toBe(false);
  });

  test('has nothing to do with images', async () => {
    expect(await matrix({ title: 'the role of scan findings', world, repository: repositoryArn('team/api'), callers: { role: definedRole(role) } })).toEqual({ role: [] });
  });
});
