import { Stack, type StackProps, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { CrossAccountPull, PullConsumer, SecureRepository } from 'cdk-secure-ecr';
import type { Construct } from 'constructs';

/** Both apps know it: the one that owns the image, and the one that runs it. */
const CONSUMERS = [PullConsumer.lambdaFunctions('444455556666')];

/**
 * The owner of the image: AWS Lambda may pull it for functions of the other account, and so may whoever deploys them.
 */
export class LambdaImageOwnerStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const repository = new SecureRepository(this, 'Repository', { repositoryName: 'functions/resize' });
    new CrossAccountPull(this, 'Lambda', { repositories: [repository], consumers: CONSUMERS });
  }
}

/**
 * The other account: a function from that image. It must be in the Region of the repository, and its role needs no permission.
 */
export class LambdaFromAnotherAccountStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const images = CrossAccountPull.fromCrossAccountPullAttributes(this, 'Images', {
      account: '111122223333',
      repositoryNames: ['functions/resize'],
      consumers: CONSUMERS,
    });

    const role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    const logGroup = new logs.LogGroup(this, 'Logs', { retention: logs.RetentionDays.ONE_YEAR });
    logGroup.grants.write(role);
    new lambda.DockerImageFunction(this, 'Resize', {
      code: lambda.DockerImageCode.fromEcr(images.repositories[0], { tagOrDigest: 'v1' }),
      architecture: lambda.Architecture.ARM_64,
      reservedConcurrentExecutions: 10,
      role,
      logGroup,
    });

    Validations.of(this).acknowledge(
      ...['HIPAA.Security', 'NIST.800.53.R5', 'PCI.DSS.321'].flatMap(pack => [
        { id: `${pack}-IAMNoInlinePolicy`, reason: 'the CDK writes the permissions of one role as its own policy, which nobody else can use' },
        { id: `${pack}-CloudWatchLogGroupEncrypted`, reason: 'CloudWatch Logs encrypts with a key of its own, and the logs hold no data of customers' },
        { id: `${pack}-LambdaInsideVPC`, reason: 'the function calls AWS services only, and needs nothing in a VPC' },
      ]),
      ...['HIPAA.Security', 'NIST.800.53.R5'].map(pack => (
        { id: `${pack}-LambdaDLQ`, reason: 'callers wait for the answer of the function, so that no event can be lost' }
      )),
    );
  }
}
