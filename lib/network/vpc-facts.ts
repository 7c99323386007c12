import * as ec2 from 'aws-cdk-lib/aws-ec2';

/**
 * Problems with the names that instances resolve: without both settings, private DNS names of endpoints stay public.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
 */
export function dnsProblems(vpc: ec2.IVpc): string[] {
  const { dnsSupportEnabled, dnsHostnamesEnabled } = vpc as Partial<ec2.Vpc>;
  const off = [
    ...(dnsSupportEnabled === false ? ['enableDnsSupport'] : []),
    ...(dnsHostnamesEnabled === false ? ['enableDnsHostnames'] : []),
  ];
  return off.map(setting => `'vpc' must have '${setting}', or clients keep the public addresses of ECR, got false; set it to true on the VPC`);
}

/**
 * The IPv4 addresses of a VPC: as written where the VPC is defined in this app, so that policy checkers can read them.
 */
export function cidrOf(vpc: ec2.IVpc): string {
  const resource = vpc.node.defaultChild;
  return (ec2.CfnVPC.isCfnVPC(resource) ? resource.cidrBlock : undefined) ?? vpc.vpcCidrBlock;
}

/**
 * The first subnet of each Availability Zone, since an endpoint takes no second one; those of an unknown zone all stay.
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
