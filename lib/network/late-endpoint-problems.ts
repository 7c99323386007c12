import { Stack, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';
import { show } from '../private/core/values';
import { matchesWildcards } from '../private/core/wildcards';
import type { EcrVpcEndpointsProps } from './ecr-vpc-endpoints-props';
import { dnsProblems } from './vpc-facts';

const { IPV6, DUALSTACK } = ec2.VpcEndpointIpAddressType;

/**
 * Problems that are checked at synthesis, when the VPC, its subnets and the existing gateway endpoint are complete.
 */
export function lateEndpointProblems(owner: IConstruct, props: EcrVpcEndpointsProps, subnets: readonly ec2.ISubnet[]): string[] {
  return [
    ...props.privateDnsEnabled === false ? [] : dnsProblems(props.vpc),
    ...addressFamilyProblems(props, subnets),
    ...routeProblems(props, subnets),
    ...layerPolicyProblems(owner, props.s3Endpoint),
  ];
}

/**
 * The subnets without a route to the existing gateway endpoint, so that layers use another route or none.
 */
export function unroutedSubnets({ s3Endpoint, vpc }: EcrVpcEndpointsProps, subnets: readonly ec2.ISubnet[]): ec2.ISubnet[] {
  const resource = gatewayResource(s3Endpoint);
  if (resource === undefined) {
    return [];
  }
  const gateways = resource.node.root.node.findAll()
    .filter(node => ec2.CfnVPCEndpoint.isCfnVPCEndpoint(node))
    .filter(endpoint => endpoint.vpcId === vpc.vpcId && endpoint.serviceName === resource.serviceName);
  const routed = gateways.map(({ stack, routeTableIds }) => stack.resolve(routeTableIds) as unknown).map(ids => ids ?? []);
  const known = new Set(routed.flatMap(ids => Array.isArray(ids) ? ids.map(id => JSON.stringify(id)) : []));
  // A list of another stack has other references, and a token has unknown entries.
  const isUnknown = routed.some(ids => !Array.isArray(ids)) || gateways.some(({ stack }) => stack !== resource.stack);
  return isUnknown ? [] : subnets.filter(({ routeTable: { routeTableId: id } }) => id && !known.has(JSON.stringify(resource.stack.resolve(id))));
}

/**
 * An endpoint with IPv6 addresses only accepts subnets with IPv6 addresses.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
 */
function addressFamilyProblems({ ipAddressType }: EcrVpcEndpointsProps, subnets: readonly ec2.ISubnet[]): string[] {
  if (ipAddressType !== IPV6 && ipAddressType !== DUALSTACK) {
    return [];
  }
  const without = subnets.filter(subnet => {
    const resource = subnet.node.defaultChild;
    return ec2.CfnSubnet.isCfnSubnet(resource) && !resource.ipv6CidrBlock && !resource.ipv6IpamPoolId && !resource.ipv6Native && !hasBlock(resource);
  });
  return without.length === 0 ? [] : [
    `'ipAddressType' must not be set for subnets without IPv6 addresses, got ${show(ipAddressType)} for ${without.map(({ node }) => `'${node.path}'`).join(', ')}; `
    + "omit it, or set 'ipProtocol' of the VPC to ec2.IpProtocol.DUAL_STACK",
  ];
}

function hasBlock(subnet: ec2.CfnSubnet): boolean {
  return subnet.node.root.node.findAll().some(node => ec2.CfnSubnetCidrBlock.isCfnSubnetCidrBlock(node) && node.subnetId === subnet.ref);
}

function routeProblems(props: EcrVpcEndpointsProps, subnets: readonly ec2.ISubnet[]): string[] {
  const { isolatedSubnets } = props.vpc;
  const without = unroutedSubnets(props, subnets).filter(subnet => isolatedSubnets.includes(subnet));
  return without.length === 0 ? [] : [
    `'s3Endpoint' must have the route tables of all 'subnets', otherwise pulls have no route to image layers, got none for ${without.map(({ node }) => `'${node.path}'`).join(', ')}; `
    + "add these subnets to the gateway endpoint, or omit 's3Endpoint'",
  ];
}

/**
 * A gateway endpoint whose policy has no Allow for the bucket of the layers. Statements with exceptions or conditions may allow it.
 */
function layerPolicyProblems(owner: IConstruct, s3Endpoint: ec2.IGatewayVpcEndpoint | undefined): string[] {
  const resource = gatewayResource(s3Endpoint);
  const policy: unknown = resource?.stack.resolve(resource.policyDocument);
  const statements = (policy as { Statement?: StatementLike[] } | undefined)?.Statement;
  if (!resource || !Array.isArray(statements)) {
    return [];
  }
  const bucket = `prod-${Token.isUnresolved(Stack.of(owner).region) ? '*' : Stack.of(owner).region}-starport-layer-bucket`;
  const allows = statements.some(({ Effect, Action, Resource }) => Effect === 'Allow'
    && (Action === undefined || [Action].flat().some(action => matchesWildcards('s3:getobject', action.toLowerCase())))
    && (Resource === undefined || [Resource].flat().some(arn => mayBe(arn, bucket))));
  return allows ? [] : [
    `'s3Endpoint' must allow 's3:GetObject' on 'arn:aws:s3:::${bucket}/*', the bucket of image layers, got a policy without it; add the statement where the gateway endpoint is defined`,
  ];
}

interface StatementLike {
  readonly Effect: string;
  readonly Action?: string | string[];
  readonly Resource?: unknown;
}

/** Whether an ARN of a policy, whose references may be anything, matches the layers in a bucket. */
function mayBe(arn: unknown, bucket: string): boolean {
  const { 'Fn::Join': join } = (typeof arn === 'object' ? arn : {}) as { 'Fn::Join'?: [string, unknown[]] };
  const pattern = join ? join[1].map(part => typeof part === 'string' ? part : '*').join(join[0]) : typeof arn === 'string' ? arn : '*';
  return matchesWildcards(`${bucket}/layer`, pattern.replace(/^arn:[^:]*:s3:::/, '')) || (bucket.includes('*') && /starport-layer-bucket/.test(pattern));
}

function gatewayResource(endpoint: ec2.IGatewayVpcEndpoint | undefined): ec2.CfnVPCEndpoint | undefined {
  const resource = endpoint?.node.defaultChild;
  return ec2.CfnVPCEndpoint.isCfnVPCEndpoint(resource) ? resource : undefined;
}
