import { EcrChecks } from '../../lib';
import { add, found, newStack } from './fixtures';

describe('broadPermissions', () => {
  const document = (Action: string | string[], Resource: unknown = '*', Effect = 'Allow') => ({ Statement: [{ Effect, Action, Resource }] });

  function inRole(PolicyDocument: object): string[] {
    const stack = newStack();
    add(stack, 'Policy', 'AWS::IAM::Policy', { PolicyDocument, PolicyName: 'policy' });
    return found(stack);
  }

  test.each(['ecr:*', 'ECR:*', 'ecr:**', 'ecr:?*'])('finds %s', action => {
    expect(inRole(document(action, 'arn:aws:ecr:eu-west-1:111122223333:repository/team/api'))).toEqual([expect.stringContaining(`must name actions of Amazon ECR, got "${action}"`)]);
    expect(inRole(document(action))).toHaveLength(1);
  });

  test.each(['ecr:PutImage', 'ecr:Put*', 'ecr:BatchDeleteImage', 'ecr:Delete*', 'ecr:SetRepositoryPolicy', 'ecr:??tImage'])('finds %s on every repository', action => {
    expect(inRole(document(['ecr:BatchGetImage', action]))).toEqual([expect.stringContaining(`must name the repositories for "${action}", got the resource "*"`)]);
    expect(inRole(document(action, ['arn:aws:s3:::bucket', '*']))).toHaveLength(1);
    expect(inRole(document(action, 'arn:aws:ecr:eu-west-1:111122223333:repository/*'))).toHaveLength(1);
    expect(inRole(document(action, { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ecr:*:*:repository/*']] }))).toHaveLength(1);
    expect(inRole(document(action, { 'Fn::Sub': 'arn:${AWS::Partition}:ecr:*:*:*' }))).toHaveLength(1);
    expect(inRole(document(action, 'arn:aws:ecr:eu-west-1:111122223333:repository/team/*'))).toEqual([]);
    expect(inRole(document(action, { 'Fn::GetAtt': ['Api', 'Arn'] }))).toEqual([]);
    expect(inRole(document(action, '*', 'Deny'))).toEqual([]);
  });

  test('lets the tags of repositories decide', () => {
    const statement = { Effect: 'Allow', Action: 'ecr:PutImage', Resource: '*' };
    expect(inRole({ Statement: [{ ...statement, Condition: { StringEquals: { 'aws:ResourceTag/team': 'api' } } }] })).toEqual([]);
    expect(inRole({ Statement: [{ ...statement, Condition: { StringEquals: { 'ecr:ResourceTag/team': 'api' } } }] })).toEqual([]);
    expect(inRole({ Statement: [{ ...statement, Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } } }] })).toHaveLength(1);
  });

  test('names a resource once, and which of its policies', () => {
    const stack = newStack();
    add(stack, 'Role', 'AWS::IAM::Role', {
      Policies: [{ PolicyDocument: document('ecr:*') }, { PolicyDocument: document('s3:*') }, { PolicyDocument: { Statement: [...document('ecr:*').Statement, ...document('ecr:*').Statement] } }],
    });
    const { violations } = new EcrChecks().validateScope(stack);
    expect(violations.map(({ description, violatingResources }) => [/^'([^']*)'/.exec(description)?.[1], violatingResources.length])).toEqual([
      ['Policies[0].PolicyDocument', 1], ['Policies[2].PolicyDocument', 1],
    ]);
  });

  test.each(['ecr:GetAuthorizationToken', 'ecr:BatchGetImage', 'ecr:Describe*', '*', 's3:PutObject'])('lets %s pass', action => {
    expect(inRole(document(action))).toEqual([]);
  });

  test.each<[string, object]>([
    ['AWS::IAM::ManagedPolicy', { PolicyDocument: document('ecr:*') }],
    ['AWS::IAM::RolePolicy', { PolicyDocument: document('ecr:*') }],
    ['AWS::IAM::Role', { Policies: [{ PolicyName: 'a', PolicyDocument: document('ecr:*') }] }],
    ['AWS::IAM::User', { Policies: [{ PolicyName: 'a', PolicyDocument: document('ecr:*') }] }],
    ['AWS::IAM::Group', { Policies: [{ PolicyName: 'a', PolicyDocument: document('ecr:*') }] }],
    ['AWS::ECR::RegistryPolicy', { PolicyText: document('ecr:*') }],
  ])('looks into %s', (type, properties) => {
    const stack = newStack();
    add(stack, 'Resource', type, properties);
    expect(found(stack)).toEqual([expect.stringMatching(/^broadPermissions/)]);
  });

  test('lets the pushes of a registry policy be for every repository, as replication needs it', () => {
    const stack = newStack();
    add(stack, 'Policy', 'AWS::ECR::RegistryPolicy', { PolicyText: document('ecr:PutImage') });
    expect(found(stack)).toEqual([]);
  });
});
