import type { Check } from './check';
import { isObject, ofType, type TemplateResource, valueAt } from './template-resource';

const ENDPOINTS: { readonly [endpoint: string]: string } = {
  'ecr.api': "'ecr.api', for logins",
  'ecr.dkr': "'ecr.dkr', for manifests",
  's3': "'s3', for layers",
};

/**
 * Pulls hang, or take the way over the internet that the endpoints should spare.
 */
export const missingEndpoints: Check = {
  id: 'missingEndpoints',
  severity: 'warning',
  fix: 'use EcrVpcEndpoints, which makes all three',
  controls: { 'AWS Security Hub': 'EC2.55, EC2.56' },
  find: resources => ofType(resources, 'AWS::EC2::VPC').flatMap(vpc => {
    const endpoints = ofType(resources, 'AWS::EC2::VPCEndpoint').filter(endpoint => isIn(endpoint, vpc));
    const services = endpoints.map(serviceOf);
    const ofRegistry = endpoints.filter(endpoint => serviceOf(endpoint).startsWith('ecr.'));
    const missing = Object.keys(ENDPOINTS).filter(endpoint => !services.includes(endpoint));
    return missing.length === 0 ? [] : ofRegistry.slice(0, 1).map(resource => ({
      resource,
      property: 'ServiceName',
      message: `'ServiceName': a pull takes the endpoints 'ecr.api', 'ecr.dkr' and 's3', and the VPC '${vpc.logicalId}' has none of ${missing.map(it => ENDPOINTS[it]).join(' and ')}`,
    }));
  }),
};

/** A VPC of another template may have endpoints that no template of this app tells of. */
function isIn(endpoint: TemplateResource, vpc: TemplateResource): boolean {
  const id = valueAt(endpoint.properties, 'VpcId');
  return endpoint.templatePath === vpc.templatePath && isObject(id) && (id.Ref === vpc.logicalId || [id['Fn::GetAtt']].flat()[0] === vpc.logicalId);
}

/**
 * The end of the name of a service, however the template writes it: `ecr.api` also for the FIPS hosts.
 */
function serviceOf({ properties }: TemplateResource): string {
  const text = JSON.stringify(valueAt(properties, 'ServiceName') ?? '');
  return /\.(ecr(?:-fips)?\.(?:api|dkr)|s3)"/.exec(text)?.[1].replace('-fips', '') ?? '';
}
