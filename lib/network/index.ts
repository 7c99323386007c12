export { EcrVpcEndpoints, type EcrVpcEndpointsProps } from './ecr-vpc-endpoints';
export { EndpointCompanions } from './endpoint-companions';
