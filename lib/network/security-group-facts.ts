import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';

/**
 * The resource of a security group, if this app defines it, so that its rules are known.
 */
export function ownSecurityGroup(securityGroup: ec2.ISecurityGroup | undefined): ec2.CfnSecurityGroup | undefined {
  const resource = securityGroup?.node.defaultChild;
  return ec2.CfnSecurityGroup.isCfnSecurityGroup(resource) ? resource : undefined;
}

/**
 * The number of inbound rules of a security group, including rules in other stacks of the app.
 */
export function ingressRuleCount(securityGroup: ec2.ISecurityGroup, resource: ec2.CfnSecurityGroup): number {
  const inline = Stack.of(resource).resolve(resource.securityGroupIngress) as unknown[] | undefined;
  const apart = resource.node.root.node.findAll()
    .filter(node => ec2.CfnSecurityGroupIngress.isCfnSecurityGroupIngress(node))
    .filter(({ groupId }) => groupId === securityGroup.securityGroupId);
  return (inline?.length ?? 0) + apart.length;
}
