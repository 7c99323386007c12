import { EcrChecks } from '../../lib';
import { add, found, foundIn, newStack } from './fixtures';

describe('broadPermissions', () => {
  const document = (Action: string | string[], Resource: unknown = '*', Effect = 'Allow') => ({ Statement: [{ Effect, Action, Resource }] });

  function inRole(PolicyDocument: object): string[] {
    const stack = newStack();
    add(stack, 'Policy', 'AWS::IAM::Policy', { PolicyDocument, PolicyName: 'policy' });
    return found(stack);
  }

  function foundFor(type: string, properties: object): string[] {
    const stack = newStack();
    add(stack, 'Resource', type, properties);
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

  test.each<[string, string, object, string]>([
    ['an inline policy of a permission set', 'AWS::SSO::PermissionSet', { InlinePolicy: document('ecr:*') }, 'InlinePolicy'],
    ['a policy of a function of AWS SAM', 'AWS::Serverless::Function', { Policies: [document('ecr:*')] }, 'Policies[0]'],
    ['the only policy of a function of AWS SAM', 'AWS::Serverless::Function', { Policies: document('ecr:*') }, 'Policies[0]'],
    ['a managed policy of a role', 'AWS::IAM::Role', { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryFullAccess'] }, 'ManagedPolicyArns[0]'],
    ['a managed policy of a permission set', 'AWS::SSO::PermissionSet', { ManagedPolicies: ['arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPowerUser'] }, 'ManagedPolicies[0]'],
    ['the name of a managed policy', 'AWS::Serverless::Function', { Policies: 'AmazonElasticContainerRegistryPublicFullAccess' }, 'Policies[0]'],
  ])('finds %s', (_, type, properties, path) => {
    expect(foundFor(type, properties)).toEqual([expect.stringMatching(new RegExp(`^broadPermissions: '${path.replace(/[[\]]/g, '\\$&')}' must `))]);
  });

  test.each<[string, string, object]>([
    ['a managed policy for pulls', 'AWS::IAM::Role', { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly'] }],
    ['a managed policy of a token', 'AWS::IAM::Role', { ManagedPolicyArns: [{ Ref: 'Policy' }] }],
    ['a policy template of AWS SAM', 'AWS::Serverless::Function', { Policies: [{ S3ReadPolicy: { BucketName: 'bucket' } }] }],
    ['the policies of another type', 'AWS::S3::Bucket', { PolicyDocument: document('ecr:*') }],
  ])('ignores %s', (_, type, properties) => {
    expect(foundFor(type, properties)).toEqual([]);
  });

  test.each<[string, object]>([
    ['every resource', { NotAction: 's3:*', Resource: '*' }],
    ['repositories', { NotAction: ['s3:*', 'ecr:DeleteRepository'], Resource: 'arn:aws:ecr:*:*:repository/team/*' }],
    ['every resource but some', { NotAction: 'iam:*', NotResource: 'arn:aws:s3:::bucket' }],
  ])('finds all actions but some for %s', (_, statement) => {
    expect(inRole({ Statement: [{ Effect: 'Allow', ...statement }] })).toEqual([expect.stringContaining('must name actions of Amazon ECR, got all but [')]);
  });

  test('finds all actions but some in a policy of a repository, which needs no resource', () => {
    expect(foundIn({ RepositoryPolicyText: { Statement: [{ Effect: 'Allow', Principal: { AWS: '111122223333' }, NotAction: 'ecr:DeleteRepository' }] } }))
      .toContainEqual(expect.stringContaining('broadPermissions: \'RepositoryPolicyText\' must name actions of Amazon ECR, got all but ["ecr:DeleteRepository"]'));
  });

  test.each<[string, object]>([
    ['those of Amazon ECR', { NotAction: ['iam:*', 'ecr:*'], Resource: '*' }],
    ['some for another service', { NotAction: 's3:DeleteBucket', Resource: 'arn:aws:s3:::bucket' }],
  ])('ignores all actions but %s', (_, statement) => {
    expect(inRole({ Statement: [{ Effect: 'Allow', ...statement }] })).toEqual([]);
  });

  test.each(['ecr:PutRegistryPolicy', 'ecr:DeleteRegistryPolicy', 'ecr:PutRegistryScanningConfiguration', 'ecr:PutReplicationConfiguration'])('finds %s, a setting of the registry', action => {
    expect(inRole(document(action))).toEqual([expect.stringContaining(`must not include "${action}", which changes a setting of the whole registry and is for administrators`)]);
    expect(inRole(document(action, 'arn:aws:ecr:eu-west-1:111122223333:repository/team/api'))).toEqual([]);
  });

  test('finds a change of every repository but some', () => {
    expect(inRole({ Statement: [{ Effect: 'Allow', Action: 'ecr:PutImage', NotResource: 'arn:aws:ecr:*:*:repository/team/*' }] }))
      .toEqual([expect.stringContaining('must name the repositories for "ecr:PutImage", got the resource "all but ')]);
  });

  test.each<[string, object]>([
    ['may be missing', { StringEqualsIfExists: { 'aws:ResourceTag/team': 'api' } }],
    ['may be an empty list', { 'ForAllValues:StringEquals': { 'aws:ResourceTag/team': ['api'] } }],
    ['must be different', { StringNotEquals: { 'aws:ResourceTag/team': 'api' } }],
    ['may have any value', { StringLike: { 'aws:ResourceTag/team': '*' } }],
    ['belong to the request', { StringEquals: { 'aws:RequestTag/team': 'api' } }],
    ['have an operator that does not exist', { Equals: { 'aws:ResourceTag/team': 'api' } }],
    ['have no keys', { StringEquals: null }],
  ])('finds a change of every repository whose tags %s', (_, Condition) => {
    expect(inRole({ Statement: [{ Effect: 'Allow', Action: 'ecr:PutImage', Resource: '*', Condition }] })).toContainEqual(expect.stringContaining('must name the repositories for "ecr:PutImage"'));
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
