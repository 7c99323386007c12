import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { failIfAny } from '../private/core/errors';
import { checkArguments } from '../private/input/check-arguments';
import { publicClass } from '../private/input/public-class';
import { addressBlocksOf } from './address-blocks';
import type { EcrVpcEndpointsProps } from './ecr-vpc-endpoints-props';
import { endpointPolicySizeProblems, endpointPolicyStatements, layersStatement } from './endpoint-policy';
import { conflictProblems, endpointProblems } from './endpoint-problems';
import { servicesOf, wantedEndpoints } from './endpoint-services';
import { warnOfEndpoints } from './endpoint-warnings';
import { lateEndpointProblems } from './late-endpoint-problems';
import { onePerZone } from './vpc-facts';

/**
 * The VPC endpoints that workloads need to pull images without a NAT gateway or an internet gateway.
 *
 * Amazon ECR needs three endpoints: `ecr.api` for logins, `ecr.dkr` for manifests, and a gateway endpoint for Amazon S3 for the layers. If one
 * of them is missing, pulls time out.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
 */
export class EcrVpcEndpoints extends Construct implements ec2.IConnectable {
  static {
    publicClass(this, 'EcrVpcEndpoints');
  }

  /**
   * The endpoint for the ECR API.
   */
  public readonly apiEndpoint: ec2.IInterfaceVpcEndpoint;

  /**
   * The endpoint for pulls and pushes.
   */
  public readonly dockerEndpoint: ec2.IInterfaceVpcEndpoint;

  /**
   * The gateway endpoint for Amazon S3.
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
   * The connections of the interface endpoints, including existing endpoints in the props.
   */
  public readonly connections: ec2.Connections;

  constructor(scope: Construct, id: string, props: EcrVpcEndpointsProps) {
    checkArguments('EcrVpcEndpoints', [scope, id, props]);
    super(scope, id);

    const { vpc } = props;
    const selection = vpc.selectSubnets(props.subnets);
    const services = servicesOf(props);
    const wanted = wantedEndpoints(props, services, selection.subnets);
    // A VPC that is not looked up yet has a placeholder id and subnets, which all such VPCs share.
    const conflicts = (): string[] => selection.isPendingLookup ? [] : conflictProblems(this, props, wanted);
    failIfAny(this, 'InvalidEcrVpcEndpoints', [...endpointProblems(this, props, services, selection), ...conflicts()]);
    const statements = props.policyStatements ?? endpointPolicyStatements(this, props);
    failIfAny(this, 'InvalidEcrVpcEndpoints', endpointPolicySizeProblems(this, statements));
    const late = (): string[] => selection.isPendingLookup ? [] : lateEndpointProblems(this, props, selection.subnets);
    this.node.addValidation({ validate: () => [...conflicts(), ...late()] });

    const makesInterfaces = !props.apiEndpoint || !props.dockerEndpoint || services.companions.length > 0;
    const blocks = makesInterfaces && !props.securityGroup && !props.peers ? addressBlocksOf(vpc) : [];
    this.securityGroup = makesInterfaces ? props.securityGroup ?? this.newSecurityGroup(vpc, blocks) : undefined;

    const options = {
      vpc,
      subnets: { subnets: onePerZone(selection.subnets) },
      securityGroups: this.securityGroup ? [this.securityGroup] : [],
      open: false,
      privateDnsEnabled: props.privateDnsEnabled ?? true,
      ipAddressType: props.ipAddressType,
      dnsRecordIpType: props.dnsRecordIpType,
    };
    this.apiEndpoint = props.apiEndpoint
      ?? withPolicy(statements, new ec2.InterfaceVpcEndpoint(this, 'Api', { ...options, service: services.api }));
    this.dockerEndpoint = props.dockerEndpoint
      ?? withPolicy(statements, new ec2.InterfaceVpcEndpoint(this, 'Docker', { ...options, service: services.docker }));
    this.s3Endpoint = props.s3Endpoint ?? this.newGateway(props, selection);

    const companions = new Construct(this, 'Companions');
    this.companionEndpoints = Object.fromEntries(services.companions.map(service => [
      service.shortName,
      withPolicy(
        props.companionPolicyStatements ?? [],
        new ec2.InterfaceVpcEndpoint(companions, pascalCase(service.shortName), { ...options, service }),
      ),
    ]));

    this.connections = new ec2.Connections({ defaultPort: ec2.Port.HTTPS, securityGroups: this.securityGroupsOf(props) });
    props.peers?.forEach(peer => this.connections.allowDefaultPortFrom(peer));
    if (!selection.isPendingLookup) {
      warnOfEndpoints(this, props, selection.subnets, blocks);
    }
  }

  private newSecurityGroup(vpc: ec2.IVpc, blocks: readonly string[]): ec2.SecurityGroup {
    const securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'HTTPS to the endpoints of Amazon ECR',
      allowAllOutbound: false,
    });
    for (const block of blocks) {
      securityGroup.addIngressRule(ec2.Peer.ipv4(block), ec2.Port.HTTPS);
    }
    return securityGroup;
  }

  private newGateway({ vpc, ipAddressType, restrictS3ToImageLayers }: EcrVpcEndpointsProps, selection: ec2.SelectedSubnets): ec2.GatewayVpcEndpoint {
    const gateway = new ec2.GatewayVpcEndpoint(this, 'S3', {
      vpc,
      service: ec2.GatewayVpcEndpointAwsService.S3,
      subnets: selection.isPendingLookup ? undefined : [{ subnets: selection.subnets }],
    });
    if (ipAddressType) {
      (gateway.node.defaultChild as ec2.CfnVPCEndpoint).ipAddressType = ipAddressType;
    }
    return restrictS3ToImageLayers ? withPolicy([layersStatement(this)], gateway) : gateway;
  }

  private securityGroupsOf(props: EcrVpcEndpointsProps): ec2.ISecurityGroup[] {
    const given = [props.apiEndpoint, props.dockerEndpoint].flatMap(endpoint => endpoint?.connections.securityGroups ?? []);
    return [...new Set([...(this.securityGroup ? [this.securityGroup] : []), ...given])];
  }
}

function withPolicy<T extends ec2.VpcEndpoint>(statements: iam.PolicyStatement[], endpoint: T): T {
  statements.forEach(statement => endpoint.addToPolicy(statement.copy()));
  return endpoint;
}

function pascalCase(name: string): string {
  return name.split(/[^a-z0-9]+/).map(word => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
