import { App, Aws, CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as signer from 'aws-cdk-lib/aws-signer';
import { policyLength } from '../../../lib/private/policy/policy-length';

const env = { account: '111122223333', region: 'eu-central-1' };
const stack = new Stack(new App(), 'Stack', { env });
const near = new Stack(stack.node.root, 'Near', { env });
const anywhere = new Stack(stack.node.root, 'Anywhere');

/** The length of a policy with a resource, less that of one with an empty resource. */
function lengthOf(resource: string, scope: Stack = stack): number {
  const length = (text: string): number => policyLength(scope, new iam.PolicyDocument({
    statements: [new iam.PolicyStatement({ actions: ['ecr:PutImage'], resources: [text] })],
  }));
  return length(resource) - length('x') + 1;
}

const assumedBy = new iam.ServicePrincipal('ec2.amazonaws.com');
const repository = new ecr.CfnRepository(stack, 'Api', { repositoryName: 'team/api' });
const role = new iam.CfnRole(stack, 'Role', { assumeRolePolicyDocument: {}, roleName: 'deploy' });

test.each<[string, string, string]>([
  ['a named repository', repository.attrArn, 'arn:aws:ecr:eu-central-1:111122223333:repository/team/api'],
  ['the name of a repository', repository.ref, 'team/api'],
  ['text around a reference', `arn:${Aws.PARTITION}:x:${repository.ref}/*`, 'arn:aws:x:team/api/*'],
  ['a repository without a name', new ecr.CfnRepository(stack, 'Unnamed').attrArn, 'arn:aws:ecr:eu-central-1:111122223333:repository/stack-unnamed-0123456789ab'],
  ['a repository with the name of a parameter', new ecr.CfnRepository(stack, 'Named', { repositoryName: new CfnParameter(stack, 'Name').valueAsString }).attrArn,
    'arn:aws:ecr:eu-central-1:111122223333:repository/stack-named-0123456789ab'],
  ['a repository of an unknown account', new ecr.CfnRepository(anywhere, 'Api', { repositoryName: 'team/api' }).attrArn, 'arn:aws:ecr:us-east-1:111122223333:repository/team/api'],
  ['a role without a name', new iam.CfnRole(stack, 'Unnamed2', { assumeRolePolicyDocument: {} }).attrArn, 'arn:aws:iam::111122223333:role/Stack-Unnamed2-0123456789ab'],
  ['a role with a long id', new iam.CfnRole(stack, 'R'.repeat(90), { assumeRolePolicyDocument: {} }).attrArn, `arn:aws:iam::111122223333:role/${'r'.repeat(64)}`],
  ['a role', role.attrArn, 'arn:aws:iam::111122223333:role/deploy'],
  ['a user', new iam.CfnUser(stack, 'User', { userName: 'deploy' }).attrArn, 'arn:aws:iam::111122223333:user/deploy'],
  ['a key', new kms.CfnKey(stack, 'Key').attrArn, 'arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555'],
  ['a signing profile', new signer.CfnSigningProfile(stack, 'Profile', { platformId: 'x', profileName: 'release' }).ref, 'arn:aws:signer:eu-central-1:111122223333:/signing-profiles/release'],
  ['an attribute that is no ARN', role.attrRoleId, ''],
  ['a list that only the deployment knows', Fn.select(0, Fn.split('/', new CfnParameter(stack, 'List').valueAsString)), ''],
])('%s counts as what it becomes', (_, resource, text) => {
  expect(lengthOf(resource)).toBe(text.length);
});

test('counts a repository of another stack alike', () => {
  const other = new ecr.Repository(near, 'Api', { repositoryName: 'team/other' });

  expect(lengthOf(other.repositoryArn)).toBe('arn:aws:ecr:eu-central-1:111122223333:repository/team/other'.length);
});

test('knows the name of a construct of the CDK', () => {
  expect(lengthOf(new iam.Role(stack, 'Construct', { assumedBy, roleName: 'ci' }).roleArn)).toBe('arn:aws:iam::111122223333:role/ci'.length);
});
