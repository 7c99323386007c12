import { Reference, Tokenization } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { isKnown } from '../private/core/values';

/** The placeholder id of a VPC until the CDK looks it up. */
const PENDING_VPC = 'vpc-12345';

/**
 * Problems with the names that instances resolve: without both settings, private DNS names of endpoints stay public.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
 */
export function dnsProblems(vpc: ec2.IVpc): string[] {
  const { dnsSupportEnabled, dnsHostnamesEnabled } = vpc as Partial<ec2.Vpc>;
  const resource = vpc.node.defaultChild;
  const { enableDnsSupport, enableDnsHostnames } = ec2.CfnVPC.isCfnVPC(resource) ? resource : {};
  const off = [
    ...([dnsSupportEnabled, enableDnsSupport].includes(false) ? ['enableDnsSupport'] : []),
    ...([dnsHostnamesEnabled, enableDnsHostnames].includes(false) ? ['enableDnsHostnames'] : []),
  ];
  return off.map(setting => `'vpc' must have '${setting}', got false, with which clients use the public addresses of ECR; set it to true on the VPC`);
}

/**
 * Whether two ids are known to be of two VPCs: two VPCs of the app, or two literal ids.
 */
export function areDifferentVpcs(left: string | undefined, right: string | undefined): boolean {
  const [a, b] = [vpcBehind(left), vpcBehind(right)];
  return a !== undefined && b !== undefined && typeof a === typeof b && a !== b;
}

/**
 * The first subnet of each Availability Zone, because an endpoint accepts one subnet for each zone. All subnets of unknown zones are kept.
 */
export function onePerZone(subnets: ec2.ISubnet[]): ec2.ISubnet[] {
  const seen = new Set<string>();
  return subnets.filter(subnet => {
    const zone = zoneOf(subnet);
    const first = zone === undefined || !seen.has(zone);
    if (zone !== undefined) {
      seen.add(zone);
    }
    return first;
  });
}

/**
 * The Availability Zone of a subnet, if it is known: the getter of a subnet that was imported without its zone throws.
 */
export function zoneOf(subnet: ec2.ISubnet): string | undefined {
  try {
    return subnet.availabilityZone;
    // eslint-disable-next-line no-restricted-syntax -- the CDK has no other public way to ask
  } catch {
    return undefined;
  }
}

/** The VPC of this app that an id refers to, or a literal id. */
function vpcBehind(id: string | undefined): ec2.CfnVPC | string | undefined {
  if (isKnown(id)) {
    return id === PENDING_VPC ? undefined : id;
  }
  const token = id === undefined ? undefined : Tokenization.reverseString(id).firstToken;
  return Reference.isReference(token) && ec2.CfnVPC.isCfnVPC(token.target) ? token.target : undefined;
}
