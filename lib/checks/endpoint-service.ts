import { type TemplateResource, textAt } from './template-resource';

export const ENDPOINT = 'AWS::EC2::VPCEndpoint';

/**
 * The end of the name of a service, however the template writes it: `ecr.api` also for the FIPS hosts; empty for a service without a part
 * in pulls. Undefined if only the deployment knows it.
 */
export function serviceOf({ properties }: TemplateResource): string | undefined {
  const name = textAt(properties, 'ServiceName');
  return name.endsWith('}') ? undefined : /\.(ecr(?:-fips)?\.(?:api|dkr)|s3)$/.exec(name)?.[1].replace('-fips', '') ?? '';
}
