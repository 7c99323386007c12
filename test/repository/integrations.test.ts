import { App, Fn, Lazy, CfnOutput, CfnResource, PhysicalName, Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { RepositoryEncryption, SecureRepository } from '../../lib';

const OWNER = '111122223333';
const OTHER = '444455556666';
const REGION = 'eu-west-1';
const PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
const SERVICE_PULL = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
const LOGIN = { Action: 'ecr:GetAuthorizationToken', Effect: 'Allow', Resource: '*' };
const ARN = { 'Fn::GetAtt': ['ApiF70053CD', 'Arn'] };
const NAMED_ARN = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:ecr:${REGION}:${OWNER}:repository/team/api`]] };
const URI = { 'Fn::GetAtt': ['ApiF70053CD', 'RepositoryUri'] };
const FOREIGN_URI = { 'Fn::Join': ['', [`${OWNER}.dkr.ecr.${REGION}.`, { Ref: 'AWS::URLSuffix' }, '/team/api:v1']] };
const FUNCTION = 'AWS::Lambda::Function';

let app: App;
let stack: Stack;
let near: Stack;
let far: Stack;

beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Stack', { env: { account: OWNER, region: REGION } });
  near = new Stack(app, 'Near', { env: { account: OWNER, region: REGION } });
  far = new Stack(app, 'Far', { env: { account: OTHER, region: REGION } });
});

function unnamed(scope = stack): SecureRepository {
  return new SecureRepository(scope, 'Api');
}

function named(scope = stack): SecureRepository {
  return new SecureRepository(scope, 'Api', { repositoryName: 'team/api' });
}

interface Statement { Action: string | string[]; [key: string]: unknown }

function statementsOf(scope: Stack, type: string, property: string): Statement[] {
  return Object.values(Template.fromStack(scope).findResources(type))
    .flatMap(resource => (resource as { Properties: Record<string, { Statement: Statement[] } | undefined> }).Properties[property]?.Statement ?? []);
}

/** What the identities of a stack may do with Amazon ECR. */
function identityStatements(scope: Stack): Statement[] {
  return statementsOf(scope, 'AWS::IAM::Policy', 'PolicyDocument').filter(({ Action }) => [Action].flat().some(action => action.startsWith('ecr:')));
}

function repositoryStatements(scope = stack): Statement[] {
  return statementsOf(scope, 'AWS::ECR::Repository', 'RepositoryPolicyText');
}

function root(account: string): object {
  return { AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${account}:root`]] } };
}

function allow(Action: string | string[], rest: object): object {
  return { Action, Effect: 'Allow', ...rest };
}

function byRole(account: string, roleName: string): object {
  return allow(PULL, {
    Principal: root(account),
    Condition: { ArnEquals: { 'aws:PrincipalArn': { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${account}:role/${roleName}`]] } } },
  });
}

function lambdaOf(account: string): object {
  return allow(SERVICE_PULL, {
    Principal: { Service: 'lambda.amazonaws.com' },
    Condition: { ArnLike: { 'aws:SourceArn': { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:lambda:${REGION}:${account}:function:*`]] } } },
  });
}

function roleNames(scope: Stack): string[] {
  return Object.values(Template.fromStack(scope).findResources('AWS::IAM::Role'))
    .flatMap(role => (role as { Properties: { RoleName?: string } }).Properties.RoleName ?? []);
}

function expectNoWarnings(): void {
  for (const scope of app.node.children.filter(Stack.isStack)) {
    expect(Annotations.fromStack(scope).findWarning('*', Match.stringLikeRegexp('cdk-secure-ecr:'))).toEqual([]);
    expect(Annotations.fromStack(scope).findError('*', Match.anyValue())).toEqual([]);
  }
}

function imported(reference: string): unknown {
  return { 'Fn::ImportValue': expect.stringMatching(new RegExp(`^Stack:ExportsOutput${reference}`)) as unknown };
}

describe('Amazon ECS', () => {
  function fargate(scope: Stack, repository: ecr.IRepository): ecs.FargateTaskDefinition {
    const task = new ecs.FargateTaskDefinition(scope, 'Task');
    task.addContainer('Api', { image: ecs.ContainerImage.fromEcrRepository(repository, 'v1') });
    return task;
  }

  test('pulls in the stack of the repository', () => {
    fargate(stack, unnamed());

    Template.fromStack(stack).hasResourceProperties('AWS::ECS::TaskDefinition', { ContainerDefinitions: [{ Image: { 'Fn::Join': ['', [URI, ':v1']] } }] });
    expect(identityStatements(stack)).toEqual([allow(PULL, { Resource: ARN }), LOGIN]);
    expect(repositoryStatements()).toEqual([]);
    expectNoWarnings();
  });

  test('pulls in another stack of the account', () => {
    fargate(near, unnamed());

    Template.fromStack(near).hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [{ Image: { 'Fn::Join': ['', [{ 'Fn::ImportValue': Match.stringLikeRegexp('RepositoryUri') }, ':v1']] } }],
    });
    expect(identityStatements(near)).toEqual([allow(PULL, { Resource: imported('FnGetAttApiF70053CDArn') }), LOGIN]);
    expect(repositoryStatements()).toEqual([]);
    expectNoWarnings();
  });

  test('pulls in another account', () => {
    fargate(far, named());

    const [executionRole] = roleNames(far);
    Template.fromStack(far).hasResourceProperties('AWS::ECS::TaskDefinition', { ContainerDefinitions: [{ Image: FOREIGN_URI }] });
    expect(identityStatements(far)).toEqual([allow(PULL, { Resource: NAMED_ARN }), LOGIN]);
    expect(repositoryStatements()).toEqual([byRole(OTHER, executionRole)]);
    expectNoWarnings();
  });

  test('pulls a digest', () => {
    const task = new ecs.FargateTaskDefinition(stack, 'Task');
    task.addContainer('Api', { image: ecs.ContainerImage.fromEcrRepository(unnamed(), 'sha256:ab') });

    Template.fromStack(stack).hasResourceProperties('AWS::ECS::TaskDefinition', { ContainerDefinitions: [{ Image: { 'Fn::Join': ['', [URI, '@sha256:ab']] } }] });
  });

  test('pulls in another Region of the account', () => {
    const region = new Stack(app, 'Region', { env: { account: OWNER, region: 'us-east-1' } });
    fargate(region, named());

    Template.fromStack(region).hasResourceProperties('AWS::ECS::TaskDefinition', { ContainerDefinitions: [{ Image: FOREIGN_URI }] });
    expect(identityStatements(region)).toEqual([allow(PULL, { Resource: NAMED_ARN }), LOGIN]);
    expect(repositoryStatements()).toEqual([]);
    expectNoWarnings();
  });

  test('pulls under a name that the CDK makes up for another account', () => {
    fargate(far, new SecureRepository(stack, 'Api', { repositoryName: PhysicalName.GENERATE_IF_NEEDED }));

    const [repository] = Object.values(Template.fromStack(stack).findResources('AWS::ECR::Repository')) as Array<{ Properties: { RepositoryName: string } }>;
    expect(JSON.stringify(Template.fromStack(far).findResources('AWS::ECS::TaskDefinition'))).toContain(`/${repository.Properties.RepositoryName}:v1`);
    expect(repositoryStatements()).toEqual([byRole(OTHER, roleNames(far)[0])]);
  });

  test('fails in another account without a name, with the way out', () => {
    expect(() => fargate(far, unnamed())).toThrow("'repositoryName' must be set on 'Stack/Api' for a grant to a principal of account 444455556666");
  });

  test('pulls from an imported repository of another account, with the statement for its owner', () => {
    fargate(far, SecureRepository.fromRepositoryArn(far, 'Api', `arn:aws:ecr:${REGION}:${OWNER}:repository/team/api`));

    expect(identityStatements(far)).toEqual([allow(PULL, { Resource: `arn:aws:ecr:${REGION}:${OWNER}:repository/team/api` }), LOGIN]);
    Annotations.fromStack(far).hasWarning('/Far/Api', Match.stringLikeRegexp(`aws:PrincipalArn":"arn:aws:iam::${OTHER}:role/${roleNames(far)[0]}"`));
  });
});

describe('AWS Lambda', () => {
  function dockerFunction(scope: Construct, repository: ecr.IRepository, id = 'Function'): lambda.DockerImageFunction {
    return new lambda.DockerImageFunction(scope, id, { code: lambda.DockerImageCode.fromEcr(repository, { tagOrDigest: 'v1' }) });
  }

  test('runs an image in the stack of the repository', () => {
    dockerFunction(stack, unnamed());

    Template.fromStack(stack).hasResourceProperties(FUNCTION, { Code: { ImageUri: { 'Fn::Join': ['', [URI, ':v1']] } } });
    expect(repositoryStatements()).toEqual([lambdaOf(OWNER)]);
    expectNoWarnings();
  });

  test('runs an image in another stack of the account, which the repository does not refer to', () => {
    dockerFunction(near, unnamed());

    expect(repositoryStatements()).toEqual([lambdaOf(OWNER)]);
    expect(stack.dependencies).toEqual([]);
    expect(near.dependencies).toEqual([stack]);
    expectNoWarnings();
  });

  test('runs an image in a stack that may be deployed anywhere', () => {
    const anywhere = new Stack(app, 'Anywhere');
    dockerFunction(anywhere, unnamed(anywhere));

    expect(repositoryStatements(anywhere)).toHaveLength(1);
  });

  test('runs an image in another account: its account and Lambda for its functions', () => {
    dockerFunction(far, named());

    Template.fromStack(far).hasResourceProperties(FUNCTION, { Code: { ImageUri: FOREIGN_URI } });
    expect(repositoryStatements()).toEqual([
      lambdaOf(OWNER), allow(SERVICE_PULL, { Principal: root(OTHER) }), lambdaOf(OTHER),
    ]);
    expectNoWarnings();
  });

  test('runs an image in another account from a stack that is defined in a stack', () => {
    dockerFunction(new Stack(stack, 'Inner', { env: { account: OTHER, region: REGION } }), named());

    expect(repositoryStatements()).toEqual([
      lambdaOf(OWNER), allow(SERVICE_PULL, { Principal: root(OTHER) }), lambdaOf(OTHER),
    ]);
  });

  test('runs an image in two more accounts, however many functions they have', () => {
    const repository = named();
    const third = new Stack(app, 'Third', { env: { account: '777788889999', region: REGION } });
    dockerFunction(far, repository);
    dockerFunction(far, repository, 'Second');
    dockerFunction(third, repository);

    const statements = repositoryStatements();
    const accounts = statements.filter(({ Principal }) => (Principal as { AWS?: unknown }).AWS !== undefined);
    expect(accounts.map(({ Principal }) => JSON.stringify(Principal).match(/\d{12}/g)).flat().sort()).toEqual([OTHER, '777788889999']);
    expect(JSON.stringify(statements).match(/:lambda:eu-west-1:\d{12}:function:\*/g)?.sort()).toEqual([
      `:lambda:${REGION}:${OWNER}:function:*`, `:lambda:${REGION}:${OTHER}:function:*`, `:lambda:${REGION}:777788889999:function:*`,
    ]);
  });

  test('of another account gets nothing for knowing the URI', () => {
    const repository = named();
    new lambda.Function(far, 'Function', {
      code: lambda.Code.fromInline('-'), handler: 'index.handler', runtime: lambda.Runtime.NODEJS_22_X, environment: { IMAGE: repository.repositoryUri },
    });
    new CfnOutput(far, 'Image', { value: repository.repositoryUri });
    new CfnResource(far, 'Other', { type: 'Some::Other::Thing', properties: { ImageUri: repository.repositoryUri } });

    expect(repositoryStatements()).toEqual([]);
  });

  test('of another account gets it for the bare resource too', () => {
    new lambda.CfnFunction(far, 'Function', { code: { imageUri: named().repositoryUriForTag('v1') }, packageType: 'Image', role: `arn:aws:iam::${OTHER}:role/x` });

    expect(repositoryStatements()).toEqual([allow(SERVICE_PULL, { Principal: root(OTHER) }), lambdaOf(OTHER)]);
  });

  test.each<[string, (uri: string) => string]>([
    ['with a digest', uri => `${uri}@sha256:${'a'.repeat(64)}`],
    ['in a join', uri => Fn.join(':', [uri, 'v1'])],
    ['in a value that is produced late', uri => Lazy.string({ produce: () => `${uri}:v1` })],
  ])('of another account gets it for an URI %s', (_, imageUri) => {
    new lambda.CfnFunction(far, 'Function', { code: { imageUri: imageUri(named().repositoryUri) }, packageType: 'Image', role: `arn:aws:iam::${OTHER}:role/x` });

    expect(repositoryStatements()).toEqual([allow(SERVICE_PULL, { Principal: root(OTHER) }), lambdaOf(OTHER)]);
  });

  test('of another account gets it when all of its code is produced late', () => {
    const imageUri = named().repositoryUriForTag('v1');
    new lambda.CfnFunction(far, 'Function', { code: Lazy.any({ produce: () => ({ imageUri }) }), packageType: 'Image', role: `arn:aws:iam::${OTHER}:role/x` });

    expect(repositoryStatements()).toEqual([allow(SERVICE_PULL, { Principal: root(OTHER) }), lambdaOf(OTHER)]);
  });

  test('of another account that runs another image gets nothing', () => {
    const other = new SecureRepository(stack, 'Other', { repositoryName: 'team/other' });
    const imageUri = other.repositoryUriForTag('v1');
    expect(named().repositoryUri).not.toBe(imageUri);
    new lambda.CfnFunction(far, 'Function', { code: { imageUri }, packageType: 'Image', role: `arn:aws:iam::${OTHER}:role/x` });

    expect(repositoryStatements()).toHaveLength(2);
    expect(Object.values(Template.fromStack(stack).findResources('AWS::ECR::Repository', { Properties: { RepositoryPolicyText: Match.absent() } }))).toHaveLength(1);
  });

  test('changes no policy when somebody reads the URI', () => {
    const repository = named();
    const { defaultChild } = repository.node;
    far.resolve(repository.repositoryUri);
    const policy = (): unknown => stack.resolve((defaultChild as ecr.CfnRepository).repositoryPolicyText);
    expect(policy()).toBeUndefined();

    dockerFunction(far, repository);
    const once = policy();
    far.resolve(repository.repositoryUri);
    expect(policy()).toEqual(once);
  });

  test.each([OWNER, OTHER])('fails in another Region of account %s', account => {
    const region = new Stack(app, 'Region', { env: { account, region: 'us-east-1' } });
    dockerFunction(region, named());

    expect(() => app.synth()).toThrow(
      "[Stack/Api] the image of the Lambda function 'Region/Function/Resource' must be in its Region us-east-1, got 'Stack/Api' in eu-west-1; "
      + 'replicate it there with ReplicationSetup',
    );
  });

  test('fails in another stage of another account, where the repository cannot see it, with the way out', () => {
    const stage = new Stage(app, 'Prod', { env: { account: OTHER, region: REGION } });
    dockerFunction(new Stack(stage, 'There'), named());

    expect(() => app.synth()).toThrow(
      "[Stack/Api] the Lambda function 'Prod/There/Function/Resource' of account 444455556666 must be in the stage of the repository 'Stack/Api', got another stage, which the policy cannot allow; "
      + 'import the repository into the stage of the function with SecureRepository.fromRepositoryArn, and share it with CrossAccountPull for Lambda',
    );
  });

  test('runs an imported image in another stage', () => {
    const stage = new Stage(app, 'Prod', { env: { account: OTHER, region: REGION } });
    const there = new Stack(stage, 'There');
    dockerFunction(there, SecureRepository.fromRepositoryArn(there, 'Api', `arn:aws:ecr:${REGION}:${OWNER}:repository/team/api`));

    expect(() => app.synth()).not.toThrow();
    Annotations.fromStack(there).hasWarning('/Prod/There/Api', Match.stringLikeRegexp(`these statements: .*${OTHER}:root.*lambda:${REGION}:${OTHER}:function`));
  });

  test('runs an imported image of the account without a word', () => {
    dockerFunction(stack, SecureRepository.fromRepositoryName(stack, 'Api', 'team/api'));

    Template.fromStack(stack).hasResourceProperties(FUNCTION, { Code: { ImageUri: `${OWNER}.dkr.ecr.${REGION}.amazonaws.com/team/api:v1` } });
    expectNoWarnings();
  });
});

describe('AWS CodeBuild', () => {
  function project(scope: Stack, repository: ecr.IRepository): codebuild.Project {
    return new codebuild.Project(scope, 'Build', {
      buildSpec: codebuild.BuildSpec.fromObject({ version: '0.2' }),
      environment: { buildImage: codebuild.LinuxBuildImage.fromEcrRepository(repository, 'v1') },
    });
  }

  test('builds in an image of the account', () => {
    project(near, unnamed());

    Template.fromStack(near).hasResourceProperties('AWS::CodeBuild::Project', {
      Environment: { Image: { 'Fn::Join': ['', [{ 'Fn::ImportValue': Match.stringLikeRegexp('RepositoryUri') }, ':v1']] }, ImagePullCredentialsType: 'SERVICE_ROLE' },
    });
    expect(identityStatements(near)).toEqual([allow(PULL, { Resource: imported('FnGetAttApiF70053CDArn') }), LOGIN]);
    expect(repositoryStatements()).toEqual([]);
    expectNoWarnings();
  });

  test('builds in an image of another account', () => {
    project(far, named());

    Template.fromStack(far).hasResourceProperties('AWS::CodeBuild::Project', { Environment: { Image: FOREIGN_URI } });
    expect(identityStatements(far)).toEqual([allow(PULL, { Resource: NAMED_ARN }), LOGIN]);
    expect(repositoryStatements()).toEqual([byRole(OTHER, roleNames(far)[0])]);
    expectNoWarnings();
  });

  test('pushes what it builds', () => {
    const repository = unnamed();
    repository.grantPullPush(new codebuild.Project(near, 'Build', { buildSpec: codebuild.BuildSpec.fromObject({ version: '0.2' }) }));

    expect(identityStatements(near)).toMatchObject([{ Action: expect.arrayContaining(['ecr:PutImage', 'ecr:GetDownloadUrlForLayer']) as unknown }, LOGIN]);
  });
});

describe('AWS CodePipeline', () => {
  function pipeline(scope: Stack, repository: ecr.IRepository, role?: iam.IRole): void {
    const output = new codepipeline.Artifact();
    const target = new codepipeline.Artifact();
    new codepipeline.Pipeline(scope, 'Pipeline', {
      crossAccountKeys: role !== undefined,
      pipelineType: codepipeline.PipelineType.V2,
      stages: [
        { stageName: 'Source', actions: [new actions.EcrSourceAction({ actionName: 'Image', repository, imageTag: 'v1', output, role })] },
        {
          stageName: 'Build',
          actions: [new actions.CodeBuildAction({
            actionName: 'Build',
            input: output,
            outputs: [target],
            project: new codebuild.PipelineProject(scope, 'Build', { environment: { buildImage: codebuild.LinuxBuildImage.fromEcrRepository(repository, 'v1') } }),
          })],
        },
        { stageName: 'Keep', actions: [new actions.S3DeployAction({ actionName: 'Keep', input: target, bucket: new s3.Bucket(scope, 'Bucket') })] },
      ],
    });
  }

  function templatesOf(make: (scope: Stack) => ecr.IRepository, account: string): { pipeline: string; policy: Statement[] } {
    const own = new App();
    const repositoryStack = new Stack(own, 'Stack', { env: { account: OWNER, region: REGION } });
    const scope = new Stack(own, 'Pipeline', { env: { account, region: REGION } });
    pipeline(scope, make(repositoryStack));
    return { pipeline: JSON.stringify(Template.fromStack(scope).findResources('AWS::CodePipeline::Pipeline')), policy: repositoryStatements(repositoryStack) };
  }

  test('starts from an image of the account', () => {
    pipeline(near, unnamed());

    Template.fromStack(near).hasResourceProperties('AWS::CodePipeline::Pipeline', {
      Stages: Match.arrayWith([Match.objectLike({ Actions: [Match.objectLike({ Configuration: { RepositoryName: Match.anyValue(), ImageTag: 'v1' } })] })]),
    });
    Template.fromStack(near).hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { 'detail-type': ['ECR Image Action'], 'detail': { 'image-tag': ['v1'], 'repository-name': [{ 'Fn::ImportValue': Match.anyValue() }] } },
    });
    expect(identityStatements(near)).toEqual(expect.arrayContaining([
      allow('ecr:DescribeImages', { Resource: imported('FnGetAttApiF70053CDArn') }),
      allow(PULL, { Resource: imported('FnGetAttApiF70053CDArn') }),
      LOGIN,
    ]));
    expect(repositoryStatements()).toEqual([]);
    expectNoWarnings();
  });

  test('starts from an image of another account with a role there, and builds in the image here', () => {
    const role = new iam.Role(stack, 'Source', { assumedBy: new iam.AccountPrincipal(OTHER), roleName: 'source' });
    pipeline(far, named(), role);

    expect(identityStatements(stack)).toEqual([allow('ecr:DescribeImages', { Resource: ARN })]);
    expect(identityStatements(far)).toEqual([allow(PULL, { Resource: NAMED_ARN }), LOGIN]);
    expect(repositoryStatements()).toEqual([byRole(OTHER, roleNames(far)[0])]);
  });

  test.each([OWNER, OTHER])('is the same in account %s as with a repository of the CDK', account => {
    const ours = templatesOf(scope => new SecureRepository(scope, 'Api', { repositoryName: 'team/api' }), account);
    const theirs = templatesOf(scope => new ecr.Repository(scope, 'Api', { repositoryName: 'team/api' }), account);

    expect(ours.pipeline).toBe(theirs.pipeline);
    expect(ours.policy.map(({ Action }) => [Action].flat().sort())).toEqual(theirs.policy.map(({ Action }) => [Action].flat().sort()));
  });
});

describe('in two stacks that know each other', () => {
  const KINDS: Array<[string, (scope: Stack, key?: kms.IKey, repositoryName?: string) => ecr.IRepository]> = [
    ['SecureRepository', (scope, key, repositoryName) => new SecureRepository(scope, 'Api', {
      repositoryName, encryption: key && RepositoryEncryption.customerManagedKey(key),
    })],
    ['ecr.Repository', (scope, encryptionKey, repositoryName) => new ecr.Repository(scope, 'Api', { repositoryName, encryptionKey })],
  ];

  describe.each(KINDS)('%s', (_, make) => {
    test('needs nothing of the stack that uses it', () => {
      const repository = make(stack);
      const role = new iam.Role(near, 'Role', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
      repository.grantPullPush(role);
      new ecs.FargateTaskDefinition(near, 'Task').addContainer('Api', { image: ecs.ContainerImage.fromEcrRepository(repository) });
      new lambda.DockerImageFunction(near, 'Function', { code: lambda.DockerImageCode.fromEcr(repository) });
      new codebuild.Project(near, 'Build', {
        buildSpec: codebuild.BuildSpec.fromObject({ version: '0.2' }),
        environment: { buildImage: codebuild.LinuxBuildImage.fromEcrRepository(repository) },
      });

      expect(() => app.synth()).not.toThrow();
      expect(near.dependencies).toEqual([stack]);
      expect(stack.dependencies).toEqual([]);
    });

    test('may be used by what its own stack defines for the other', () => {
      const repository = make(stack);
      const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
      repository.grantPull(role);
      new iam.CfnInstanceProfile(near, 'Profile', { roles: [role.roleName] });
      new CfnOutput(near, 'Image', { value: repository.repositoryUri });

      expect(() => app.synth()).not.toThrow();
      expect(stack.dependencies).toEqual([]);
    });

    test('may be encrypted with a key of the stack that it depends on', () => {
      const repository = make(stack, new kms.Key(near, 'Key'));
      repository.grantPull(new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') }));

      expect(() => app.synth()).not.toThrow();
      expect(stack.dependencies).toEqual([near]);
      expect(near.dependencies).toEqual([]);
    });

    test.each(['first', 'last'])('may be deployed %s when another account uses it', order => {
      const repository = make(stack, undefined, 'team/api');
      repository.grantPull(new iam.Role(far, 'Role', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com'), roleName: 'deploy' }));
      new ecs.FargateTaskDefinition(far, 'Task').addContainer('Api', { image: ecs.ContainerImage.fromEcrRepository(repository) });
      expect([...stack.dependencies, ...far.dependencies]).toEqual([]);

      if (order === 'first') {
        far.node.addDependency(stack);
      } else {
        stack.node.addDependency(far);
      }
      expect(() => app.synth()).not.toThrow();
    });

    test('may call the function that runs its image, from a rule in the stack of the function', () => {
      const repository = make(stack);
      const target = new lambda.DockerImageFunction(near, 'Function', { code: lambda.DockerImageCode.fromEcr(repository) });
      repository.onEvent('Pushed', { target: new targets.LambdaFunction(target), crossStackScope: near });

      expect(() => app.synth()).not.toThrow();
      expect(stack.dependencies).toEqual([]);
    });

    test('fails to depend on the stack that depends on it, as anything does', () => {
      const role = new iam.Role(near, 'Role', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
      make(stack).grantPull(role);
      stack.node.addDependency(near);

      expect(() => app.synth()).toThrow(/cyclic/i);
    });
  });

  test('SecureRepository calls the function that runs its image when somebody pushes', () => {
    const repository = unnamed();
    const target = new lambda.DockerImageFunction(near, 'Function', { code: lambda.DockerImageCode.fromEcr(repository) });
    repository.onImagePushed('Pushed', { target: new targets.LambdaFunction(target), crossStackScope: near });

    Template.fromStack(near).resourceCountIs('AWS::Events::Rule', 1);
    expect(stack.dependencies).toEqual([]);
  });
});
