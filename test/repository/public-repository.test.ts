import { App, CfnParameter, PropertyInjectors, RemovalPolicy, Stack, Tags, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { PublicRepository, type PublicRepositoryProps } from '../../lib';
import { messageOf } from '../message-of';
import { nagFindings } from '../nag';

const TYPE = 'AWS::ECR::PublicRepository';
const OTHER = '444455556666';
const UPLOAD = ['BatchCheckLayerAvailability', 'CompleteLayerUpload', 'InitiateLayerUpload', 'PutImage', 'UploadLayerPart'].map(it => `ecr-public:${it}`);
const LOGIN = [
  { Action: 'ecr-public:GetAuthorizationToken', Effect: 'Allow', Resource: '*' },
  {
    Action: 'sts:GetServiceBearerToken',
    Condition: { StringEquals: { 'sts:AWSServiceName': 'ecr-public.amazonaws.com' } }, // not those of AWS CodeArtifact
    Effect: 'Allow',
    Resource: '*',
  },
];

let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Gallery', { env: { account: '111122223333', region: 'us-east-1' } });
});

const tryOut = (props: PublicRepositoryProps): string => messageOf(() => new PublicRepository(stack, 'Repository', props));
const resource = (): Record<string, unknown> => Object.values(Template.fromStack(stack).findResources(TYPE))[0];
const propertiesOf = (): unknown => resource().Properties;
const warnings = (scope = stack): string[] => Annotations.fromStack(scope).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data as string);

function role(scope: Stack = stack): iam.Role {
  return new iam.Role(scope, 'Release', { roleName: 'release', assumedBy: new iam.AccountRootPrincipal() });
}

describe('PublicRepository', () => {
  test('is one resource that stays when the stack goes', () => {
    new PublicRepository(stack, 'Repository');

    expect(Object.values(Template.fromStack(stack).toJSON().Resources as object)).toEqual([
      { Type: TYPE, DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' },
    ]);
    expect(nagFindings(app)).toEqual([]);
    expect(warnings()).toEqual([]);
  });

  test('fails if another one of the account has its name', () => {
    new PublicRepository(stack, 'Repository', { repositoryName: 'tools/converter' });

    expect(messageOf(() => new PublicRepository(stack, 'Twin', { repositoryName: 'tools/converter' })))
      .toContain("'Gallery/Repository' and 'Gallery/Twin' both define the public repository \"tools/converter\" of account 111122223333, of which there is only one");
  });

  test('tells the gallery everything that it shows', () => {
    new PublicRepository(stack, 'Repository', {
      repositoryName: 'tools/converter', description: 'line', aboutText: 'about', usageText: 'usage', architectures: ['ARM 64'], operatingSystems: ['Linux'],
    });

    expect(propertiesOf()).toEqual({
      RepositoryName: 'tools/converter',
      RepositoryCatalogData: {
        AboutText: 'about', Architectures: ['ARM 64'], OperatingSystems: ['Linux'], RepositoryDescription: 'line', UsageText: 'usage',
      },
    });
  });

  test.each<[PublicRepositoryProps, object | undefined]>([
    [{ architectures: [] }, undefined],
    [{ description: '' }, undefined],
    [{ description: '', aboutText: 'about', operatingSystems: [] }, { RepositoryCatalogData: { AboutText: 'about' } }],
  ])('has no empty catalog data with %j', (props, expected) => {
    new PublicRepository(stack, 'Repository', props);

    expect(propertiesOf()).toEqual(expected);
  });

  test('may go with the stack', () => {
    new PublicRepository(stack, 'Repository', { removalPolicy: RemovalPolicy.DESTROY });

    Template.fromStack(stack).hasResource(TYPE, { DeletionPolicy: 'Delete' });
  });

  test('has a name, an ARN without a Region, and a URI once the alias is known', () => {
    const repository = new PublicRepository(stack, 'Repository', { repositoryName: 'tools/converter' });
    const elsewhere = new Stack(app, 'Elsewhere', { env: { account: OTHER, region: 'eu-west-1' } });

    expect(stack.resolve(repository.publicRepositoryRef)).toEqual({
      repositoryName: { Ref: 'Repository22E53BBD' }, publicRepositoryArn: { 'Fn::GetAtt': ['Repository22E53BBD', 'Arn'] },
    });
    expect(elsewhere.resolve([repository.publicRepositoryArn, repository.repositoryUriForAlias('a1b2c3d4')])).toEqual([
      { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ecr-public::111122223333:repository/tools/converter']] },
      'public.ecr.aws/a1b2c3d4/tools/converter',
    ]);
  });

  test.each(['eu-west-1', 'us-west-2', 'us-gov-west-1', 'cn-north-1'])('fails in %s', region => {
    const elsewhere = new Stack(app, 'Elsewhere', { env: { region } });

    expect(messageOf(() => new PublicRepository(elsewhere, 'Repository')))
      .toBe(`a public repository must be in a stack of us-east-1, got "${region}"; define it in a stack with 'env: { region: "us-east-1" }', pulls work from every Region`);
  });

  test('may be in a stack of an unknown Region, with values of the deployment', () => {
    const agnostic = new Stack(app, 'Agnostic');
    const text = new CfnParameter(agnostic, 'Text').valueAsString;
    const list = new CfnParameter(agnostic, 'List', { type: 'CommaDelimitedList' }).valueAsList;

    new PublicRepository(agnostic, 'Repository', { repositoryName: text, description: text, aboutText: text, architectures: list, operatingSystems: [text, text] });

    Template.fromStack(agnostic).hasResourceProperties(TYPE, {
      RepositoryName: { Ref: 'Text' },
      RepositoryCatalogData: { AboutText: { Ref: 'Text' }, Architectures: { Ref: 'List' } },
    });
  });

  test.each<[PublicRepositoryProps, string]>([
    [{ repositoryName: 'a' }, "'repositoryName' must be 2 to 205 characters long, got 1: \"a\""],
    [{ repositoryName: 'a'.repeat(206) }, "'repositoryName' must be 2 to 205 characters long, got 206"],
    [{ repositoryName: 'a__b' }, "'repositoryName' must be lowercase letters and digits, joined by one '.', '_' or '-' and nested by '/', such as 'team/api', got \"a__b\""],
    [{ repositoryName: 'a--b' }, 'got "a--b"'],
    [{ repositoryName: 'A/b' }, 'got "A/b"'],
    [{ description: 'x'.repeat(1025) }, "'description' must be 0 to 1024 characters long, got 1025"],
    [{ aboutText: 'x'.repeat(10_241) }, "'aboutText' must be 0 to 10240 characters long, got 10241"],
    [{ usageText: 'x'.repeat(10_241) }, "'usageText' must be 0 to 10240 characters long, got 10241"],
    [{ architectures: ['x'.repeat(51)] }, "'architectures[0]' must be 1 to 50 characters long, got 51"],
    [{ operatingSystems: ['Linux', 'x'.repeat(51)] }, "'operatingSystems[1]' must be 1 to 50 characters long, got 51"],
    [{ operatingSystems: ['Linux', 'Linux'] }, "'operatingSystems' must not have duplicates, got \"Linux\" twice"],
    [{ architectures: Array.from({ length: 51 }, (_, index) => `a${index}`) }, "'architectures' must have at most 50 entries, got 51"],
  ])('fails with %.60j', (props, message) => {
    expect(tryOut(props)).toContain(message);
  });

  test.each<PublicRepositoryProps>([
    { repositoryName: 'ab' }, { repositoryName: 'a'.repeat(205) }, { repositoryName: '0/a.b_c-d' }, { description: 'x'.repeat(1024) }, { aboutText: 'x'.repeat(10_240) },
    { usageText: 'x'.repeat(10_240) }, { architectures: ['x', 'x'.repeat(50)] }, { operatingSystems: Array.from({ length: 50 }, (_, index) => `a${index}`) },
  ])('takes %.60j', props => {
    expect(tryOut(props)).toBe('accepted');
  });

  test('reports all problems at once', () => {
    expect(tryOut({ repositoryName: 'A', description: 'x'.repeat(2000), architectures: ['x'.repeat(51)] }).split('\n')).toHaveLength(4);
  });

  test('takes tags', () => {
    Tags.of(new PublicRepository(stack, 'Repository')).add('team', 'gallery');

    expect(propertiesOf()).toEqual({ Tags: [{ Key: 'team', Value: 'gallery' }] });
  });

  test('fails with tags that CloudFormation refuses', () => {
    Tags.of(new PublicRepository(stack, 'Repository')).add('x'.repeat(128), 'value');

    expect(messageOf(() => app.synth())).toContain("'tag key' must be 1 to 127 characters long, got 128");
  });

  test('takes props from the injectors of a scope', () => {
    PropertyInjectors.of(stack).add({
      constructUniqueId: PublicRepository.PROPERTY_INJECTION_ID,
      inject: (props: PublicRepositoryProps) => ({ operatingSystems: ['Linux'], ...props }),
    });
    new PublicRepository(stack, 'Repository');

    expect(propertiesOf()).toEqual({ RepositoryCatalogData: { OperatingSystems: ['Linux'] } });
  });
});

describe('the policy of a PublicRepository', () => {
  const put = (principals: iam.IPrincipal[], props: iam.PolicyStatementProps = {}): iam.PolicyStatement =>
    new iam.PolicyStatement({ actions: ['ecr-public:PutImage'], principals, ...props });

  test('has what is added, without resources', () => {
    const repository = new PublicRepository(stack, 'Repository');
    const { statementAdded, policyDependable } = repository.addToResourcePolicy(put([new iam.AccountPrincipal(OTHER)], { resources: ['*'] }));
    repository.addToResourcePolicy(put([new iam.AccountPrincipal('777788889999')], { effect: iam.Effect.DENY }));

    expect([statementAdded, policyDependable]).toEqual([true, repository.node.defaultChild]);
    expect(JSON.stringify(propertiesOf())).not.toContain('Resource');
    expect(propertiesOf()).toMatchObject({ RepositoryPolicyText: { Statement: [{ Effect: 'Allow' }, { Effect: 'Deny' }] } });
  });

  test.each<[string, iam.PolicyStatement, string]>([
    ['everybody', put([new iam.AnyPrincipal()]), "'statement' must not allow the principal '*' without a condition"],
    ['an action of private registries', put([new iam.AccountPrincipal(OTHER)], { actions: ['ecr:PutImage'] }),
      "'statement' must be actions of Amazon ECR Public, got \"ecr:PutImage\", which has no effect in a public repository policy"],
    ...['GetAuthorizationToken', 'DescribeRegistries', 'PutRegistryCatalogData'].map(action => `ecr-public:${action}`).map((action): [string, iam.PolicyStatement, string] => (
      [`${action}, which belongs to the registry`, put([new iam.AccountPrincipal(OTHER)], { actions: [action] }), `must not include "${action}"`]
    )),
  ])('fails with %s', (_, statement, message) => {
    expect(messageOf(() => new PublicRepository(stack, 'Repository').addToResourcePolicy(statement))).toContain(message);
  });

  test('takes any action on a repository, by name, by pattern and from a parameter', () => {
    const late = new CfnParameter(stack, 'Action').valueAsString;
    const actions = ['ecr-public:DescribeImages', 'ecr-public:GetRepositoryCatalogData', 'ecr-public:Put*', late];

    expect(messageOf(() => new PublicRepository(stack, 'Repository').addToResourcePolicy(put([new iam.AccountPrincipal(OTHER)], { actions })))).toBe('accepted');
  });

  test('fails with a statement for nobody', () => {
    new PublicRepository(stack, 'Repository').addToResourcePolicy(put([]));

    expect(messageOf(() => app.synth())).toContain('must specify at least one IAM principal');
  });

  test('may let an organization push, and fails when it is too long', () => {
    const repository = new PublicRepository(stack, 'Repository');
    repository.addToResourcePolicy(put([new iam.OrganizationPrincipal('o-a1b2c3d4e5')]));
    expect(repository.node.validate()).toEqual([]);

    for (let index = 0; index < 350; index += 1) {
      repository.addToResourcePolicy(put([new iam.AccountPrincipal(String(200_000_000_000 + index))]));
    }
    expect(repository.node.validate()).toEqual([expect.stringMatching(/^the policy of a public repository must be at most 10240 characters long, got \d+; allow fewer principals to push$/)]);
  });
});

describe('grants.push of a PublicRepository', () => {
  test('gives a role of the account the upload on the repository and the login on *, and nothing else', () => {
    const grant = new PublicRepository(stack, 'Repository').grants.push(role());

    expect(grant.success).toBe(true);
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          { Action: UPLOAD, Effect: 'Allow', Resource: { 'Fn::GetAtt': ['Repository22E53BBD', 'Arn'] } },
          ...LOGIN,
        ],
      },
    });
    Template.fromStack(stack).hasResourceProperties(TYPE, { RepositoryPolicyText: Match.absent() });
  });

  test('gives a role of another account both halves', () => {
    const releases = new Stack(app, 'Releases', { env: { account: OTHER, region: 'eu-west-1' } });

    new PublicRepository(stack, 'Repository', { repositoryName: 'tools/converter' }).grants.push(role(releases));

    expect(propertiesOf()).toMatchObject({
      RepositoryPolicyText: {
        Statement: [{
          Action: UPLOAD,
          Effect: 'Allow',
          Principal: { AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${OTHER}:root`]] } },
          Condition: { ArnEquals: { 'aws:PrincipalArn': expect.anything() } },
        }],
      },
    });
    Template.fromStack(releases).resourceCountIs('AWS::IAM::Policy', 1);
    expect(warnings()).toEqual([]);
  });

  test('names an account in the policy of the repository', () => {
    new PublicRepository(stack, 'Repository').grants.push(new iam.AccountPrincipal(OTHER));

    expect(propertiesOf()).toHaveProperty('RepositoryPolicyText');
  });

  test('takes several principals at once', () => {
    new PublicRepository(stack, 'Repository').grants.push(new iam.CompositePrincipal(new iam.AccountPrincipal(OTHER), new iam.AccountPrincipal('777788889999')));

    expect(JSON.stringify(propertiesOf())).toMatch(/444455556666.*777788889999/);
  });

  test.each<[string, () => iam.IGrantable, string]>([
    ['a service', () => new iam.ServicePrincipal('codebuild.amazonaws.com'), "'grantee' must be an AWS identity or an AWS account, got \"codebuild.amazonaws.com\"; grant to the role that it pushes with"],
    ['a group of another account', () => iam.Group.fromGroupArn(stack, 'Group', `arn:aws:iam::${OTHER}:group/g`), "'grantee' must be a valid principal of a resource policy, got the group 'Gallery/Group'"],
    ['a group that is no construct', () => new iam.ArnPrincipal('arn:aws:iam::111122223333:group/g'), "'grantee' must be a valid principal of a resource policy, got the group \"arn:aws:iam::111122223333:group/g\""],
    ['everybody', () => new iam.AnyPrincipal(), "'grantee' must not allow the principal '*'"],
  ])('fails for %s', (_, grantee, message) => {
    expect(messageOf(() => new PublicRepository(stack, 'Repository').grants.push(grantee()))).toContain(message);
  });

  test('gives a group of the app its policy', () => {
    new PublicRepository(stack, 'Repository').grants.push(new iam.Group(stack, 'Group'));

    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', { Groups: [{ Ref: Match.stringLikeRegexp('^Group') }] });
  });

  test('fails for a role of another account when CloudFormation makes up the name of the repository', () => {
    const releases = new Stack(app, 'Releases', { env: { account: OTHER, region: 'us-east-1' } });

    expect(messageOf(() => new PublicRepository(stack, 'Repository').grants.push(role(releases)))).toBe(
      "'repositoryName' must be set on 'Gallery/Repository' for a grant to a principal of account 444455556666, "
      + "got a name that CloudFormation generates and that other accounts do not know; set a name such as 'tools/converter'",
    );
  });

  test('gives only what the conditions of a principal allow', () => {
    new PublicRepository(stack, 'Repository').grants.push(new iam.PrincipalWithConditions(role(), { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }));

    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: UPLOAD, Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } })]) },
    });
  });

  test('warns of an imported role of another account, with the statements that its owner has to attach', () => {
    const repository = new PublicRepository(stack, 'Repository', { repositoryName: 'tools/converter' });
    repository.grants.push(iam.Role.fromRoleArn(stack, 'Imported', `arn:aws:iam::${OTHER}:role/release`));

    expect(warnings()).toEqual([expect.stringMatching(/the grant has no effect until the owner of 'Gallery\/Imported', whose policies this app cannot change, attaches these statements: .*ecr-public:PutImage.*"arn:aws:ecr-public::111122223333:repository\/tools\/converter".*sts:GetServiceBearerToken/)]);
    Validations.of(repository).acknowledge({ id: 'cdk-secure-ecr:PublicRepositoryGrants.importedPrincipal', reason: 'attached' });
    expect(warnings()).toEqual([]);
    expect(propertiesOf()).toHaveProperty('RepositoryPolicyText');
  });
});

describe('an imported PublicRepository', () => {
  test('by name is of the account of the stack, whatever its Region', () => {
    const elsewhere = new Stack(app, 'Elsewhere', { env: { account: '111122223333', region: 'eu-west-1' } });
    const repository = PublicRepository.fromPublicRepositoryName(elsewhere, 'Imported', 'tools/converter');
    repository.grants.push(role(elsewhere));

    expect(repository.publicRepositoryRef.repositoryName).toBe('tools/converter');
    expect(repository.env).toEqual({ account: '111122223333', region: 'us-east-1' });
    expect(repository.repositoryUriForAlias('a1b2c3d4')).toBe('public.ecr.aws/a1b2c3d4/tools/converter');
    Template.fromStack(elsewhere).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [{ Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ecr-public::111122223333:repository/tools/converter']] } }, ...LOGIN],
      },
    });
    expect(warnings(elsewhere)).toEqual([]);
  });

  test('of another account warns with the statement that its owner has to add', () => {
    const repository = PublicRepository.fromPublicRepositoryArn(stack, 'Imported', `arn:aws:ecr-public::${OTHER}:repository/tools/converter`);
    repository.grants.push(role());

    expect([repository.publicRepositoryName, repository.env.account]).toEqual(['tools/converter', OTHER]);
    expect(warnings()).toEqual([expect.stringMatching(/the grant has no effect until the owner of the imported repository 'Gallery\/Imported', whose policy this app cannot change, adds this statement: \{.*ecr-public:PutImage.*role\/release.*"Principal":\{"AWS":"arn:aws:iam::111122223333:root"\}\} /)]);
    Validations.of(repository).acknowledge({ id: 'cdk-secure-ecr:PublicRepositoryGrants.importedRepository', reason: 'added' });
    expect(warnings()).toEqual([]);
  });

  test.each([
    'tools/converter', 'arn:aws:ecr:us-east-1:111122223333:repository/a1', 'arn:aws:ecr-public::1111:repository/a1', 'arn:aws:ecr-public::111122223333:repository/A__b',
  ])('fails with the ARN %s', arn => {
    expect(messageOf(() => PublicRepository.fromPublicRepositoryArn(stack, 'Imported', arn)))
      .toContain("'publicRepositoryArn' must be like 'arn:aws:ecr-public::111122223333:repository/team/api', got");
  });

  test('takes the ARN that the CDK CLI has yet to look up', () => {
    const arn = StringParameter.valueFromLookup(stack, '/gallery/arn');
    const repository = PublicRepository.fromPublicRepositoryArn(stack, 'Pending', arn);

    expect([repository.publicRepositoryArn, repository.env.account]).toEqual([arn, '111122223333']);
  });

  test('fails with a name that cannot be, and with an ARN of the deployment', () => {
    expect(messageOf(() => PublicRepository.fromPublicRepositoryName(stack, 'Imported', 'A'))).toContain("'publicRepositoryName' must be");
    expect(messageOf(() => PublicRepository.fromPublicRepositoryArn(stack, 'Late', new CfnParameter(stack, 'Arn').valueAsString))).toContain("'publicRepositoryArn' must be");
  });
});
