import type { Check, Finding } from './check';
import { ENDPOINT, serviceOf } from './endpoint-service';
import { ofType, referenceOf, type TemplateResource, valueAt } from './template-resource';

const ENDPOINTS: { readonly [endpoint: string]: string } = {
  'ecr.api': "'ecr.api', for logins",
  'ecr.dkr': "'ecr.dkr', for manifests",
  's3': "'s3', for layers",
};

/**
 * Pulls time out, or use the internet in spite of the endpoints. There are no findings while an endpoint may be in any VPC.
 */
export const missingEndpoints: Check = {
  id: 'missingEndpoints',
  severity: 'warning',
  fix: 'use EcrVpcEndpoints, which creates all three',
  controls: { 'AWS Security Hub': 'EC2.55, EC2.56' },
  find: resources => vpcFindings(ofType(resources, 'AWS::EC2::VPC'), ofType(resources, ENDPOINT)),
};

function vpcFindings(vpcs: readonly TemplateResource[], endpoints: readonly TemplateResource[]): Finding[] {
  // an endpoint for another service in a VPC of elsewhere says nothing about this one
  const strays = endpoints.filter(endpoint => serviceOf(endpoint) !== '').some(endpoint => !vpcs.some(vpc => isIn(endpoint, vpc)));
  return vpcs.flatMap(vpc => {
    const own = endpoints.filter(endpoint => isIn(endpoint, vpc));
    const services = own.map(serviceOf);
    const missing = Object.keys(ENDPOINTS).filter(endpoint => !services.includes(endpoint));
    return missing.length === 0 || strays || services.includes(undefined) ? [] : own.filter(endpoint => serviceOf(endpoint)?.startsWith('ecr.')).slice(0, 1).map(resource => ({
      resource,
      property: 'ServiceName',
      message: `'ServiceName': a pull needs the endpoints 'ecr.api', 'ecr.dkr' and 's3', and the VPC '${vpc.logicalId}' has none of ${missing.map(it => ENDPOINTS[it]).join(' and ')}`,
    }));
  });
}

function isIn({ properties, templatePath }: TemplateResource, vpc: TemplateResource): boolean {
  return templatePath === vpc.templatePath && referenceOf(valueAt(properties, 'VpcId')) === vpc.logicalId;
}
