import { App, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { CrossAccountPull, EcrVpcEndpoints, EndpointCompanions } from 'cdk-secure-ecr';

const stack = new Stack(new App(), 'Service', { env: { account: '222222222222', region: 'eu-west-1' } });
const images = CrossAccountPull.fromCrossAccountPullAttributes(stack, 'Images', {
  account: '111122223333',
  region: 'eu-west-1',
  repositoryNames: ['team/api'],
});
const vpc = new ec2.Vpc(stack, 'Vpc', { subnetConfiguration: [{ name: 'app', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }] });
const endpoints = new EcrVpcEndpoints(stack, 'Endpoints', { vpc, peers: [], pullOnly: true, companions: EndpointCompanions.FARGATE });

const taskDefinition = new ecs.FargateTaskDefinition(stack, 'Task');
taskDefinition.addContainer('Api', {
  image: ecs.ContainerImage.fromEcrRepository(images.repositories[0], 'v1'),
  logging: ecs.LogDrivers.awsLogs({ streamPrefix: 'api' }),
});
const service = new ecs.FargateService(stack, 'Service', { cluster: new ecs.Cluster(stack, 'Cluster', { vpc }), taskDefinition, minHealthyPercent: 100 });
endpoints.connections.allowDefaultPortFrom(service);
