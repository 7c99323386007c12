import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { BRAND, brand } from '../private/core/brand';

/**
 * Endpoints that workloads without a route to the internet need besides those of Amazon ECR.
 *
 * You can combine the lists: `companions: [...EndpointCompanions.FARGATE, ...EndpointCompanions.TASK_SECRETS]`.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html
 */
export abstract class EndpointCompanions {
  static {
    brand(this, 'EndpointCompanions');
  }

  /**
   * Amazon ECS tasks on AWS Fargate that log with the `awslogs` driver: CloudWatch Logs.
   */
  public static readonly FARGATE: ec2.InterfaceVpcEndpointAwsService[] = [
    ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
  ];

  /**
   * Container instances of Amazon ECS on Amazon EC2: the three endpoints of Amazon ECS, and CloudWatch Logs.
   */
  public static readonly ECS_ON_EC2: ec2.InterfaceVpcEndpointAwsService[] = [
    ec2.InterfaceVpcEndpointAwsService.ECS,
    ec2.InterfaceVpcEndpointAwsService.ECS_AGENT,
    ec2.InterfaceVpcEndpointAwsService.ECS_TELEMETRY,
    ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
  ];

  /**
   * Tasks whose definition reads secrets or parameters: AWS Secrets Manager and AWS Systems Manager.
   */
  public static readonly TASK_SECRETS: ec2.InterfaceVpcEndpointAwsService[] = [
    ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
    ec2.InterfaceVpcEndpointAwsService.SSM,
  ];

  /**
   * Tasks with ECS Exec; sessions with a customer managed key also need `InterfaceVpcEndpointAwsService.KMS`.
   */
  public static readonly ECS_EXEC: ec2.InterfaceVpcEndpointAwsService[] = [
    ec2.InterfaceVpcEndpointAwsService.SSM_MESSAGES,
  ];

  /**
   * Nodes of Amazon EKS and their pods: Amazon EC2 for the network plugin, AWS STS and EKS Auth for the roles of service accounts.
   *
   * @see https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html
   */
  public static readonly EKS_NODES: ec2.InterfaceVpcEndpointAwsService[] = [
    ec2.InterfaceVpcEndpointAwsService.EC2,
    ec2.InterfaceVpcEndpointAwsService.EKS_AUTH,
    ec2.InterfaceVpcEndpointAwsService.STS,
  ];

  private declare readonly [BRAND]: 'EndpointCompanions';
}
