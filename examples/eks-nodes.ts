import { CfnOutput, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { EcrVpcEndpoints, EndpointCompanions, SecureRepository } from 'cdk-secure-ecr';
import type { Construct } from 'constructs';
import { IsolatedNetwork } from './isolated-network';

// https://docs.aws.amazon.com/eks/latest/userguide/add-ons-images.html
const ADD_ON_REGISTRY = '602401143452';
const ADD_ONS = ['amazon-k8s-cni', 'amazon-k8s-cni-init', 'amazon/aws-network-policy-agent', 'eks/coredns', 'eks/kube-proxy', 'eks/pause'];

/**
 * What nodes of Amazon EKS need to pull without a route to the internet: endpoints that reach the own registry and that of the add-ons,
 * no other, and a role for the node groups.
 */
export class EksNodesStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const { vpc } = new IsolatedNetwork(this, 'Network');
    new EcrVpcEndpoints(this, 'Endpoints', {
      vpc,
      pullOnly: true,
      reachableRegistries: [this.account, ADD_ON_REGISTRY],
      companions: EndpointCompanions.EKS_NODES,
    });

    const nodeRole = new iam.Role(this, 'NodeRole', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
    new SecureRepository(this, 'Images').grants.pull(nodeRole);
    nodeRole.addToPolicy(new iam.PolicyStatement({
      actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      resources: ADD_ONS.map(resourceName => this.formatArn({ service: 'ecr', account: ADD_ON_REGISTRY, resource: 'repository', resourceName })),
    }));
    nodeRole.addToPolicy(new iam.PolicyStatement({ actions: ['ec2:DescribeInstances', 'eks-auth:AssumeRoleForPodIdentity'], resources: ['*'] }));
    new CfnOutput(this, 'NodeRoleArn', { value: nodeRole.roleArn, description: 'The role for the node groups of the cluster' });

    Validations.of(nodeRole).acknowledge(
      { id: 'AwsSolutions-IAM5[Resource::*]', reason: 'ecr:GetAuthorizationToken and ec2:DescribeInstances have no resource, and the cluster is not known here' },
      ...['HIPAA.Security', 'NIST.800.53.R5', 'PCI.DSS.321'].map(pack => (
        { id: `${pack}-IAMNoInlinePolicy`, reason: 'the CDK writes the permissions of one role as its own policy, which nobody else can use' }
      )),
    );
  }
}
