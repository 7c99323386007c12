import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import type * as iam from 'aws-cdk-lib/aws-iam';

/**
 * Properties for defining `EcrVpcEndpoints`.
 */
export interface EcrVpcEndpointsProps {
  /**
   * The VPC whose workloads pull images; it must have DNS support and DNS hostnames. [disable-awslint:prefer-ref-interface]
   */
  readonly vpc: ec2.IVpc;

  /**
   * The subnets whose workloads pull images.
   *
   * All of them get a route to Amazon S3, which stores image layers. One subnet of each Availability Zone gets the interface endpoints.
   *
   * @default - the private subnets with a route to the internet; isolated subnets if there are none; otherwise public subnets
   */
  readonly subnets?: ec2.SubnetSelection;

  /**
   * The peers that may connect to the interface endpoints, on port 443: security groups, services and instances, or `ec2.Peer`.
   *
   * Required with IPv6, because the IPv6 addresses of a VPC are unknown before it exists. With `[]`, no connections are allowed until
   * you call `connections.allowDefaultPortFrom(…)`.
   *
   * Instances of the VPC that may not connect cannot use Amazon ECR, because its DNS names resolve to the endpoints in the whole VPC.
   *
   * @default - every IPv4 address of the VPC, in all CIDR blocks that it has at that time; the first block of an imported VPC must be known
   */
  readonly peers?: ec2.IConnectable[];

  /**
   * The security group of the interface endpoints, in the same VPC; only `peers` are added to it.
   *
   * Warns if it has no rule for incoming traffic. [disable-awslint:prefer-ref-interface]
   *
   * @default - a new one
   */
  readonly securityGroup?: ec2.ISecurityGroup;

  /**
   * The AWS accounts (12 digits) whose identities may use the ECR endpoints, for all repositories.
   *
   * This prevents pushes out of the VPC with credentials of another account. In a VPC that is shared with other accounts, list all
   * of them, or the organization.
   *
   * @default - the account of the stack, unless `trustedOrganization` is given
   */
  readonly trustedAccounts?: string[];

  /**
   * The id of the organization whose identities may use the ECR endpoints, in addition to `trustedAccounts`.
   *
   * @default - no organization
   */
  readonly trustedOrganization?: string;

  /**
   * The AWS accounts (12 digits) whose repositories may be reached through the endpoints.
   *
   * `reachableRegistries`, `reachableOrganization` and `reachableRepositories` are additive. AWS publishes its images, such as the add-ons
   * of Amazon EKS or the agent of Amazon GuardDuty, from accounts that depend on the Region: list the accounts that you use. Calls for a
   * whole registry, except logins, are allowed only with `reachableOrganization`.
   *
   * @default - every registry, unless one of the other two is set
   * @see https://docs.aws.amazon.com/eks/latest/userguide/add-ons-images.html
   */
  readonly reachableRegistries?: string[];

  /**
   * The id of the organization whose repositories may be reached through the endpoints.
   *
   * @default - every registry, unless one of the other two is set
   */
  readonly reachableOrganization?: string;

  /**
   * Repositories that may be reached through the endpoints, in the Region of the VPC.
   *
   * @default - every repository, unless one of the other two is set
   */
  readonly reachableRepositories?: ecr.IRepositoryRef[];

  /**
   * Whether the endpoints only allow logins and pulls, including refreshes of pull through caches.
   *
   * The first pull through a cache also creates a repository, and needs a route to the internet.
   *
   * @default false
   */
  readonly pullOnly?: boolean;

  /**
   * The policy of the two ECR endpoints, instead of the policy of the props above; every statement needs a principal.
   *
   * A policy that allows all principals to push to all registries, or that allows no logins, is a warning.
   *
   * @default - the policy of `trusted…`, `reachable…` and `pullOnly`
   */
  readonly policyStatements?: iam.PolicyStatement[];

  /**
   * Whether the gateway endpoint only allows image layers.
   *
   * It is a warning, because the gateway endpoint serves all traffic of these subnets to Amazon S3, including package repositories and your buckets.
   *
   * @default false
   */
  readonly restrictS3ToImageLayers?: boolean;

  /**
   * An endpoint for the ECR API (`ecr.api`) that the VPC already has; its policy does not change. [disable-awslint:prefer-ref-interface]
   *
   * @default - a new one
   */
  readonly apiEndpoint?: ec2.IInterfaceVpcEndpoint;

  /**
   * An endpoint for pulls and pushes (`ecr.dkr`) that the VPC already has; its policy does not change. [disable-awslint:prefer-ref-interface]
   *
   * @default - a new one
   */
  readonly dockerEndpoint?: ec2.IInterfaceVpcEndpoint;

  /**
   * A gateway endpoint for Amazon S3 that the VPC already has; its policy and routes do not change. [disable-awslint:prefer-ref-interface]
   *
   * A gateway endpoint of this app must have the route tables of the isolated `subnets`, and allow `s3:GetObject` on image layers.
   *
   * @default - a new one
   */
  readonly s3Endpoint?: ec2.IGatewayVpcEndpoint;

  /**
   * The endpoints of other services, in the same subnets and for the same peers; you can combine lists of `EndpointCompanions`.
   *
   * @default - none
   */
  readonly companions?: ec2.InterfaceVpcEndpointAwsService[];

  /**
   * The policy of the endpoints of `companions`; every statement needs a principal.
   *
   * Use it to limit them to the identities that may use the ECR endpoints. AWS STS receives calls without a principal account, such
   * as `sts:AssumeRoleWithWebIdentity`, and some services do not support endpoint policies.
   *
   * @see https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
   * @default - full access, which is a warning with `trustedAccounts` or `trustedOrganization`
   */
  readonly companionPolicyStatements?: iam.PolicyStatement[];

  /**
   * Whether the DNS names of the services resolve to the endpoints in this VPC, so that clients need no other address.
   *
   * Set it to false for central endpoints of several VPCs, which use private hosted zones for these names.
   *
   * @see https://docs.aws.amazon.com/whitepapers/latest/building-scalable-secure-multi-vpc-network-infrastructure/centralized-access-to-vpc-private-endpoints.html
   * @default true
   */
  readonly privateDnsEnabled?: boolean;

  /**
   * Whether the endpoints are for the FIPS hosts, such as `<account>.dkr.ecr-fips.<region>.amazonaws.com`, instead of the standard hosts.
   *
   * Available in the Regions of the USA only. For both, define `EcrVpcEndpoints` twice and pass the `s3Endpoint` of the first to the second.
   *
   * @default false
   * @see https://docs.aws.amazon.com/general/latest/gr/ecr.html
   */
  readonly fips?: boolean;

  /**
   * The IP address type of the endpoints, including the gateway endpoint. With IPv6, the subnets must have IPv6 addresses.
   *
   * @default - IPv4
   */
  readonly ipAddressType?: ec2.VpcEndpointIpAddressType;

  /**
   * The DNS records of the interface endpoints.
   *
   * @default - as `ipAddressType`
   */
  readonly dnsRecordIpType?: ec2.VpcEndpointDnsRecordIpType;
}
