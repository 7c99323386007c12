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
 * An endpoint that the construct makes, and what to do where the VPC has one already.
 */
export interface WantedEndpoint {
  readonly serviceName: string;
  readonly label: string;
  readonly fix: string;
  /** Only for a gateway: the route tables that get its route. */
  readonly routeTableIds?: string[];
}

/**
 * The services that the props ask for, each once.
 */
export function servicesOf({ fips, companions = [] }: EcrVpcEndpointsProps): EndpointServices {
  return {
    api: fips ? new ec2.InterfaceVpcEndpointAwsService('ecr-fips.api') : ec2.InterfaceVpcEndpointAwsService.ECR,
    docker: fips ? new ec2.InterfaceVpcEndpointAwsService('ecr-fips.dkr') : ec2.InterfaceVpcEndpointAwsService.ECR_DOCKER,
    companions: [...new Map(companions.map(service => [service.shortName, service])).values()],
  };
}

/**
 * The endpoints that the props ask for and do not give.
 */
export function wantedEndpoints(props: EcrVpcEndpointsProps, services: EndpointServices, subnets: ec2.ISubnet[]): WantedEndpoint[] {
  const wanted = ({ name, shortName }: ec2.InterfaceVpcEndpointAwsService, fix: string): WantedEndpoint =>
    ({ serviceName: name, label: `interface endpoint for '${shortName}'`, fix });
  return [
    ...(props.apiEndpoint ? [] : [wanted(services.api, "give it as 'apiEndpoint'")]),
    ...(props.dockerEndpoint ? [] : [wanted(services.docker, "give it as 'dockerEndpoint'")]),
    ...services.companions.map(service => wanted(service, "leave the service out of 'companions'")),
    ...(props.s3Endpoint ? [] : [{
      serviceName: ec2.GatewayVpcEndpointAwsService.S3.name,
      label: 'gateway to Amazon S3 in these subnets',
      fix: "give it as 's3Endpoint'",
      routeTableIds: subnets.map(subnet => subnet.routeTable.routeTableId),
    }]),
  ];
}
