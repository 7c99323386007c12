import { Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { failIfAny } from '../private/core/errors';
import { endpointPolicySizeProblems, endpointPolicyStatements, layersStatement } from './endpoint-policy';
import { conflictProblems, endpointProblems, servicesOf, wantedEndpoints } from './endpoint-problems';
import { cidrOf, onePerZone } from './vpc-facts';

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
   * Who may connect to the interface endpoints, on port 443: security groups, services and instances, or `ec2.Peer`.
   *
   * Must be given with IPv6, because the IPv6 addresses of a VPC are not known before it exists. With `[]`, nobody may connect until
   * `connections.allowDefaultPortFrom(…)` says so.
   *
   * Instances of the VPC that may not connect lose Amazon ECR altogether: its names point to the endpoints in the whole VPC.
   *
   * @default - every IPv4 address of the VPC; the CIDR block of an imported VPC must be known
   */
  readonly peers?: ec2.IConnectable[];

  /**
   * The security group of the interface endpoints; only `peers` are added to it. [disable-awslint:prefer-ref-interface]
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
   * Whether the endpoints are those of the FIPS hosts, such as `<account>.dkr.ecr-fips.<region>.amazonaws.com`, instead of the usual ones.
   *
   * Only in the Regions of the USA. For both, define `EcrVpcEndpoints` twice and give the second one the `s3Endpoint` of the first.
   *
   * @default false
   * @see https://docs.aws.amazon.com/general/latest/gr/ecr.html
   */
  readonly fips?: boolean;

  /**
   * The addresses of the endpoints; the gateway to Amazon S3 gets the same.
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

/**
 * Everything that workloads of a VPC need to pull images without a NAT gateway or an internet gateway.
 *
 * Amazon ECR takes three endpoints to do so: `ecr.api` for logins, `ecr.dkr` for manifests, and a gateway to Amazon S3 for the layers. Missing
 * one of them, pulls hang until they time out.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
 */
export class EcrVpcEndpoints extends Construct implements ec2.IConnectable {
  /**
   * The endpoint for the ECR API.
   */
  public readonly apiEndpoint: ec2.IInterfaceVpcEndpoint;

  /**
   * The endpoint for pulls and pushes.
   */
  public readonly dockerEndpoint: ec2.IInterfaceVpcEndpoint;

  /**
   * The gateway to Amazon S3.
   */
  public readonly s3Endpoint: ec2.IGatewayVpcEndpoint;

  /**
   * The endpoints of the other services, by the short name of the service such as `logs`.
   */
  public readonly companionEndpoints: { [service: string]: ec2.IInterfaceVpcEndpoint };

  /**
   * The security group of the new interface endpoints, unless there are none.
   */
  public readonly securityGroup?: ec2.ISecurityGroup;

  /**
   * Who may connect to the interface endpoints, those that were given included.
   */
  public readonly connections: ec2.Connections;

  constructor(scope: Construct, id: string, props: EcrVpcEndpointsProps) {
    super(scope, id);

    const { vpc } = props;
    const selection = vpc.selectSubnets(props.subnets);
    const services = servicesOf(props);
    const wanted = wantedEndpoints(props, services, selection.subnets);
    // A VPC that is still to be looked up has an id and subnets that all such VPCs share.
    const conflicts = (): string[] => selection.isPendingLookup ? [] : conflictProblems(this, vpc, wanted);
    failIfAny(this, 'InvalidEcrVpcEndpoints', [...endpointProblems(this, props, services, selection), ...conflicts()]);
    const statements = props.policyStatements ?? endpointPolicyStatements(this, props);
    failIfAny(this, 'InvalidEcrVpcEndpoints', endpointPolicySizeProblems(this, statements));
    this.node.addValidation({ validate: conflicts });

    const makesInterfaces = !props.apiEndpoint || !props.dockerEndpoint || services.companions.length > 0;
    this.securityGroup = makesInterfaces ? props.securityGroup ?? this.newSecurityGroup(props) : undefined;

    const options = {
      vpc,
      subnets: { subnets: onePerZone(selection.subnets) },
      securityGroups: this.securityGroup ? [this.securityGroup] : [],
      open: false,
      privateDnsEnabled: true,
      ipAddressType: props.ipAddressType,
      dnsRecordIpType: props.dnsRecordIpType,
    };
    this.apiEndpoint = props.apiEndpoint
      ?? withPolicy(statements, new ec2.InterfaceVpcEndpoint(this, 'Api', { ...options, service: services.api }));
    this.dockerEndpoint = props.dockerEndpoint
      ?? withPolicy(statements, new ec2.InterfaceVpcEndpoint(this, 'Docker', { ...options, service: services.docker }));
    this.s3Endpoint = props.s3Endpoint ?? this.newGateway(props, selection.subnets);

    const companions = new Construct(this, 'Companions');
    this.companionEndpoints = Object.fromEntries(services.companions.map(service => [
      service.shortName,
      new ec2.InterfaceVpcEndpoint(companions, pascalCase(service.shortName), { ...options, service }),
    ]));

    this.connections = new ec2.Connections({ defaultPort: ec2.Port.HTTPS, securityGroups: this.securityGroupsOf(props) });
    props.peers?.forEach(peer => this.connections.allowDefaultPortFrom(peer));
    if (!selection.isPendingLookup) {
      this.warn(props, selection.subnets);
    }
  }

  private newSecurityGroup({ vpc, peers }: EcrVpcEndpointsProps): ec2.SecurityGroup {
    const securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'HTTPS to the endpoints of Amazon ECR',
      allowAllOutbound: false,
    });
    if (!peers) {
      securityGroup.addIngressRule(ec2.Peer.ipv4(cidrOf(vpc)), ec2.Port.HTTPS);
    }
    return securityGroup;
  }

  private newGateway({ vpc, ipAddressType, restrictS3ToImageLayers }: EcrVpcEndpointsProps, subnets: ec2.ISubnet[]): ec2.GatewayVpcEndpoint {
    const gateway = new ec2.GatewayVpcEndpoint(this, 'S3', { vpc, service: ec2.GatewayVpcEndpointAwsService.S3, subnets: [{ subnets }] });
    if (ipAddressType) {
      (gateway.node.defaultChild as ec2.CfnVPCEndpoint).ipAddressType = ipAddressType;
    }
    return restrictS3ToImageLayers ? withPolicy([layersStatement(this)], gateway) : gateway;
  }

  private securityGroupsOf(props: EcrVpcEndpointsProps): ec2.ISecurityGroup[] {
    const given = [props.apiEndpoint, props.dockerEndpoint].flatMap(endpoint => endpoint?.connections.securityGroups ?? []);
    return [...new Set([...(this.securityGroup ? [this.securityGroup] : []), ...given])];
  }

  private warn(props: EcrVpcEndpointsProps, subnets: ec2.ISubnet[]): void {
    const { vpc } = props;
    if (props.restrictS3ToImageLayers) {
      Validations.of(this).addWarning(
        'cdk-secure-ecr:EcrVpcEndpoints.s3RestrictedToImageLayers',
        "'restrictS3ToImageLayers' also stops all other traffic of these subnets to Amazon S3, such as package repositories and own buckets",
      );
    }
    if (!props.subnets && !props.s3Endpoint && vpc.privateSubnets.length > 0 && vpc.isolatedSubnets.length > 0) {
      Validations.of(this).addWarning(
        'cdk-secure-ecr:EcrVpcEndpoints.isolatedSubnetsLeftOut',
        "workloads in the isolated subnets of the VPC get no route to image layers, because it also has private subnets; choose with 'subnets'",
      );
    }
    if (onePerZone(subnets).length === 1 && vpc.availabilityZones.length > 1) {
      Validations.of(this).addWarning(
        'cdk-secure-ecr:EcrVpcEndpoints.oneAvailabilityZone',
        "the interface endpoints are in one Availability Zone, and no pull works when it fails; choose 'subnets' in several zones",
      );
    }
    const closed = (['apiEndpoint', 'dockerEndpoint'] as const).filter(prop => props[prop]?.connections.securityGroups.length === 0);
    if (props.peers && closed.length > 0) {
      Validations.of(this).addWarning(
        'cdk-secure-ecr:EcrVpcEndpoints.peersNotApplied',
        `'peers' cannot be let into ${closed.map(prop => `'${prop}'`).join(' and ')}, imported without 'securityGroups'; import it with them`,
      );
    }
  }
}

function withPolicy<T extends ec2.VpcEndpoint>(statements: iam.PolicyStatement[], endpoint: T): T {
  statements.forEach(statement => endpoint.addToPolicy(statement.copy()));
  return endpoint;
}

function pascalCase(name: string): string {
  return name.split(/[^a-z0-9]+/).map(word => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
