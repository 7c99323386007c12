import { Stack, type StackProps, Validations } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { CiPushRole, CiSubject, type IImageSigning, type ISecureRepository, PullThroughCache, ScanGate, ScanType, UpstreamRegistry } from 'cdk-secure-ecr';
import type { Construct } from 'constructs';

export interface BuildStackProps extends StackProps {
  readonly repositories: ISecureRepository[];
  readonly signing: IImageSigning;
}

const UPSTREAMS = {
  DockerHub: UpstreamRegistry.DOCKER_HUB,
  GitHub: UpstreamRegistry.GITHUB,
  EcrPublic: UpstreamRegistry.ECR_PUBLIC,
  Kubernetes: UpstreamRegistry.KUBERNETES,
  Quay: UpstreamRegistry.QUAY,
};

/**
 * The tooling account: base images from caches, and builds that pull them and push to the repositories of the platform, on AWS or on
 * GitHub.
 */
export class BuildStack extends Stack {
  constructor(scope: Construct, id: string, props: BuildStackProps) {
    super(scope, id, props);

    const role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('codebuild.amazonaws.com') });
    for (const repository of props.repositories) {
      repository.grants.push(role);
    }
    props.signing.grants.sign(role); // Amazon ECR signs with the identity of whoever pushes
    for (const [cacheId, upstream] of Object.entries(UPSTREAMS)) {
      new PullThroughCache(this, cacheId, { upstream }).grants.pull(role, { createRepository: true });
    }

    // An image gets the tag that workloads run only if Amazon Inspector finds nothing critical in it, and at most five high findings.
    const [web] = props.repositories;
    const gate = new ScanGate({ repository: web, scanType: ScanType.ENHANCED });
    gate.grantRead(role);

    const logGroup = new logs.LogGroup(this, 'Logs', { retention: logs.RetentionDays.ONE_YEAR });
    logGroup.grants.write(role);
    new codebuild.Project(this, 'Build', {
      role: role.withoutPolicyUpdates(), // as above, which is all it needs
      environment: { buildImage: codebuild.LinuxArmBuildImage.AMAZON_LINUX_2_STANDARD_3_0, privileged: true },
      environmentVariables: { REGISTRY: { value: web.registryUri }, IMAGE: { value: web.repositoryUri } },
      logging: { cloudWatch: { logGroup } },
      buildSpec: codebuild.BuildSpec.fromObjectToYaml({
        version: '0.2',
        phases: {
          build: {
            commands: [
              'aws ecr get-login-password | docker login --username AWS --password-stdin "$REGISTRY"',
              'docker build --tag "$IMAGE:$CODEBUILD_RESOLVED_SOURCE_VERSION" --tag "$IMAGE:prod-web" .',
              'docker push "$IMAGE:$CODEBUILD_RESOLVED_SOURCE_VERSION"',
              ...gate.toCommands('$CODEBUILD_RESOLVED_SOURCE_VERSION'),
              'docker push "$IMAGE:prod-web"',
            ],
          },
        },
      }),
    });
    // Teams that build on GitHub push from there, without a stored secret.
    const push = new CiPushRole(this, 'GitHubPush', {
      repositories: props.repositories,
      subjects: [CiSubject.github({ owner: 'example', ownerId: '123456', repo: 'platform', repoId: '456789', branches: ['main'], tags: ['release-*'] })],
    });
    props.signing.grants.sign(push);
    gate.grantRead(push);
    this.acknowledge();
  }

  private acknowledge(): void {
    Validations.of(this).acknowledge(
      { id: 'AwsSolutions-IAM5[Resource::*]', reason: 'ecr:GetAuthorizationToken, the login, has no resource type' },
      { id: 'AwsSolutions-CB4', reason: 'the key of a project encrypts its artifacts, and this one has none: images go to the repositories' },
      ...['HIPAA.Security', 'NIST.800.53.R5', 'PCI.DSS.321'].flatMap(pack => [
        { id: `${pack}-IAMNoInlinePolicy`, reason: 'the CDK writes the permissions of one role as its own policy, which nobody else can use' },
        { id: `${pack}-CloudWatchLogGroupEncrypted`, reason: 'CloudWatch Logs encrypts with a key of its own, and the logs of a build hold no data of customers' },
      ]),
      ...['HIPAA.Security', 'PCI.DSS.321'].map(pack => (
        { id: `${pack}-CodeBuildProjectSourceRepoUrl`, reason: 'the project has no source of its own yet: each team starts it with theirs' }
      )),
    );
  }
}
