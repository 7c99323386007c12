/**
 * Valid but unusual configurations, written from the pages of AWS and not from the rules of this library: none is an error or a warning, with
 * the constructs or as a template.
 */
import { App, Aws, Duration, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import {
  CiPushRole, CiSubject, CrossAccountPull, EcrChecks, EcrVpcEndpoints, ImageSelection, ImageSigning, LifecyclePolicy, LifecycleRule, PublicRepository,
  PullConsumer, PullThroughCache, PullTimeExclusions, RegistryPolicy, RegistryScanning, ReplicationDestination, ReplicationSetup, ReplicationSource,
  ReplicationTarget, RepositoryEncryption, RepositoryTemplate, ScanFindings, ScanType, SecureRepository, TemplateUse, UpstreamRegistry,
} from '../lib';
import { ENVIRONMENT } from './environment';

const { account: OWN, region: REGION } = ENVIRONMENT;
const OTHER = '444455556666';
const ORGANIZATION = 'o-a1b2c3d4e5';
const KEY = `arn:aws:kms:${REGION}:${OWN}:key/11111111-2222-3333-4444-555555555555`;
const MRK = `arn:aws:kms:${REGION}:${OWN}:key/mrk-1234abcd12ab34cd56ef1234567890ab`;

const rule = (rulePriority: number, selection: object, type = 'expire'): object => ({
  rulePriority, selection, action: type === 'expire' ? { type } : { type, targetStorageClass: 'archive' },
});
const untagged = (rulePriority: number): object => rule(rulePriority, { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 1 });
const newest = (rulePriority: number): object => rule(rulePriority, { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 500 });
const text = (...rules: object[]): string => JSON.stringify({ rules });

const SETTINGS = {
  ImageTagMutability: 'IMMUTABLE',
  ImageScanningConfiguration: { ScanOnPush: true },
  EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: KEY },
  LifecyclePolicy: { LifecyclePolicyText: text(untagged(1), newest(2)) },
};
const repository = (properties: object, rest: object = {}): object => ({ Resources: { Api: { Type: 'AWS::ECR::Repository', Properties: { ...SETTINGS, ...properties } } }, ...rest });
const allow = (Principal: unknown, Condition?: object, Action: unknown = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']): object => ({
  RepositoryPolicyText: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal, Action, ...Condition ? { Condition } : {} }] },
});
const one = (Type: string, Properties: object): object => ({ Resources: { It: { Type, Properties } } });
const role = (...Statement: object[]): object => one('AWS::IAM::Role', {
  AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' }] },
  Policies: [{ PolicyName: 'pull', PolicyDocument: { Version: '2012-10-17', Statement } }],
});

const TEMPLATES: { [what: string]: object } = {
  // API_CreateRepository: names
  'a name that begins with a digit': repository({ RepositoryName: '7zip/tools' }),
  'a name with a double underscore': repository({ RepositoryName: 'team__a/api' }),
  'a name with a run of hyphens': repository({ RepositoryName: 'a---b' }),
  'a name with dots': repository({ RepositoryName: 'example.com/api' }),
  'a name of two characters': repository({ RepositoryName: 'ab' }),
  'a name with nine namespaces': repository({ RepositoryName: 'a/b/c/d/e/f/g/h/i' }),
  'a name of a variable': repository({ RepositoryName: { 'Fn::Sub': '${AWS::StackName}/api' } }),
  // encryption-at-rest
  'a multi-Region key': repository({ EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: MRK } }),
  'an alias of a key': repository({ EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: 'alias/images' } }),
  'an alias of a key as an ARN': repository({ EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: `arn:aws:kms:${REGION}:${OWN}:alias/images` } }),
  'the id of a key': repository({ EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: '11111111-2222-3333-4444-555555555555' } }),
  'a key of another stack': repository({ EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: { 'Fn::ImportValue': 'images-key' } } }),
  // image-tag-mutability
  'five tags that move': repository({
    ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
    ImageTagMutabilityExclusionFilters: ['latest', 'dev-*', '*-rc', 'a*b', 'canary'].map(value => ({ ImageTagMutabilityExclusionFilterType: 'WILDCARD', ImageTagMutabilityExclusionFilterValue: value })),
  }),
  'immutable in both branches': repository({ ImageTagMutability: { 'Fn::If': ['IsProd', 'IMMUTABLE', 'IMMUTABLE'] } }, { Conditions: { IsProd: { 'Fn::Equals': ['a', 'b'] } } }),
  // lifecycle_policy_examples
  'a chain to the archive': repository({
    LifecyclePolicy: {
      LifecyclePolicyText: text(
        rule(1, { tagStatus: 'tagged', tagPatternList: ['prod*'], countType: 'imageCountMoreThan', countNumber: 100 }), untagged(2), newest(3),
      ),
    },
  }),
  'priorities with gaps and out of order': repository({ LifecyclePolicy: { LifecyclePolicyText: text(newest(900), untagged(10)) } }),
  'a policy with a description': repository({ LifecyclePolicy: { LifecyclePolicyText: JSON.stringify({ rules: [{ ...untagged(1), description: 'Untagged images – old ones' }, newest(2)] }) } }),
  'an indented policy': repository({ LifecyclePolicy: { LifecyclePolicyText: JSON.stringify({ rules: [untagged(1), newest(2)] }, null, 4) } }),
  'a registry id beside the policy': repository({ LifecyclePolicy: { LifecyclePolicyText: text(untagged(1), newest(2)), RegistryId: OWN } }),
  'a policy of a parameter': repository({ LifecyclePolicy: { LifecyclePolicyText: { Ref: 'Policy' } } }, { Parameters: { Policy: { Type: 'String' } } }),
  // repository-policy-examples
  'an account by its id': repository(allow({ AWS: OTHER })),
  'several accounts and a role': repository(allow({ AWS: [`arn:aws:iam::${OTHER}:root`, `arn:aws:iam::${OTHER}:role/path/to/deploy`] })),
  'an organization': repository(allow('*', { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } })),
  'an organizational unit': repository(allow({ AWS: '*' }, { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': [`${ORGANIZATION}/r-ab12/ou-ab12-11111111/*`] } })),
  'the organization of the repository': repository(allow('*', { StringEquals: { 'aws:ResourceOrgID': '${aws:PrincipalOrgID}' } })),
  'key names in another case': repository(allow('*', { StringEquals: { 'AWS:principalorgid': ORGANIZATION } })),
  'a VPC endpoint': repository(allow('*', { StringEquals: { 'aws:SourceVpce': 'vpce-0123456789abcdef0' } })),
  'roles of an account by a pattern': repository(allow({ AWS: OTHER }, { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${OTHER}:role/deploy-*` } })),
  'AWS Lambda of another account': repository({
    RepositoryPolicyText: {
      Version: '2012-10-17',
      Statement: [
        { Sid: 'CrossAccountPermission', Effect: 'Allow', Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], Principal: { AWS: `arn:aws:iam::${OTHER}:root` } },
        {
          Sid: 'LambdaECRImageCrossAccountRetrievalPolicy', Effect: 'Allow', Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], Principal: { Service: 'lambda.amazonaws.com' },
          Condition: { StringLike: { 'aws:sourceARN': `arn:aws:lambda:${REGION}:${OTHER}:function:*` } },
        },
      ],
    },
  }),
  'AWS CodeBuild': repository(allow({ Service: 'codebuild.amazonaws.com' }, {
    ArnLike: { 'aws:SourceArn': `arn:aws:codebuild:${REGION}:${OWN}:project/api` }, StringEquals: { 'aws:SourceAccount': OWN },
  })),
  'a Deny without TLS': repository({
    RepositoryPolicyText: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Principal: '*', Action: ['ecr:PutImage', 'ecr:BatchGetImage'], Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
    },
  }),
  'an Allow that a Deny of other organizations closes': repository({
    RepositoryPolicyText: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: OTHER }, Action: 'ecr:BatchGetImage' },
        { Effect: 'Deny', Principal: '*', Action: 'ecr:BatchGetImage', Condition: { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': ORGANIZATION }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } } },
      ],
    },
  }),
  'a policy as text': repository({ RepositoryPolicyText: JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: OTHER }, Action: 'ecr:BatchGetImage' }] }) }),
  // image-push-iam, security_iam_id-based-policy-examples
  'a login beside pulls of one repository': role(
    { Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
    { Effect: 'Allow', Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchCheckLayerAvailability'], Resource: { 'Fn::Sub': 'arn:${AWS::Partition}:ecr:${AWS::Region}:${AWS::AccountId}:repository/api' } },
  ),
  'repositories by a tag': role({ Effect: 'Allow', Action: ['ecr:PutImage'], Resource: '*', Condition: { StringEquals: { 'aws:ResourceTag/team': 'payments' } } }),
  'the registry read on everything': role({ Effect: 'Allow', Action: ['ecr:DescribeRegistry', 'ecr:DescribePullThroughCacheRules', 'ecr:GetRegistryPolicy'], Resource: '*' }),
  'a Deny of deletions on everything': role({ Effect: 'Deny', Action: ['ecr:DeleteRepository', 'ecr:BatchDeleteImage'], Resource: '*' }),
  'the policy of another service': role({ Effect: 'Allow', Action: ['logs:*'], Resource: '*' }),
  'the managed policy for pulls': one('AWS::IAM::Role', {
    AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] }, ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly'],
  }),
  // registry-permissions, replication, scanning, signing
  'replication from another account': one('AWS::ECR::RegistryPolicy', {
    PolicyText: {
      Version: '2012-10-17',
      Statement: [{ Sid: 'Replication', Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${OTHER}:root` }, Action: ['ecr:CreateRepository', 'ecr:ReplicateImage'], Resource: [`arn:aws:ecr:${REGION}:${OWN}:repository/prod/*`] }],
    },
  }),
  'replication to two Regions and an account': one('AWS::ECR::ReplicationConfiguration', {
    ReplicationConfiguration: {
      Rules: [
        { Destinations: [{ Region: 'eu-central-1', RegistryId: OWN }, { Region: REGION, RegistryId: OTHER }], RepositoryFilters: [{ Filter: 'prod-', FilterType: 'PREFIX_MATCH' }] },
        { Destinations: [{ Region: 'us-east-1', RegistryId: OWN }] },
      ],
    },
  }),
  'both frequencies of enhanced scanning': one('AWS::ECR::RegistryScanningConfiguration', {
    ScanType: 'ENHANCED',
    Rules: [
      { ScanFrequency: 'CONTINUOUS_SCAN', RepositoryFilters: [{ Filter: 'prod', FilterType: 'WILDCARD' }] },
      { ScanFrequency: 'SCAN_ON_PUSH', RepositoryFilters: [{ Filter: '*', FilterType: 'WILDCARD' }] },
    ],
  }),
  'signing with a profile of another account': one('AWS::ECR::SigningConfiguration', {
    Rules: [{ SigningProfileArn: `arn:aws:signer:${REGION}:${OTHER}:/signing-profiles/images`, RepositoryFilters: [{ Filter: 'prod*', FilterType: 'WILDCARD_MATCH' }] }],
  }),
  'an exclusion of a role with a path': one('AWS::ECR::PullTimeUpdateExclusion', { PrincipalArn: `arn:aws:iam::${OWN}:role/security/scanner` }),
  // pull-through-cache, repository-creation-templates
  'a cache with a slash after its prefix, and its template': {
    Resources: {
      Cache: { Type: 'AWS::ECR::PullThroughCacheRule', Properties: { EcrRepositoryPrefix: 'quay', UpstreamRegistryUrl: 'quay.io', UpstreamRegistry: 'quay' } },
      Template: {
        Type: 'AWS::ECR::RepositoryCreationTemplate',
        Properties: {
          Prefix: 'quay/', AppliedFor: ['PULL_THROUGH_CACHE'], LifecyclePolicy: text(untagged(1), newest(2)), ImageTagMutability: 'MUTABLE',
          EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: KEY }, CustomRoleArn: `arn:aws:iam::${OWN}:role/templates`,
        },
      },
    },
  },
  'a template for pushes, ROOT': one('AWS::ECR::RepositoryCreationTemplate', {
    Prefix: 'ROOT', AppliedFor: ['CREATE_ON_PUSH', 'REPLICATION'], LifecyclePolicy: text(untagged(1), newest(2)), ImageTagMutability: 'IMMUTABLE',
    EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: KEY }, CustomRoleArn: `arn:aws:iam::${OWN}:role/templates`, ResourceTags: [{ Key: 'team', Value: '' }],
  }),
  // public-repositories
  'a public repository with a push of another account': one('AWS::ECR::PublicRepository', {
    RepositoryName: 'api', RepositoryPolicyText: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${OTHER}:root` }, Action: ['ecr-public:PutImage', 'ecr-public:InitiateLayerUpload'] }] },
  }),
  // CloudFormation
  'no resource of Amazon ECR': one('AWS::S3::Bucket', {}),
  'properties of a macro': { Transform: 'Company', Resources: { Api: { Type: 'AWS::ECR::Repository', Properties: { ...SETTINGS, 'Fn::Transform': { Name: 'Company' } } } } },
  'two repositories of one name that exclude each other': {
    Conditions: { A: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, REGION] }, B: { 'Fn::Not': [{ Condition: 'A' }] } },
    Resources: {
      One: { Type: 'AWS::ECR::Repository', Condition: 'A', Properties: { ...SETTINGS, RepositoryName: 'api' } },
      Two: { Type: 'AWS::ECR::Repository', Condition: 'B', Properties: { ...SETTINGS, RepositoryName: 'api' } },
    },
  },
};

test.each(Object.entries(TEMPLATES))('the template: %s', (_, template) => {
  const region = JSON.stringify(template).includes('AWS::ECR::PublicRepository') ? 'us-east-1' : REGION;
  expect(new EcrChecks().findingsIn([{ template, account: OWN, region }])
    .map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([]);
});

const NAMED = { repositoryName: 'team/api' };
const github = (rest: object = {}): CiSubject => CiSubject.github({ owner: 'acme', ownerId: '12', repo: 'api', repoId: '34', branches: ['main'], ...rest });

const CONSTRUCTS: { [what: string]: (stack: Stack) => unknown } = {
  'a name with a double underscore and a run of hyphens': stack => new SecureRepository(stack, 'It', { repositoryName: 'team__a/b---c' }),
  'a name of the Region': stack => new SecureRepository(stack, 'It', { repositoryName: `team/${Aws.REGION}` }),
  'a name of an exported value': stack => new SecureRepository(stack, 'It', { repositoryName: Fn.importValue('name') }),
  'signatures that move': stack => new SecureRepository(stack, 'It', { mutableTags: ['sha256-*'] }),
  'five tags that move': stack => new SecureRepository(stack, 'It', { mutableTags: ['latest', 'dev-*', '*-rc', 'a*b', 'canary'] }),
  'a repository for tests': stack => new SecureRepository(stack, 'It', { removalPolicy: RemovalPolicy.DESTROY, emptyOnDelete: true }),
  'a multi-Region key': stack => new SecureRepository(stack, 'It', { encryption: RepositoryEncryption.customerManagedKey(kms.Key.fromKeyArn(stack, 'Key', MRK)) }),
  'a production policy': stack => new SecureRepository(stack, 'It', { lifecycle: LifecyclePolicy.production() }),
  'rules of two namespaces of tags': stack => new SecureRepository(stack, 'It', {
    lifecycle: LifecyclePolicy.of(
      LifecycleRule.expire({ images: ImageSelection.tagPattern('pr-*'), olderThan: Duration.days(14) }),
      LifecycleRule.expire({ images: ImageSelection.UNTAGGED, olderThan: Duration.days(1) }),
    ),
  }),
  'a pull by an account': stack => new SecureRepository(stack, 'It', NAMED).grants.pull(new iam.AccountPrincipal(OTHER)),
  'a pull by an organization': stack => new SecureRepository(stack, 'It', NAMED).grants.pull(new iam.OrganizationPrincipal(ORGANIZATION)),
  'a Deny without TLS': stack => new SecureRepository(stack, 'It', NAMED).addToResourcePolicy(new iam.PolicyStatement({
    effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['ecr:PutImage'], conditions: { Bool: { 'aws:SecureTransport': 'false' } },
  })),
  'the organization of the repository': stack => new SecureRepository(stack, 'It', NAMED).addToResourcePolicy(new iam.PolicyStatement({
    principals: [new iam.AnyPrincipal()], actions: ['ecr:BatchGetImage'], conditions: { StringEquals: { 'aws:ResourceOrgID': '${aws:PrincipalOrgID}' } },
  })),
  'a role that a boundary limits': stack => new SecureRepository(stack, 'It', NAMED).grants.push(new iam.Role(stack, 'Role', {
    assumedBy: new iam.ServicePrincipal('codebuild.amazonaws.com'), path: '/ci/', permissionsBoundary: iam.ManagedPolicy.fromManagedPolicyArn(stack, 'Boundary', `arn:aws:iam::${OWN}:policy/boundary`),
  })),
  'shares with an organizational unit': stack => new CrossAccountPull(stack, 'It', {
    repositories: [new SecureRepository(stack, 'Api', NAMED)], consumers: [PullConsumer.organizationalUnit(`${ORGANIZATION}/r-ab12/ou-ab12-11111111`)],
  }),
  'pushes of an environment and a branch': stack => new CiPushRole(stack, 'It', { repositories: [new SecureRepository(stack, 'Api', NAMED)], subjects: [github()] }),
  'pushes of tags': stack => new CiPushRole(stack, 'It', { repositories: [new SecureRepository(stack, 'Api', NAMED)], subjects: [github({ branches: undefined, tags: ['v*'] })] }),
  'replication to a Region': stack => new ReplicationSetup(stack, 'It', { rules: [{ destinations: [ReplicationTarget.region('eu-central-1')] }] }),
  'replication of one namespace': stack => new ReplicationSetup(stack, 'It', { rules: [{ destinations: [ReplicationTarget.account(OTHER, REGION)], repositoryPrefixes: ['prod/'] }] }),
  'replicas of an account': stack => new ReplicationDestination(stack, 'It', { sources: [ReplicationSource.account(OTHER)] }),
  'replicas of a namespace': stack => new ReplicationDestination(stack, 'It', { sources: [ReplicationSource.account(OTHER, ['prod/'])] }),
  'a template for pushes': stack => new RepositoryTemplate(stack, 'It', { prefix: 'team', appliedFor: [TemplateUse.CREATE_ON_PUSH] }),
  'a template for everything': stack => new RepositoryTemplate(stack, 'It', { prefix: 'ROOT', appliedFor: [TemplateUse.CREATE_ON_PUSH, TemplateUse.REPLICATION] }),
  'a cache of a part of an upstream': stack => new PullThroughCache(stack, 'It', { upstream: UpstreamRegistry.QUAY, prefix: 'tools', upstreamRepositoryPrefix: 'prometheus' }),
  'a cache with a secret that exists': stack => new PullThroughCache(stack, 'It', {
    upstream: UpstreamRegistry.DOCKER_HUB,
    credentials: secretsmanager.Secret.fromSecretCompleteArn(stack, 'Secret', `arn:aws:secretsmanager:${REGION}:${OWN}:secret:ecr-pullthroughcache/docker-hub-AbCdEf`),
  }),
  'a cache of another Region': stack => new PullThroughCache(stack, 'It', { upstream: UpstreamRegistry.ecr({ account: OWN, region: 'us-east-1' }), prefix: 'mirror' }),
  'a registry policy for a namespace': stack => new RegistryPolicy(stack, 'It', {
    statements: [new iam.PolicyStatement({ principals: [new iam.AccountPrincipal(OTHER)], actions: ['ecr:BatchGetImage'], resources: [`arn:aws:ecr:${REGION}:${OWN}:repository/shared/*`] })],
  }),
  'enhanced scanning': stack => new RegistryScanning(stack, 'It', { scanType: ScanType.ENHANCED, continuousScan: ['*'] }),
  'findings of the registry': stack => new ScanFindings(stack, 'It'),
  'signing of everything': stack => new ImageSigning(stack, 'It'),
  'exclusions of a role with a path': stack => new PullTimeExclusions(stack, 'It', { roles: [iam.Role.fromRoleArn(stack, 'Role', `arn:aws:iam::${OWN}:role/security/scanner`)] }),
  'a public repository': stack => new PublicRepository(new Stack(stack.node.root, 'North', { env: { account: OWN, region: 'us-east-1' } }), 'It', { repositoryName: 'api', architectures: ['ARM 64', 'x86-64'] }),
  'endpoints of isolated subnets': stack => new EcrVpcEndpoints(stack, 'It', {
    vpc: new ec2.Vpc(stack, 'Vpc', { natGateways: 0, subnetConfiguration: [{ name: 'isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }] }),
  }),
};

test.each(Object.entries(CONSTRUCTS))('the constructs: %s', (_, make) => {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'Stack', { env: ENVIRONMENT });
  make(stack);

  const messages = app.synth().stacks.flatMap(it => it.messages).map(({ entry }) => entry.data);
  const { violations } = new EcrChecks().validateScope(app);
  expect([...messages, ...violations.map(({ ruleName, description }) => `${ruleName}: ${description}`)]).toEqual([]);
});

test('are at least 60', () => {
  expect(Object.keys(TEMPLATES).length + Object.keys(CONSTRUCTS).length).toBeGreaterThanOrEqual(60);
});
