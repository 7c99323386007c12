import { Stack, type StackProps, Validations } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { EcrVpcEndpoints, EndpointCompanions, SecureRepository } from 'cdk-secure-ecr';
import type { Construct } from 'constructs';
import { IsolatedNetwork } from './isolated-network';

/**
 * A service on AWS Fargate (ARM64) in a VPC without NAT and without an internet gateway: images and logs go through endpoints that
 * only the service may use, and only to pull.
 */
export class FargateWithoutNatStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const { vpc, logGroup } = new IsolatedNetwork(this, 'Network');
    const endpoints = new EcrVpcEndpoints(this, 'Endpoints', { vpc, peers: [], pullOnly: true, companions: EndpointCompanions.FARGATE });

    const taskDefinition = new ecs.FargateTaskDefinition(this, 'Task', { runtimePlatform: { cpuArchitecture: ecs.CpuArchitecture.ARM64 } });
    taskDefinition.addContainer('App', {
      image: ecs.ContainerImage.fromEcrRepository(new SecureRepository(this, 'Images'), 'v1'),
      logging: ecs.LogDrivers.awsLogs({ streamPrefix: 'app', logGroup }),
      readonlyRootFilesystem: true,
    });
    const cluster = new ecs.Cluster(this, 'Cluster', { vpc, containerInsightsV2: ecs.ContainerInsights.ENABLED });
    const service = new ecs.FargateService(this, 'Service', { cluster, taskDefinition, circuitBreaker: { rollback: true }, minHealthyPercent: 100 });
    endpoints.connections.allowDefaultPortFrom(service);

    Validations.of(taskDefinition).acknowledge(
      { id: 'AwsSolutions-IAM5[Resource::*]', reason: 'ecr:GetAuthorizationToken has no resource' },
      ...['HIPAA.Security', 'NIST.800.53.R5', 'PCI.DSS.321'].map(pack => (
        { id: `${pack}-IAMNoInlinePolicy`, reason: 'the CDK writes the permissions of one role as its own policy, which nobody else can use' }
      )),
    );
  }
}
