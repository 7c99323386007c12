import { type App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { SecureRepository } from 'cdk-secure-ecr';
import { CONSUMER, PLATFORM } from '../harness/accounts';
import { env } from '../harness/cdk';

/** A repository that is granted to roles of its own account and of another. */
export function sharedRepository(app: App): void {
  const consumer = new Stack(app, 'Consumer', env(CONSUMER));
  const workload = role(consumer, 'workload');

  const owner = new Stack(app, 'Owner', env(PLATFORM));
  const repository = new SecureRepository(owner, 'Repository', {
    emptyOnDelete: true,
    removalPolicy: RemovalPolicy.DESTROY,
    repositoryName: 'shared/api',
  });
  repository.grants.pull(workload);
  repository.grants.pull(role(owner, 'runtime'));
  repository.grants.pullPush(role(owner, 'pipeline'));
  repository.grants.read(role(owner, 'auditor'));
}

function role(stack: Stack, roleName: string): iam.Role {
  return new iam.Role(stack, roleName, { assumedBy: new iam.AccountRootPrincipal(), roleName });
}
