import { Stack, type StackProps, Validations } from 'aws-cdk-lib';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { CrossAccountPull, EcrVpcEndpoints, EndpointCompanions, type PullConsumer, SecureRepository } from 'cdk-secure-ecr';
import type { Construct } from 'constructs';
import { IsolatedNetwork } from '../../examples/isolated-network';
import type { Environment } from './environments';
import { WEB } from './images-stack';

export interface WorkloadStackProps extends StackProps {
  /** The registry that has the images. */
  readonly registry: Environment;
  /** Who the owner of the registry lets pull. */
  readonly consumers: PullConsumer[];
  /** @default 2 */
  readonly desiredCount?: number;
}

/**
 * A service on AWS Fargate in a VPC that has no way to the internet: its images come through the endpoints.
 */
export class WorkloadStack extends Stack {
  constructor(scope: Construct, id: string, props: WorkloadStackProps) {
    super(scope, id, props);

    const { vpc, logGroup } = new IsolatedNetwork(this, 'Network');
    const endpoints = new EcrVpcEndpoints(this, 'Endpoints', { vpc, peers: [], pullOnly: true, companions: EndpointCompanions.FARGATE });

    const taskDefinition = new ecs.FargateTaskDefinition(this, 'Task', {
      cpu: 256,
      memoryLimitMiB: 512,
      runtimePlatform: { cpuArchitecture: ecs.CpuArchitecture.ARM64, operatingSystemFamily: ecs.OperatingSystemFamily.LINUX },
    });
    taskDefinition.addContainer('Web', {
      image: ecs.ContainerImage.fromEcrRepository(this.repository(props), 'prod-web'),
      logging: ecs.LogDrivers.awsLogs({ streamPrefix: 'web', logGroup }),
      readonlyRootFilesystem: true,
    });

    const service = new ecs.FargateService(this, 'Service', {
      cluster: new ecs.Cluster(this, 'Cluster', { vpc, containerInsightsV2: ecs.ContainerInsights.ENABLED }),
      taskDefinition,
      desiredCount: props.desiredCount ?? 2,
      minHealthyPercent: 100,
      circuitBreaker: { rollback: true },
    });
    endpoints.connections.allowDefaultPortFrom(service, 'pulls images and writes logs');

    Validations.of(taskDefinition).acknowledge(
      { id: 'AwsSolutions-IAM5[Resource::*]', reason: 'ecr:GetAuthorizationToken has no resource' },
      ...['HIPAA.Security', 'NIST.800.53.R5', 'PCI.DSS.321'].map(pack => (
        { id: `${pack}-IAMNoInlinePolicy`, reason: 'the CDK writes the permissions of one role as its own policy, which nobody else can use' }
      )),
    );
  }

  /**
   * Named, so that nothing is looked up in the accounts to synthesize.
   */
  public override get availabilityZones(): string[] {
    return [`${this.region}a`, `${this.region}b`];
  }

  private repository({ registry, consumers }: WorkloadStackProps): ecr.IRepository {
    if (registry.account === this.account) {
      return SecureRepository.fromRepositoryName(this, 'Web', WEB);
    }
    const [repository] = CrossAccountPull.fromCrossAccountPullAttributes(this, 'Images', {
      account: registry.account, region: registry.region, repositoryNames: [WEB], consumers,
    }).repositories;
    return repository;
  }
}
