import { Stack, type StackProps, Validations } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { ScanGate, ScanType, SecureRepository } from 'cdk-secure-ecr';
import type { Construct } from 'constructs';

/**
 * A project of AWS CodeBuild that pushes an image under its commit, and gives it the tag `prod` if scans find nothing critical and at
 * most five high findings.
 */
export class ScanGateStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const repository = new SecureRepository(this, 'Repository', { mutableTags: ['prod'] });
    const gate = new ScanGate({ repository, scanType: ScanType.BASIC });
    const logGroup = new logs.LogGroup(this, 'Logs', { retention: logs.RetentionDays.ONE_YEAR });
    const role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('codebuild.amazonaws.com') });
    repository.grants.push(role);
    gate.grantRead(role);
    logGroup.grants.write(role);

    new codebuild.Project(this, 'Build', {
      role: role.withoutPolicyUpdates(),
      source: codebuild.Source.gitHub({ owner: 'example', repo: 'api', cloneDepth: 1 }),
      environment: { buildImage: codebuild.LinuxArmBuildImage.AMAZON_LINUX_2_STANDARD_3_0, privileged: true },
      environmentVariables: { REGISTRY: { value: repository.registryUri }, IMAGE: { value: repository.repositoryUri } },
      logging: { cloudWatch: { logGroup } },
      buildSpec: codebuild.BuildSpec.fromObjectToYaml({
        version: '0.2',
        phases: {
          build: {
            commands: [
              'aws ecr get-login-password | docker login --username AWS --password-stdin "$REGISTRY"',
              'docker build --tag "$IMAGE:$CODEBUILD_RESOLVED_SOURCE_VERSION" --tag "$IMAGE:prod" .',
              'docker push "$IMAGE:$CODEBUILD_RESOLVED_SOURCE_VERSION"',
              ...gate.toCommands('$CODEBUILD_RESOLVED_SOURCE_VERSION'),
              'docker push "$IMAGE:prod"', // only if the gate let it pass
            ],
          },
        },
      }),
    });

    Validations.of(this).acknowledge(
      { id: 'AwsSolutions-IAM5[Resource::*]', reason: 'ecr:GetAuthorizationToken, the login, has no resource type' },
      { id: 'AwsSolutions-CB4', reason: 'the key of a project encrypts its artifacts, and this one has none: the image goes to the repository' },
      ...['HIPAA.Security', 'NIST.800.53.R5', 'PCI.DSS.321'].flatMap(pack => [
        { id: `${pack}-IAMNoInlinePolicy`, reason: 'the CDK writes the permissions of one role as its own policy, which nobody else can use' },
        { id: `${pack}-CloudWatchLogGroupEncrypted`, reason: 'CloudWatch Logs encrypts with a key of its own, and the logs of a build hold no data of customers' },
      ]),
      ...['HIPAA.Security', 'PCI.DSS.321'].map(pack => (
        { id: `${pack}-CodeBuildProjectSourceRepoUrl`, reason: 'the source is public, and its URL holds no credential' }
      )),
    );
  }
}
