import type { Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { EcrVpcEndpoints, type EcrVpcEndpointsProps } from '../../lib';
import { type Mistake, OWNER, REGION } from './mistake';

const { ECR, ECR_DOCKER } = ec2.InterfaceVpcEndpointAwsService;
const HANGS = 'pulls hang until they time out';

const isolated = (props: ec2.VpcProps = {}) => (stack: Stack): ec2.Vpc => new ec2.Vpc(stack, 'Vpc', {
  availabilityZones: [`${REGION}a`, `${REGION}b`],
  subnetConfiguration: [{ name: 'private', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
  ...props,
});
const vpcOf = isolated();

/** What most people write: the two interface endpoints, sometimes with more. */
function core(props: Partial<ec2.InterfaceVpcEndpointOptions> = {}, vpc = vpcOf) {
  return (stack: Stack): void => {
    const network = vpc(stack);
    network.addInterfaceEndpoint('Api', { service: ECR, ...props });
    network.addInterfaceEndpoint('Docker', { service: ECR_DOCKER, ...props });
  };
}

function endpoints(mistake: string, names: string, ours: Partial<EcrVpcEndpointsProps>, atAws: string, vpc = vpcOf,
  theirs: Partial<ec2.InterfaceVpcEndpointOptions> = {}): Mistake {
  return {
    mistake,
    atAws,
    names,
    ours: stack => new EcrVpcEndpoints(stack, 'Endpoints', { vpc: vpc(stack), ...ours }),
    core: core(theirs, vpc),
  };
}

export const NETWORK_MISTAKES: Mistake[] = [
  endpoints('endpoints in a VPC without DNS hostnames', "'enableDnsHostnames'", {}, 'CreateVpcEndpoint: private DNS takes DNS hostnames', isolated({ enableDnsHostnames: false })),
  endpoints('endpoints in a VPC without DNS support', "'enableDnsSupport'", {}, 'CreateVpcEndpoint: private DNS takes DNS support', isolated({ enableDnsSupport: false })),
  endpoints('FIPS endpoints in Europe', "'fips'", { fips: true }, 'CreateVpcEndpoint: the service does not exist'),
  endpoints('Amazon ECR among the companions', "'companions'", { companions: [ECR] }, 'CreateVpcEndpoint: the DNS name conflicts with another endpoint'),
  endpoints('an account of 13 digits in an endpoint policy', "'trustedAccounts[0]'", { trustedAccounts: ['1111111111111'] }, 'nobody can use the endpoints'),
  endpoints('an endpoint policy for nobody', "'trustedAccounts'", { trustedAccounts: [] }, 'nobody can use the endpoints'),
  endpoints('an organization with a wrong id in an endpoint policy', "'trustedOrganization'", { trustedOrganization: 'my-company' }, 'nobody can use the endpoints'),
  endpoints('an endpoint policy without a principal', "'policyStatements[0]'",
    { policyStatements: [new iam.PolicyStatement({ actions: ['ecr:*'], resources: ['*'] })] }, 'ModifyVpcEndpoint: InvalidParameter, the policy is not valid'),
  endpoints('an endpoint policy without statements', "'policyStatements'", { policyStatements: [] }, 'everything passes the endpoints'),
  endpoints('an S3 gateway for image layers alone', 'cdk-secure-ecr:EcrVpcEndpoints.s3RestrictedToImageLayers', { restrictS3ToImageLayers: true },
    'package repositories and own buckets in Amazon S3 are out of reach'),
  endpoints('endpoints in one of two Availability Zones', 'cdk-secure-ecr:EcrVpcEndpoints.oneAvailabilityZone', { subnets: { availabilityZones: [`${REGION}a`] } },
    'no pull works when the zone fails', vpcOf, { subnets: { availabilityZones: [`${REGION}a`] } }),
  {
    mistake: 'a VPC that has the endpoint already',
    atAws: 'CreateVpcEndpoint: private-dns-enabled conflicts with another endpoint',
    names: "'vpc'",
    ours: stack => {
      const vpc = vpcOf(stack);
      vpc.addInterfaceEndpoint('Docker', { service: ECR_DOCKER });
      return new EcrVpcEndpoints(stack, 'Endpoints', { vpc });
    },
    core: stack => {
      const vpc = vpcOf(stack);
      ['One', 'Two'].forEach(id => vpc.addInterfaceEndpoint(id, { service: ECR_DOCKER }));
    },
  },
  {
    mistake: 'a VPC that has the gateway to Amazon S3 already',
    atAws: 'CreateVpcEndpoint: the route table already has a route to the prefix list',
    names: "'vpc'",
    ours: stack => {
      const vpc = vpcOf(stack);
      vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });
      return new EcrVpcEndpoints(stack, 'Endpoints', { vpc });
    },
    core: stack => {
      const vpc = vpcOf(stack);
      ['One', 'Two'].forEach(id => vpc.addGatewayEndpoint(id, { service: ec2.GatewayVpcEndpointAwsService.S3 }));
    },
  },
  {
    mistake: 'the interface endpoints without the gateway to Amazon S3',
    atAws: `${HANGS}: layers come from Amazon S3`,
    mends: template => template.hasResourceProperties('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Gateway', RouteTableIds: Match.anyValue() }),
    ours: stack => new EcrVpcEndpoints(stack, 'Endpoints', { vpc: vpcOf(stack) }),
    core: core(),
  },
  {
    mistake: 'only one of the two interface endpoints',
    atAws: HANGS,
    mends: template => template.resourcePropertiesCountIs('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Interface', PrivateDnsEnabled: true }, 2),
    ours: stack => new EcrVpcEndpoints(stack, 'Endpoints', { vpc: vpcOf(stack) }),
    core: stack => vpcOf(stack).addInterfaceEndpoint('Docker', { service: ECR_DOCKER }),
  },
  {
    mistake: 'endpoints without private DNS',
    atAws: `${HANGS}: the names of the registry keep their public addresses`,
    names: "'dockerEndpoint'",
    ours: stack => {
      const vpc = vpcOf(stack);
      const dockerEndpoint = vpc.addInterfaceEndpoint('Docker', { service: ECR_DOCKER, privateDnsEnabled: false });
      return new EcrVpcEndpoints(stack, 'Endpoints', { vpc, dockerEndpoint });
    },
    core: core({ privateDnsEnabled: false }),
  },
  {
    mistake: 'endpoints that identities of every account may use',
    atAws: 'whoever gets into the VPC carries images out with credentials of another account',
    mends: template => template.allResourcesProperties('AWS::EC2::VPCEndpoint', Match.objectLike({}))
      ?? template.hasResourceProperties('AWS::EC2::VPCEndpoint', {
        PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Condition: { StringEquals: { 'aws:PrincipalAccount': OWNER } } })]) },
      }),
    ours: stack => new EcrVpcEndpoints(stack, 'Endpoints', { vpc: vpcOf(stack) }),
    core: core(),
  },
];
