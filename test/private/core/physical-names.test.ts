import { App, CfnParameter, PhysicalName, Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import { SecureRepository } from '../../../lib';
import { isNameable, isUnnamed, ownResource } from '../../../lib/private/core/physical-names';

const ARN = 'arn:aws:ecr:eu-west-1:111111111111:repository/team/api';
const assumedBy = new iam.AccountRootPrincipal();

const stack = new Stack(new App(), 'Stack', { env: { account: '222222222222', region: 'eu-west-1' } });
const parameter = new CfnParameter(stack, 'Parameter').valueAsString;
const otherParameter = new CfnParameter(stack, 'OtherParameter').valueAsString;
const unnamed = new SecureRepository(stack, 'Unnamed');
const unnamedRole = new iam.Role(stack, 'UnnamedRole', { assumedBy });
const bare = new Construct(stack, 'Bare');
new ecr.CfnRepository(bare, 'Resource');
const lazyRole = new iam.LazyRole(stack, 'LazyRole', { assumedBy });
const namedLazyRole = new iam.LazyRole(stack, 'NamedLazyRole', { assumedBy, roleName: 'lazy' });
[lazyRole, namedLazyRole].forEach(role => role.policyFragment);

describe('isNameable', () => {
  test.each<[string, IConstruct]>([
    ['a repository with a name', new SecureRepository(stack, 'Named', { repositoryName: 'team/api' })],
    ['a repository that the CDK names on demand', new SecureRepository(stack, 'OnDemand', { repositoryName: PhysicalName.GENERATE_IF_NEEDED })],
    ['a repository of the CDK that it names on demand', new ecr.Repository(stack, 'OnDemandOfCdk', { repositoryName: PhysicalName.GENERATE_IF_NEEDED })],
    ['an imported repository', SecureRepository.fromRepositoryArn(stack, 'Imported', ARN)],
    ['an imported repository of the CDK', ecr.Repository.fromRepositoryArn(stack, 'ImportedByCdk', ARN)],
    ['a role with a name', new iam.Role(stack, 'NamedRole', { assumedBy, roleName: 'deploy' })],
    ['a role that the CDK names on demand', new iam.Role(stack, 'OnDemandRole', { assumedBy, roleName: PhysicalName.GENERATE_IF_NEEDED })],
    ['a named role that was made late', namedLazyRole],
    ['a user with a name', new iam.User(stack, 'NamedUser', { userName: 'deploy' })],
    ['an imported role', iam.Role.fromRoleName(stack, 'ImportedRole', 'deploy')],
  ])('says yes to %s', (_, construct) => {
    expect(isNameable(construct)).toBe(true);
  });

  test.each<[string, IConstruct]>([
    ['a repository without a name', unnamed],
    ['a repository of the CDK without a name', new ecr.Repository(stack, 'UnnamedOfCdk')],
    ['a construct around a bare resource without a name', bare],
    ['a repository whose name comes at deployment', new SecureRepository(stack, 'Late', { repositoryName: parameter })],
    ['a role without a name', unnamedRole],
    ['a role without a name whose policies are frozen', unnamedRole.withoutPolicyUpdates()],
    ['a role without a name that was made late', lazyRole],
    ['a user without a name', new iam.User(stack, 'UnnamedUser')],
  ])('says no to %s', (_, construct) => {
    expect(isNameable(construct)).toBe(false);
  });
});

describe('isUnnamed', () => {
  test.each<[string, IConstruct]>([
    ['a repository without a name', unnamed],
    ['a construct around a bare resource without a name', bare],
    ['a role without a name', unnamedRole],
    ['a role without a name that was made late', lazyRole],
  ])('says yes to %s', (_, construct) => {
    expect(isUnnamed(construct)).toBe(true);
  });

  test.each<[string, IConstruct]>([
    ['a name', new SecureRepository(stack, 'NamedToo', { repositoryName: 'team/other' })],
    ['a name that the CDK makes up on demand', new iam.Role(stack, 'OnDemandToo', { assumedBy, roleName: PhysicalName.GENERATE_IF_NEEDED })],
    ['a name that comes at deployment', new SecureRepository(stack, 'LateToo', { repositoryName: otherParameter })],
    ['an import', SecureRepository.fromRepositoryArn(stack, 'ImportedToo', ARN)],
  ])('says no to %s', (_, construct) => {
    expect(isUnnamed(construct)).toBe(false);
  });
});

describe('ownResource', () => {
  test('is what CloudFormation makes of a construct', () => {
    expect(ownResource(unnamed)).toBe(unnamed.node.defaultChild);
    expect(ownResource(unnamedRole.withoutPolicyUpdates())).toBe(unnamedRole.node.defaultChild);
    expect(ownResource(lazyRole)?.cfnResourceType).toBe('AWS::IAM::Role');
  });

  test('is nothing for an import', () => {
    expect(ownResource(SecureRepository.fromRepositoryArn(stack, 'Other', ARN))).toBeUndefined();
  });
});
