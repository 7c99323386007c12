import { App, PhysicalName, Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { SecureRepository } from '../../lib';
import { isNameable } from '../../lib/private/physical-names';

const ARN = 'arn:aws:ecr:eu-west-1:111111111111:repository/team/api';

describe('isNameable', () => {
  const stack = new Stack(new App(), 'Stack', { env: { account: '222222222222', region: 'eu-west-1' } });

  test.each([
    ['a repository with a name', new SecureRepository(stack, 'Named', { repositoryName: 'team/api' })],
    ['a repository that the CDK names on demand', new ecr.Repository(stack, 'OnDemand', { repositoryName: PhysicalName.GENERATE_IF_NEEDED })],
    ['an imported repository', SecureRepository.fromRepositoryArn(stack, 'Imported', ARN)],
    ['an imported repository of the CDK', ecr.Repository.fromRepositoryArn(stack, 'ImportedByCdk', ARN)],
  ])('says yes to %s', (_, repository) => {
    expect(isNameable(repository)).toBe(true);
  });

  test.each([
    ['a repository', new SecureRepository(stack, 'Unnamed')],
    ['a repository of the CDK', new ecr.Repository(stack, 'UnnamedOfCdk')],
  ])('says no to %s without a name', (_, repository) => {
    expect(isNameable(repository)).toBe(false);
  });
});
