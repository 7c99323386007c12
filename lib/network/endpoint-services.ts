import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { EcrVpcEndpointsProps } from './ecr-vpc-endpoints-props';

/**
 * The services behind the interface endpoints.
 */
export interface EndpointServices {
  readonly api: ec2.InterfaceVpcEndpointAwsService;
  readonly docker: ec2.InterfaceVpcEndpointAwsService;
  readonly companions: ec2.InterfaceVpcEndpointAwsService[];
}

/**
 * An endpoint that the construct creates, and the fix if the VPC already has one.
 */
export interface WantedEndpoint {
  readonly serviceName: string;
  readonly label: string;
  readonly fix: string;
  /** The route tables of a gateway endpoint. */
  readonly routeTableIds?: string[];
}

/**
 * The services that the props request, without duplicates.
 */
export function servicesOf({ fips, companions = [] }: EcrVpcEndpointsProps): EndpointServices {
  return {
    api: fips ? new ec2.InterfaceVpcEndpointAwsService('ecr-fips.api') : ec2.InterfaceVpcEndpointAwsService.ECR,
    docker: fips ? new ec2.InterfaceVpcEndpointAwsService('ecr-fips.dkr') : ec2.InterfaceVpcEndpointAwsService.ECR_DOCKER,
    companions: [...new Map(companions.map(service => [service.shortName, service])).values()],
  };
}

/**
 * The endpoints that the props request and do not provide.
 */
export function wantedEndpoints(props: EcrVpcEndpointsProps, services: EndpointServices, subnets: ec2.ISubnet[]): WantedEndpoint[] {
  const wanted = ({ name, shortName }: ec2.InterfaceVpcEndpointAwsService, fix: string): WantedEndpoint =>
    ({ serviceName: name, label: `interface endpoint for '${shortName}'`, fix });
  return [
    ...(props.apiEndpoint ? [] : [wanted(services.api, "set it as 'apiEndpoint'")]),
    ...(props.dockerEndpoint ? [] : [wanted(services.docker, "set it as 'dockerEndpoint'")]),
    ...services.companions.map(service => wanted(service, "remove the service from 'companions'")),
    ...(props.s3Endpoint ? [] : [{
      serviceName: ec2.GatewayVpcEndpointAwsService.S3.name,
      label: 'gateway endpoint for Amazon S3 in these subnets',
      fix: "set it as 's3Endpoint'",
      routeTableIds: subnets.map(subnet => subnet.routeTable.routeTableId),
    }]),
  ];
}
