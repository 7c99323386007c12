import { CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { SecureRepository } from 'cdk-secure-ecr';
import type { Construct } from 'constructs';
import { PLATFORM } from '../harness/accounts';
import { env } from '../harness/cdk';

/** A repository as most are: `latest` and development tags move, releases do not. */
export class ImagesStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id, env(PLATFORM));
    const repository = new SecureRepository(this, 'Repository', {
      emptyOnDelete: true,
      mutableTags: ['latest', 'dev-*'],
      removalPolicy: RemovalPolicy.DESTROY,
      repositoryName: 'team/api',
    });
    new CfnOutput(this, 'Uri', { value: repository.repositoryUri });
  }
}
