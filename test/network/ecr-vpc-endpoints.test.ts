import { App, Aws, CfnParameter, Fn, Stack, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import { EcrVpcEndpoints, type EcrVpcEndpointsProps, EndpointCompanions } from '../../lib';

const ACCOUNT = '111111111111';
const REGION = 'eu-west-1';
const ORGANIZATION = 'o-a1b2c3d4e5';
const { InterfaceVpcEndpointAwsService: Service } = ec2;

const ISOLATED = { name: 'app', subnetType: ec2.SubnetType.PRIVATE_ISOLATED };
const PRIVATE = { name: 'private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS };
const PUBLIC = { name: 'public', subnetType: ec2.SubnetType.PUBLIC };

function newStack(region = REGION): Stack {
  return new Stack(new App(), 'Stack', { env: { account: ACCOUNT, region } });
}

function newVpc(stack: Stack, props: ec2.VpcProps = {}): ec2.Vpc {
  return new ec2.Vpc(stack, 'Vpc', {
    availabilityZones: [`${stack.region}a`, `${stack.region}b`],
    natGateways: 0,
    subnetConfiguration: [ISOLATED],
    restrictDefaultSecurityGroup: false,
    ...props,
  });
}

interface Defined {
  readonly stack: Stack;
  readonly vpc: ec2.IVpc;
  readonly endpoints: EcrVpcEndpoints;
  readonly template: Template;
}

/** The endpoints in a VPC without a route to the internet, unless the props say otherwise. */
function define(props: Partial<EcrVpcEndpointsProps> = {}, stack = newStack()): Defined {
  const vpc = props.vpc ?? newVpc(stack);
  const endpoints = new EcrVpcEndpoints(stack, 'Endpoints', { ...props, vpc });
  return {
    stack,
    vpc,
    endpoints,
    get template() {
      return Template.fromStack(stack);
    },
  };
}

function endpointsOf(template: Template): Record<string, any> {
  return Object.fromEntries(Object.entries(template.findResources('AWS::EC2::VPCEndpoint')).map(([, { Properties }]) =>
    [Properties.VpcEndpointType === 'Gateway' ? 's3' : Properties.ServiceName.replace(/^com\.amazonaws\.[^.]+\./, ''), Properties]));
}

function statementsOf(template: Template, service = 'ecr.api'): any[] {
  return endpointsOf(template)[service].PolicyDocument.Statement;
}

function warningsOf(stack: Stack): string[] {
  return Annotations.fromStack(stack).findWarning('*', Match.anyValue())
    .map(({ entry }) => /\[ack: (?:annotation::)?([^\]]+)\]/i.exec(entry.data as string)?.[1] ?? '')
    .filter(id => id.startsWith('cdk-secure-ecr:'));
}

describe('EcrVpcEndpoints with no props but a VPC', () => {
  test('makes the three endpoints that a pull takes, and one security group', () => {
    const { template, endpoints, stack } = define();

    template.resourceCountIs('AWS::EC2::VPCEndpoint', 3);
    template.resourceCountIs('AWS::EC2::SecurityGroup', 1);
    template.resourcePropertiesCountIs('AWS::EC2::VPCEndpoint', {
      ServiceName: Match.stringLikeRegexp(`^com\\.amazonaws\\.${REGION}\\.ecr\\.(api|dkr)$`),
      VpcEndpointType: 'Interface',
      PrivateDnsEnabled: true,
      SubnetIds: [{ Ref: Match.stringLikeRegexp('appSubnet1') }, { Ref: Match.stringLikeRegexp('appSubnet2') }],
      SecurityGroupIds: [stack.resolve(endpoints.securityGroup!.securityGroupId)],
      IpAddressType: Match.absent(),
      DnsOptions: Match.absent(),
    }, 2);
    template.hasResourceProperties('AWS::EC2::VPCEndpoint', {
      ServiceName: Match.anyValue(),
      VpcEndpointType: 'Gateway',
      RouteTableIds: [{ Ref: Match.stringLikeRegexp('appSubnet1RouteTable') }, { Ref: Match.stringLikeRegexp('appSubnet2RouteTable') }],
      PolicyDocument: Match.absent(),
      IpAddressType: Match.absent(),
    });
  });

  test('lets the addresses of the VPC in on port 443, and nothing out', () => {
    const { template } = define();

    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'HTTPS to the endpoints of Amazon ECR',
      SecurityGroupIngress: [Match.objectLike({ CidrIp: '10.0.0.0/16', IpProtocol: 'tcp', FromPort: 443, ToPort: 443 })],
      SecurityGroupEgress: [Match.objectLike({ CidrIp: '255.255.255.255/32', IpProtocol: 'icmp' })],
    });
    template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
  });

  test('lets only identities of the own account through, for every action and repository', () => {
    const { template } = define();
    const statement = {
      Effect: 'Allow',
      Principal: '*',
      Action: 'ecr:*',
      Resource: '*',
      Condition: { StringEquals: { 'aws:PrincipalAccount': ACCOUNT } },
    };

    expect(statementsOf(template, 'ecr.api')).toEqual([statement]);
    expect(statementsOf(template, 'ecr.dkr')).toEqual([statement]);
  });

  test('needs no acknowledgement of any cdk-nag pack, and warns about nothing', () => {
    const { stack, endpoints } = define();
    const app = stack.node.root as App;

    for (const pack of [new AwsSolutionsChecks(), new HIPAASecurityChecks(), new NIST80053R5Checks(), new PCIDSS321Checks()]) {
      const findings = pack.validateScope(app).violations
        .flatMap(violation => violation.violatingResources.map(resource => `${violation.ruleName} ${resource.constructPath}`))
        .filter(finding => finding.includes(endpoints.node.path));
      expect(findings).toEqual([]);
    }
    expect(warningsOf(stack)).toEqual([]);
  });

  test('keeps its logical ids', () => {
    const { template } = define({ companions: EndpointCompanions.FARGATE });

    expect(Object.keys(template.toJSON().Resources).filter(id => id.startsWith('Endpoints')).map(id => id.replace(/[0-9A-F]{8}$/, '')).sort()).toEqual([
      'EndpointsApi', 'EndpointsCompanionsLogs', 'EndpointsDocker', 'EndpointsS3', 'EndpointsSecurityGroup',
    ]);
  });
});

describe('subnets', () => {
  test('are the private ones with a route to the internet, if the VPC has them', () => {
    const stack = newStack();
    const vpc = newVpc(stack, { subnetConfiguration: [PUBLIC, PRIVATE], natGateways: 1 });

    expect(endpointsOf(define({ vpc }, stack).template)['ecr.dkr'].SubnetIds).toEqual(vpc.privateSubnets.map(({ subnetId }) => stack.resolve(subnetId)));
  });

  test('all get the route to Amazon S3, and one of each Availability Zone gets the interface endpoints', () => {
    const stack = newStack();
    const vpc = newVpc(stack, { subnetConfiguration: [ISOLATED, { ...ISOLATED, name: 'batch' }] });
    const endpoints = endpointsOf(define({ vpc, subnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED } }, stack).template);

    expect(endpoints.s3.RouteTableIds).toHaveLength(4);
    expect(endpoints['ecr.api'].SubnetIds).toHaveLength(2);
  });

  test('may be listed, in one Availability Zone too', () => {
    const stack = newStack();
    const vpc = newVpc(stack, { subnetConfiguration: [ISOLATED, { ...ISOLATED, name: 'batch' }] });
    const [first, second, third] = vpc.isolatedSubnets;
    const endpoints = endpointsOf(define({ vpc, subnets: { subnets: [first, second, third] } }, stack).template);

    expect(endpoints.s3.RouteTableIds).toHaveLength(3);
    expect(endpoints['ecr.api'].SubnetIds).toEqual([first, second].map(({ subnetId }) => stack.resolve(subnetId)));
  });

  test('may be imported without their Availability Zone', () => {
    const stack = newStack();
    const subnets = ['subnet-1', 'subnet-2'].map(subnetId => ec2.Subnet.fromSubnetAttributes(stack, subnetId, { subnetId, routeTableId: `rtb-${subnetId}` }));
    const endpoints = endpointsOf(define({ subnets: { subnets } }, stack).template);

    expect(endpoints['ecr.api'].SubnetIds).toEqual(['subnet-1', 'subnet-2']);
    expect(endpoints.s3.RouteTableIds).toEqual(['rtb-subnet-1', 'rtb-subnet-2']);
  });

  test('may be imported with their Availability Zone, and count once for each', () => {
    const stack = newStack();
    const subnets = ['subnet-1', 'subnet-2'].map(subnetId =>
      ec2.Subnet.fromSubnetAttributes(stack, subnetId, { subnetId, availabilityZone: 'eu-west-1a', routeTableId: `rtb-${subnetId}` }));

    expect(endpointsOf(define({ subnets: { subnets } }, stack).template)['ecr.api'].SubnetIds).toEqual(['subnet-1']);
  });

  test('fails without any', () => {
    expect(() => define({ subnets: { subnets: [] } })).toThrow("'subnets' must select at least one subnet, got none");
  });

  test('fails with an unknown route table, unless the VPC has a gateway', () => {
    const stack = newStack();
    const subnets = { subnets: [ec2.Subnet.fromSubnetId(stack, 'Imported', 'subnet-1')] };

    expect(() => define({ subnets }, stack)).toThrow(
      "'subnets' must have known route tables, for the route to Amazon S3, got none for [\"subnet-1\"]; import them with 'routeTableId', or set 's3Endpoint'",
    );
    const again = newStack();
    const { template } = define({
      subnets: { subnets: [ec2.Subnet.fromSubnetId(again, 'Imported', 'subnet-1')] },
      s3Endpoint: ec2.GatewayVpcEndpoint.fromGatewayVpcEndpointId(again, 'S3', 'vpce-1'),
    }, again);
    template.resourceCountIs('AWS::EC2::VPCEndpoint', 2);
  });

  test('warns that isolated subnets are left out, until somebody chooses', () => {
    const vpcOf = (stack: Stack): ec2.Vpc => newVpc(stack, { subnetConfiguration: [PUBLIC, PRIVATE, ISOLATED], natGateways: 1 });
    const chosenByDefault = newStack();
    const chosen = newStack();
    define({ vpc: vpcOf(chosenByDefault) }, chosenByDefault);
    define({ vpc: vpcOf(chosen), subnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED } }, chosen);

    expect(warningsOf(chosenByDefault)).toEqual(['cdk-secure-ecr:EcrVpcEndpoints.isolatedSubnetsLeftOut']);
    expect(warningsOf(chosen)).toEqual([]);
  });

  test('warns about a single Availability Zone, unless the VPC has no other', () => {
    const stack = newStack();
    const { endpoints } = define({ subnets: { availabilityZones: ['eu-west-1a'] } }, stack);
    expect(warningsOf(stack)).toEqual(['cdk-secure-ecr:EcrVpcEndpoints.oneAvailabilityZone']);

    const acknowledged = newStack();
    Validations.of(define({ subnets: { availabilityZones: ['eu-west-1a'] } }, acknowledged).endpoints)
      .acknowledge({ id: 'cdk-secure-ecr:EcrVpcEndpoints.oneAvailabilityZone', reason: 'a test environment' });
    expect(warningsOf(acknowledged)).toEqual([]);

    const small = newStack();
    define({ vpc: newVpc(small, { availabilityZones: ['eu-west-1a'] }) }, small);
    expect(warningsOf(small)).toEqual([]);
    expect(endpoints.apiEndpoint).toBeDefined();
  });
});

describe('peers', () => {
  test('replace the addresses of the VPC', () => {
    const stack = newStack();
    const vpc = newVpc(stack);
    const service = new ec2.SecurityGroup(stack, 'Service', { vpc });
    const { template } = define({ vpc, peers: [service, ec2.Peer.ipv4('10.1.0.0/24')] }, stack);

    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'HTTPS to the endpoints of Amazon ECR',
      SecurityGroupIngress: [Match.objectLike({ CidrIp: '10.1.0.0/24', FromPort: 443 })],
    });
    template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 1);
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      SourceSecurityGroupId: stack.resolve(service.securityGroupId),
      IpProtocol: 'tcp',
      FromPort: 443,
      ToPort: 443,
    });
  });

  test('can be nobody at first, and be let in later', () => {
    const { stack, vpc, endpoints } = define({ peers: [] });
    const service = new ec2.SecurityGroup(stack, 'Service', { vpc });
    endpoints.connections.allowDefaultPortFrom(service);
    const template = Template.fromStack(stack);

    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'HTTPS to the endpoints of Amazon ECR',
      SecurityGroupIngress: Match.absent(),
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { SourceSecurityGroupId: stack.resolve(service.securityGroupId), FromPort: 443 });
  });

  test('are added to a security group that is given, and the VPC is not', () => {
    const stack = newStack();
    const vpc = newVpc(stack);
    const securityGroup = new ec2.SecurityGroup(stack, 'Own', { vpc, description: 'own' });
    const { template, endpoints } = define({ vpc, securityGroup, peers: [ec2.Peer.ipv4('10.1.0.0/24')] }, stack);

    expect(endpoints.securityGroup).toBe(securityGroup);
    template.resourceCountIs('AWS::EC2::SecurityGroup', 1);
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'own',
      SecurityGroupIngress: [Match.objectLike({ CidrIp: '10.1.0.0/24' })],
    });
  });
});

describe('the policy of the ECR endpoints', () => {
  const trustsAccount = { StringEquals: { 'aws:PrincipalAccount': ACCOUNT } };
  const login = { Effect: 'Allow', Principal: '*', Action: 'ecr:GetAuthorizationToken', Resource: '*', Condition: trustsAccount };

  test('trusts the account of an environment-agnostic stack', () => {
    const stack = new Stack(new App(), 'Stack');
    const { template } = define({ vpc: newVpc(stack, { availabilityZones: undefined }) }, stack);

    template.allResourcesProperties('AWS::EC2::VPCEndpoint', {});
    template.hasResourceProperties('AWS::EC2::VPCEndpoint', {
      ServiceName: { 'Fn::Join': ['', ['com.amazonaws.', { Ref: 'AWS::Region' }, '.ecr.dkr']] },
      PolicyDocument: { Statement: [Match.objectLike({ Condition: { StringEquals: { 'aws:PrincipalAccount': { Ref: 'AWS::AccountId' } } } })] },
    });
  });

  test('trusts the accounts that are named', () => {
    const { template } = define({ trustedAccounts: [ACCOUNT, '222222222222'] });

    expect(statementsOf(template)).toEqual([
      expect.objectContaining({ Condition: { StringEquals: { 'aws:PrincipalAccount': [ACCOUNT, '222222222222'] } } }),
    ]);
  });

  test('trusts the organization, instead of the account', () => {
    const { template } = define({ trustedOrganization: ORGANIZATION });

    expect(statementsOf(template)).toEqual([
      expect.objectContaining({ Action: 'ecr:*', Condition: { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } } }),
    ]);
  });

  test('trusts the organization and accounts outside of it', () => {
    const { template } = define({ trustedOrganization: ORGANIZATION, trustedAccounts: ['222222222222'] });

    expect(statementsOf(template).map(statement => statement.Condition)).toEqual([
      { StringEquals: { 'aws:PrincipalAccount': '222222222222' } },
      { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } },
    ]);
  });

  test('lets only logins and pulls through', () => {
    const { template } = define({ pullOnly: true });

    expect(statementsOf(template)).toEqual([{
      ...login,
      Action: [
        'ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:BatchImportUpstreamImage', 'ecr:GetAuthorizationToken', 'ecr:GetDownloadUrlForLayer',
      ],
    }]);
  });

  test('reaches the registries that are named, and always lets logins through', () => {
    const { template } = define({ reachableRegistries: ['222222222222', '602401143452'] });

    expect(statementsOf(template)).toEqual([login, {
      Effect: 'Allow',
      Principal: '*',
      Action: 'ecr:*',
      Resource: ['222222222222', '602401143452'].map(account => ({
        'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:ecr:${REGION}:${account}:repository/*`]],
      })),
      Condition: trustsAccount,
    }]);
  });

  test('reaches an organization, repositories and registries together', () => {
    const stack = newStack();
    const repository = new ecr.Repository(stack, 'Repository');
    const { template } = define({
      reachableOrganization: ORGANIZATION,
      reachableRepositories: [repository],
      reachableRegistries: ['602401143452'],
      pullOnly: true,
    }, stack);

    const pull = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:BatchImportUpstreamImage', 'ecr:GetDownloadUrlForLayer'];
    expect(statementsOf(template)).toEqual([
      login,
      expect.objectContaining({
        Action: pull,
        Resource: [
          { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:ecr:${REGION}:602401143452:repository/*`]] },
          stack.resolve(repository.repositoryArn),
        ],
        Condition: trustsAccount,
      }),
      expect.objectContaining({
        Action: pull,
        Resource: '*',
        Condition: { StringEquals: { 'aws:PrincipalAccount': ACCOUNT, 'aws:ResourceOrgID': ORGANIZATION } },
      }),
    ]);
  });

  test('can be written by hand, and stays apart for the two endpoints', () => {
    const statement = new iam.PolicyStatement({ principals: [new iam.StarPrincipal()], actions: ['ecr:BatchGetImage'], resources: ['*'] });
    const { stack, endpoints } = define({ policyStatements: [statement] });
    (endpoints.apiEndpoint as ec2.InterfaceVpcEndpoint).addToPolicy(new iam.PolicyStatement({
      principals: [new iam.StarPrincipal()],
      actions: ['ecr:GetAuthorizationToken'],
      resources: ['*'],
    }));
    const template = Template.fromStack(stack);

    expect(statementsOf(template, 'ecr.api')).toHaveLength(2);
    expect(statementsOf(template, 'ecr.dkr')).toEqual([{ Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage', Resource: '*' }]);
  });

  test('takes values that are not known yet', () => {
    const stack = newStack();
    const account = new CfnParameter(stack, 'Account').valueAsString;
    const organization = new CfnParameter(stack, 'Organization').valueAsString;
    const accounts = new CfnParameter(stack, 'Accounts', { type: 'CommaDelimitedList' }).valueAsList;
    const { template } = define({
      trustedAccounts: accounts,
      trustedOrganization: organization,
      reachableRegistries: [account],
      reachableOrganization: organization,
    }, stack);

    expect(statementsOf(template)[0].Condition).toEqual({ StringEquals: { 'aws:PrincipalAccount': { Ref: 'Accounts' } } });
    expect(statementsOf(template)).toHaveLength(6);
  });

  test.each<[string, Partial<EcrVpcEndpointsProps>, string]>([
    ['an account of 13 digits', { trustedAccounts: ['1234567890123'] }, "'trustedAccounts[0]' must be an AWS account id of 12 digits, got \"1234567890123\""],
    ['no trusted account', { trustedAccounts: [] }, "'trustedAccounts' must have at least one AWS account, got []; omit it to trust the account of the stack"],
    ['an account twice', { trustedAccounts: [ACCOUNT, ACCOUNT] }, `'trustedAccounts' must not have duplicates, got "${ACCOUNT}" twice`],
    ['a wrong organization', { trustedOrganization: 'acme' }, "'trustedOrganization' must be the id of an organization such as 'o-a1b2c3d4e5', got \"acme\""],
    ['a registry that is not an account', { reachableRegistries: ['acme'] }, "'reachableRegistries[0]' must be an AWS account id of 12 digits, got \"acme\""],
    ['no registry', { reachableRegistries: [] }, "'reachableRegistries' must have at least one AWS account, got []; omit it to allow every registry"],
    ['a wrong reachable organization', { reachableOrganization: 'o-1' }, "'reachableOrganization' must be the id of an organization such as 'o-a1b2c3d4e5', got \"o-1\""],
    ['no repository', { reachableRepositories: [] }, "'reachableRepositories' must have at least one repository, got []; omit it to allow every repository"],
    ['no statement', { policyStatements: [] }, "'policyStatements' must have at least one statement, got [], with which the endpoints allow all requests; omit it for the default"],
    ['a statement without a principal', { policyStatements: [new iam.PolicyStatement({ actions: ['ecr:*'], resources: ['*'] })] },
      "'policyStatements[0]' must have a principal, got {\"Action\":\"ecr:*\",\"Effect\":\"Allow\",\"Resource\":\"*\"}; add 'new iam.StarPrincipal()' and restrict it with conditions"],
    ['statements and a scope', {
      policyStatements: [new iam.PolicyStatement({ principals: [new iam.StarPrincipal()], actions: ['ecr:*'], resources: ['*'] })],
      trustedAccounts: [ACCOUNT],
      pullOnly: true,
    }, "'policyStatements' must not be used with 'trustedAccounts', 'pullOnly', got both; use one of them, because 'policyStatements' replaces the policy of the others"],
  ])('fails with %s', (_, props, message) => {
    expect(() => define(props)).toThrow(message);
  });

  test('fails with a repository of another Region', () => {
    const stack = newStack();
    const elsewhere = ecr.Repository.fromRepositoryArn(stack, 'Elsewhere', `arn:aws:ecr:us-east-1:${ACCOUNT}:repository/api`);
    const here = ecr.Repository.fromRepositoryArn(stack, 'Here', `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/api`);

    expect(() => define({ reachableRepositories: [here, elsewhere] }, stack)).toThrow(
      "'reachableRepositories[1]' must be in \"eu-west-1\", the Region of the endpoints, got \"us-east-1\"; replicate it or pull it over the internet",
    );
  });

  test('fails with a list of registries whose length is not known', () => {
    const stack = newStack();
    const reachableRegistries = new CfnParameter(stack, 'Accounts', { type: 'CommaDelimitedList' }).valueAsList;

    expect(() => define({ reachableRegistries }, stack)).toThrow(
      "'reachableRegistries' must be a list of known length, got a token; list the entries, which may be tokens",
    );
  });

  test.each([
    [20_480, undefined],
    [20_481, "the endpoint policy must be at most 20480 characters long, got 20481; name accounts in 'reachableRegistries' or use an organization instead of single entries"],
  ])('may be up to 20480 characters long, and has %d', (length, message) => {
    const statement = (text: string): iam.PolicyStatement =>
      new iam.PolicyStatement({ sid: text, principals: [new iam.StarPrincipal()], actions: ['ecr:*'], resources: ['*'] });
    const overhead = JSON.stringify(new iam.PolicyDocument({ statements: [statement('x')] }).toJSON()).length - 1;
    const attempt = (): unknown => define({ policyStatements: [statement('x'.repeat(length - overhead))] });

    if (message) {
      expect(attempt).toThrow(message);
    } else {
      expect(attempt).not.toThrow();
    }
  });

  test('names every problem at once', () => {
    expect(() => define({ trustedAccounts: ['1'], reachableRegistries: ['2'], trustedOrganization: '3' })).toThrow(
      /'trustedAccounts\[0\]'.*\n'trustedOrganization'.*\n'reachableRegistries\[0\]'/,
    );
  });
});

describe('restrictS3ToImageLayers', () => {
  test('lets only image layers through, for whoever has their address', () => {
    const { template } = define({ restrictS3ToImageLayers: true });

    expect(endpointsOf(template).s3.PolicyDocument.Statement).toEqual([{
      Effect: 'Allow',
      Principal: '*',
      Action: 's3:GetObject',
      Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::prod-eu-west-1-starport-layer-bucket/*']] },
    }]);
  });

  test('warns that it stops all other traffic', () => {
    const { stack } = define({ restrictS3ToImageLayers: true });

    expect(warningsOf(stack)).toEqual(['cdk-secure-ecr:EcrVpcEndpoints.s3RestrictedToImageLayers']);
  });
});

describe('endpoints that the VPC already has', () => {
  test('are used as they are, and let the peers in', () => {
    const stack = newStack();
    const vpc = newVpc(stack);
    const apiEndpoint = vpc.addInterfaceEndpoint('Api', { service: Service.ECR, open: false });
    const dockerEndpoint = vpc.addInterfaceEndpoint('Docker', { service: Service.ECR_DOCKER, open: false });
    const s3Endpoint = vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });
    const { template, endpoints } = define({ vpc, apiEndpoint, dockerEndpoint, s3Endpoint, peers: [ec2.Peer.ipv4('10.1.0.0/24')] }, stack);

    template.resourceCountIs('AWS::EC2::VPCEndpoint', 3);
    template.resourceCountIs('AWS::EC2::SecurityGroup', 2);
    template.allResourcesProperties('AWS::EC2::SecurityGroup', { SecurityGroupIngress: [Match.objectLike({ CidrIp: '10.1.0.0/24', FromPort: 443 })] });
    expect([endpoints.apiEndpoint, endpoints.dockerEndpoint, endpoints.s3Endpoint]).toEqual([apiEndpoint, dockerEndpoint, s3Endpoint]);
    expect(endpoints.securityGroup).toBeUndefined();
    expect(warningsOf(stack)).toEqual([]);
  });

  test('get no rule for the VPC', () => {
    const stack = newStack();
    const vpc = newVpc(stack);
    const apiEndpoint = vpc.addInterfaceEndpoint('Api', { service: Service.ECR, open: false });
    const { template } = define({ vpc, apiEndpoint }, stack);

    template.resourceCountIs('AWS::EC2::VPCEndpoint', 3);
    template.resourcePropertiesCountIs('AWS::EC2::SecurityGroup', { SecurityGroupIngress: Match.absent() }, 1);
    template.resourcePropertiesCountIs('AWS::EC2::SecurityGroup', { SecurityGroupIngress: [Match.objectLike({ CidrIp: '10.0.0.0/16' })] }, 1);
  });

  test('warn where their security groups are not known', () => {
    const stack = newStack();
    const dockerEndpoint = ec2.InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(stack, 'Docker', { vpcEndpointId: 'vpce-1', port: 443 });
    define({ dockerEndpoint, peers: [ec2.Peer.ipv4('10.1.0.0/24')] }, stack);

    expect(warningsOf(stack)).toEqual(['cdk-secure-ecr:EcrVpcEndpoints.peersNotApplied']);
  });

  test.each<[string, (vpc: ec2.Vpc) => void, string]>([
    ['for the API', vpc => vpc.addInterfaceEndpoint('Old', { service: Service.ECR }),
      "'vpc' must not have another interface endpoint for 'ecr.api', got \"Stack/Vpc/Old\"; set it as 'apiEndpoint'"],
    ['for pulls', vpc => vpc.addInterfaceEndpoint('Old', { service: Service.ECR_DOCKER }),
      "'vpc' must not have another interface endpoint for 'ecr.dkr', got \"Stack/Vpc/Old\"; set it as 'dockerEndpoint'"],
    ['for logs', vpc => vpc.addInterfaceEndpoint('Old', { service: Service.CLOUDWATCH_LOGS }),
      "'vpc' must not have another interface endpoint for 'logs', got \"Stack/Vpc/Old\"; remove the service from 'companions'"],
    ['for Amazon S3', vpc => vpc.addGatewayEndpoint('Old', { service: ec2.GatewayVpcEndpointAwsService.S3 }),
      "'vpc' must not have another gateway endpoint for Amazon S3 in these subnets, got \"Stack/Vpc/Old\"; set it as 's3Endpoint'"],
    ['written as a resource', vpc => new ec2.CfnVPCEndpoint(vpc.stack, 'Old', {
      vpcId: vpc.vpcId, vpcEndpointType: 'Interface', privateDnsEnabled: true, serviceName: 'com.amazonaws.eu-west-1.ecr.api',
    }), "'vpc' must not have another interface endpoint for 'ecr.api', got \"Stack/Old\"; set it as 'apiEndpoint'"],
  ])('fails where the app adds one %s, before or after', (_, add, message) => {
    const companions = EndpointCompanions.FARGATE;
    const before = newStack();
    const vpc = newVpc(before);
    add(vpc);
    expect(() => define({ vpc, companions }, before)).toThrow(message);

    const after = newStack();
    add(define({ vpc: newVpc(after), companions }, after).vpc as ec2.Vpc);
    expect(() => Template.fromStack(after)).toThrow(message);
  });

  test('fails with two of the construct', () => {
    const { stack, vpc } = define();

    expect(() => new EcrVpcEndpoints(stack, 'Again', { vpc })).toThrow(/another interface endpoint for 'ecr.api', got "Stack\/Endpoints\/Api".*\n.*'ecr.dkr'.*\n.*'s3Endpoint'/);
  });

  test.each<[string, (vpc: ec2.Vpc) => void]>([
    ['has no private DNS', vpc => vpc.addInterfaceEndpoint('Old', { service: Service.ECR, privateDnsEnabled: false })],
    ['routes other subnets', vpc => vpc.addGatewayEndpoint('Old', { service: ec2.GatewayVpcEndpointAwsService.S3, subnets: [{ subnetGroupName: 'batch' }] })],
    ['routes nothing', vpc => new ec2.CfnVPCEndpoint(vpc.stack, 'Old', { vpcId: vpc.vpcId, serviceName: 'com.amazonaws.eu-west-1.s3' })],
    ['is for another service', vpc => vpc.addGatewayEndpoint('Old', { service: ec2.GatewayVpcEndpointAwsService.DYNAMODB })],
    ['is in another VPC', vpc => new ec2.Vpc(vpc.stack, 'Other', { natGateways: 0 }).addInterfaceEndpoint('Old', { service: Service.ECR })],
  ])('does not mind one that %s', (_, add) => {
    const stack = newStack();
    const vpc = newVpc(stack, { subnetConfiguration: [ISOLATED, { ...ISOLATED, name: 'batch' }] });
    add(vpc);

    expect(() => define({ vpc, subnets: { subnetGroupName: 'app' } }, stack).template).not.toThrow();
  });

  test.each<[string, (vpc: ec2.Vpc) => Partial<EcrVpcEndpointsProps>, string]>([
    ['is for another service', vpc => ({ apiEndpoint: vpc.addInterfaceEndpoint('Old', { service: Service.ECR_DOCKER }) }),
      "'apiEndpoint' must be an endpoint for \"com.amazonaws.eu-west-1.ecr.api\", got one for \"com.amazonaws.eu-west-1.ecr.dkr\""],
    ['is for another gateway', vpc => ({ s3Endpoint: vpc.addGatewayEndpoint('Old', { service: ec2.GatewayVpcEndpointAwsService.DYNAMODB }) }),
      "'s3Endpoint' must be an endpoint for \"com.amazonaws.eu-west-1.s3\", got one for \"com.amazonaws.eu-west-1.dynamodb\""],
    ['has no private DNS', vpc => ({ dockerEndpoint: vpc.addInterfaceEndpoint('Old', { service: Service.ECR_DOCKER, privateDnsEnabled: false }) }),
      "'dockerEndpoint' must have private DNS, got false, with which clients use the public addresses of ECR; set 'privateDnsEnabled' where it is defined"],
    ['keeps its policy', vpc => ({ s3Endpoint: vpc.addGatewayEndpoint('Old', { service: ec2.GatewayVpcEndpointAwsService.S3 }), restrictS3ToImageLayers: true }),
      "'restrictS3ToImageLayers' must not be used with 's3Endpoint', whose policy does not change, got true; set the policy where the gateway endpoint is defined"],
    ['and its twin keep their policies', vpc => ({
      apiEndpoint: vpc.addInterfaceEndpoint('Api', { service: Service.ECR }),
      dockerEndpoint: vpc.addInterfaceEndpoint('Docker', { service: Service.ECR_DOCKER }),
      trustedOrganization: ORGANIZATION,
    }), "'trustedOrganization' must not be used with 'apiEndpoint' and 'dockerEndpoint', whose policies do not change, got both; set the policies where the endpoints are defined"],
  ])('fails with one that %s', (_, propsOf, message) => {
    const stack = newStack();
    const vpc = newVpc(stack);

    expect(() => define({ vpc, ...propsOf(vpc) }, stack)).toThrow(message);
  });
});

describe('companions', () => {
  test('are endpoints in the same subnets and security group, with the full access that AWS gives by default', () => {
    const { template, endpoints, stack } = define({ companions: [Service.CLOUDWATCH_LOGS, Service.ECS_AGENT] });
    const { logs, ['ecs-agent']: agent, ['ecr.api']: api } = endpointsOf(template);

    expect(Object.keys(endpoints.companionEndpoints)).toEqual(['logs', 'ecs-agent']);
    for (const companion of [logs, agent]) {
      expect(companion).toEqual({ ...api, ServiceName: companion.ServiceName, PolicyDocument: undefined });
    }
    expect(stack.resolve(endpoints.companionEndpoints.logs.vpcEndpointId)).toEqual({ Ref: expect.stringMatching(/^EndpointsCompanionsLogs/) });
  });

  test('may be combined from lists that overlap', () => {
    const { endpoints } = define({
      companions: [
        ...EndpointCompanions.FARGATE, ...EndpointCompanions.ECS_ON_EC2, ...EndpointCompanions.ECS_EXEC,
        ...EndpointCompanions.TASK_SECRETS, ...EndpointCompanions.EKS_NODES,
      ],
    });

    expect(Object.keys(endpoints.companionEndpoints)).toEqual([
      'logs', 'ecs', 'ecs-agent', 'ecs-telemetry', 'ssmmessages', 'secretsmanager', 'ssm', 'ec2', 'eks-auth', 'sts',
    ]);
  });

  test('get a security group even where all endpoints of Amazon ECR are given', () => {
    const stack = newStack();
    const vpc = newVpc(stack);
    const { endpoints } = define({
      vpc,
      apiEndpoint: vpc.addInterfaceEndpoint('Api', { service: Service.ECR }),
      dockerEndpoint: vpc.addInterfaceEndpoint('Docker', { service: Service.ECR_DOCKER }),
      companions: EndpointCompanions.FARGATE,
    }, stack);

    expect(endpoints.connections.securityGroups).toHaveLength(3);
  });

  test('fails with Amazon ECR itself', () => {
    expect(() => define({ companions: [Service.ECR_DOCKER] })).toThrow(
      "'companions' must be other services than Amazon ECR, got 'ecr.dkr'; remove it, because the construct already creates it",
    );
  });
});

describe('fips', () => {
  test('takes the endpoints of the FIPS hosts', () => {
    const { template } = define({ fips: true }, newStack('us-east-1'));

    expect(Object.keys(endpointsOf(template)).sort()).toEqual(['ecr-fips.api', 'ecr-fips.dkr', 's3']);
  });

  test('can stand beside the usual endpoints', () => {
    const { stack, vpc, endpoints } = define({}, newStack('us-gov-west-1'));
    new EcrVpcEndpoints(stack, 'Fips', { vpc, fips: true, s3Endpoint: endpoints.s3Endpoint });

    Template.fromStack(stack).resourceCountIs('AWS::EC2::VPCEndpoint', 5);
  });

  test('fails outside of the USA, and passes where the Region is not known', () => {
    expect(() => define({ fips: true })).toThrow(
      "'fips' must not be set in \"eu-west-1\", which has no FIPS hosts of Amazon ECR, got true; use one of the Regions us-east-1, us-east-2, us-gov-east-1, us-gov-west-1, us-west-1, us-west-2",
    );
    const stack = new Stack(new App(), 'Stack');
    expect(() => define({ fips: true, vpc: newVpc(stack, { availabilityZones: undefined }) }, stack)).not.toThrow();
    expect(() => new EcrVpcEndpoints(stack, 'Again', { vpc: stack.node.findChild('Vpc') as ec2.Vpc, fips: true })).toThrow(
      "'vpc' must not have another interface endpoint for 'ecr-fips.api', got \"Stack/Endpoints/Api\"",
    );
  });
});

describe('addresses', () => {
  const peers = [ec2.Peer.ipv6('2001:db8::/56')];
  const { VpcEndpointIpAddressType: Addresses, VpcEndpointDnsRecordIpType: Records } = ec2;

  test('go to all endpoints, the gateway included', () => {
    const stack = newStack();
    const vpc = newVpc(stack, { ipProtocol: ec2.IpProtocol.DUAL_STACK });
    const companions = EndpointCompanions.FARGATE;
    const { template } = define({ vpc, ipAddressType: Addresses.DUALSTACK, dnsRecordIpType: Records.IPV6, peers, companions }, stack);

    template.resourcePropertiesCountIs('AWS::EC2::VPCEndpoint', { IpAddressType: 'dualstack', DnsOptions: { DnsRecordIpType: 'ipv6' } }, 3);
    template.resourcePropertiesCountIs('AWS::EC2::VPCEndpoint', { IpAddressType: 'dualstack', VpcEndpointType: 'Gateway', DnsOptions: Match.absent() }, 1);
  });

  test.each([
    [undefined, Records.IPV4, true],
    [undefined, Records.IPV6, false],
    [Addresses.IPV4, Records.IPV4, true],
    [Addresses.IPV4, Records.DUALSTACK, false],
    [Addresses.IPV6, Records.IPV6, true],
    [Addresses.IPV6, Records.IPV4, false],
    [Addresses.IPV6, Records.SERVICE_DEFINED, false],
    [Addresses.DUALSTACK, Records.IPV4, true],
    [Addresses.DUALSTACK, Records.SERVICE_DEFINED, true],
    [Addresses.DUALSTACK, Records.DUALSTACK, true],
  ])('%s with %s records: %s', (ipAddressType, dnsRecordIpType, allowed) => {
    const attempt = (): unknown => define({ ipAddressType, dnsRecordIpType, peers });

    if (allowed) {
      expect(attempt).not.toThrow();
    } else {
      expect(attempt).toThrow(`'dnsRecordIpType' must match 'ipAddressType' "${ipAddressType ?? 'ipv4'}", got "${dnsRecordIpType}", which requires`);
    }
  });

  test('fails without peers where IPv6 comes in, unless a security group is given', () => {
    expect(() => define({ ipAddressType: Addresses.DUALSTACK })).toThrow(
      "'peers' must be set with 'ipAddressType' \"dualstack\", got undefined; use the security groups or services that pull, or 'ec2.Peer.ipv6(…)'",
    );
    expect(() => define({ ipAddressType: Addresses.IPV4 })).not.toThrow();
    const stack = newStack();
    const vpc = newVpc(stack);
    expect(() => define({ vpc, ipAddressType: Addresses.IPV6, securityGroup: new ec2.SecurityGroup(stack, 'Own', { vpc }) }, stack)).not.toThrow();
  });
});

describe('subnets without IPv6 addresses', () => {
  const peers = [ec2.Peer.ipv6('2001:db8::/56')];
  const { DUALSTACK, IPV6, IPV4 } = ec2.VpcEndpointIpAddressType;

  test.each([DUALSTACK, IPV6])('fail at synthesis with %s', ipAddressType => {
    expect(() => define({ ipAddressType, peers }).template).toThrow(
      `'ipAddressType' must not be set for subnets without IPv6 addresses, got "${ipAddressType}" for 'Stack/Vpc/appSubnet1', 'Stack/Vpc/appSubnet2'; `
      + "omit it, or set 'ipProtocol' of the VPC to ec2.IpProtocol.DUAL_STACK",
    );
  });

  test.each<[string, (subnet: ec2.CfnSubnet) => void]>([
    ['a block', subnet => (subnet.ipv6CidrBlock = '2001:db8::/64')],
    ['a block of IPAM', subnet => (subnet.ipv6IpamPoolId = 'ipam-pool-1')],
    ['only IPv6', subnet => (subnet.ipv6Native = true)],
    ['a block apart', subnet => new ec2.CfnSubnetCidrBlock(subnet, 'Block', { subnetId: subnet.ref, ipv6CidrBlock: '2001:db8::/64' })],
  ])('pass when they get %s later', (_, give) => {
    const defined = define({ ipAddressType: DUALSTACK, peers });
    defined.vpc.isolatedSubnets.forEach(subnet => give(subnet.node.defaultChild as ec2.CfnSubnet));

    expect(() => defined.template).not.toThrow();
  });

  test('pass with IPv4, and where they are imported', () => {
    expect(() => define({ ipAddressType: IPV4 }).template).not.toThrow();
    const stack = newStack();
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1', availabilityZones: ['eu-west-1a'], isolatedSubnetIds: ['subnet-1'], isolatedSubnetRouteTableIds: ['rtb-1'],
    });
    expect(() => define({ vpc, ipAddressType: DUALSTACK, peers }, stack).template).not.toThrow();
  });
});

describe('things of another VPC', () => {
  test.each<[string, (other: ec2.Vpc) => Partial<EcrVpcEndpointsProps>]>([
    ['securityGroup', other => ({ securityGroup: new ec2.SecurityGroup(other, 'Group', { vpc: other }), peers: [ec2.Peer.ipv4('10.0.0.0/8')] })],
    ['apiEndpoint', other => ({ apiEndpoint: other.addInterfaceEndpoint('Api', { service: Service.ECR }) })],
    ['dockerEndpoint', other => ({ dockerEndpoint: other.addInterfaceEndpoint('Docker', { service: Service.ECR_DOCKER }) })],
    ['s3Endpoint', other => ({ s3Endpoint: other.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 }) })],
  ])('fail as %s', (prop, propsOf) => {
    const stack = newStack();
    const other = new ec2.Vpc(stack, 'Other', { natGateways: 0, restrictDefaultSecurityGroup: false });

    expect(() => define({ ...propsOf(other) }, stack)).toThrow(
      `'${prop}' must be in the VPC of the endpoints, 'Stack/Vpc', got one of another VPC; omit it to create a new ${prop === 'securityGroup' ? 'security group' : 'endpoint'}`,
    );
  });

  test('fail with literal ids, and pass where an id may be that of the same VPC', () => {
    const stack = newStack();
    const importOf = (id: string, vpcId: string): ec2.IVpc => ec2.Vpc.fromVpcAttributes(stack, id, {
      vpcId, vpcCidrBlock: '10.0.0.0/16', availabilityZones: ['eu-west-1a'], isolatedSubnetIds: ['subnet-1'], isolatedSubnetRouteTableIds: ['rtb-1'],
    });
    const groupOf = (vpc: ec2.IVpc): ec2.SecurityGroup => new ec2.SecurityGroup(vpc, 'Group', { vpc });
    const [one, two, late, pending] = [importOf('One', 'vpc-1'), importOf('Two', 'vpc-2'), importOf('Late', Fn.importValue('vpc')), importOf('Pending', 'vpc-12345')];
    const attempt = (id: string, securityGroup: ec2.ISecurityGroup, vpc = one) => () => new EcrVpcEndpoints(stack, id, { vpc, securityGroup, peers: [ec2.Peer.ipv4('10.0.0.0/8')] });

    expect(attempt('A', groupOf(two))).toThrow("'securityGroup' must be in the VPC of the endpoints");
    expect(attempt('B', groupOf(late))).not.toThrow();
    expect(attempt('C', groupOf(newVpc(stack)), late)).not.toThrow();
    expect(attempt('D', groupOf(pending), two)).not.toThrow();
  });
});

describe('the rules of the security group', () => {
  const noRule = 'cdk-secure-ecr:EcrVpcEndpoints.noIncomingRule';
  const many = 'cdk-secure-ecr:EcrVpcEndpoints.manyRules';
  const later = 'cdk-secure-ecr:EcrVpcEndpoints.addressesAddedLater';

  test('warn if nobody can connect, until somebody may', () => {
    const given = newStack();
    const vpc = newVpc(given);
    const securityGroup = new ec2.SecurityGroup(given, 'Own', { vpc });
    define({ vpc, securityGroup }, given);
    expect(warningsOf(given)).toEqual([noRule]);

    const rules = newStack();
    const open = new ec2.SecurityGroup(rules, 'Own', { vpc: newVpc(rules) });
    define({ vpc: rules.node.findChild('Vpc') as ec2.Vpc, securityGroup: open }, rules);
    new ec2.CfnSecurityGroupIngress(rules, 'Rule', { groupId: open.securityGroupId, ipProtocol: 'tcp', fromPort: 443, toPort: 443, cidrIp: '10.0.0.0/8' });
    expect(warningsOf(rules)).toEqual([]);

    const empty = define({ peers: [] });
    expect(warningsOf(empty.stack)).toEqual([noRule]);
    const acknowledged = define({ peers: [] });
    Validations.of(acknowledged.endpoints).acknowledge({ id: noRule, reason: 'another app adds rules' });
    expect(warningsOf(acknowledged.stack)).toEqual([]);
  });

  test.each<[string, (stack: Stack) => ec2.Port, string[]]>([
    ['HTTP alone', () => ec2.Port.tcp(80), [noRule]],
    ['higher ports alone', () => ec2.Port.tcpRange(1024, 65535), [noRule]],
    ['HTTPS over UDP', () => ec2.Port.udp(443), [noRule]],
    ['ping', () => ec2.Port.icmpPing(), [noRule]],
    ['HTTPS', () => ec2.Port.tcp(443), []],
    ['a range with HTTPS', () => ec2.Port.tcpRange(80, 443), []],
    ['all of TCP', () => ec2.Port.allTcp(), []],
    ['all traffic', () => ec2.Port.allTraffic(), []],
    ['a port of a parameter', stack => ec2.Port.tcp(new CfnParameter(stack, 'Port', { type: 'Number' }).valueAsNumber), []],
  ])('for %s', (_, portOf, expected) => {
    const stack = newStack();
    const vpc = newVpc(stack);
    const securityGroup = new ec2.SecurityGroup(stack, 'Own', { vpc });
    securityGroup.addIngressRule(ec2.Peer.ipv4('10.0.0.0/8'), portOf(stack));
    define({ vpc, securityGroup }, stack);

    expect(warningsOf(stack)).toEqual(expected);
  });

  test('count for a protocol and ports that are unknown', () => {
    const stack = newStack();
    const vpc = newVpc(stack);
    const securityGroup = new ec2.SecurityGroup(stack, 'Own', { vpc });
    define({ vpc, securityGroup }, stack);
    const protocol = new CfnParameter(stack, 'Protocol').valueAsString;
    new ec2.CfnSecurityGroupIngress(stack, 'Rule', { groupId: securityGroup.securityGroupId, ipProtocol: protocol, cidrIp: '10.0.0.0/8' });

    expect(warningsOf(stack)).toEqual([]);
  });

  test('are not known of an imported group', () => {
    const stack = newStack();
    define({ securityGroup: ec2.SecurityGroup.fromSecurityGroupId(stack, 'Imported', 'sg-1') }, stack);

    expect(warningsOf(stack)).toEqual([]);
  });

  test.each([[60, []], [61, [many]]])('%i of them warn: %j', (count, expected) => {
    const peers = Array.from({ length: count }, (_, index) => ec2.Peer.ipv4(`10.0.${index}.0/24`));

    expect(warningsOf(define({ peers }).stack)).toEqual(expected);
  });

  test('are one for each block of addresses of the VPC, also of pods', () => {
    const stack = newStack();
    const vpc = newVpc(stack);
    new ec2.CfnVPCCidrBlock(stack, 'Pods', { vpcId: vpc.vpcId, cidrBlock: '100.64.0.0/16' });
    new ec2.CfnVPCCidrBlock(stack, 'IPv6', { vpcId: vpc.vpcId, amazonProvidedIpv6CidrBlock: true });
    new ec2.CfnVPCCidrBlock(stack, 'Other', { vpcId: 'vpc-2', cidrBlock: '100.65.0.0/16' });
    const { template } = define({ vpc }, stack);

    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: ['10.0.0.0/16', '100.64.0.0/16'].map(CidrIp => Match.objectLike({ CidrIp, FromPort: 443 })),
    });
    expect(warningsOf(stack)).toEqual([]);
  });

  test('warn of a block that the app adds afterwards, unless peers are named', () => {
    const addPods = ({ stack, vpc }: Defined): Stack => {
      new ec2.CfnVPCCidrBlock(stack, 'Pods', { vpcId: vpc.vpcId, cidrBlock: '100.64.0.0/16' });
      return stack;
    };

    expect(warningsOf(addPods(define()))).toEqual([later]);
    expect(warningsOf(addPods(define({ peers: [ec2.Peer.ipv4('10.0.0.0/8')] })))).toEqual([]);
  });

  test('include subnets of an imported VPC that are outside of its first block', () => {
    const stack = newStack();
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1',
      vpcCidrBlock: '10.9.0.0/16',
      availabilityZones: ['eu-west-1a', 'eu-west-1b'],
      isolatedSubnetIds: ['subnet-1', 'subnet-2'],
      isolatedSubnetRouteTableIds: ['rtb-1', 'rtb-1'],
      isolatedSubnetIpv4CidrBlocks: ['10.9.1.0/24', '100.64.0.0/18'],
    });

    define({ vpc }, stack).template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: ['10.9.0.0/16', '100.64.0.0/18'].map(CidrIp => Match.objectLike({ CidrIp })),
    });
  });
});

describe('a gateway of the app to Amazon S3', () => {
  const { S3 } = ec2.GatewayVpcEndpointAwsService;
  const twoGroups = (stack: Stack, second = { ...ISOLATED, name: 'batch' }): ec2.Vpc =>
    newVpc(stack, { subnetConfiguration: [ISOLATED, second, PUBLIC], natGateways: second.subnetType === PRIVATE.subnetType ? 1 : 0 });

  test('fails without the route tables of isolated subnets, and passes when another has them', () => {
    const stack = newStack();
    const vpc = twoGroups(stack);
    const s3Endpoint = vpc.addGatewayEndpoint('S3', { service: S3, subnets: [{ subnetGroupName: 'batch' }] });
    define({ vpc, s3Endpoint, subnets: { subnetGroupName: 'app' } }, stack);
    expect(() => Template.fromStack(stack)).toThrow(
      "'s3Endpoint' must have the route tables of all 'subnets', otherwise pulls have no route to image layers, got none for 'Stack/Vpc/appSubnet1', 'Stack/Vpc/appSubnet2'; "
      + "add these subnets to the gateway endpoint, or omit 's3Endpoint'",
    );

    vpc.addGatewayEndpoint('More', { service: S3, subnets: [{ subnetGroupName: 'app' }] });
    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  test('warns without the route tables of subnets with another route', () => {
    const stack = newStack();
    const vpc = twoGroups(stack, PRIVATE);
    const s3Endpoint = vpc.addGatewayEndpoint('S3', { service: S3, subnets: [{ subnetGroupName: 'app' }] });
    define({ vpc, s3Endpoint, subnets: { subnetGroupName: 'private' } }, stack);

    expect(warningsOf(stack)).toEqual(['cdk-secure-ecr:EcrVpcEndpoints.layersOverInternet']);
  });

  test.each<[string, (gateway: ec2.CfnVPCEndpoint) => void]>([
    ['a list that is known at deployment', gateway => (gateway.routeTableIds = Fn.split(',', Fn.importValue('routes')))],
    ['all route tables', () => undefined],
  ])('passes with %s', (_, change) => {
    const stack = newStack();
    const vpc = newVpc(stack);
    const s3Endpoint = vpc.addGatewayEndpoint('S3', { service: S3 });
    change(s3Endpoint.node.defaultChild as ec2.CfnVPCEndpoint);
    define({ vpc, s3Endpoint }, stack);

    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  test('fails with no route table at all, and passes in another stack than its twin', () => {
    const stack = newStack();
    const vpc = newVpc(stack);
    const s3Endpoint = vpc.addGatewayEndpoint('S3', { service: S3 });
    (s3Endpoint.node.defaultChild as ec2.CfnVPCEndpoint).routeTableIds = undefined;
    define({ vpc, s3Endpoint }, stack);
    expect(() => Template.fromStack(stack)).toThrow("'s3Endpoint' must have the route tables of all 'subnets'");

    const twin = new Stack(stack.node.root, 'Twin', { env: { account: ACCOUNT, region: REGION } });
    new ec2.CfnVPCEndpoint(twin, 'S3', { vpcId: vpc.vpcId, serviceName: (s3Endpoint.node.defaultChild as ec2.CfnVPCEndpoint).serviceName, routeTableIds: ['rtb-1'] });
    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  const star = new iam.StarPrincipal();
  const read = (resources: string[], actions = ['s3:GetObject']): iam.PolicyStatement => new iam.PolicyStatement({ principals: [star], actions, resources });
  test.each<[string, iam.PolicyStatement, boolean]>([
    ['own buckets', read(['arn:aws:s3:::own/*']), false],
    ['other actions', read(['*'], ['s3:ListBucket']), false],
    ['a Deny', new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [star], actions: ['s3:*'], resources: ['*'] }), false],
    ['the layers', read([`arn:aws:s3:::prod-${REGION}-starport-layer-bucket/*`]), true],
    ['the layers of any Region', read(['arn:aws:s3:::prod-*-starport-layer-bucket/*']), true],
    ['the layers in the partition of the stack', read([`arn:${Aws.PARTITION}:s3:::prod-${Aws.REGION}-starport-layer-bucket/*`]), true],
    ['a parameter', read([Fn.importValue('bucket')]), true],
    ['everything', read(['*'], ['s3:*']), true],
    ['exceptions only', new iam.PolicyStatement({ principals: [star], notActions: ['s3:PutObject'], notResources: ['arn:aws:s3:::own/*'] }), true],
  ])('whose policy has %s gives layers: %s', (_, statement, allowed) => {
    const stack = newStack();
    const vpc = newVpc(stack);
    const s3Endpoint = vpc.addGatewayEndpoint('S3', { service: S3 });
    define({ vpc, s3Endpoint }, stack);
    s3Endpoint.addToPolicy(statement);

    const expectation = expect(() => Template.fromStack(stack));
    if (allowed) {
      expectation.not.toThrow();
    } else {
      expectation.toThrow(`'s3Endpoint' must allow 's3:GetObject' on 'arn:aws:s3:::prod-${REGION}-starport-layer-bucket/*', the bucket of image layers`);
    }
  });

  test('is judged by the name of the bucket where the Region is not known', () => {
    const stack = new Stack(new App(), 'Stack');
    const vpc = newVpc(stack, { availabilityZones: undefined });
    const s3Endpoint = vpc.addGatewayEndpoint('S3', { service: S3 });
    define({ vpc, s3Endpoint }, stack);
    s3Endpoint.addToPolicy(read(['arn:aws:s3:::own/*']));
    expect(() => Template.fromStack(stack)).toThrow('prod-*-starport-layer-bucket');

    s3Endpoint.addToPolicy(read(['arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*']));
    expect(() => Template.fromStack(stack)).not.toThrow();
  });
});

describe('policies that are legal but probably unintended', () => {
  const star = new iam.StarPrincipal();
  const statement = (props: iam.PolicyStatementProps): iam.PolicyStatement => new iam.PolicyStatement({ principals: [star], ...props });
  const login = statement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] });
  const open = 'cdk-secure-ecr:EcrVpcEndpoints.openPolicy';
  const noLogin = 'cdk-secure-ecr:EcrVpcEndpoints.noLogin';

  test.each<[string, iam.PolicyStatement[], string[]]>([
    ['everything', [statement({ actions: ['*'], resources: ['*'] })], [open]],
    ['every action of ECR', [statement({ actions: ['ecr:*'], resources: ['*'] })], [open]],
    ['every repository by ARN', [login, statement({ actions: ['ecr:PutImage'], resources: ['arn:aws:ecr:*:*:repository/*'] })], [open]],
    ['all but some actions', [statement({ notActions: ['ecr:DeleteRepository'], resources: ['*'] })], [open]],
    ['all but some resources', [login, statement({ actions: ['ecr:*'], notResources: ['arn:aws:ecr:eu-west-1:111111111111:repository/x'] })], [open]],
    ['all actions but pushes', [statement({ notActions: ['ecr:PutImage'], resources: ['*'] })], []],
    ['pulls', [login, statement({ actions: ['ecr:BatchGetImage'], resources: ['*'] })], []],
    ['pushes to the own registry', [login, statement({ actions: ['ecr:*'], resources: [`arn:aws:ecr:${REGION}:${ACCOUNT}:repository/*`] })], []],
    ['everything, for the own account', [statement({ actions: ['ecr:*'], resources: ['*'], conditions: { StringEquals: { 'aws:PrincipalAccount': ACCOUNT } } })], []],
    ['pulls without a login', [statement({ actions: ['ecr:BatchGetImage'], resources: ['*'] })], [noLogin]],
    ['a login on repositories', [statement({ actions: ['ecr:*'], resources: [`arn:aws:ecr:${REGION}:${ACCOUNT}:repository/*`] })], [noLogin]],
  ])('warn when they allow %s', (_, policyStatements, expected) => {
    expect(warningsOf(define({ policyStatements }).stack)).toEqual(expected);
  });

  const addOns = ['cdk-secure-ecr:EcrVpcEndpoints.addOnsUnreachable'];
  test.each<[string, Partial<EcrVpcEndpointsProps>, string[]]>([
    ['the own registry', { reachableRegistries: [ACCOUNT] }, addOns],
    ['the organization', { reachableOrganization: ORGANIZATION }, addOns],
    ['a registry of AWS', { reachableRegistries: [ACCOUNT, '602401143452'] }, []],
    ['everything', {}, []],
    ['the own registry, without EKS', { reachableRegistries: [ACCOUNT], companions: EndpointCompanions.FARGATE }, []],
  ])('warn for nodes of Amazon EKS that reach %s', (_, props, expected) => {
    expect(warningsOf(define({ companions: EndpointCompanions.EKS_NODES, ...props }).stack)).toEqual(expected);
  });

  test('warn for a repository of the own account, and not for one of AWS', () => {
    const warned = (account: string): string[] => {
      const stack = newStack();
      const repository = ecr.Repository.fromRepositoryArn(stack, 'Repository', `arn:aws:ecr:${REGION}:${account}:repository/eks/pause`);
      return warningsOf(define({ companions: EndpointCompanions.EKS_NODES, reachableRepositories: [repository] }, stack).stack);
    };

    expect(warned(ACCOUNT)).toEqual(addOns);
    expect(warned('602401143452')).toEqual([]);
  });
});

describe('companionPolicyStatements', () => {
  const closed = new iam.PolicyStatement({
    principals: [new iam.StarPrincipal()], actions: ['*'], resources: ['*'], conditions: { StringEquals: { 'aws:PrincipalAccount': [ACCOUNT] } },
  });
  const companions = [...EndpointCompanions.FARGATE, ...EndpointCompanions.TASK_SECRETS];

  test('are the policy of all companions', () => {
    const { template } = define({ companions, companionPolicyStatements: [closed], trustedAccounts: [ACCOUNT] });

    for (const service of ['logs', 'secretsmanager', 'ssm']) {
      expect(statementsOf(template, service)).toEqual([
        { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*', Condition: { StringEquals: { 'aws:PrincipalAccount': [ACCOUNT] } } },
      ]);
    }
  });

  test('are missed where the ECR endpoints are closed on purpose', () => {
    const warning = 'cdk-secure-ecr:EcrVpcEndpoints.openCompanion';
    expect(warningsOf(define({ companions, trustedAccounts: [ACCOUNT] }).stack)).toEqual([warning, warning, warning]);
    expect(warningsOf(define({ companions, trustedOrganization: ORGANIZATION }).stack)).toEqual([warning, warning, warning]);
    expect(warningsOf(define({ companions }).stack)).toEqual([]);
    expect(warningsOf(define({ companions, trustedAccounts: [ACCOUNT], companionPolicyStatements: [closed] }).stack)).toEqual([]);

    const later = define({ companions: EndpointCompanions.FARGATE, trustedAccounts: [ACCOUNT] });
    (later.endpoints.companionEndpoints.logs as ec2.InterfaceVpcEndpoint).addToPolicy(closed);
    expect(warningsOf(later.stack)).toEqual([]);
  });

  test('fail without companions, a statement or a principal', () => {
    expect(() => define({ companionPolicyStatements: [closed] })).toThrow("'companionPolicyStatements' must be used with 'companions', got none; omit it");
    expect(() => define({ companions, companionPolicyStatements: [] })).toThrow("'companionPolicyStatements' must have at least one statement, got []; omit it for full access");
    expect(() => define({ companions, companionPolicyStatements: [new iam.PolicyStatement({ actions: ['logs:*'], resources: ['*'] })] }))
      .toThrow("'companionPolicyStatements[0]' must have a principal");
  });
});

describe('privateDnsEnabled', () => {
  test('false makes central endpoints, in a VPC without DNS names and beside endpoints with names', () => {
    const stack = newStack();
    const vpc = newVpc(stack, { enableDnsHostnames: false });
    vpc.addInterfaceEndpoint('Old', { service: Service.ECR });
    const dockerEndpoint = vpc.addInterfaceEndpoint('Docker', { service: Service.ECR_DOCKER, privateDnsEnabled: false });
    const { template, endpoints } = define({ vpc, privateDnsEnabled: false, dockerEndpoint, companions: EndpointCompanions.FARGATE }, stack);

    for (const endpoint of [endpoints.apiEndpoint, endpoints.companionEndpoints.logs]) {
      const id = stack.getLogicalId(endpoint.node.defaultChild as ec2.CfnVPCEndpoint);
      expect(template.toJSON().Resources[id].Properties.PrivateDnsEnabled).toBe(false);
    }
  });
});

describe('the VPC', () => {
  test('fails at synthesis when its DNS is turned off after the endpoints were made', () => {
    const { stack, vpc } = define();
    (vpc.node.defaultChild as ec2.CfnVPC).enableDnsSupport = false;
    (vpc.node.defaultChild as ec2.CfnVPC).enableDnsHostnames = false;

    expect(() => Template.fromStack(stack)).toThrow(/'vpc' must have 'enableDnsSupport'[^]*'vpc' must have 'enableDnsHostnames'/);
  });

  test('fails without private DNS', () => {
    const stack = newStack();
    const vpc = newVpc(stack, { enableDnsHostnames: false, enableDnsSupport: false });

    expect(() => define({ vpc }, stack)).toThrow([
      "'vpc' must have 'enableDnsSupport', got false, with which clients use the public addresses of ECR; set it to true on the VPC",
      "'vpc' must have 'enableDnsHostnames', got false, with which clients use the public addresses of ECR; set it to true on the VPC",
    ].join('\n'));
  });

  test('can be imported by its attributes', () => {
    const stack = newStack();
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1',
      vpcCidrBlock: '10.9.0.0/16',
      availabilityZones: ['eu-west-1a', 'eu-west-1b'],
      isolatedSubnetIds: ['subnet-1', 'subnet-2'],
      isolatedSubnetRouteTableIds: ['rtb-1', 'rtb-1'],
    });
    const { template } = define({ vpc }, stack);

    expect(endpointsOf(template).s3.RouteTableIds).toEqual(['rtb-1']);
    expect(endpointsOf(template)['ecr.dkr']).toMatchObject({ VpcId: 'vpc-1', SubnetIds: ['subnet-1', 'subnet-2'] });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', { SecurityGroupIngress: [Match.objectLike({ CidrIp: '10.9.0.0/16' })] });
  });

  test('can be imported with lists that are not known yet', () => {
    const stack = newStack();
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: Fn.importValue('vpc'),
      vpcCidrBlock: Fn.importValue('cidr'),
      availabilityZones: ['eu-west-1a', 'eu-west-1b'],
      isolatedSubnetIds: [0, 1].map(index => Fn.select(index, Fn.split(',', Fn.importValue('subnets')))),
      isolatedSubnetRouteTableIds: [0, 1].map(index => Fn.select(index, Fn.split(',', Fn.importValue('routes')))),
    });

    expect(endpointsOf(define({ vpc }, stack).template).s3.RouteTableIds).toHaveLength(2);
  });

  test('fails where its addresses are not known and nobody is named', () => {
    const stack = newStack();
    const attributes = { vpcId: 'vpc-1', availabilityZones: ['eu-west-1a'], isolatedSubnetIds: ['subnet-1'], isolatedSubnetRouteTableIds: ['rtb-1'] };
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', attributes);

    expect(() => define({ vpc }, stack)).toThrow("'vpcCidrBlock' was not supplied");
    const again = newStack();
    expect(() => define({ vpc: ec2.Vpc.fromVpcAttributes(again, 'Vpc', attributes), peers: [] }, again)).not.toThrow();
  });

  test('can have its addresses from IPAM', () => {
    const stack = newStack();
    const vpc = newVpc(stack, {
      ipAddresses: ec2.IpAddresses.awsIpamAllocation({ ipv4IpamPoolId: 'ipam-pool-1', ipv4NetmaskLength: 16, defaultSubnetIpv4NetmaskLength: 24 }),
    });

    define({ vpc }, stack).template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: [Match.objectLike({ CidrIp: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Vpc'), 'CidrBlock'] } })],
    });
  });

  test('can be looked up, several in one app: before the look-up they all have the same id', () => {
    const stack = newStack();
    for (const name of ['One', 'Two']) {
      new EcrVpcEndpoints(stack, `${name}Endpoints`, { vpc: ec2.Vpc.fromLookup(stack, name, { vpcName: name }), restrictS3ToImageLayers: true });
    }

    Template.fromStack(stack).resourceCountIs('AWS::EC2::VPCEndpoint', 6);
    expect(warningsOf(stack)).toEqual([]);
  });

  test('can be in another stack', () => {
    const app = new App();
    const network = new Stack(app, 'Network', { env: { account: ACCOUNT, region: REGION } });
    const workload = new Stack(app, 'Workload', { env: { account: ACCOUNT, region: REGION } });
    const vpc = newVpc(network);
    define({ vpc }, workload);

    Template.fromStack(workload).resourceCountIs('AWS::EC2::VPCEndpoint', 3);
    expect(() => new EcrVpcEndpoints(network, 'Again', { vpc })).toThrow("got \"Workload/Endpoints/Api\"; set it as 'apiEndpoint'");
  });

  test('does not conflict with the VPC of another stack that has the same logical id', () => {
    const app = new App();
    for (const name of ['One', 'Two']) {
      define({}, new Stack(app, name, { env: { account: ACCOUNT, region: REGION } }));
    }

    expect(() => app.synth()).not.toThrow();
  });

  test('can be in China', () => {
    const { template } = define({}, newStack('cn-north-1'));

    for (const ServiceName of [
      'cn.com.amazonaws.cn-north-1.ecr.api',
      'cn.com.amazonaws.cn-north-1.ecr.dkr',
      { 'Fn::Join': ['', ['com.amazonaws.', { Ref: 'AWS::Region' }, '.s3']] },
    ]) {
      template.hasResourceProperties('AWS::EC2::VPCEndpoint', { ServiceName });
    }
  });
});
