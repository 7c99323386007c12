import { App, CfnResource, Fn } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { administrator, definedRole, Evaluator, GRANTED, nobody, OWNER, repositoryArn, roleIn, type Statement, stackOf, table, World } from './harness';

const images = repositoryArn('team/api');
const pull = { Effect: 'Allow', Action: ['ecr:BatchGetImage'] };
const account = { Principal: { AWS: `arn:aws:iam::${GRANTED}:root` } };

function evaluator(...Statement: Statement[]): Evaluator {
  return new Evaluator(World.of(new App()).with({ kind: 'repository', of: images, document: { Statement } }));
}

describe('the evaluator answers as AWS documents it', () => {
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
  test('across accounts both sides are needed', async () => {
    expect(await evaluator({ ...pull, ...account }).allows(administrator(GRANTED), 'ecr:BatchGetImage', images)).toBe(true);
    expect(await evaluator({ ...pull, ...account }).allows(nobody(GRANTED), 'ecr:BatchGetImage', images)).toBe(false);
    expect(await evaluator().allows(administrator(GRANTED), 'ecr:BatchGetImage', images)).toBe(false);
  });

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
  test('in one account either side is enough', async () => {
    const role = `arn:aws:iam::${OWNER}:role/nobody`;

    expect(await evaluator().allows(administrator(OWNER), 'ecr:BatchGetImage', images)).toBe(true);
    expect(await evaluator({ ...pull, Principal: { AWS: role } }).allows(nobody(OWNER), 'ecr:BatchGetImage', images)).toBe(true);
    expect(await evaluator().allows(nobody(OWNER), 'ecr:BatchGetImage', images)).toBe(false);
  });

  // https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html
  test('a deny beats every allow', async () => {
    const onlyThroughTheEndpoint = { Effect: 'Deny', Principal: '*', Action: 'ecr:*', Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } } };
    const it = evaluator({ ...pull, ...account }, onlyThroughTheEndpoint);

    expect(await it.allows(administrator(GRANTED, { context: { 'aws:SourceVpce': 'vpce-1' } }), 'ecr:BatchGetImage', images)).toBe(true);
    expect(await it.allows(administrator(GRANTED, { context: { 'aws:SourceVpce': 'vpce-2' } }), 'ecr:BatchGetImage', images)).toBe(false);
    expect(await it.allows(administrator(OWNER), 'ecr:BatchGetImage', images)).toBe(false);
  });

  test('the registry policy counts as much as the repository policy', async () => {
    const registry = { kind: 'registry' as const, of: `${OWNER}/eu-west-1`, document: { Statement: [{ ...pull, ...account, Resource: images }] } };
    const it = new Evaluator(World.of(new App()).with(registry));

    expect(await it.allows(administrator(GRANTED), 'ecr:BatchGetImage', images)).toBe(true);
    expect(await it.allows(administrator(GRANTED), 'ecr:BatchGetImage', repositoryArn('other'))).toBe(false);
  });
});

describe('a policy that cannot be judged stops the test', () => {
  test('because it is no policy', async () => {
    await expect(evaluator({ Effect: 'Perhaps', Action: 'ecr:*' }).allows(administrator(GRANTED), 'ecr:BatchGetImage', images)).rejects.toThrow('Effect must be present');
  });

  test('because it asks for a key that the action does not have', async () => {
    const condition = { Condition: { StringEquals: { 'kms:ViaService': 'ecr' } } };
    const caller = administrator(GRANTED, { context: { 'kms:ViaService': 'ecr' } });

    await expect(evaluator({ ...pull, ...account, ...condition }).allows(caller, 'ecr:BatchGetImage', images))
      .rejects.toThrow('ecr:BatchGetImage does not know kms:ViaService');
  });

  test('because it depends on something unknown', () => {
    const app = new App();
    const stack = stackOf(app, OWNER);
    const { attrArn } = new ecr.CfnRepository(stack, 'Api', { repositoryPolicyText: { Statement: [{ Principal: Fn.cidr('10.0.0.0/16', 1) }] } });

    expect(attrArn).toBeDefined();
    expect(() => World.of(app)).toThrow('depends on something unknown');
  });
});

test('the world knows roles and their policies, wherever the templates have them', async () => {
  const app = new App();
  const stack = stackOf(app, OWNER);
  const statement = (action: string) => new iam.PolicyStatement({ actions: [action], resources: [images] });
  const role = new iam.Role(stack, 'Role', {
    roleName: 'one',
    path: '/team/',
    assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com'),
    inlinePolicies: { inline: new iam.PolicyDocument({ statements: [statement('ecr:PutImage')] }) },
    managedPolicies: [new iam.ManagedPolicy(stack, 'Managed', { statements: [statement('ecr:ListImages')] })],
  });
  role.addToPolicy(statement('ecr:BatchGetImage'));
  new iam.ManagedPolicy(stack, 'Attached', { statements: [statement('ecr:DescribeImages')], roles: [role] });
  const world = World.of(app);
  const it = new Evaluator(world);

  expect(world.role('one').arn).toBe(`arn:aws:iam::${OWNER}:role/team/one`);
  for (const action of ['BatchGetImage', 'DescribeImages', 'ListImages', 'PutImage']) {
    expect([action, await it.allows(definedRole(world.role('one')), `ecr:${action}`, images)]).toEqual([action, true]);
  }
  expect(await it.allows(definedRole(world.role('one')), 'ecr:DeleteRepository', images)).toBe(false);
  expect(() => world.role('two')).toThrow('no role two, but one');
});

test('the world gives intrinsic functions their values, across stacks', () => {
  const app = new App();
  const producer = stackOf(app, OWNER, 'Producer');
  const consumer = stackOf(app, OWNER, 'Consumer');
  const role = roleIn(producer, 'producer');
  const repository = new ecr.Repository(producer, 'Api');
  new ecr.CfnRegistryPolicy(consumer, 'Policy', {
    policyText: {
      Statement: [{
        Effect: 'Allow',
        Principal: { AWS: role.roleArn },
        Action: Fn.select(1, Fn.split(',', 'ecr:PutImage,ecr:BatchGetImage')),
        Resource: [repository.repositoryArn, Fn.sub('arn:${AWS::Partition}:ecr:${AWS::Region}:${AWS::AccountId}:repository/${Name}', { Name: 'x' })],
      }],
    },
  });
  new CfnResource(consumer, 'Other', { type: 'AWS::ECR::RegistryScanningConfiguration', properties: { Rules: Fn.getAzs() } });

  expect(World.of(app).documents('registry', `${OWNER}/eu-west-1`)).toEqual([{
    Statement: [{
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${OWNER}:role/producer` },
      Action: 'ecr:BatchGetImage',
      Resource: [expect.stringMatching(/^arn:aws:ecr:eu-west-1:111111111111:repository\/producer-api/), `arn:aws:ecr:eu-west-1:${OWNER}:repository/x`],
    }],
  }]);
});

test('the table has a column for each caller and a row for each action that some of them may do', () => {
  expect(table('pulls', images, { admin: ['A', 'B', 'C'], puller: ['B'], nobody: [] }, ['A', 'B', 'C'])).toBe([
    '',
    `pulls: ${images}`,
    '  1  admin, who may do everything',
    '  2  puller',
    '  3  nobody',
    '     1  2  3',
    '  B  x  x  .',
    '  the other 2  x  .  .',
    '',
  ].join('\n'));
});
