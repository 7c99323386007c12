import { App, Aws, Fn, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { EcrChecks, EcrVpcEndpoints } from '../../lib';
import { ENVIRONMENT } from '../environment';
import { add, found, newStack } from './fixtures';

describe('missingEndpoints', () => {
  const interfaces = { EcrApi: ec2.InterfaceVpcEndpointAwsService.ECR, EcrDocker: ec2.InterfaceVpcEndpointAwsService.ECR_DOCKER };

  function endpointsOf(names: Array<keyof typeof interfaces>, s3: boolean, env: object = ENVIRONMENT): string[] {
    const stack = new Stack(new App({ analyticsReporting: false }), 'Stack', { env });
    const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 0, maxAzs: 1 });
    names.forEach(name => vpc.addInterfaceEndpoint(name, { service: interfaces[name] }));
    if (s3) {
      vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });
    }
    return found(stack);
  }

  test.each([ENVIRONMENT, {}, { region: 'cn-north-1' }])('lets all three pass, and none, with env %j', env => {
    expect(endpointsOf(['EcrApi', 'EcrDocker'], true, env)).toEqual([]);
    expect(endpointsOf([], false, env)).toEqual([]);
    expect(endpointsOf([], true, env)).toEqual([]);
  });

  test('names what is missing', () => {
    expect(endpointsOf(['EcrApi', 'EcrDocker'], false)).toEqual([expect.stringMatching(/^missingEndpoints: .* has none of 's3', for layers$/)]);
    expect(endpointsOf(['EcrDocker'], true)).toEqual([expect.stringMatching(/has none of 'ecr\.api', for logins$/)]);
    expect(endpointsOf(['EcrApi'], false, {})).toEqual([expect.stringMatching(/has none of 'ecr\.dkr', for manifests and 's3', for layers$/)]);
  });

  test('knows the FIPS hosts, and says nothing of a VPC of another template', () => {
    const stack = newStack();
    const vpc = add(stack, 'Vpc', 'AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' });
    for (const [id, service] of Object.entries({ Api: 'ecr-fips.api', Docker: 'ecr-fips.dkr', S3: 's3' })) {
      add(stack, id, 'AWS::EC2::VPCEndpoint', { VpcId: vpc.getAtt('VpcId'), ServiceName: Fn.sub(`com.amazonaws.\${AWS::Region}.${service}`) });
    }
    add(stack, 'Shared', 'AWS::EC2::VPCEndpoint', { VpcId: vpc.ref, VpcEndpointType: 'ServiceNetwork' });
    expect(found(stack)).toEqual([]);
  });

  test.each<[string, object]>([
    ['an endpoint may be in any VPC', { VpcId: 'vpc-12345678', ServiceName: 'com.amazonaws.eu-west-1.s3' }],
    ['the service of an endpoint is a parameter', { VpcId: { Ref: 'Vpc' }, ServiceName: { Ref: 'Parameter' } }],
    ['the service of an endpoint is a parameter', { VpcId: { Ref: 'Vpc' }, ServiceName: { Ref: 'Service' } }],
  ])('says nothing while %s', (_what, properties) => {
    const endpointsOfAVpc = (others: object[]) => {
      const stack = newStack();
      add(stack, 'Vpc', 'AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' });
      add(stack, 'Api', 'AWS::EC2::VPCEndpoint', { VpcId: { Ref: 'Vpc' }, ServiceName: Fn.join('.', ['com', 'amazonaws', Aws.REGION, 'ecr', 'api']) });
      others.forEach((other, index) => add(stack, `Other${index}`, 'AWS::EC2::VPCEndpoint', other));
      return found(stack);
    };
    expect(endpointsOfAVpc([])).toEqual([expect.stringMatching(/has none of 'ecr\.dkr', for manifests and 's3', for layers$/)]);
    expect(endpointsOfAVpc([properties])).toEqual([]);
  });

  test('says nothing of endpoints in another stack of their VPC', () => {
    const app = new App({ analyticsReporting: false });
    const vpc = new ec2.Vpc(new Stack(app, 'Network', { env: ENVIRONMENT }), 'Vpc', { natGateways: 0, maxAzs: 1 });
    const apiEndpoint = vpc.addInterfaceEndpoint('EcrApi', { service: interfaces.EcrApi });
    new EcrVpcEndpoints(new Stack(app, 'Endpoints', { env: ENVIRONMENT }), 'Endpoints', { vpc, apiEndpoint });
    expect(new EcrChecks().validateScope(app).violations).toEqual([]);
  });
});
