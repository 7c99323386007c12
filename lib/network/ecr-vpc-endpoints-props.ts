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
   * All of them get a route to Amazon S3, where image layers come from; one of each Availability Zone gets the interface endpoints.
   *
   * @default - the private subnets with a route to the internet; isolated subnets where there are none; else public ones
   */
  readonly subnets?: ec2.SubnetSelection;

  /**
   * The peers that may connect to the interface endpoints, on port 443: security groups, services and instances, or `ec2.Peer`.
   *
   * Must be given with IPv6, because the IPv6 addresses of a VPC are not known before it exists. With `[]`, nobody may connect until
   * `connections.allowDefaultPortFrom(…)` says so.
   *
   * Instances of the VPC that may not connect lose Amazon ECR altogether: its names point to the endpoints in the whole VPC.
   *
   * @default - every IPv4 address of the VPC, in all CIDR blocks that it has by then; the first block of an imported VPC must be known
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
   * The AWS accounts (12 digits) whose identities may use the ECR endpoints, wherever the repositories are.
   *
   * Nobody can then carry images out of the VPC with credentials of another account. In a VPC that is shared with other accounts,
   * name them all, or the organization.
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
   * What `reachableRegistries`, `reachableOrganization` and `reachableRepositories` name adds up. AWS publishes images of its own, such as
   * the add-ons of Amazon EKS or the agent of Amazon GuardDuty, from accounts that differ by Region: name those that you use. Calls about
   * a whole registry, other than logging in, pass only with `reachableOrganization`.
   *
   * @default - every registry, unless one of the other two is given
   * @see https://docs.aws.amazon.com/eks/latest/userguide/add-ons-images.html
   */
  readonly reachableRegistries?: string[];

  /**
   * The id of the organization whose repositories may be reached through the endpoints.
   *
   * @default - every registry, unless one of the other two is given
   */
  readonly reachableOrganization?: string;

  /**
   * Repositories that may be reached through the endpoints, in the Region of the VPC.
   *
   * @default - every repository, unless one of the other two is given
   */
  readonly reachableRepositories?: ecr.IRepositoryRef[];

  /**
   * Whether the endpoints let only logins and pulls through, refreshes of pull through caches included.
   *
   * The first pull through a cache also creates a repository, and needs a route to the internet.
   *
   * @default false
   */
  readonly pullOnly?: boolean;

  /**
   * The policy of the two ECR endpoints, instead of the one that the props above describe; every statement needs a principal.
   *
   * A policy that allows everybody to push everywhere, or nobody to log in, is a warning.
   *
   * @default - made of `trusted…`, `reachable…` and `pullOnly`
   */
  readonly policyStatements?: iam.PolicyStatement[];

  /**
   * Whether the gateway lets only image layers through.
   *
   * Warned about: the gateway carries all traffic of these subnets to Amazon S3, package repositories and own buckets included.
   *
   * @default false
   */
  readonly restrictS3ToImageLayers?: boolean;

  /**
   * An endpoint for the ECR API (`ecr.api`) that the VPC has already; its policy stays. [disable-awslint:prefer-ref-interface]
   *
   * @default - a new one
   */
  readonly apiEndpoint?: ec2.IInterfaceVpcEndpoint;

  /**
   * An endpoint for pulls and pushes (`ecr.dkr`) that the VPC has already; its policy stays. [disable-awslint:prefer-ref-interface]
   *
   * @default - a new one
   */
  readonly dockerEndpoint?: ec2.IInterfaceVpcEndpoint;

  /**
   * A gateway to Amazon S3 that the VPC has already; its policy and routes stay. [disable-awslint:prefer-ref-interface]
   *
   * A gateway of this app must have the route tables of the isolated `subnets`, and allow `s3:GetObject` on image layers.
   *
   * @default - a new one
   */
  readonly s3Endpoint?: ec2.IGatewayVpcEndpoint;

  /**
   * Endpoints of other services, in the same subnets and for the same peers; lists of `EndpointCompanions` may be combined.
   *
   * @default - none
   */
  readonly companions?: ec2.InterfaceVpcEndpointAwsService[];

  /**
   * The policy of the endpoints of `companions`; every statement needs a principal.
   *
   * Use it to limit them to the identities that may use the ECR endpoints. AWS STS gets calls without a principal account, such as
   * `sts:AssumeRoleWithWebIdentity`, and some services take no endpoint policy.
   *
   * @see https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
   * @default - full access, which is a warning with `trustedAccounts` or `trustedOrganization`
   */
  readonly companionPolicyStatements?: iam.PolicyStatement[];

  /**
   * Whether the names of the services lead to the endpoints in this VPC, so that clients need no other address.
   *
   * Set it to false for central endpoints of several VPCs, which share private hosted zones for these names instead.
   *
   * @see https://docs.aws.amazon.com/whitepapers/latest/building-scalable-secure-multi-vpc-network-infrastructure/centralized-access-to-vpc-private-endpoints.html
   * @default true
   */
  readonly privateDnsEnabled?: boolean;

  /**
   * Whether the endpoints are those of the FIPS hosts, such as `<account>.dkr.ecr-fips.<region>.amazonaws.com`, instead of the usual ones.
   *
   * Only in the Regions of the USA. For both, define `EcrVpcEndpoints` twice and give the second one the `s3Endpoint` of the first.
   *
   * @default false
   * @see https://docs.aws.amazon.com/general/latest/gr/ecr.html
   */
  readonly fips?: boolean;

  /**
   * The addresses of the endpoints; the gateway to Amazon S3 gets the same. With IPv6, the subnets must have IPv6 addresses.
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
