import { App, CfnParameter, Stack, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { RegistryPolicy, ReplicationDestination, ReplicationSource } from '../../lib';

const ENV = { account: '111122223333', region: 'eu-west-1' };
const TYPE = 'AWS::ECR::RegistryPolicy';

let stack: Stack;

beforeEach(() => {
  stack = new Stack(new App(), 'Registry', { env: ENV });
});

function statement(props: iam.PolicyStatementProps = {}): iam.PolicyStatement {
  return new iam.PolicyStatement({
    principals: [new iam.AccountPrincipal('444455556666')],
    actions: ['ecr:BatchGetImage'],
    resources: ['*'],
    ...props,
  });
}

function rendered(): unknown[] {
  return Object.values(Template.fromStack(stack).findResources(TYPE)).flatMap(it => it.Properties.PolicyText.Statement);
}

function warnings(): string[] {
  return Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data as string);
}

describe('RegistryPolicy', () => {
  test('adds statements to the one policy of the stack', () => {
    const policy = new RegistryPolicy(stack, 'Mine', { statements: [statement()] });
    policy.addStatement(statement({ actions: ['ecr:ReplicateImage'], resources: ['arn:aws:ecr:eu-west-1:111122223333:repository/prod/*'] }));

    Template.fromStack(stack).resourceCountIs(TYPE, 1);
    expect(rendered()).toMatchObject([
      { Action: 'ecr:BatchGetImage', Resource: '*' },
      { Action: 'ecr:ReplicateImage', Resource: 'arn:aws:ecr:eu-west-1:111122223333:repository/prod/*' },
    ]);
  });

  test('shares the policy with a replication destination and a second one', () => {
    const [first, second] = ['First', 'Second'].map(id => new RegistryPolicy(stack, id, { statements: [statement({ sid: id })] }));
    const { registryPolicy } = new ReplicationDestination(stack, 'Replicas', { sources: [ReplicationSource.account('777788889999', ['prod/'])] });

    expect(rendered()).toHaveLength(3);
    expect(first.policy).toBe(second.policy);
    expect(registryPolicy).toBe(first.policy);
  });

  test('makes nothing without statements', () => {
    const { policy } = new RegistryPolicy(stack, 'Mine');

    expect(policy).toBeUndefined();
    Template.fromStack(stack).resourceCountIs(TYPE, 0);
  });

  test('takes tokens as account, action and resource', () => {
    const [account, action, resource] = ['Account', 'Action', 'Resource'].map(id => new CfnParameter(stack, id).valueAsString);

    new RegistryPolicy(stack, 'Mine', {
      statements: [statement({ principals: [new iam.AccountPrincipal(account)], actions: [action], resources: [resource] })],
    });

    expect(rendered()).toMatchObject([{ Action: { Ref: 'Action' }, Resource: { Ref: 'Resource' } }]);
    expect(warnings()).toEqual([]);
  });

  test('takes an organization', () => {
    new RegistryPolicy(stack, 'Mine', { statements: [statement({ principals: [new iam.OrganizationPrincipal('o-a1b2c3d4e5')] })] });

    expect(rendered()).toMatchObject([{ Principal: { AWS: '*' }, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }]);
  });

  test('lets a denial be for everybody', () => {
    expect(() => new RegistryPolicy(stack, 'Mine', {
      statements: [statement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['ecr:DeleteRepository'] })],
    })).not.toThrow();
  });

  test.each<[string, iam.PolicyStatementProps, string]>([
    ['no principal', { principals: [] },
      "'statements[0]' must have 'principals', got none; use an account such as new AccountPrincipal('111122223333')"],
    ['no actions', { actions: [] }, "'statements[0]' must have 'actions', got none; use names such as 'ecr:ReplicateImage'"],
    ['all actions but one', { actions: undefined, notActions: ['ecr:DeleteRepository'] }, "'statements[0]' must have 'actions', got none"],
    ['no resource', { resources: [] }, "'statements[0]' must have 'resources', got none; use ARNs of repositories of this registry, or '*' for all repositories"],
    ['actions of another service', { actions: ['ecr:BatchGetImage', 's3:GetObject'] },
      "'statements[0]' must be actions of Amazon ECR, got \"s3:GetObject\", which has no effect in a registry policy"],
    ['a login', { actions: ['ecr:getAuthorizationToken'] },
      "'statements[0]' must not include \"ecr:GetAuthorizationToken\", which a registry policy cannot allow; allow it in an identity policy"],
    ['everybody', { principals: [new iam.AnyPrincipal()] },
      "'statements[0]' must not allow the principal '*' without a condition on its organization, account or ARN: any AWS account could use the registry; name accounts"],
    ['everybody but one', { principals: [], notPrincipals: [new iam.AccountPrincipal('444455556666')] }, "'statements[0]' must not allow all principals except a 'NotPrincipal'"],
  ])('fails with %s', (_, props, message) => {
    expect(() => new RegistryPolicy(stack, 'Mine', { statements: [statement(props)] })).toThrow(message);
  });

  test('fails with a statement that is added later, and does not add it', () => {
    const policy = new RegistryPolicy(stack, 'Mine');

    expect(() => policy.addStatement(statement({ principals: [new iam.AnyPrincipal()] }))).toThrow("'statement' must not allow the principal '*'");
    expect(policy.policy).toBeUndefined();
  });

  test('reports all problems at once', () => {
    expect(() => new RegistryPolicy(stack, 'Mine', { statements: [statement({ resources: [] }), statement({ principals: [] })] }))
      .toThrow(/'statements\[0\]'.*\n'statements\[1\]'/);
  });

  test('fails in a second stack of the same account and Region', () => {
    new RegistryPolicy(stack, 'Mine', { statements: [statement()] });

    expect(() => new RegistryPolicy(new Stack(stack.node.root as App, 'Two', { env: ENV }), 'Theirs', { statements: [statement()] }))
      .toThrow("'Registry/Mine' and 'Two/Theirs' both define the registry policy of account 111122223333 in eu-west-1");
  });

  test.each(['ecr:*', 'ECR:*', '*', 'ecr:**'])('warns when a statement allows %s', action => {
    const policy = new RegistryPolicy(stack, 'Mine', { statements: [statement({ actions: [action] })] });
    const id = 'cdk-secure-ecr:RegistryPolicy.allActions';

    expect(warnings()).toEqual([expect.stringContaining('a statement allows every action of Amazon ECR')]);
    Validations.of(policy).acknowledge({ id, reason: 'our own account' });
    expect(warnings()).toEqual([]);
  });

  test.each(['ecr:*', '*', 'ecr:Put*', 'ecr:*Scanning*', 'ecr:putregistryscanningconfiguration'])('warns when a statement denies %s', action => {
    const policy = new RegistryPolicy(stack, 'Mine', { statements: [statement({ effect: iam.Effect.DENY, actions: [action] })] });
    const id = 'cdk-secure-ecr:RegistryPolicy.deniesScanning';

    expect(warnings()).toEqual([expect.stringContaining("a statement denies 'ecr:PutRegistryScanningConfiguration'")]);
    Validations.of(policy).acknowledge({ id, reason: 'no Amazon Inspector' });
    expect(warnings()).toEqual([]);
  });

  test.each([
    [iam.Effect.ALLOW, 'ecr:Batch*'],
    [iam.Effect.ALLOW, 'ecr:PutRegistryScanningConfiguration'],
    [iam.Effect.DENY, 'ecr:PutImage'],
    [iam.Effect.DENY, 'ecr:*Image'],
  ])('does not warn about %s of %s', (effect, action) => {
    new RegistryPolicy(stack, 'Mine', { statements: [statement({ effect, actions: [action] })] });

    expect(warnings()).toEqual([]);
  });
});
