import { CfnOutput, Stack, Stage } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import {
  CiPushRole, CiSubject, EcrVpcEndpoints, ImageSigning, PullThroughCache, PullTimeExclusions, RegistryScanning, ReplicationDestination,
  ReplicationSetup,
  ReplicationSource, ReplicationTarget, RepositoryEncryption, ScanGate, ScanType, SecureRepository, UpstreamRegistry, LifecyclePolicy,
} from '../../lib';
import { another, CONSUMER, type Mistake, OWNER, REGION } from './mistake';

const ACROSS = 'nothing is deployed: the CDK stops with an error about dependencies between stages, which names no prop';
const env = { account: OWNER, region: REGION };

/** A stack of another stage, which the same pipeline deploys. */
const staged = (stack: Stack): Stack => new Stack(new Stage(stack.node.root, 'Prod', { env }), 'Registry');
const abroad = (stack: Stack): Stack => new Stack(stack.node.root, 'Abroad', { env: { account: CONSUMER, region: REGION } });
const roleIn = (scope: Stack): iam.Role => new iam.Role(scope, 'Role', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') });
const topicIn = (scope: Stack): targets.SnsTopic => new targets.SnsTopic(new sns.Topic(scope, 'Topic'));
const named = (scope: Stack): SecureRepository => new SecureRepository(scope, 'Api', { repositoryName: 'prod/api' });
const task = (scope: Stack, image: string): unknown => new ecs.FargateTaskDefinition(scope, 'Task').addContainer('nginx', {
  image: ecs.ContainerImage.fromRegistry(image), logging: ecs.LogDriver.awsLogs({ streamPrefix: 'nginx' }),
});
const subjects = [CiSubject.github({ owner: 'acme', ownerId: '12', repo: 'api', repoId: '34', branches: ['main'] })];
const replicates = (stack: Stack, repositoryPrefixes?: string[]): ReplicationSetup => new ReplicationSetup(stack, 'Replication', {
  rules: [{ destinations: [ReplicationTarget.account(CONSUMER, REGION)], repositoryPrefixes }],
});
const rules = (stack: Stack, filter?: string): unknown => new ecr.CfnReplicationConfiguration(stack, 'Replication', {
  replicationConfiguration: {
    rules: [{ destinations: [{ region: REGION, registryId: CONSUMER }], ...filter ? { repositoryFilters: [{ filter, filterType: 'PREFIX_MATCH' }] } : {} }],
  },
});

/** Constructs and stages that do not fit together, each of them right by itself. */
export const PAIR_MISTAKES: Mistake[] = [
  {
    mistake: 'a repository without a name that another stage refers to',
    atAws: ACROSS,
    names: "'repositoryName'",
    ours: stack => new CfnOutput(stack, 'Out', { value: new SecureRepository(staged(stack), 'Api').repositoryArn }),
    core: stack => new CfnOutput(stack, 'Out', { value: new ecr.Repository(staged(stack), 'Api').repositoryArn }),
  },
  {
    mistake: 'an event of a repository for a target in another stage',
    atAws: ACROSS,
    names: "'target'",
    ours: stack => named(staged(stack)).onImagePushed('On', { target: topicIn(stack) }),
    core: stack => new ecr.Repository(staged(stack), 'Api').onEvent('On', { target: topicIn(stack) }),
  },
  {
    mistake: 'a key of another stage',
    atAws: ACROSS,
    names: "'encryption'",
    ours: stack => new SecureRepository(stack, 'Api', { encryption: RepositoryEncryption.customerManagedKey(new kms.Key(staged(stack), 'Key')) }),
    core: stack => new ecr.Repository(stack, 'Api', { encryptionKey: new kms.Key(staged(stack), 'Key') }),
  },
  {
    mistake: 'a VPC of another stage',
    atAws: ACROSS,
    names: "'vpc'",
    ours: stack => new EcrVpcEndpoints(stack, 'Endpoints', { vpc: new ec2.Vpc(staged(stack), 'Vpc') }),
    core: stack => new ec2.InterfaceVpcEndpoint(stack, 'Endpoint', { vpc: new ec2.Vpc(staged(stack), 'Vpc'), service: ec2.InterfaceVpcEndpointAwsService.ECR }),
  },
  {
    mistake: 'a scanner role of another stage',
    atAws: ACROSS,
    names: "'roles[0]'",
    ours: stack => new PullTimeExclusions(stack, 'Exclusions', { roles: [roleIn(staged(stack))] }),
    core: stack => new ecr.CfnPullTimeUpdateExclusion(stack, 'Exclusion', { principalArn: roleIn(staged(stack)).roleArn }),
  },
  {
    mistake: 'a task with an image of a cache, without the permission to import it',
    atAws: 'the task does not start until somebody else has pulled the image',
    names: 'PullThroughCache.taskWithoutGrant',
    ours: stack => task(stack, new PullThroughCache(stack, 'Cache', { upstream: UpstreamRegistry.ECR_PUBLIC }).imageUri('nginx/nginx')),
    core: stack => {
      new ecr.CfnPullThroughCacheRule(stack, 'Rule', { ecrRepositoryPrefix: 'ecr-public', upstreamRegistryUrl: 'public.ecr.aws' });
      task(stack, `${OWNER}.dkr.ecr.${REGION}.amazonaws.com/ecr-public/nginx/nginx`);
    },
  },
  {
    mistake: 'a grant with an action that does not exist',
    atAws: 'the permission has no effect',
    names: 'RepositoryGrants.unknownAction',
    ours: stack => named(stack).grants.actions(roleIn(stack), ['ecr:FoldImage']),
    core: stack => new ecr.Repository(stack, 'Api').grant(roleIn(stack), 'ecr:FoldImage'),
  },
  {
    mistake: 'a grant with a misspelled action',
    atAws: 'the permission has no effect',
    names: "'actions'",
    ours: stack => named(stack).grants.actions(roleIn(stack), ['ecr:BatchGetImages']),
    core: stack => new ecr.Repository(stack, 'Api').grant(roleIn(stack), 'ecr:BatchGetImages'),
  },
  {
    mistake: 'tags that move at the source and not at the replicas',
    atAws: 'images whose tags move arrive without them',
    names: 'ReplicationDestination.movingTags',
    ours: stack => {
      new SecureRepository(stack, 'Api', { repositoryName: 'prod/api', mutableTags: ['latest'] });
      new ReplicationDestination(abroad(stack), 'Destination', { sources: [ReplicationSource.setup(replicates(stack))] });
    },
    core: stack => {
      new ecr.Repository(stack, 'Api', { repositoryName: 'prod/api' });
      rules(stack);
      new ecr.CfnRepositoryCreationTemplate(abroad(stack), 'Template', { prefix: 'ROOT', appliedFor: ['REPLICATION'], imageTagMutability: 'IMMUTABLE' });
    },
  },
  {
    mistake: 'replicas that expire before their originals',
    atAws: 'a failover finds fewer releases than the source has',
    names: 'ReplicationDestination.otherLifecycle',
    ours: stack => {
      new SecureRepository(stack, 'Api', { repositoryName: 'prod/api', lifecycle: LifecyclePolicy.production() });
      new ReplicationDestination(abroad(stack), 'Destination', { sources: [ReplicationSource.setup(replicates(stack))] });
    },
    core: stack => {
      new ecr.Repository(stack, 'Api', { repositoryName: 'prod/api', lifecycleRules: [{ tagPrefixList: ['release-'], maxImageCount: 500 }] });
      rules(stack);
      new ecr.CfnRepositoryCreationTemplate(abroad(stack), 'Template', { prefix: 'ROOT', appliedFor: ['REPLICATION'], lifecyclePolicy: LifecyclePolicy.keepLatest(5).toJson() });
    },
  },
  {
    mistake: 'a replication to an account of the app that does not allow it',
    atAws: 'nothing is replicated',
    names: 'ReplicationSetup.noDestination',
    ours: stack => {
      abroad(stack);
      replicates(stack);
    },
    core: stack => {
      abroad(stack);
      rules(stack);
    },
  },
  {
    mistake: 'a replication whose prefix begins no repository of the app',
    atAws: 'nothing is replicated',
    names: 'ReplicationSetup.prefixWithoutRepository',
    ours: stack => {
      new SecureRepository(stack, 'Api', { repositoryName: 'production/api' });
      replicates(stack, ['prod/']);
    },
    core: stack => {
      new ecr.Repository(stack, 'Api', { repositoryName: 'production/api' });
      rules(stack, 'prod/');
    },
  },
  {
    mistake: 'pushes of a role that may not sign, where images are signed',
    atAws: 'the images have no signature, and deployments that verify them fail',
    names: 'CiPushRole.unsignedPushes',
    ours: stack => {
      new ImageSigning(stack, 'Signing');
      new CiPushRole(stack, 'Ci', { repositories: [named(stack)], subjects });
    },
    core: stack => {
      new ecr.CfnSigningConfiguration(stack, 'Signing', { rules: [{ signingProfileArn: `arn:aws:signer:${REGION}:${OWNER}:/signing-profiles/images` }] });
      new ecr.Repository(stack, 'Api').grantPush(roleIn(stack));
    },
  },
  {
    mistake: 'pushes to new repositories below a prefix without a creation template',
    atAws: 'the push fails: RepositoryNotFoundException',
    names: 'CiPushRole.noTemplate',
    ours: stack => new CiPushRole(stack, 'Ci', { createOnPushPrefixes: ['team'], subjects }),
    core: stack => roleIn(stack).addToPolicy(new iam.PolicyStatement({ actions: ['ecr:CreateRepository'], resources: [`arn:aws:ecr:${REGION}:${OWNER}:repository/team/*`] })),
  },
  {
    mistake: 'a gate for a repository that nothing scans',
    atAws: 'no image ever passes',
    names: 'SecureRepository.neverScanned',
    ours: stack => new ScanGate({ repository: new SecureRepository(stack, 'Api', { scanOnPush: false }) }),
    core: stack => new ecr.Repository(stack, 'Api', { imageScanOnPush: false }).onImageScanCompleted('On', { target: topicIn(stack) }),
  },
  {
    mistake: 'a gate that starts scans, where the registry has enhanced scanning',
    atAws: 'StartImageScan: ValidationException',
    names: 'ScanGate.startScanWithEnhanced',
    ours: stack => {
      new RegistryScanning(stack, 'Scanning', { scanType: ScanType.ENHANCED, continuousScan: ['*'] });
      new ScanGate({ repository: named(stack), missingScan: 'START_SCAN' as never });
    },
    core: stack => {
      new ecr.CfnRegistryScanningConfiguration(stack, 'Scanning', { scanType: 'ENHANCED', rules: [{ scanFrequency: 'CONTINUOUS_SCAN', repositoryFilters: [{ filter: '*', filterType: 'WILDCARD' }] }] });
      roleIn(stack).addToPolicy(new iam.PolicyStatement({ actions: ['ecr:StartImageScan'], resources: [new ecr.Repository(stack, 'Api').repositoryArn] }));
    },
  },
  {
    mistake: 'two repositories of one name in two stacks of one account and Region',
    atAws: 'the second deployment fails: RepositoryAlreadyExistsException',
    names: "'Stack/Api' and 'Other/Api'",
    ours: stack => [named(stack), named(another(stack))],
    core: stack => [stack, another(stack)].map(scope => new ecr.Repository(scope, 'Api', { repositoryName: 'prod/api' })),
  },
];
