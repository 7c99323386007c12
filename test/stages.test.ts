/**
 * Constructs that read what is in another stage of the app: a name in place of a reference, or an error of this library, never one of the
 * CDK about dependencies across stages.
 */
import { App, CfnOutput, PhysicalName, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as secure from '../lib';
import { ENVIRONMENT as env } from './environment';
import { messageOf } from './message-of';

const NAME = 'team/api';

interface Read {
  /** The stack that reads. */
  readonly reader: Stack;
  /** A repository of another stage. */
  readonly repository: secure.ISecureRepository;
  /** The stack of the repository. */
  readonly stack: Stack;
}

const roleIn = (stack: Stack): iam.Role => new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('codebuild.amazonaws.com') });
const topicIn = (stack: Stack): targets.SnsTopic => new targets.SnsTopic(new sns.Topic(stack, 'Topic'));
const buildSpec = codebuild.BuildSpec.fromObject({ version: '0.2' });

const OF_A_REPOSITORY: { [reader: string]: (read: Read) => unknown } = {
  'outputs': ({ reader, repository: it }) => new CfnOutput(reader, 'Out', { value: `${it.repositoryUri} ${it.repositoryUriForTag('v1')} ${it.repositoryArn} ${it.repositoryName}` }),
  'ScanGate.toPolicyStatements': ({ reader, repository }) => new iam.Policy(reader, 'Policy', { statements: new secure.ScanGate({ repository }).toPolicyStatements(), roles: [roleIn(reader)] }),
  'ScanGate.toBuildSpec': ({ reader, repository }) => new codebuild.Project(reader, 'Project', { buildSpec: new secure.ScanGate({ repository }).toBuildSpec('v1') }),
  'ScanGate.grantRead': ({ reader, repository }) => new secure.ScanGate({ repository }).grantRead(roleIn(reader)),
  'CiPushRole': ({ reader, repository }) => new secure.CiPushRole(reader, 'Ci', {
    repositories: [repository], subjects: [secure.CiSubject.github({ owner: 'acme', ownerId: '1', repo: 'api', repoId: '2', branches: ['main'] })],
  }),
  'ScanFindings': ({ reader, repository }) => new secure.ScanFindings(reader, 'Findings', { repositories: [repository] }),
  'EcrVpcEndpoints': ({ reader, repository }) => new secure.EcrVpcEndpoints(reader, 'Endpoints', { vpc: new ec2.Vpc(reader, 'Vpc'), reachableRepositories: [repository] }),
  'grants.pull': ({ reader, repository }) => repository.grants.pull(roleIn(reader)),
  'RepositoryGrants': ({ reader, repository }) => secure.RepositoryGrants.fromRepositories([repository]).pullPush(roleIn(reader)),
  'metricPullCount': ({ reader, repository }) => repository.metricPullCount().createAlarm(reader, 'Alarm', { threshold: 1, evaluationPeriods: 1 }),
  'a Lambda function': ({ reader, repository }) => new lambda.DockerImageFunction(reader, 'Function', { code: lambda.DockerImageCode.fromEcr(repository, { tagOrDigest: 'v1' }) }),
  'an ECS task': ({ reader, repository }) => new ecs.FargateTaskDefinition(reader, 'Task').addContainer('api', { image: ecs.ContainerImage.fromEcrRepository(repository, 'v1') }),
  'a CodeBuild project': ({ reader, repository }) => new codebuild.Project(reader, 'Project', {
    buildSpec, environment: { buildImage: codebuild.LinuxBuildImage.fromEcrRepository(repository, 'v1') },
  }),
  'EcrSourceAction': ({ reader, repository }) => new codepipeline.Pipeline(reader, 'Pipeline', {
    stages: [
      { stageName: 'Source', actions: [new actions.EcrSourceAction({ actionName: 'Image', repository, output: new codepipeline.Artifact() })] },
      { stageName: 'Approve', actions: [new actions.ManualApprovalAction({ actionName: 'Approve' })] },
    ],
  }),
};

const OF_ANY_OTHER: { [reader: string]: (read: Read) => unknown } = {
  'the URI of a cache': ({ reader, stack }) => new CfnOutput(reader, 'Out', { value: cacheIn(stack).imageUri('nginx/nginx') }),
  'a task with an image of a cache': ({ reader, stack }) => new ecs.FargateTaskDefinition(reader, 'Task').addContainer('nginx', { image: cacheIn(stack).containerImage('nginx/nginx') }),
  'the name of a public repository': ({ reader, stack }) => {
    const north = new Stack(stack.node.scope, 'North', { env: { ...env, region: 'us-east-1' } });
    return new CfnOutput(reader, 'Out', { value: new secure.PublicRepository(north, 'Public', { repositoryName: 'api' }).publicRepositoryName });
  },
  'the grants of a public repository': ({ reader, stack }) => {
    const north = new Stack(stack.node.scope, 'North', { env: { ...env, region: 'us-east-1' } });
    return new secure.PublicRepository(north, 'Public', { repositoryName: 'api' }).grants.push(roleIn(reader));
  },
};

const REFUSED: { [reader: string]: [(read: Read) => unknown, string] } = {
  'a key': [
    ({ reader, stack }) => new secure.SecureRepository(reader, 'Repository', { encryption: secure.RepositoryEncryption.customerManagedKey(new kms.Key(stack, 'Key')) }),
    "'encryption' must be in the stage of",
  ],
  'a VPC': [({ reader, stack }) => new secure.EcrVpcEndpoints(reader, 'Endpoints', { vpc: new ec2.Vpc(stack, 'Vpc') }), "'vpc' must be in the stage of"],
  'a role': [({ reader, stack }) => new secure.PullTimeExclusions(reader, 'Exclusions', { roles: [roleIn(stack)] }), "'roles[0]' must be in the stage of"],
  'a signing profile': [({ reader, stack }) => new secure.ImageSigning(stack, 'Signing').grants.sign(roleIn(reader)), 'is in another account, Region or stage'],
  'the target of onImagePushed': [({ reader, repository }) => repository.onImagePushed('On', { target: topicIn(reader) }), "'target' must be in the stage of"],
  'the target of onEvent': [({ reader, repository }) => repository.onEvent('On', { target: topicIn(reader) }), "'target' must be in the stage of"],
  'the target of onCloudTrailImagePushed': [({ reader, repository }) => repository.onCloudTrailImagePushed('On', { target: topicIn(reader) }), "'target' must be in the stage of"],
  'the target of onImageScanCompleted': [({ reader, repository }) => repository.onImageScanCompleted('On', { target: topicIn(reader) }), "'target' must be in the stage of"],
  'the target of ScanFindings': [({ reader, stack }) => new secure.ScanFindings(stack, 'Findings', { targets: [topicIn(reader)] }), "'target' must be in the stage of"],
  'the target of onSyncFailed': [({ reader, stack }) => cacheIn(stack).onSyncFailed('On', { target: topicIn(reader) }), "'target' must be in the stage of"],
};

function cacheIn(stack: Stack): secure.PullThroughCache {
  return new secure.PullThroughCache(stack, 'Cache', { upstream: secure.UpstreamRegistry.ECR_PUBLIC });
}

/** An app in which something of the stage Prod is read by a stack of the app, of another stage, or of the same stage. */
function synthesize(read: (it: Read) => unknown, where: 'app' | 'stage' | 'same stage', repositoryName?: string): string {
  const app = new App({ analyticsReporting: false });
  const prod = new Stage(app, 'Prod', { env });
  const stack = new Stack(prod, 'Registry');
  const repository = new secure.SecureRepository(stack, 'Repository', { repositoryName });
  const reader = new Stack(where === 'app' ? app : where === 'stage' ? new Stage(app, 'Dev', { env }) : prod, 'Reader', { env });
  read({ reader, repository, stack });
  app.synth();
  return JSON.stringify(Template.fromStack(reader).toJSON());
}

describe.each(Object.entries(OF_A_REPOSITORY))('%s', (_, read) => {
  test.each(['app', 'stage'] as const)('uses the name of a repository of another stage, in the %s', where => {
    const template = synthesize(read, where, NAME);

    expect(template).toContain(NAME);
    expect(template).not.toContain('Fn::ImportValue');
  });

  test('uses a reference in the same stage', () => {
    expect(synthesize(read, 'same stage')).toContain('Fn::ImportValue');
  });

  test('asks for the name of a repository of another stage', () => {
    const message = messageOf(() => synthesize(read, 'app'));

    expect(message).toContain("'repositoryName' must be known now on 'Prod/Registry/Repository', because 'Reader' of another stage refers to it, got none; set a name");
    expect(message.match(/must be known/g)).toHaveLength(1);
    expect(message).not.toContain('Resolution error');
  });
});

test.each(Object.entries(OF_ANY_OTHER))('%s can be in another stage', (_, read) => {
  expect(() => synthesize(read, 'app')).not.toThrow();
});

test.each(Object.entries(REFUSED))('%s must not be in another stage', (_, [read, message]) => {
  expect(() => synthesize(read, 'stage')).toThrow(message);
});

test.each(Object.entries(REFUSED).filter(([, [, message]]) => message.includes('the stage of')))('%s can be in the same stage', (_, [read]) => {
  expect(() => synthesize(read, 'same stage', NAME)).not.toThrow();
});

test('a key, a role and a VPC can be imported into the stage', () => {
  expect(() => synthesize(({ reader, stack }) => {
    new secure.SecureRepository(reader, 'Repository', {
      encryption: secure.RepositoryEncryption.customerManagedKey(kms.Key.fromKeyArn(stack, 'Key', `arn:aws:kms:${env.region}:${env.account}:key/11111111-2222-3333-4444-555555555555`)),
    });
  }, 'stage')).not.toThrow();
});

test.each(['us-east-1', env.region])('a name that the CDK would generate is unknown in another stage, as in %s', region => {
  const app = new App({ analyticsReporting: false });
  const repository = new secure.SecureRepository(new Stack(new Stage(app, 'Prod', { env }), 'Registry'), 'Repository', { repositoryName: PhysicalName.GENERATE_IF_NEEDED });
  new CfnOutput(new Stack(app, 'Reader', { env: { ...env, region } }), 'Out', { value: repository.repositoryArn });

  expect(() => app.synth()).toThrow("'repositoryName' must be known now on 'Prod/Registry/Repository'");
});
