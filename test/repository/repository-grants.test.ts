import { App, Aws, CfnResource, PhysicalName, Stack, Stage, Tags, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { RepositoryGrants, SecureRepository } from '../../lib';

const OWNER = '111122223333';
const OTHER = '444455556666';
const REGION = 'eu-west-1';
const ID = 'ApiF70053CD';
const ARN = { 'Fn::GetAtt': [ID, 'Arn'] };
const NAMED_ARN = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:ecr:${REGION}:${OWNER}:repository/team/api`]] };
const FOREIGN_ROLE = `arn:aws:iam::${OTHER}:role/path/deploy`;
const PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
const SERVICE_PULL = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
const PUSH = [
  'ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:CompleteLayerUpload', 'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart',
];
const PULL_PUSH = [...PUSH, 'ecr:GetDownloadUrlForLayer'].sort();
const READ = ['ecr:DescribeImages', 'ecr:DescribeRepositories', 'ecr:ListImages'];
const LOGIN = { Action: 'ecr:GetAuthorizationToken', Effect: 'Allow', Resource: '*' };
const assumedBy = new iam.ServicePrincipal('ec2.amazonaws.com');

let app: App;
let stack: Stack;
let other: Stack;

beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Stack', { env: { account: OWNER, region: REGION } });
  other = new Stack(app, 'Other', { env: { account: OTHER, region: REGION } });
});

function unnamed(scope = stack): SecureRepository {
  return new SecureRepository(scope, 'Api');
}

function named(scope = stack): SecureRepository {
  return new SecureRepository(scope, 'Api', { repositoryName: 'team/api' });
}

function roleIn(scope: Stack, props: Partial<iam.RoleProps> = {}): iam.Role {
  return new iam.Role(scope, 'Role', { assumedBy, ...props });
}

/** Every statement of every identity policy of a stack. */
function identityStatements(scope: Stack): unknown[] {
  return Object.values(Template.fromStack(scope).findResources('AWS::IAM::Policy'))
    .flatMap(policy => (policy as { Properties: { PolicyDocument: { Statement: unknown[] } } }).Properties.PolicyDocument.Statement);
}

/** Every statement of every repository policy of a stack. */
function repositoryStatements(scope = stack): unknown[] {
  const repositories = Object.values(Template.fromStack(scope).findResources('AWS::ECR::Repository'));
  return (repositories as Array<{ Properties?: { RepositoryPolicyText?: { Statement: unknown[] } } }>)
    .flatMap(({ Properties }) => Properties?.RepositoryPolicyText?.Statement ?? []);
}

function root(account: string): unknown {
  return { AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${account}:root`]] } };
}

function allow(actions: string | string[], rest: object): object {
  return { Action: actions, Effect: 'Allow', ...rest };
}

function warnings(scope = stack): Array<{ id: string; message: string }> {
  return Annotations.fromStack(scope).findWarning('*', Match.anyValue()).map(({ entry }) => {
    const [, message, id] = /^(.*) \[ack: [Aa]nnotation::(.*)\]$/.exec(entry.data as string) ?? [];
    return { id, message };
  });
}

/** What a warning hands over, read as whoever pastes it would. */
function pasted(message: string): unknown {
  return JSON.parse(message.replace(/^.*?: (?=[[{])/, ''));
}

const VERBS: Array<[string, (repository: SecureRepository, grantee: iam.IGrantable) => iam.Grant, string[], boolean]> = [
  ['grants.pull', (repository, grantee) => repository.grants.pull(grantee), PULL, true],
  ['grantPull', (repository, grantee) => repository.grantPull(grantee), PULL, true],
  ['grants.push', (repository, grantee) => repository.grants.push(grantee), PUSH, true],
  ['grantPush', (repository, grantee) => repository.grantPush(grantee), PUSH, true],
  ['grants.pullPush', (repository, grantee) => repository.grants.pullPush(grantee), PULL_PUSH, true],
  ['grantPullPush', (repository, grantee) => repository.grantPullPush(grantee), PULL_PUSH, true],
  ['grants.read', (repository, grantee) => repository.grants.read(grantee), READ, false],
  ['grantRead', (repository, grantee) => repository.grantRead(grantee), READ, false],
  ['grants.scanFindings', (repository, grantee) => repository.grants.scanFindings(grantee), ['ecr:DescribeImageScanFindings', 'ecr:DescribeImages'], false],
  ['grants.actions', (repository, grantee) => repository.grants.actions(grantee, ['ecr:BatchDeleteImage', 'ecr:ListImages']), ['ecr:BatchDeleteImage', 'ecr:ListImages'], false],
  ['grant', (repository, grantee) => repository.grant(grantee, 'ecr:BatchDeleteImage', 'ecr:ListImages'), ['ecr:BatchDeleteImage', 'ecr:ListImages'], false],
];

describe.each(VERBS)('%s', (_, grant, actions, login) => {
  test('gives a role of the account an identity policy and nothing else', () => {
    const result = grant(unnamed(), roleIn(stack));

    expect(result.success).toBe(true);
    expect(identityStatements(stack)).toEqual([allow(actions, { Resource: ARN }), ...login ? [LOGIN] : []]);
    expect(repositoryStatements()).toEqual([]);
    expect(warnings()).toEqual([]);
  });

  test('gives a role of another account both halves', () => {
    const result = grant(named(), roleIn(other, { roleName: 'deploy' }));

    expect(result.success).toBe(true);
    expect(identityStatements(other)).toEqual([allow(actions, { Resource: NAMED_ARN }), ...login ? [LOGIN] : []]);
    expect(repositoryStatements()).toEqual([allow(actions, {
      Principal: root(OTHER),
      Condition: { ArnEquals: { 'aws:PrincipalArn': { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${OTHER}:role/deploy`]] } } },
    })]);
    expect([...warnings(), ...warnings(other)]).toEqual([]);
  });

  test('gives another account the resource half, without a login, which a repository policy cannot give', () => {
    const result = grant(named(), new iam.AccountPrincipal(OTHER));

    expect(result.success).toBe(true);
    expect(repositoryStatements()).toEqual([allow(actions, { Principal: root(OTHER) })]);
    expect(identityStatements(stack)).toEqual([]);
  });
});

describe('RepositoryGrants', () => {
  test('publishAssets gives what the template of cdk bootstrap gives its publishing role', () => {
    unnamed().grants.publishAssets(roleIn(stack));

    expect(identityStatements(stack)).toEqual([allow([...PULL_PUSH, 'ecr:DescribeImages', 'ecr:DescribeRepositories'].sort(), { Resource: ARN }), LOGIN]);
  });

  describe('of several repositories', () => {
    const both = (): SecureRepository[] => [named(), new SecureRepository(stack, 'Worker', { repositoryName: 'team/worker' })];

    test('give one statement that lists them, and one login', () => {
      RepositoryGrants.fromRepositories(both()).pull(roleIn(stack));

      expect(identityStatements(stack)).toEqual([allow(PULL, { Resource: [ARN, { 'Fn::GetAtt': [expect.stringMatching('^Worker'), 'Arn'] }] }), LOGIN]);
      expect(repositoryStatements()).toEqual([]);
    });

    test('give each the half for another account', () => {
      RepositoryGrants.fromRepositories(both()).pull(roleIn(other, { roleName: 'deploy' }));

      expect(identityStatements(other)).toHaveLength(2);
      expect(repositoryStatements()).toHaveLength(2);
    });

    test('warn once about a role that cannot change', () => {
      RepositoryGrants.fromRepositories(both()).pull(iam.Role.fromRoleName(stack, 'Role', 'deploy', { mutable: false }));

      const [{ message }, ...others] = warnings();
      expect(others).toEqual([]);
      expect(pasted(message)).toEqual([allow(PULL, { Resource: ['api', 'worker'].map(name => `arn:aws:ecr:${REGION}:${OWNER}:repository/team/${name}`) }), LOGIN]);
    });

    test('add no second login for a role that has one', () => {
      const role = roleIn(stack);
      both().forEach(repository => repository.grants.pull(role));

      expect(identityStatements(stack).filter(statement => (statement as { Resource: unknown }).Resource === '*')).toEqual([LOGIN]);
    });

    test('must be given, and each once', () => {
      const repository = unnamed();

      expect(() => RepositoryGrants.fromRepositories([])).toThrow("'repositories' must have at least one repository, got []; remove the grant");
      expect(() => RepositoryGrants.fromRepositories([repository, repository])).toThrow("'repositories' must not have duplicates, got 'Stack/Api' twice");
    });
  });

  test('actions must have an action', () => {
    expect(() => unnamed().grants.actions(roleIn(stack), [])).toThrow("'actions' must have at least one action such as 'ecr:DescribeImages', got []");
  });

  test('warns about an action that AWS does not list, and refuses a misspelled one', () => {
    const repository = named();
    repository.grants.actions(roleIn(stack), ['ecr:FoldImage', 'ecr:ListImages']);

    expect(warnings()).toEqual([{ id: 'cdk-secure-ecr:RepositoryGrants.unknownAction', message: expect.stringContaining('the action "ecr:FoldImage" has no effect') as string }]);
    expect(() => repository.grants.actions(roleIn(other), ['ecr:ListImage'])).toThrow('use "ecr:ListImages"');
  });

  test.each([
    ['below its prefix', 'tools/nginx', true], ['beside it', 'toolset/nginx', false], ['of a name that is unknown', Aws.STACK_NAME, false],
  ])('imports for an imported repository of a cache %s', (_, name, imports) => {
    new ecr.CfnPullThroughCacheRule(stack, 'Root', { ecrRepositoryPrefix: 'ROOT' });
    new ecr.CfnPullThroughCacheRule(stack, 'Rule', { ecrRepositoryPrefix: 'tools' });
    SecureRepository.fromRepositoryName(stack, 'Import', name).grants.pull(roleIn(stack));

    expect(JSON.stringify(identityStatements(stack)).includes('ecr:BatchImportUpstreamImage')).toBe(imports);
  });

  describe('to services', () => {
    test.each(['ecs-tasks.amazonaws.com', 'ec2.amazonaws.com', 'eks', 'build.apprunner.amazonaws.com'])('warn of %s, which pulls with a role', service => {
      unnamed().grants.pull(new iam.ServicePrincipal(service));

      expect(warnings()).toEqual([{
        id: 'cdk-secure-ecr:RepositoryGrants.serviceWithoutEffect',
        message: expect.stringMatching(/does not use a repository policy and pulls with .*; grant to that role$/) as unknown,
      }]);
    });

    const sourced = (service: string, arn: string): iam.ServicePrincipal => new iam.ServicePrincipal(service, { conditions: { ArnLike: { 'aws:SourceArn': arn } } });

    test('warn of a source of another service', () => {
      unnamed().grants.pull(sourced('codebuild.amazonaws.com', `arn:aws:lambda:${REGION}:${OWNER}:function:f`));

      expect(warnings()).toMatchObject([{ id: 'cdk-secure-ecr:RepositoryGrants.sourceOfAnotherService' }]);
    });

    test.each([
      sourced('codebuild.amazonaws.com', `arn:aws:codebuild:${REGION}:${OWNER}:project/p`),
      sourced('codebuild.amazonaws.com', `arn:${Aws.PARTITION}:codebuild:${REGION}:${OWNER}:project/p`),
      sourced('lambda.amazonaws.com', `arn:*:*:${REGION}:${OWNER}:*`),
      sourced('sagemaker.amazonaws.com', `arn:aws:lambda:${REGION}:${OWNER}:function:f`),
    ])('do not warn of a source that may be right, %#', grantee => {
      unnamed().grants.pull(grantee);

      expect(warnings()).toEqual([]);
    });

    test.each([
      { ArnLike: { 'aws:SourceArn': '*' } }, { ArnLike: { 'aws:SourceArn': 'arn:aws:codebuild:*:*:project/*' } }, { StringLike: { 'aws:SourceAccount': ['*'] } },
      { ArnLike: { 'aws:SourceArn': ['*', 'arn:*'] } },
    ])('fail for a source of any account: %j', conditions => {
      expect(() => unnamed().grants.pull(new iam.ServicePrincipal('codebuild.amazonaws.com', { conditions }))).toThrow(
        "'grantee' must have a condition that names the account of the source, got ",
      );
    });

    test('pass with one source that names the account', () => {
      const conditions = { ArnLike: { 'aws:SourceArn': 'arn:aws:codebuild:*:*:project/*' }, StringEquals: { 'aws:SourceAccount': OWNER } };
      unnamed().grants.pull(new iam.ServicePrincipal('codebuild.amazonaws.com', { conditions }));

      expect(repositoryStatements()).toMatchObject([{ Condition: conditions }]);
    });
  });

  test.each<[string, () => iam.IGrantable, string]>([
    ['a composite with conditions of parts with conditions', () => new iam.CompositePrincipal(new iam.AccountPrincipal(OTHER).withConditions({ Bool: { 'aws:SecureTransport': 'true' } })).withConditions({ Bool: { 'aws:ViaAWSService': 'false' } }),
      "'grantee' must not be a composite principal with conditions whose parts have conditions or parts; set the conditions of each part"],
    ['such a composite in another', () => new iam.CompositePrincipal(new iam.CompositePrincipal(new iam.CompositePrincipal(new iam.AccountPrincipal(OTHER))).withConditions({ Bool: { 'aws:ViaAWSService': 'false' } })), "'grantee' must not be a composite principal"],
    ['an unknown role with conditions', () => new iam.PrincipalWithConditions(new iam.UnknownPrincipal({ resource: stack }), {}), "'grantee' must not be a resource that was imported without its role and has conditions"],
  ])('fail for %s', (_, grantee, message) => {
    expect(() => named().grants.pull(grantee())).toThrow(message);
  });

  describe('to principals of the account', () => {
    test('a user gets an identity policy', () => {
      unnamed().grants.pull(new iam.User(stack, 'User'));

      expect(identityStatements(stack)).toEqual([allow(PULL, { Resource: ARN }), LOGIN]);
      expect(repositoryStatements()).toEqual([]);
    });

    test('a group gets an identity policy', () => {
      unnamed().grants.pull(new iam.Group(stack, 'Group'));

      expect(identityStatements(stack)).toEqual([allow(PULL, { Resource: ARN }), LOGIN]);
      expect(repositoryStatements()).toEqual([]);
    });

    test('an imported role gets an identity policy', () => {
      unnamed().grants.pull(iam.Role.fromRoleArn(stack, 'Role', `arn:aws:iam::${OWNER}:role/path/deploy`));

      Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', { Roles: ['deploy'] });
      expect(identityStatements(stack)).toEqual([allow(PULL, { Resource: ARN }), LOGIN]);
      expect(repositoryStatements()).toEqual([]);
    });

    test('an imported user gets an identity policy', () => {
      unnamed().grants.pull(iam.User.fromUserName(stack, 'User', 'deploy'));

      Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', { Users: ['deploy'] });
      expect(repositoryStatements()).toEqual([]);
    });

    test('a role in another stack gets an identity policy there', () => {
      const second = new Stack(app, 'Second', { env: { account: OWNER, region: REGION } });
      unnamed().grants.pull(roleIn(second));

      expect(identityStatements(second)).toEqual([allow(PULL, { Resource: { 'Fn::ImportValue': expect.stringMatching(/^Stack:ExportsOutputFnGetAttApiF70053CDArn/) as unknown } }), LOGIN]);
      expect(repositoryStatements()).toEqual([]);
    });

    test('a role in a stack of another Region gets an identity policy there', () => {
      const second = new Stack(app, 'Second', { env: { account: OWNER, region: 'us-east-1' } });
      named().grants.pull(roleIn(second));

      expect(identityStatements(second)).toEqual([allow(PULL, { Resource: NAMED_ARN }), LOGIN]);
      expect(repositoryStatements()).toEqual([]);
    });

    test('a function gets it for its role', () => {
      unnamed().grants.read(new lambda.Function(stack, 'Function', {
        code: lambda.Code.fromInline('-'), handler: 'index.handler', runtime: lambda.Runtime.NODEJS_22_X,
      }));

      expect(identityStatements(stack)).toEqual([allow(READ, { Resource: ARN })]);
    });

    test('a role with conditions gets an identity policy with the conditions', () => {
      const Condition = { StringEquals: { 'aws:SourceVpce': 'vpce-0a1b2c3d' } };
      unnamed().grants.pull(new iam.PrincipalWithConditions(roleIn(stack), Condition));

      expect(identityStatements(stack)).toEqual([allow(PULL, { Resource: ARN, Condition }), LOGIN]);
    });

    test('the account itself gets a statement in the repository policy', () => {
      unnamed().grants.pull(new iam.AccountPrincipal(OWNER));

      expect(repositoryStatements()).toEqual([allow(PULL, { Principal: root(OWNER) })]);
    });

    test('an ARN gets a statement in the repository policy', () => {
      unnamed().grants.pull(new iam.ArnPrincipal(`arn:aws:iam::${OWNER}:role/deploy`));

      expect(repositoryStatements()).toEqual([allow(PULL, { Principal: { AWS: `arn:aws:iam::${OWNER}:role/deploy` } })]);
    });

    test('everything in a stack that may be deployed anywhere is of the account', () => {
      const anywhere = new Stack(app, 'Anywhere');
      const repository = unnamed(anywhere);
      repository.grants.pull(roleIn(anywhere));
      repository.grants.push(new iam.AccountPrincipal(Aws.ACCOUNT_ID));

      expect(identityStatements(anywhere)).toEqual([allow(PULL, { Resource: ARN }), LOGIN]);
      expect(repositoryStatements(anywhere)).toEqual([allow(PUSH, {
        Principal: { AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':root']] } },
      })]);
    });

    test('an account gets a statement where the account of the repository is not known', () => {
      const anywhere = new Stack(app, 'Anywhere');
      unnamed(anywhere).grants.pull(new iam.AccountPrincipal(OTHER));

      expect(repositoryStatements(anywhere)).toEqual([allow(PULL, { Principal: root(OTHER) })]);
    });

    test('a resource that was imported without its role gets what the CDK gives it: a warning', () => {
      const project = { grantPrincipal: new iam.UnknownPrincipal({ resource: new CfnResource(stack, 'Imported', { type: 'Some::Imported::Thing' }) }) };
      const grant = unnamed().grants.pull(project);

      expect(grant.success).toBe(true);
      expect(repositoryStatements()).toEqual([]);
      Annotations.fromStack(stack).hasWarning('/Stack/Imported', Match.stringLikeRegexp("Add statement to this resource's role: .*BatchGetImage"));
    });
  });

  describe('to principals of another account', () => {
    const byArn = (arn: unknown) => allow(PULL, { Principal: root(OTHER), Condition: { ArnEquals: { 'aws:PrincipalArn': arn } } });
    const roleArn = (name: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${OTHER}:role/${name}`]] });

    test('a role is named by its ARN, with its path', () => {
      named().grants.pull(roleIn(other, { roleName: 'deploy', path: '/ci/' }));

      expect(repositoryStatements()).toEqual([byArn(roleArn('ci/deploy'))]);
    });

    test('a role that the CDK names on demand gets its name', () => {
      named().grants.pull(roleIn(other, { roleName: PhysicalName.GENERATE_IF_NEEDED }));

      const [role] = Object.values(Template.fromStack(other).findResources('AWS::IAM::Role')) as Array<{ Properties: { RoleName: string } }>;
      expect(role.Properties.RoleName).toMatch(/^other/);
      expect(repositoryStatements()).toEqual([byArn(roleArn(role.Properties.RoleName))]);
    });

    test('a role without a name is told apart by a tag, as with repositories of the CDK', () => {
      const role = roleIn(other);
      named().grants.pull(role);

      const tag = `Other_${role.node.addr}`;
      expect(repositoryStatements()).toEqual([allow(PULL, { Principal: root(OTHER), Condition: { StringEquals: { 'aws:PrincipalTag/aws-cdk:id': tag } } })]);
      Template.fromStack(other).hasResourceProperties('AWS::IAM::Role', { Tags: [{ Key: 'aws-cdk:id', Value: tag }] });
      expect(identityStatements(other)).toEqual([allow(PULL, { Resource: NAMED_ARN }), LOGIN]);
    });

    test('a role without a name is told apart by the same tag when somebody froze its policies', () => {
      const role = roleIn(other);
      named().grants.pull(role.withoutPolicyUpdates());

      const tag = `Other_${role.node.addr}`;
      expect(repositoryStatements()).toEqual([allow(PULL, { Principal: root(OTHER), Condition: { StringEquals: { 'aws:PrincipalTag/aws-cdk:id': tag } } })]);
      Template.fromStack(other).hasResourceProperties('AWS::IAM::Role', { Tags: [{ Key: 'aws-cdk:id', Value: tag }] });
    });

    test('a role keeps the tags that it has', () => {
      const role = roleIn(other);
      Tags.of(role).add('team', 'payments');
      named().grants.pull(role);

      Template.fromStack(other).hasResourceProperties('AWS::IAM::Role', { Tags: [{ Key: 'aws-cdk:id' }, { Key: 'team', Value: 'payments' }] });
    });

    test('a user is named by its ARN', () => {
      named().grants.pull(new iam.User(other, 'User', { userName: 'deploy' }));

      expect(repositoryStatements()).toEqual([byArn({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${OTHER}:user/deploy`]] })]);
      expect(identityStatements(other)).toEqual([allow(PULL, { Resource: NAMED_ARN }), LOGIN]);
    });

    test('a role with conditions keeps them, in both halves', () => {
      const conditions = { StringEquals: { 'aws:PrincipalTag/team': 'payments' } };
      named().grants.pull(new iam.PrincipalWithConditions(roleIn(other, { roleName: 'deploy' }), conditions));

      expect(repositoryStatements()).toEqual([allow(PULL, {
        Principal: root(OTHER), Condition: { ...conditions, ArnEquals: { 'aws:PrincipalArn': roleArn('deploy') } },
      })]);
      expect(identityStatements(other)).toEqual([allow(PULL, { Resource: NAMED_ARN, Condition: conditions }), LOGIN]);
    });

    test('an account with conditions keeps them, and is not narrowed to its root user', () => {
      const Condition = { StringEquals: { 'aws:PrincipalTag/team': 'payments' } };
      unnamed().grants.pull(new iam.PrincipalWithConditions(new iam.AccountPrincipal(OTHER), Condition));

      expect(repositoryStatements()).toEqual([allow(PULL, { Principal: root(OTHER), Condition })]);
    });

    test.each([
      `arn:aws:iam::${OTHER}:role/deploy`, `arn:aws:iam::${OTHER}:role/path/*`, `arn:aws:iam::${OTHER}:user/deploy`,
    ])('the ARN %s becomes a condition, because ECR refuses a principal that does not exist yet', arn => {
      unnamed().grants.pull(new iam.ArnPrincipal(arn));

      expect(repositoryStatements()).toEqual([byArn(arn)]);
      expect(warnings()).toEqual([]);
    });

    test('an ARN in the partition of the stack becomes a condition too', () => {
      unnamed().grants.pull(new iam.ArnPrincipal(`arn:${Aws.PARTITION}:iam::${OTHER}:role/deploy`));

      expect(repositoryStatements()).toEqual([byArn(roleArn('deploy'))]);
    });

    test.each([
      `arn:aws:iam::${OTHER}:root`, `arn:aws:sts::${OTHER}:assumed-role/deploy/session`, `arn:aws:sts::${OTHER}:federated-user/deploy`, OTHER,
    ])('%s stays, since it is no aws:PrincipalArn', arn => {
      unnamed().grants.pull(new iam.ArnPrincipal(arn));

      expect(repositoryStatements()).toEqual([allow(PULL, { Principal: { AWS: arn } })]);
    });

    test('an account needs no name of the repository, which people can look up', () => {
      unnamed().grants.pull(new iam.AccountPrincipal(OTHER));

      expect(repositoryStatements()).toEqual([allow(PULL, { Principal: root(OTHER) })]);
    });

    test('a role needs the name of the repository', () => {
      expect(() => unnamed().grants.pull(roleIn(other))).toThrow(
        `'repositoryName' must be set on 'Stack/Api' for a grant to a principal of account ${OTHER}, `
        + "got a name that CloudFormation generates and that other accounts do not know; set a name such as 'team/api', or PhysicalName.GENERATE_IF_NEEDED",
      );
    });

    test('a role needs no name that the CDK can make up', () => {
      new SecureRepository(stack, 'Api', { repositoryName: PhysicalName.GENERATE_IF_NEEDED }).grants.pull(roleIn(other));

      const [repository] = Object.values(Template.fromStack(stack).findResources('AWS::ECR::Repository')) as Array<{ Properties: { RepositoryName: string } }>;
      expect(repository.Properties.RepositoryName).toMatch(/^stack/);
      expect(JSON.stringify(identityStatements(other))).toContain(`:repository/${repository.Properties.RepositoryName}"`);
    });

    test('a group fails, because no policy of a resource can name one', () => {
      expect(() => named().grants.pull(new iam.Group(other, 'Group', { groupName: 'developers' }))).toThrow(
        "'grantee' must be a valid principal of a resource policy, got the group 'Other/Group'; grant to a role, or to the account with AccountPrincipal",
      );
    });

    test('a role in another stage gets both halves', () => {
      const stage = new Stage(app, 'Prod', { env: { account: OTHER, region: REGION } });
      const there = new Stack(stage, 'There');
      named().grants.pull(roleIn(there, { roleName: 'deploy' }));

      expect(identityStatements(there)).toEqual([allow(PULL, { Resource: NAMED_ARN }), LOGIN]);
      expect(repositoryStatements()).toEqual([byArn(roleArn('deploy'))]);
    });
  });

  describe('to an imported role of another account', () => {
    const repositoryArn = `arn:aws:ecr:${REGION}:${OWNER}:repository/team/api`;
    const attach = (id: string) => `the grant has no effect until the owner of 'Stack/${id}', whose policies this app cannot change, attaches these statements: `;

    test('warns with the half that the owner of the role has to add, and adds its own', () => {
      const grant = named().grants.pull(iam.Role.fromRoleArn(stack, 'Role', FOREIGN_ROLE));

      const [{ id, message }, ...others] = warnings();
      expect(grant.success).toBe(true);
      expect(others).toEqual([]);
      expect(id).toBe('cdk-secure-ecr:RepositoryGrants.importedPrincipal');
      expect(message.startsWith(attach('Role'))).toBe(true);
      expect(pasted(message)).toEqual([allow(PULL, { Resource: repositoryArn }), LOGIN]);
      expect(repositoryStatements()).toEqual([allow(PULL, { Principal: root(OTHER), Condition: { ArnEquals: { 'aws:PrincipalArn': FOREIGN_ROLE } } })]);
      expect(identityStatements(stack)).toEqual([]);
    });

    test('hands over no login for a grant that needs none, and the conditions that come with the role', () => {
      const conditions = { StringEquals: { 'aws:SourceVpce': 'vpce-0a1b2c3d' } };
      named().grants.read(new iam.PrincipalWithConditions(iam.Role.fromRoleArn(stack, 'Role', FOREIGN_ROLE), conditions));

      const [{ message }] = warnings();
      expect(message).toContain('attaches this statement: {');
      expect(pasted(message)).toEqual(allow(READ, { Resource: repositoryArn, Condition: conditions }));
    });

    test('hands over the name that the CDK generates', () => {
      const onDemand = new SecureRepository(stack, 'Api', { repositoryName: PhysicalName.GENERATE_IF_NEEDED });
      onDemand.grants.read(iam.Role.fromRoleArn(stack, 'Role', FOREIGN_ROLE));

      const [repository] = Object.values(Template.fromStack(stack).findResources('AWS::ECR::Repository')) as Array<{ Properties: { RepositoryName: string } }>;
      expect(pasted(warnings()[0].message)).toMatchObject({ Resource: repositoryArn.replace('team/api', repository.Properties.RepositoryName) });
    });

    test('fails where nobody knows the name of the repository', () => {
      expect(() => unnamed().grants.pull(iam.Role.fromRoleArn(stack, 'Role', FOREIGN_ROLE))).toThrow("'repositoryName' must be set on 'Stack/Api'");
    });

    test('warns for each role', () => {
      const repository = named();
      const second = FOREIGN_ROLE.replace('deploy', 'build');
      repository.grants.pull(iam.Role.fromRoleArn(stack, 'Role', FOREIGN_ROLE));
      repository.grants.pull(iam.Role.fromRoleArn(stack, 'Second', second));

      expect(warnings().map(({ message }) => message)).toEqual(['Role', 'Second'].map(id => expect.stringContaining(attach(id)) as string));
    });

    test('no longer warns once it is acknowledged', () => {
      const repository = named();
      repository.grants.pull(iam.Role.fromRoleArn(stack, 'Role', FOREIGN_ROLE));
      Validations.of(repository).acknowledge({ id: 'cdk-secure-ecr:RepositoryGrants.importedPrincipal', reason: 'The owner has it' });

      expect(warnings()).toEqual([]);
    });

    test('warns for a user too, instead of a policy for a user of the wrong account', () => {
      const arn = `arn:aws:iam::${OTHER}:user/deploy`;
      named().grants.pull(iam.User.fromUserArn(stack, 'User', arn));

      expect(warnings()).toMatchObject([{ id: 'cdk-secure-ecr:RepositoryGrants.importedPrincipal' }]);
      expect(repositoryStatements()).toEqual([allow(PULL, { Principal: root(OTHER), Condition: { ArnEquals: { 'aws:PrincipalArn': arn } } })]);
      expect(identityStatements(stack)).toEqual([]);
    });

    test('of the account of the repository need its policy only when another account imports them', () => {
      const grant = named().grants.read(iam.Role.fromRoleArn(other, 'Role', `arn:aws:iam::${OWNER}:role/deploy`));

      expect(grant.success).toBe(true);
      expect(repositoryStatements()).toEqual([allow(READ, { Principal: { AWS: `arn:aws:iam::${OWNER}:role/deploy` } })]);
      expect(identityStatements(other)).toEqual([]);
      expect(warnings()).toEqual([]);
    });

    test('attaches a policy when it was imported into a stack of its own account', () => {
      named().grants.pull(iam.Role.fromRoleArn(other, 'Role', FOREIGN_ROLE));

      Template.fromStack(other).hasResourceProperties('AWS::IAM::Policy', { Roles: ['deploy'] });
      expect(identityStatements(other)).toEqual([allow(PULL, { Resource: NAMED_ARN }), LOGIN]);
      expect(repositoryStatements()).toEqual([allow(PULL, { Principal: root(OTHER), Condition: { ArnEquals: { 'aws:PrincipalArn': FOREIGN_ROLE } } })]);
      expect([...warnings(), ...warnings(other)]).toEqual([]);
    });
  });

  describe('to organizations, services and groups', () => {
    test('an organization gets a statement with its condition', () => {
      unnamed().grants.pull(new iam.OrganizationPrincipal('o-a1b2c3d4e5'));

      expect(repositoryStatements()).toEqual([allow(PULL, { Principal: { AWS: '*' }, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' }, StringNotEquals: { 'aws:PrincipalAccount': OWNER } } })]);
    });

    test('an organization without some of its accounts, and a part of one, leave the own account out too', () => {
      const repository = unnamed();
      repository.grants.pull(new iam.OrganizationPrincipal('o-a1b2c3d4e5').withConditions({ StringNotEquals: { 'aws:PrincipalAccount': '999999999999' } }));
      repository.grants.pull(new iam.StarPrincipal().withConditions({ 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-a1b2c3d4e5/r-ab12/*' } }));

      expect(repositoryStatements().map((statement: any) => statement.Condition)).toEqual([
        { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' }, StringNotEquals: { 'aws:PrincipalAccount': ['999999999999', OWNER] } },
        { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-a1b2c3d4e5/r-ab12/*' }, 'StringNotEquals': { 'aws:PrincipalAccount': OWNER } },
      ]);
    });

    test.each([new iam.AnyPrincipal(), new iam.StarPrincipal()])('%s fails', principal => {
      expect(() => unnamed().grants.pull(principal)).toThrow("'grantee' must not allow the principal '*' without a condition on its organization, account or ARN");
      expect(repositoryStatements()).toEqual([]);
    });

    test('anybody may be narrowed by a condition', () => {
      const Condition = { StringEquals: { 'aws:PrincipalAccount': OTHER } };
      unnamed().grants.pull(new iam.PrincipalWithConditions(new iam.AnyPrincipal(), Condition));

      expect(repositoryStatements()).toEqual([allow(PULL, { Principal: { AWS: '*' }, Condition })]);
    });

    const functions = (account: unknown = OWNER, region: unknown = REGION) => ({
      ArnLike: {
        'aws:SourceArn': { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ...typeof account === 'string'
          ? [`:lambda:${String(region)}:${account}:function:*`]
          : [':lambda:', region, ':', account, ':function:*']]] },
      },
    });

    test('Lambda gets what it pulls with, for functions of the account and Region', () => {
      const grant = unnamed().grants.pull(new iam.ServicePrincipal('lambda.amazonaws.com'));

      expect(grant.success).toBe(true);
      expect(repositoryStatements()).toEqual([allow(SERVICE_PULL, { Principal: { Service: 'lambda.amazonaws.com' }, Condition: functions() })]);
      expect(identityStatements(stack)).toEqual([]);
    });

    test('Lambda is limited to wherever a stack is deployed that may be deployed anywhere', () => {
      const anywhere = new Stack(app, 'Anywhere');
      unnamed(anywhere).grants.pull(new iam.ServicePrincipal('lambda.amazonaws.com'));

      expect(repositoryStatements(anywhere)).toEqual([allow(SERVICE_PULL, {
        Principal: { Service: 'lambda.amazonaws.com' }, Condition: functions({ Ref: 'AWS::AccountId' }, { Ref: 'AWS::Region' }),
      })]);
    });

    test.each(['codebuild.amazonaws.com', 'sagemaker.amazonaws.com'])('%s is limited to resources of the account', service => {
      unnamed().grants.pull(new iam.ServicePrincipal(service));

      expect(repositoryStatements()).toEqual([allow(SERVICE_PULL, { Principal: { Service: service }, Condition: { StringEquals: { 'aws:SourceAccount': OWNER } } })]);
    });

    test('a service keeps the conditions that do not tell its source', () => {
      const Condition = { StringEquals: { 'aws:SourceVpce': 'vpce-0a1b2c3d' } };
      unnamed().grants.pull(new iam.PrincipalWithConditions(new iam.ServicePrincipal('lambda.amazonaws.com'), Condition));

      expect(repositoryStatements()).toEqual([allow(SERVICE_PULL, { Principal: { Service: 'lambda.amazonaws.com' }, Condition: { ...Condition, ...functions() } })]);
    });

    test.each([
      { StringEquals: { 'aws:SourceAccount': OTHER } },
      { ArnLike: { 'AWS:SourceArn': `arn:aws:codebuild:${REGION}:${OTHER}:project/*` } },
      { StringEquals: { 'aws:SourceOrgID': 'o-a1b2c3d4e5' } },
      { 'ForAnyValue:StringLike': { 'aws:SourceOrgPaths': 'o-a1b2c3d4e5/*' } },
    ])('a service keeps the source that it has: %j', Condition => {
      unnamed().grants.pull(new iam.ServicePrincipal('codebuild.amazonaws.com', { conditions: Condition }));

      expect(repositoryStatements()).toEqual([allow(SERVICE_PULL, { Principal: { Service: 'codebuild.amazonaws.com' }, Condition })]);
    });

    test('a service may also push, with what pushes need', () => {
      unnamed().grants.push(new iam.ServicePrincipal('codebuild.amazonaws.com'));

      expect(repositoryStatements()).toMatchObject([{ Action: PUSH }]);
    });

    test.each([OWNER, OTHER])('the ARN of a group of account %s fails', account => {
      const arn = `arn:aws:iam::${account}:group/developers`;

      expect(() => unnamed().grants.pull(new iam.ArnPrincipal(arn))).toThrow(
        `'grantee' must be a valid principal of a resource policy, got the group "${arn}"; grant to a role, or to the account with AccountPrincipal`,
      );
    });

    test('an imported group of the account gets an identity policy', () => {
      unnamed().grants.pull(iam.Group.fromGroupName(stack, 'Group', 'developers'));

      expect(identityStatements(stack)).toEqual([allow(PULL, { Resource: ARN }), LOGIN]);
    });
  });

  describe('to composite principals', () => {
    test('every part gets what it would get alone', () => {
      const role = roleIn(stack);
      unnamed().grants.pull(new iam.CompositePrincipal(
        role,
        new iam.ArnPrincipal(FOREIGN_ROLE),
        new iam.ArnPrincipal('arn:aws:iam::777788889999:role/deploy'),
        new iam.AccountPrincipal(OTHER),
        new iam.CompositePrincipal(new iam.ServicePrincipal('codebuild.amazonaws.com')),
      ));

      expect(identityStatements(stack)).toEqual([allow(PULL, { Resource: ARN }), LOGIN]);
      expect(repositoryStatements()).toEqual([
        allow(PULL, { Principal: root(OTHER), Condition: { ArnEquals: { 'aws:PrincipalArn': FOREIGN_ROLE } } }),
        allow(PULL, { Principal: root('777788889999'), Condition: { ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::777788889999:role/deploy' } } }),
        allow(PULL, { Principal: root(OTHER) }),
        allow(SERVICE_PULL, { Principal: { Service: 'codebuild.amazonaws.com' }, Condition: { StringEquals: { 'aws:SourceAccount': OWNER } } }),
      ]);
    });

    test('the conditions of the whole hold for every part', () => {
      const conditions = { StringEquals: { 'aws:PrincipalTag/team': 'payments' } };
      const composite = new iam.CompositePrincipal(new iam.AccountPrincipal(OTHER), new iam.ArnPrincipal(FOREIGN_ROLE));
      unnamed().grants.pull(composite.withConditions(conditions));

      expect(repositoryStatements()).toEqual([
        allow(PULL, { Principal: root(OTHER), Condition: conditions }),
        allow(PULL, { Principal: root(OTHER), Condition: { ...conditions, ArnEquals: { 'aws:PrincipalArn': FOREIGN_ROLE } } }),
      ]);
    });
  });

  describe('on an imported repository', () => {
    function imported(account = OTHER, region = REGION): ecr.IRepository {
      return SecureRepository.fromRepositoryArn(stack, 'Imported', `arn:aws:ecr:${region}:${account}:repository/team/api`);
    }
    const add = "the grant has no effect until the owner of the imported repository 'Stack/Imported', whose policy this app cannot change, adds ";
    const arn = `arn:aws:ecr:${REGION}:${OTHER}:repository/team/api`;

    test('of the account need nothing of its owner', () => {
      imported(OWNER).grantPull(roleIn(stack));

      expect(identityStatements(stack)).toEqual([allow(PULL, { Resource: `arn:aws:ecr:${REGION}:${OWNER}:repository/team/api` }), LOGIN]);
      expect(warnings()).toEqual([]);
    });

    test('of another account give the identity half and warn with the other', () => {
      const grant = imported().grantPull(roleIn(stack, { roleName: 'deploy' }));

      const [{ id, message }, ...others] = warnings();
      expect(grant.success).toBe(true);
      expect(others).toEqual([]);
      expect(identityStatements(stack)).toEqual([allow(PULL, { Resource: arn }), LOGIN]);
      expect(id).toBe('cdk-secure-ecr:RepositoryGrants.importedRepository');
      expect(message.startsWith(`${add}this statement: {`)).toBe(true);
      expect(pasted(message)).toEqual(allow(PULL, {
        Principal: { AWS: `arn:aws:iam::${OWNER}:root` }, Condition: { ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${OWNER}:role/deploy` } },
      }));
    });

    test('of another account tell a role without a name apart by a tag', () => {
      const role = roleIn(stack);
      imported().grantPull(role);

      expect(pasted(warnings()[0].message)).toMatchObject({ Condition: { StringEquals: { 'aws:PrincipalTag/aws-cdk:id': `Stack_${role.node.addr}` } } });
      Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', { Tags: [{ Key: 'aws-cdk:id', Value: `Stack_${role.node.addr}` }] });
    });

    test('warn when only its policy could grant it', () => {
      const grant = imported(OWNER).grantPull(new iam.AccountPrincipal('777788889999'));

      expect(grant.success).toBe(false);
      expect(warnings()).toEqual([{
        id: 'cdk-secure-ecr:RepositoryGrants.importedRepository',
        message: `${add}this statement: {"Action":${JSON.stringify(PULL)},"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::777788889999:root"}}`,
      }]);
    });

    test('warn for a service with the source of the stack that uses it', () => {
      imported().grantPull(new iam.ServicePrincipal('codebuild.amazonaws.com'));

      expect(pasted(warnings()[0].message)).toEqual(allow(SERVICE_PULL, {
        Principal: { Service: 'codebuild.amazonaws.com' }, Condition: { StringEquals: { 'aws:SourceAccount': OWNER } },
      }));
    });

    test('warn for Lambda with the two statements that it wants in another account', () => {
      imported().grantPull(new iam.ServicePrincipal('lambda.amazonaws.com'));

      const [{ message }, ...others] = warnings();
      expect(others).toEqual([]);
      expect(message.startsWith(`${add}these statements: [{`)).toBe(true);
      expect(pasted(message)).toEqual([
        allow(SERVICE_PULL, { Principal: { AWS: `arn:aws:iam::${OWNER}:root` } }),
        allow(SERVICE_PULL, { Principal: { Service: 'lambda.amazonaws.com' }, Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:lambda:${REGION}:${OWNER}:function:*` } } }),
      ]);
    });

    test('do not warn for Lambda in the account, which adds its statement itself', () => {
      imported(OWNER).grantPull(new iam.ServicePrincipal('lambda.amazonaws.com'));

      expect(warnings()).toEqual([]);
    });

    test('warn for Lambda in another Region, which cannot run the image', () => {
      imported(OWNER, 'us-east-1').grantPull(new iam.ServicePrincipal('lambda.amazonaws.com'));

      expect(warnings()).toEqual([{
        id: 'cdk-secure-ecr:RepositoryGrants.lambdaRegion',
        message: "a Lambda function of eu-west-1 cannot run an image of 'Stack/Imported' in us-east-1; replicate it there with ReplicationSetup",
      }]);
    });

    test('hand over a partition that is not the standard one', () => {
      SecureRepository.fromRepositoryArn(stack, 'Imported', `arn:aws-cn:ecr:cn-north-1:${OTHER}:repository/api`).grantPull(new iam.AccountPrincipal(OWNER));

      expect(pasted(warnings()[0].message)).toMatchObject({ Principal: { AWS: `arn:aws-cn:iam::${OWNER}:root` } });
    });

    test.each(['importedRepository', 'lambdaRegion'])('no longer warn of %s once it is acknowledged', reason => {
      const repository = imported(reason === 'lambdaRegion' ? OWNER : OTHER, 'us-east-1');
      repository.grantPull(reason === 'lambdaRegion' ? new iam.ServicePrincipal('lambda.amazonaws.com') : new iam.AccountPrincipal(OWNER));
      Validations.of(repository).acknowledge({ id: `cdk-secure-ecr:RepositoryGrants.${reason}`, reason: 'It is done' });

      expect(warnings()).toEqual([]);
    });

    test('of which nobody knows the account are taken to be of this one', () => {
      const anywhere = new Stack(app, 'Anywhere');
      SecureRepository.fromRepositoryName(anywhere, 'Imported', 'team/api').grants.pull(roleIn(anywhere));

      expect(identityStatements(anywhere)).toHaveLength(2);
      expect(warnings(anywhere)).toEqual([]);
    });
  });

  describe("on the CDK's own repositories", () => {
    test('give the same identity half', () => {
      RepositoryGrants.fromRepository(new ecr.Repository(stack, 'Api')).push(roleIn(stack));

      expect(identityStatements(stack)).toEqual([allow(PUSH, { Resource: ARN }), LOGIN]);
      expect(repositoryStatements()).toEqual([]);
    });

    test('give the same two halves across accounts', () => {
      RepositoryGrants.fromRepository(new ecr.Repository(stack, 'Api', { repositoryName: 'team/api' })).pull(roleIn(other, { roleName: 'deploy' }));

      expect(identityStatements(other)).toEqual([allow(PULL, { Resource: NAMED_ARN }), LOGIN]);
      expect(repositoryStatements()).toEqual([allow(PULL, {
        Principal: root(OTHER),
        Condition: { ArnEquals: { 'aws:PrincipalArn': { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${OTHER}:role/deploy`]] } } },
      })]);
      expect(warnings()).toEqual([]);
    });

    test('share the tag of a role with grants of the CDK', () => {
      const role = roleIn(other);
      const repository = new ecr.Repository(stack, 'Api', { repositoryName: 'team/api' });
      repository.grantPull(role);
      RepositoryGrants.fromRepository(repository).push(role);

      const tags = (repositoryStatements() as Array<{ Condition: unknown }>).map(({ Condition }) => Condition);
      expect(tags).toEqual([tags[0], tags[0]]);
    });

    test('fail across accounts without a name', () => {
      expect(() => RepositoryGrants.fromRepository(new ecr.Repository(stack, 'Api')).pull(roleIn(other))).toThrow("'repositoryName' must be set on 'Stack/Api'");
    });

    test('warn on an import of another account', () => {
      RepositoryGrants.fromRepository(ecr.Repository.fromRepositoryArn(stack, 'Imported', `arn:aws:ecr:${REGION}:${OTHER}:repository/api`)).read(roleIn(stack));

      expect(warnings()).toMatchObject([{ id: 'cdk-secure-ecr:RepositoryGrants.importedRepository' }]);
    });
  });

  test.each([
    ['grants.actions', (repository: SecureRepository, role: iam.Role) => repository.grants.actions(role, ['ecr:BatchGetImage', 'ecr:GetAuthorizationToken'])],
    ['grant', (repository: SecureRepository, role: iam.Role) => repository.grant(role, 'ecr:GetAuthorizationToken')],
  ])('%s fails for an action of the registry, which does nothing for a repository', (_, grant) => {
    expect(() => grant(unnamed(), roleIn(stack))).toThrow(
      "'actions' must not include \"ecr:GetAuthorizationToken\": it applies to the registry and has no effect in a grant on a repository; allow it on '*' in an identity policy",
    );
  });

  test('grants can be waited for', () => {
    const repository = named();
    const consumer = new CfnResource(stack, 'Consumer', { type: 'Some::Consumer::Thing' });
    repository.grants.pull(roleIn(stack)).applyBefore(consumer);

    Template.fromStack(stack).hasResource('Some::Consumer::Thing', { DependsOn: [Match.stringLikeRegexp('^RoleDefaultPolicy')] });
  });
});
