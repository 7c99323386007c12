import { type App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CrossAccountPull, PullConsumer, SecureRepository } from 'cdk-secure-ecr';
import { CONSUMER, ORGANIZATION, PLATFORM, SECOND_CONSUMER } from '../harness/accounts';
import { env } from '../harness/cdk';

/** Repositories that are granted to roles of their own account, to roles of another, and to an organization. */
export function sharedRepositories(app: App): void {
  const owner = new Stack(app, 'Owner', env(PLATFORM));
  const consumer = new Stack(app, 'Consumer', env(CONSUMER));
  const member = new Stack(app, 'Member', env(SECOND_CONSUMER));

  const granted = repository(owner, 'shared/granted');
  granted.grants.pull(role(consumer, 'workload'));
  granted.grants.pull(role(owner, 'runtime'));
  granted.grants.pullPush(role(owner, 'pipeline'));
  granted.grants.read(role(owner, 'auditor'));

  const byRole = new CrossAccountPull(owner, 'ByRole', {
    consumers: [PullConsumer.roles(CONSUMER, ['ecs-*'])],
    repositories: [repository(owner, 'shared/by-role')],
  });
  byRole.grants.pull(role(consumer, 'ecs-web'));

  const organization = new CrossAccountPull(owner, 'Organization', {
    consumers: [PullConsumer.organization(ORGANIZATION)],
    repositories: [repository(owner, 'shared/organization')],
  });
  organization.grants.pull(role(member, 'colleague'));
}

function repository(stack: Stack, repositoryName: string): SecureRepository {
  return new SecureRepository(stack, repositoryName.replace('/', '-'), {
    emptyOnDelete: true,
    removalPolicy: RemovalPolicy.DESTROY,
    repositoryName,
  });
}

function role(stack: Stack, roleName: string): iam.Role {
  return new iam.Role(stack, roleName, { assumedBy: new iam.AccountRootPrincipal(), roleName });
}
