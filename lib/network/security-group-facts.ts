import { Stack, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';

const HTTPS = 443;

/**
 * The resource of a security group, if this app defines it, so that its rules are known.
 */
export function ownSecurityGroup(securityGroup: ec2.ISecurityGroup | undefined): ec2.CfnSecurityGroup | undefined {
  const resource = securityGroup?.node.defaultChild;
  return ec2.CfnSecurityGroup.isCfnSecurityGroup(resource) ? resource : undefined;
}

/** The protocol and ports of an inbound rule, as in the template. */
interface IngressRule {
  readonly ipProtocol: unknown;
  readonly fromPort?: unknown;
  readonly toPort?: unknown;
}

/**
 * The inbound rules of a security group, including rules in other stacks of the app.
 */
export function ingressRules(securityGroup: ec2.ISecurityGroup, resource: ec2.CfnSecurityGroup): IngressRule[] {
  const inline = Stack.of(resource).resolve(resource.securityGroupIngress) as IngressRule[] | undefined;
  const apart = resource.node.root.node.findAll()
    .filter(node => ec2.CfnSecurityGroupIngress.isCfnSecurityGroupIngress(node))
    .filter(({ groupId }) => groupId === securityGroup.securityGroupId);
  return [...inline ?? [], ...apart];
}

/**
 * Whether an inbound rule can be for HTTPS. Protocols and ports that are unknown until the deployment can.
 */
export function canAllowHttps({ ipProtocol, fromPort, toPort }: IngressRule): boolean {
  const protocol = isText(ipProtocol) ? ipProtocol.toLowerCase() : 'tcp';
  return protocol === '-1' || (['tcp', '6'].includes(protocol) && !(isNumber(fromPort) && fromPort > HTTPS) && !(isNumber(toPort) && toPort < HTTPS));
}

function isText(protocol: unknown): protocol is string {
  return typeof protocol === 'string' && !Token.isUnresolved(protocol);
}

function isNumber(port: unknown): port is number {
  return typeof port === 'number' && !Token.isUnresolved(port);
}
