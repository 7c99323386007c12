import { Aws, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { isKnown, show } from '../private/core/values';
import { ENDPOINT_POLICY } from '../private/policy/action-problems';
import { jsonOf } from '../private/policy/repository-policy';
import { statementProblems } from '../private/policy/statement-problems';
import type { EcrVpcEndpointsProps } from './ecr-vpc-endpoints-props';
import { endpointScopeProblems, scopePropsIn } from './endpoint-policy';
import type { EndpointServices, WantedEndpoint } from './endpoint-services';
import { ownSecurityGroup } from './security-group-facts';
import { areDifferentVpcs, dnsProblems } from './vpc-facts';

// https://docs.aws.amazon.com/general/latest/gr/ecr.html
const FIPS_REGIONS = ['us-east-1', 'us-east-2', 'us-gov-east-1', 'us-gov-west-1', 'us-west-1', 'us-west-2'];

const ECR_SERVICES = ['ecr.api', 'ecr.dkr', 'ecr-fips.api', 'ecr-fips.dkr'];

const { IPV4, IPV6, DUALSTACK } = ec2.VpcEndpointIpAddressType;

// https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
const ADDRESSES_FOR_RECORDS: Record<ec2.VpcEndpointDnsRecordIpType, ec2.VpcEndpointIpAddressType[]> = {
  [ec2.VpcEndpointDnsRecordIpType.IPV4]: [IPV4, DUALSTACK],
  [ec2.VpcEndpointDnsRecordIpType.IPV6]: [IPV6, DUALSTACK],
  [ec2.VpcEndpointDnsRecordIpType.DUALSTACK]: [DUALSTACK],
  [ec2.VpcEndpointDnsRecordIpType.SERVICE_DEFINED]: [DUALSTACK],
};

/**
 * Problems with the props of `EcrVpcEndpoints`.
 */
export function endpointProblems(
  owner: IConstruct,
  props: EcrVpcEndpointsProps,
  services: EndpointServices,
  selection: ec2.SelectedSubnets,
): string[] {
  return [
    ...props.privateDnsEnabled === false ? [] : dnsProblems(props.vpc),
    ...selection.isPendingLookup ? [] : otherVpcProblems(props),
    ...subnetProblems(props, selection),
    ...addressProblems(props),
    ...endpointScopeProblems(owner, props),
    ...policyProblems(props),
    ...givenProblems('apiEndpoint', props, services.api),
    ...givenProblems('dockerEndpoint', props, services.docker),
    ...givenProblems('s3Endpoint', props, ec2.GatewayVpcEndpointAwsService.S3),
    ...companionProblems(services, props.companionPolicyStatements),
    ...fipsProblems(owner, props),
  ];
}

/**
 * Problems with endpoints that the app adds to the VPC outside of `owner`.
 *
 * Two interface endpoints of one service cannot both own its private DNS name, and two gateways cannot both own its route.
 */
export function conflictProblems(
  owner: IConstruct,
  { vpc, privateDnsEnabled = true }: EcrVpcEndpointsProps,
  wanted: readonly WantedEndpoint[],
): string[] {
  const present = owner.node.root.node.findAll()
    .filter(node => ec2.CfnVPCEndpoint.isCfnVPCEndpoint(node))
    // The ids are compared unresolved: one VPC always has the same string, and VPCs of two stacks can have the same logical id.
    .filter(endpoint => endpoint.vpcId === vpc.vpcId && !endpoint.node.scopes.includes(owner));

  return wanted.flatMap(({ serviceName, label, fix, routeTableIds }) => present
    .filter(endpoint => serviceNameIn(endpoint, endpoint.serviceName) === serviceNameIn(owner, serviceName))
    .filter(endpoint => routeTableIds
      ? endpoint.routeTableIds?.some(id => routeTableIds.includes(id))
      : privateDnsEnabled && endpoint.privateDnsEnabled)
    .map(endpoint => `'vpc' must not have another ${label}, got ${show(userPath(endpoint))}; ${fix}`));
}

function subnetProblems({ s3Endpoint }: EcrVpcEndpointsProps, { subnets, isPendingLookup }: ec2.SelectedSubnets): string[] {
  if (subnets.length === 0 && !isPendingLookup) {
    return ["'subnets' must select at least one subnet, got none"];
  }

  const unrouted = subnets.filter(subnet => !subnet.routeTable.routeTableId).map(subnet => subnet.subnetId);
  return s3Endpoint || unrouted.length === 0
    ? []
    : [`'subnets' must have known route tables, for the route to Amazon S3, got none for ${show(unrouted)}; import them with 'routeTableId', or set 's3Endpoint'`];
}

function addressProblems({ ipAddressType = IPV4, dnsRecordIpType, peers, securityGroup }: EcrVpcEndpointsProps): string[] {
  return [
    ...(dnsRecordIpType && !ADDRESSES_FOR_RECORDS[dnsRecordIpType].includes(ipAddressType)
      ? [`'dnsRecordIpType' must match 'ipAddressType' ${show(ipAddressType)}, got ${show(dnsRecordIpType)}, which requires ${ADDRESSES_FOR_RECORDS[dnsRecordIpType].map(show).join(' or ')} addresses`]
      : []),
    ...(ipAddressType !== IPV4 && !peers && !securityGroup
      ? [`'peers' must be set with 'ipAddressType' ${show(ipAddressType)}, got undefined; use the security groups or services that pull, or 'ec2.Peer.ipv6(…)'`]
      : []),
  ];
}

function policyProblems(props: EcrVpcEndpointsProps): string[] {
  const scopeProps = scopePropsIn(props);
  const policyProps = [...scopeProps, ...(props.policyStatements ? ["'policyStatements'"] : [])];
  return [
    ...(props.policyStatements?.length === 0
      ? ["'policyStatements' must have at least one statement, got [], with which the endpoints allow all requests; omit it for the default"]
      : []),
    ...statementsProblems('policyStatements', props.policyStatements),
    ...(props.policyStatements && scopeProps.length > 0
      ? [`'policyStatements' must not be used with ${scopeProps.join(', ')}, got both; use one of them, because 'policyStatements' replaces the policy of the others`]
      : []),
    ...(props.apiEndpoint && props.dockerEndpoint && policyProps.length > 0
      ? [`${policyProps.join(', ')} must not be used with 'apiEndpoint' and 'dockerEndpoint', whose policies do not change, got both; set the policies where the endpoints are defined`]
      : []),
    ...(props.s3Endpoint && props.restrictS3ToImageLayers
      ? ["'restrictS3ToImageLayers' must not be used with 's3Endpoint', whose policy does not change, got true; set the policy where the gateway endpoint is defined"]
      : []),
  ];
}

function statementsProblems(prop: string, statements: iam.PolicyStatement[] = []): string[] {
  return [
    ...statements.flatMap((statement, index) => statement.hasPrincipal
      ? []
      : [`'${prop}[${index}]' must have a principal, got ${show(statement.toJSON())}; add 'new iam.StarPrincipal()' and restrict it with conditions`]),
    ...statements.flatMap((statement, index) => statementProblems(`${prop}[${index}]`, jsonOf(statement), ENDPOINT_POLICY)),
  ];
}

function otherVpcProblems({ vpc, securityGroup, apiEndpoint, dockerEndpoint, s3Endpoint }: EcrVpcEndpointsProps): string[] {
  const endpointVpc = (endpoint: ec2.IVpcEndpoint | undefined): string | undefined => {
    const resource = endpoint?.node.defaultChild;
    return ec2.CfnVPCEndpoint.isCfnVPCEndpoint(resource) ? resource.vpcId : undefined;
  };
  const vpcs = {
    securityGroup: ownSecurityGroup(securityGroup)?.vpcId,
    apiEndpoint: endpointVpc(apiEndpoint),
    dockerEndpoint: endpointVpc(dockerEndpoint),
    s3Endpoint: endpointVpc(s3Endpoint),
  };
  return Object.entries(vpcs)
    .filter(([, id]) => areDifferentVpcs(id, vpc.vpcId))
    .map(([prop]) => {
      const thing = prop === 'securityGroup' ? 'security group' : 'endpoint';
      return `'${prop}' must be in the VPC of the endpoints, '${vpc.node.path}', got one of another VPC; omit it to create a new ${thing}`;
    });
}

function givenProblems(prop: 'apiEndpoint' | 'dockerEndpoint' | 's3Endpoint', props: EcrVpcEndpointsProps, service: { name: string }): string[] {
  const endpoint = props[prop];
  const resource = endpoint?.node.defaultChild;
  if (!endpoint || !ec2.CfnVPCEndpoint.isCfnVPCEndpoint(resource)) {
    return [];
  }

  const got = serviceNameIn(endpoint, resource.serviceName);
  const expected = serviceNameIn(endpoint, service.name);
  return [
    ...(got === expected ? [] : [`'${prop}' must be an endpoint for ${show(expected)}, got one for ${show(got)}`]),
    ...(props.privateDnsEnabled !== false && resource.vpcEndpointType === ec2.VpcEndpointType.INTERFACE && !resource.privateDnsEnabled
      ? [`'${prop}' must have private DNS, got false, with which clients use the public addresses of ECR; set 'privateDnsEnabled' where it is defined`]
      : []),
  ];
}

function companionProblems({ companions }: EndpointServices, statements: iam.PolicyStatement[] | undefined): string[] {
  return [
    ...companions
      .filter(({ shortName }) => ECR_SERVICES.includes(shortName))
      .map(({ shortName }) => `'companions' must be other services than Amazon ECR, got '${shortName}'; remove it, because the construct already creates it`),
    ...statementsProblems('companionPolicyStatements', statements),
    ...statements && companions.length === 0 ? ["'companionPolicyStatements' must be used with 'companions', got none; omit it"] : [],
    ...statements?.length === 0 ? ["'companionPolicyStatements' must have at least one statement, got []; omit it for full access"] : [],
  ];
}

function fipsProblems(owner: IConstruct, { fips }: EcrVpcEndpointsProps): string[] {
  const { region } = Stack.of(owner);
  return fips && isKnown(region) && !FIPS_REGIONS.includes(region)
    ? [`'fips' must not be set in ${show(region)}, which has no FIPS hosts of Amazon ECR, got true; use one of the Regions ${FIPS_REGIONS.join(', ')}`]
    : [];
}

/**
 * The name of a service with its Region: some names in the CDK contain the Region of the stack, others a reference to it.
 */
function serviceNameIn(scope: IConstruct, serviceName: string | undefined): string {
  const stack = Stack.of(scope);
  const name: unknown = stack.resolve(serviceName?.replaceAll(Aws.REGION, stack.region));
  return typeof name === 'string' ? name : JSON.stringify(name);
}

function userPath(resource: ec2.CfnVPCEndpoint): string {
  const { node } = resource;
  return node.id === 'Resource' && node.scope ? node.scope.node.path : node.path;
}
