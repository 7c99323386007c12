export { EcrVpcEndpoints } from './ecr-vpc-endpoints';
export type { EcrVpcEndpointsProps } from './ecr-vpc-endpoints-props';
export { EndpointCompanions } from './endpoint-companions';
