import { App, CfnParameter, NestedStack, PhysicalName, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks } from 'cdk-nag';
import { CrossAccountPull, type CrossAccountPullAttributes, CrossAccountPullGrants, type ICrossAccountPull, PullConsumer, SecureRepository } from '../../lib';

const OWNER = '111111111111';
const STAGING = '222222222222';
const PRODUCTION = '333333333333';
const REGION = 'eu-west-1';
const API_ARN = `arn:aws:ecr:${REGION}:${OWNER}:repository/team/api`;

const PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
const LOGIN = { Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' };

function consumerStack(props: StackProps = { env: { account: STAGING, region: REGION } }): Stack {
  return new Stack(new App({ context: { '@aws-cdk/core:enablePartitionLiterals': true } }), 'Consumer', props);
}

function importInto(stack: Stack, attrs: Partial<CrossAccountPullAttributes> = {}): ICrossAccountPull {
  return CrossAccountPull.fromCrossAccountPullAttributes(stack, 'Images', { account: OWNER, region: REGION, repositoryNames: ['team/api'], ...attrs });
}

function roleIn(stack: Stack, props: Partial<iam.RoleProps> = {}): iam.Role {
  return new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com'), ...props });
}

function policyOf(stack: Stack): any[] {
  const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  return policy.Properties.PolicyDocument.Statement;
}

function warningsOf(stack: Stack): string[] {
  return Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data as string);
}

describe('CrossAccountPull.fromCrossAccountPullAttributes', () => {
  test('knows the repositories of the owner', () => {
    const stack = consumerStack();
    const { repositories: [api, worker], consumers } = importInto(stack, { repositoryNames: ['team/api', 'team/worker'] });

    expect(stack.resolve(api.repositoryArn)).toBe(API_ARN);
    expect(api.env).toEqual({ account: OWNER, region: REGION });
    expect(stack.resolve(worker.repositoryUriForTag('v1'))).toBe(`${OWNER}.dkr.ecr.${REGION}.amazonaws.com/team/worker:v1`);
    expect(consumers).toEqual([]);
    expect(Template.fromStack(stack).toJSON().Resources).toBeUndefined();
  });

  test('takes the Region of the stack', () => {
    const stack = consumerStack({ env: { account: STAGING, region: 'us-east-1' } });

    expect(stack.resolve(importInto(stack, { region: undefined }).repositories[0].repositoryArn)).toBe(`arn:aws:ecr:us-east-1:${OWNER}:repository/team/api`);
  });

  test('takes an account, a Region and a name that are known at deployment only', () => {
    const stack = consumerStack();
    const [account, region, name] = ['Account', 'Region', 'Name'].map(id => new CfnParameter(stack, id).valueAsString);
    importInto(stack, { account, region, repositoryNames: [name, 'team/api'] }).grants.pull(roleIn(stack));

    expect(policyOf(stack)[0].Resource[0]).toEqual({
      'Fn::Join': ['', ['arn:aws:ecr:', { Ref: 'Region' }, ':', { Ref: 'Account' }, ':repository/', { Ref: 'Name' }]],
    });
  });

  test.each<[string, Partial<CrossAccountPullAttributes>, string]>([
    ['an account of 13 digits', { account: '1111111111111' }, "'account' must be an AWS account id of 12 digits, got \"1111111111111\""],
    ['an account from a variable that is not set', { account: process.env.NOT_SET! }, "'account' must be a string, got undefined; check that the variable it comes from is set"],
    ['a name from a variable that is not set', { repositoryNames: [process.env.NOT_SET!] }, "'repositoryNames[0]' must be a string, got undefined"],
    ['a wrong Region', { region: 'Ireland' }, "'region' must be an AWS Region such as 'eu-west-1', got \"Ireland\""],
    ['no repository', { repositoryNames: [] }, "'repositoryNames' must have at least one entry, got []"],
    ['a wrong name', { repositoryNames: ['team/api', 'Team'] }, "'repositoryNames[1]' must be lowercase letters and digits"],
    ['a name twice', { repositoryNames: ['team/api', 'team/api'] }, "'repositoryNames' must not have duplicates, got \"team/api\" twice"],
    ['a wrong consumer', { consumers: [PullConsumer.account('2')] }, "'consumers[0]' must be an AWS account id of 12 digits"],
  ])('fails on %s', (_, attrs, message) => {
    expect(() => importInto(consumerStack(), attrs)).toThrow(message);
  });

  test('fails on a list of names that is known at deployment only', () => {
    const stack = consumerStack();
    const repositoryNames = new CfnParameter(stack, 'Names', { type: 'CommaDelimitedList' }).valueAsList;

    expect(() => importInto(stack, { repositoryNames })).toThrow("'repositoryNames' must be a list of known length");
  });

  describe('gives images', () => {
    test('to a task of Amazon ECS, with the identity policy and without a warning', () => {
      const stack = consumerStack();
      const task = new ecs.FargateTaskDefinition(stack, 'Task');
      task.addContainer('Api', { image: ecs.ContainerImage.fromEcrRepository(importInto(stack).repositories[0], 'v1') });

      Template.fromStack(stack).hasResourceProperties('AWS::ECS::TaskDefinition', {
        ContainerDefinitions: [Match.objectLike({ Image: `${OWNER}.dkr.ecr.${REGION}.amazonaws.com/team/api:v1` })],
      });
      expect(policyOf(stack)).toEqual([{ Effect: 'Allow', Action: PULL, Resource: API_ARN }, LOGIN]);
      expect(warningsOf(stack)).toEqual([]);
    });

    test('to a project of AWS CodeBuild that pulls with its role', () => {
      const stack = consumerStack();
      const [repository] = importInto(stack).repositories;
      new codebuild.Project(stack, 'Build', {
        buildSpec: codebuild.BuildSpec.fromObject({ version: '0.2' }),
        environment: { buildImage: codebuild.LinuxBuildImage.fromEcrRepository(repository, 'v1') },
      });

      expect(policyOf(stack)).toEqual(expect.arrayContaining([{ Effect: 'Allow', Action: PULL, Resource: API_ARN }, LOGIN]));
      expect(warningsOf(stack)).toEqual([]);
    });

    const functionOf = (stack: Stack, attrs: Partial<CrossAccountPullAttributes> = {}) => new lambda.DockerImageFunction(stack, 'Function', {
      code: lambda.DockerImageCode.fromEcr(importInto(stack, attrs).repositories[0], { tagOrDigest: 'v1' }),
    });

    test('to a Lambda function, whose role needs nothing', () => {
      const stack = consumerStack();
      functionOf(stack, { consumers: [PullConsumer.lambdaFunctions(PRODUCTION), PullConsumer.lambdaFunctions(STAGING)] });

      const template = Template.fromStack(stack);
      template.hasResourceProperties('AWS::Lambda::Function', { Code: { ImageUri: `${OWNER}.dkr.ecr.${REGION}.amazonaws.com/team/api:v1` } });
      template.resourceCountIs('AWS::IAM::Policy', 0);
      expect(warningsOf(stack)).toEqual([]);
    });

    test.each<[string, StackProps, Partial<CrossAccountPullAttributes>]>([
      ['the owner does not say whom it shares with', { env: { account: STAGING, region: REGION } }, {}],
      ['the consumers are known at deployment only', { env: { account: STAGING, region: REGION } }, { consumers: [PullConsumer.lambdaFunctions(new CfnParameter(new Stack(), 'A').valueAsString)] }],
      ['the stack has no environment', {}, { consumers: [PullConsumer.lambdaFunctions(PRODUCTION)] }],
      ['the stack is in the account of the owner', { env: { account: OWNER, region: REGION } }, { consumers: [PullConsumer.account(STAGING)] }],
    ])('to a Lambda function if %s', (_, props, attrs) => {
      expect(() => functionOf(consumerStack(props), attrs)).not.toThrow();
    });

    test('fails for a Lambda function in another Region', () => {
      expect(() => functionOf(consumerStack({ env: { account: STAGING, region: 'us-east-1' } }))).toThrow(
        "'region' must be \"us-east-1\", the Region of the stack, to run the images of 'team/api' in Lambda, got \"eu-west-1\"; replicate",
      );
    });

    test('fails for a Lambda function of an account whose Lambda the owner does not know', () => {
      expect(() => functionOf(consumerStack(), { consumers: [PullConsumer.account(STAGING), PullConsumer.lambdaFunctions(PRODUCTION)] })).toThrow(
        "'consumers' must include the Lambda functions of account 222222222222, otherwise they cannot be deployed; add PullConsumer.lambdaFunctions(\"222222222222\")",
      );
    });
  });
});

describe('CrossAccountPullGrants', () => {
  test('gives a role the pull on the repositories and the login on *, and nothing else', () => {
    const stack = consumerStack();
    const grant = importInto(stack, { repositoryNames: ['team/api', 'team/worker'] }).grants.pull(roleIn(stack));

    grant.assertSuccess();
    expect(policyOf(stack)).toEqual([
      { Effect: 'Allow', Action: PULL, Resource: [API_ARN, `arn:aws:ecr:${REGION}:${OWNER}:repository/team/worker`] },
      LOGIN,
    ]);
    expect(warningsOf(stack)).toEqual([]);
  });

  test('gives it to users, groups and managed policies too', () => {
    const stack = consumerStack();
    const { grants } = importInto(stack);
    [new iam.User(stack, 'User'), new iam.Group(stack, 'Group'), new iam.ManagedPolicy(stack, 'Pull')].forEach(grantee => grants.pull(grantee));

    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::IAM::Policy', 2);
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: { Statement: [{ Effect: 'Allow', Action: PULL, Resource: API_ARN }, LOGIN] },
    });
  });

  test('gives it to an imported role of the account', () => {
    const stack = consumerStack();
    importInto(stack).grants.pull(iam.Role.fromRoleArn(stack, 'Role', `arn:aws:iam::${STAGING}:role/ecs`));

    expect(policyOf(stack)).toHaveLength(2);
    expect(warningsOf(stack)).toEqual([]);
  });

  test('needs an acknowledgement of cdk-nag for the login only', () => {
    const stack = consumerStack();
    importInto(stack).grants.pull(roleIn(stack));

    expect(new AwsSolutionsChecks().validateScope(stack.node.root as App).violations.map(({ ruleName }) => ruleName)).toEqual(['AwsSolutions-IAM5[Resource::*]']);
  });

  describe('in one app with the owner', () => {
    const twoStacks = (repositoryName: string | undefined, consumers = [PullConsumer.account(STAGING)]) => {
      const app = new App({ context: { '@aws-cdk/core:enablePartitionLiterals': true } });
      const owner = new Stack(app, 'Owner', { env: { account: OWNER, region: REGION } });
      const consumer = new Stack(app, 'Consumer', { env: { account: STAGING, region: REGION } });
      const share = new CrossAccountPull(owner, 'Share', { repositories: [new SecureRepository(owner, 'Api', { repositoryName })], consumers });
      return { owner, consumer, share };
    };

    test('gives the identity policy, and leaves the repository policy to the consumers', () => {
      const { owner, consumer, share } = twoStacks('team/api');
      CrossAccountPullGrants.fromCrossAccountPull(share).pull(roleIn(consumer));

      expect(policyOf(consumer)).toEqual([{ Effect: 'Allow', Action: PULL, Resource: API_ARN }, LOGIN]);
      Template.fromStack(owner).hasResourceProperties('AWS::ECR::Repository', {
        RepositoryPolicyText: { Statement: [{ Effect: 'Allow', Action: PULL, Principal: { AWS: `arn:aws:iam::${STAGING}:root` } }] },
      });
    });

    test('takes a repository that the CDK names on demand', () => {
      const { consumer, share } = twoStacks(PhysicalName.GENERATE_IF_NEEDED);
      share.grants.pull(roleIn(consumer));

      expect(policyOf(consumer)[0].Resource).toMatch(new RegExp(`^arn:aws:ecr:${REGION}:${OWNER}:repository/[a-z0-9-]+$`));
    });

    test('fails on a repository without a name', () => {
      const { consumer, share } = twoStacks(undefined);

      expect(() => share.grants.pull(roleIn(consumer))).toThrow(
        "'repositoryName' must be set on 'Owner/Api' for pulls of account 222222222222, got a name that CloudFormation generates and that other accounts do not know; set a name such as 'team/api'",
      );
    });

    test('gives a role of the owner the identity policy, named or not', () => {
      const { owner, share } = twoStacks(undefined);
      share.grants.pull(roleIn(owner));

      expect(policyOf(owner)[0]).toEqual({ Effect: 'Allow', Action: PULL, Resource: { 'Fn::GetAtt': [expect.stringMatching('^Api'), 'Arn'] } });
    });
  });

  describe('checks the account against the consumers', () => {
    const pull = (consumers: PullConsumer[], props?: StackProps) => {
      const stack = consumerStack(props);
      importInto(stack, { consumers }).grants.pull(roleIn(stack));
    };

    test('fails if they leave it out', () => {
      expect(() => pull([PullConsumer.account(PRODUCTION), PullConsumer.roles(PRODUCTION, ['Consumer-*'])])).toThrow(
        "'consumers' must include account 222222222222 of 'Consumer/Role', otherwise its pulls are denied; add PullConsumer.account(\"222222222222\")",
      );
    });

    test('fails if they name AWS CodeBuild of it only, which is not a role', () => {
      expect(() => pull([PullConsumer.codeBuildProjects(STAGING)])).toThrow("'consumers' must include account 222222222222");
    });

    test.each([
      ['the account', [PullConsumer.account(STAGING)]],
      ['the account among others', [PullConsumer.accounts([PRODUCTION, STAGING])]],
      ['an organization, which it may belong to', [PullConsumer.organization('o-a1b2c3d4e5')]],
      ['a unit, which it may belong to', [PullConsumer.organizationalUnit('o-a1b2c3d4e5/r-ab12/ou-ab12-11111111')]],
      ['its Lambda functions, whose deployer pulls', [PullConsumer.lambdaFunctions(STAGING)]],
      ['an account that is known at deployment only', [PullConsumer.account(new CfnParameter(new Stack(), 'Account').valueAsString)]],
      ['accounts that are known at deployment only', [PullConsumer.accounts(new CfnParameter(new Stack(), 'List', { type: 'CommaDelimitedList' }).valueAsList)]],
    ])('passes if they name %s', (_, consumers) => {
      expect(() => pull(consumers)).not.toThrow();
    });

    test('passes in a stack without environment', () => {
      expect(() => pull([PullConsumer.account(PRODUCTION)], {})).not.toThrow();
    });

    test('passes in the account of the owner', () => {
      expect(() => pull([PullConsumer.account(PRODUCTION)], { env: { account: OWNER, region: REGION } })).not.toThrow();
    });
  });

  describe('checks the name of a role if only roles of its account are among the consumers', () => {
    const pull = (patterns: string[], role: (stack: Stack) => iam.IRole, stack = consumerStack()) => {
      importInto(stack, { consumers: [PullConsumer.roles(STAGING, patterns), PullConsumer.account(PRODUCTION)] }).grants.pull(role(stack));
    };
    const named = (roleName: string, path?: string) => (stack: Stack) => roleIn(stack, { roleName, path });
    const imported = (name: string) => (stack: Stack) => iam.Role.fromRoleArn(stack, 'Role', `arn:aws:iam::${STAGING}:role/${name}`);

    test('fails on another name', () => {
      expect(() => pull(['ecs-*', 'eks-?'], named('batch'))).toThrow(
        "'roleNames' must match the role 'Consumer/Role', named \"batch\", otherwise its pulls are denied, got [\"ecs-*\",\"eks-?\"]; add its name to PullConsumer.roles",
      );
    });

    test('fails on another path', () => {
      expect(() => pull(['ecs-*'], named('ecs-api', '/teams/'))).toThrow('named "teams/ecs-api"');
      expect(() => pull(['teams/*'], named('ecs-api', '/teams/'))).not.toThrow();
    });

    test('fails on another name of an imported role', () => {
      expect(() => pull(['ecs-*'], imported('teams/ecs-api'))).toThrow('named "teams/ecs-api"');
      expect(() => pull(['ecs-*'], imported('ecs-api'))).not.toThrow();
    });

    test('fails on a name that CloudFormation generates', () => {
      expect(() => pull(['ecs-*'], stack => roleIn(stack))).toThrow('whose name CloudFormation generates, as in "Consumer-…"');
      expect(() => pull(['ecs-*'], stack => roleIn(stack, { path: '/teams/' }))).toThrow('"teams/Consumer-…"');
    });

    test.each(['Consumer-*', 'C*', '*-Role-*', 'Consumer-Role*', 'Cons?mer-*'])('passes if %s may be what CloudFormation generates', pattern => {
      expect(() => pull([pattern], stack => roleIn(stack))).not.toThrow();
    });

    test('passes on names that are not known', () => {
      const parameter = new CfnParameter(new Stack(), 'Name').valueAsString;

      expect(() => pull(['ecs-*'], named(parameter))).not.toThrow();
      expect(() => pull(['ecs-*'], named('batch', parameter))).not.toThrow();
      expect(() => pull(['ecs-*'], named(PhysicalName.GENERATE_IF_NEEDED))).not.toThrow();
      expect(() => pull(['ecs-*'], stack => roleIn(new NestedStack(stack, 'Nested')))).not.toThrow();
      expect(() => pull(['ecs-*'], stack => roleIn(stack, { path: parameter }))).not.toThrow();
      expect(() => pull(['ecs-*'], imported(parameter))).not.toThrow();
      expect(() => pull([parameter], named('batch'))).not.toThrow();
    });

    test('checks the name of a role that somebody else makes for the CDK', () => {
      const customized = (roleName: string) => {
        const stack = consumerStack();
        iam.Role.customizeRoles(stack, { usePrecreatedRoles: { 'Consumer/Role': roleName } });
        return stack;
      };

      expect(() => pull(['ecs-*'], roleIn, customized('batch'))).toThrow('named "batch"');
      expect(() => pull(['ecs-*'], roleIn, customized('ecs-api'))).not.toThrow();
    });

    test('passes on a principal that is no role', () => {
      expect(() => pull(['ecs-*'], stack => new iam.User(stack, 'User') as unknown as iam.IRole)).not.toThrow();
    });

    test('passes if another consumer covers the account', () => {
      const stack = consumerStack();
      const consumers = [PullConsumer.roles(STAGING, ['ecs-*']), PullConsumer.organization('o-a1b2c3d4e5')];

      expect(() => importInto(stack, { consumers }).grants.pull(named('batch')(stack))).not.toThrow();
    });
  });

  describe('principals whose policies are out of reach', () => {
    test.each<[string, string, Partial<iam.FromRoleArnOptions>]>([
      ['an imported role of another account', PRODUCTION, {}],
      ['an imported role that is not mutable', STAGING, { mutable: false }],
      ['an imported role that leaves grants to resources', STAGING, { mutable: false, addGrantsToResources: true }],
    ])('warns of %s and hands over the statements', (_, account, options) => {
      const stack = consumerStack();
      const share = importInto(stack);
      share.grants.pull(iam.Role.fromRoleArn(stack, 'Role', `arn:aws:iam::${account}:role/ecs`, options));

      const [warning, ...others] = warningsOf(stack);
      expect(others).toEqual([]);
      expect(warning).toContain("the grant has no effect until the owner of 'Consumer/Role', whose policies this app cannot change, attaches these statements: ");
      expect(warning).toContain('::cdk-secure-ecr:CrossAccountPull.importedPrincipal]');
      expect(JSON.parse(/\[\{.*\}\]/.exec(warning)![0])).toEqual([{ Effect: 'Allow', Action: PULL, Resource: API_ARN }, LOGIN]);

      Validations.of(share).acknowledge({ id: 'cdk-secure-ecr:CrossAccountPull.importedPrincipal', reason: 'attached by its owner' });
      expect(warningsOf(stack)).toEqual([]);
    });

    test('warns of a principal that is not of this app', () => {
      const stack = consumerStack();
      importInto(stack).grants.pull(new iam.AccountPrincipal(STAGING));

      expect(warningsOf(stack)).toEqual([expect.stringContaining('the grant has no effect until the owner of "AccountPrincipal(222222222222)", whose policies this app cannot change, attaches these statements')]);
    });

    test('fails on a service', () => {
      expect(() => importInto(consumerStack()).grants.pull(new iam.ServicePrincipal('lambda.amazonaws.com'))).toThrow(
        "'grantee' must be a role, user, group or managed policy, got the service \"lambda.amazonaws.com\", which has no identity policy",
      );
    });
  });
});
