import { CfnOutput, SecretValue, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { PullThroughCache, type PullThroughCacheProps, UpstreamRegistry } from '../../lib';
import { CONSUMER, type Mistake, OWNER, REGION } from './mistake';

const REFUSED = 'CreatePullThroughCacheRule: InvalidParameterException';
const { DOCKER_HUB, ECR_PUBLIC, KUBERNETES } = UpstreamRegistry;

type L1 = ecr.CfnPullThroughCacheRuleProps;
const rule = (stack: Stack, props: L1, id = 'Rule'): ecr.CfnPullThroughCacheRule => new ecr.CfnPullThroughCacheRule(stack, id, props);
const openRule = (props: L1): L1 => ({ ecrRepositoryPrefix: 'kubernetes', upstreamRegistryUrl: 'registry.k8s.io', upstreamRegistry: 'k8s', ...props });
const hubRule = (props: L1): L1 => ({ ecrRepositoryPrefix: 'hub', upstreamRegistryUrl: 'registry-1.docker.io', upstreamRegistry: 'docker-hub', ...props });

function cache(mistake: string, names: string, ours: Partial<PullThroughCacheProps>, core: L1, atAws = REFUSED): Mistake {
  return {
    mistake,
    atAws,
    names,
    ours: stack => new PullThroughCache(stack, 'Cache', { upstream: KUBERNETES, ...ours }),
    core: stack => rule(stack, openRule(core)),
  };
}

function upstream(mistake: string, names: string, ours: () => UpstreamRegistry, url: string, atAws = REFUSED): Mistake {
  return {
    mistake,
    atAws,
    names,
    ours: stack => new PullThroughCache(stack, 'Cache', { upstream: ours() }),
    core: stack => rule(stack, { ecrRepositoryPrefix: 'cache', upstreamRegistryUrl: url }),
  };
}

function credentials(mistake: string, secret: (stack: Stack) => secretsmanager.ISecret, atAws: string): Mistake {
  return {
    mistake,
    atAws,
    names: "'credentials'",
    ours: stack => new PullThroughCache(stack, 'Cache', { upstream: DOCKER_HUB, credentials: secret(stack) }),
    core: stack => rule(stack, hubRule({ credentialArn: secret(stack).secretArn })),
  };
}

const secretOf = (name: string, region = REGION, account = OWNER) => (stack: Stack): secretsmanager.ISecret =>
  secretsmanager.Secret.fromSecretCompleteArn(stack, 'Secret', `arn:aws:secretsmanager:${region}:${account}:secret:${name}-AbCdEf`);

const inRegion = (region: string) => (stack: Stack): Stack => new Stack(stack.node.root, 'There', { env: { account: OWNER, region } });
const there = { china: inRegion('cn-north-1'), govCloud: inRegion('us-gov-west-1') };

export const CACHE_MISTAKES: Mistake[] = [
  cache('a prefix of one character for a cache', "'prefix'", { prefix: 'k' }, { ecrRepositoryPrefix: 'k' }),
  cache('a prefix of 31 characters', "'prefix'", { prefix: 'k'.repeat(31) }, { ecrRepositoryPrefix: 'k'.repeat(31) }),
  cache('a prefix with capitals for a cache', "'prefix'", { prefix: 'Kubernetes' }, { ecrRepositoryPrefix: 'Kubernetes' }),
  cache('a prefix with a wildcard for a cache', "'prefix'", { prefix: 'k8s/*' }, { ecrRepositoryPrefix: 'k8s/*' }),
  cache('an upstream prefix together with ROOT', "'upstreamRepositoryPrefix'", { prefix: 'ROOT', upstreamRepositoryPrefix: 'team' },
    { ecrRepositoryPrefix: 'ROOT', upstreamRepositoryPrefix: 'team' }),
  cache('a cache for everything, by accident', 'cdk-secure-ecr:PullThroughCache.rootPrefix', { prefix: 'ROOT' }, { ecrRepositoryPrefix: 'ROOT' },
    'every pull of a repository that does not exist goes to the upstream'),
  upstream('Docker Hub as docker.io', "'url'", () => UpstreamRegistry.fromUrl('docker.io'), 'docker.io'),
  upstream('a registry that Amazon ECR cannot cache', "'url'", () => UpstreamRegistry.fromUrl('eu.gcr.io'), 'eu.gcr.io'),
  upstream('a GitLab of one’s own', "'url'", () => UpstreamRegistry.fromUrl('gitlab.example.com'), 'gitlab.example.com'),
  upstream('the host of an Azure registry in place of its name', "'name'", () => UpstreamRegistry.azure('contoso.azurecr.io'), 'contoso.azurecr.io.azurecr.io'),
  upstream('an account of 13 digits upstream', "'account'", () => UpstreamRegistry.ecr({ account: '2222222222222', region: REGION }),
    `2222222222222.dkr.ecr.${REGION}.amazonaws.com`),
  upstream('the own registry as upstream', "'upstream'", () => UpstreamRegistry.ecr({ account: OWNER, region: REGION }), `${OWNER}.dkr.ecr.${REGION}.amazonaws.com`),
  upstream('an upstream in another partition', "'upstream'", () => UpstreamRegistry.ecr({ account: CONSUMER, region: 'cn-north-1' }),
    `${CONSUMER}.dkr.ecr.cn-north-1.amazonaws.com.cn`),

  credentials('a secret of a name of one’s own', secretOf('dockerhub'), 'CreatePullThroughCacheRule: the ARN does not match the pattern'),
  credentials('a secret named ecr-pull-through/…, as in many guides', secretOf('ecr-pull-through/hub'), 'CreatePullThroughCacheRule: the ARN does not match the pattern'),
  credentials('a secret of another Region', secretOf('ecr-pullthroughcache/hub', 'us-east-1'), 'CreatePullThroughCacheRule: SecretNotFoundException'),
  credentials('a secret of another account', secretOf('ecr-pullthroughcache/hub', REGION, CONSUMER), 'CreatePullThroughCacheRule: UnableToAccessSecretException'),
  credentials('a secret with a customer managed key',
    stack => new secretsmanager.Secret(stack, 'Secret', { secretName: 'ecr-pullthroughcache/hub', encryptionKey: new kms.Key(stack, 'Key') }),
    'CreatePullThroughCacheRule: UnableToDecryptSecretValueException'),
  credentials('a password in the template',
    stack => new secretsmanager.Secret(stack, 'Secret', {
      secretName: 'ecr-pullthroughcache/hub', secretStringValue: SecretValue.unsafePlainText('{"username":"me","accessToken":"hunter2"}'),
    }), 'whoever may read the stack reads the password'),
  {
    ...credentials('credentials for a registry without any', secretOf('ecr-pullthroughcache/hub'), REFUSED),
    ours: stack => new PullThroughCache(stack, 'Cache', { upstream: ECR_PUBLIC, credentials: secretOf('ecr-pullthroughcache/hub')(stack) }),
    core: stack => rule(stack, { ecrRepositoryPrefix: 'p', upstreamRegistryUrl: 'public.ecr.aws', credentialArn: secretOf('ecr-pullthroughcache/hub')(stack).secretArn }),
  },
  {
    mistake: 'the host of an upstream with https://',
    atAws: REFUSED,
    mends: template => template.hasResourceProperties('AWS::ECR::PullThroughCacheRule', { UpstreamRegistryUrl: 'quay.io' }),
    ours: stack => new PullThroughCache(stack, 'Cache', { upstream: UpstreamRegistry.fromUrl('https://quay.io') }),
    core: stack => rule(stack, { ecrRepositoryPrefix: 'quay', upstreamRegistryUrl: 'https://quay.io' }),
  },
  {
    mistake: 'Docker Hub without credentials',
    atAws: `${REFUSED}: credentials are required`,
    mends: template => template.hasResourceProperties('AWS::SecretsManager::Secret', { Name: Match.stringLikeRegexp('^ecr-pullthroughcache/') }),
    ours: stack => new PullThroughCache(stack, 'Cache', { upstream: DOCKER_HUB }),
    core: stack => rule(stack, hubRule({})),
  },
  {
    mistake: 'a rule that is made before its secret',
    atAws: 'CreatePullThroughCacheRule: SecretNotFoundException, in half of the deployments',
    mends: template => template.hasResourceProperties('AWS::ECR::PullThroughCacheRule', { CredentialArn: { Ref: Match.stringLikeRegexp('Credentials') } }),
    ours: stack => new PullThroughCache(stack, 'Cache', { upstream: DOCKER_HUB }),
    core: stack => {
      new secretsmanager.Secret(stack, 'Secret', { secretName: 'ecr-pullthroughcache/hub' });
      return rule(stack, hubRule({ credentialArn: `arn:aws:secretsmanager:${REGION}:${OWNER}:secret:ecr-pullthroughcache/hub` }));
    },
  },
  {
    mistake: 'a cache without a creation template',
    atAws: 'cached images never expire: storage grows with every pull',
    mends: template => template.hasResourceProperties('AWS::ECR::RepositoryCreationTemplate', {
      AppliedFor: ['PULL_THROUGH_CACHE'], LifecyclePolicy: Match.anyValue(), ImageTagMutability: 'MUTABLE',
    }),
    ours: stack => new PullThroughCache(stack, 'Cache', { upstream: KUBERNETES }),
    core: stack => rule(stack, openRule({})),
  },
  {
    mistake: 'another account upstream, without a role',
    atAws: `${REFUSED}: the role is required`,
    mends: template => template.hasResourceProperties('AWS::ECR::PullThroughCacheRule', { CustomRoleArn: Match.anyValue() }),
    ours: stack => new PullThroughCache(stack, 'Cache', { upstream: UpstreamRegistry.ecr({ account: CONSUMER, region: REGION }), prefix: 'shared' }),
    core: stack => rule(stack, { ecrRepositoryPrefix: 'shared', upstreamRegistry: 'ecr', upstreamRegistryUrl: `${CONSUMER}.dkr.ecr.${REGION}.amazonaws.com` }),
  },
  {
    mistake: 'a role that trusts ecr.amazonaws.com',
    atAws: 'the cache cannot assume the role, and pulls fail',
    mends: template => template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: { Statement: [Match.objectLike({ Principal: { Service: 'pullthroughcache.ecr.amazonaws.com' } })] },
    }),
    ours: stack => new PullThroughCache(stack, 'Cache', { upstream: UpstreamRegistry.ecr({ account: CONSUMER, region: REGION }), prefix: 'shared' }),
    core: stack => rule(stack, {
      ecrRepositoryPrefix: 'shared',
      upstreamRegistry: 'ecr',
      upstreamRegistryUrl: `${CONSUMER}.dkr.ecr.${REGION}.amazonaws.com`,
      customRoleArn: new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ecr.amazonaws.com') }).roleArn,
    }),
  },
  {
    mistake: 'an official image of Docker Hub without library/',
    atAws: 'the pull fails: repository not found upstream',
    mends: template => template.hasOutput('Uri', {
      Value: { 'Fn::Join': ['', Match.arrayWith(['/library/nginx:1.27'])] },
    }),
    ours: stack => new CfnOutput(stack, 'Uri', { value: new PullThroughCache(stack, 'Cache', { upstream: DOCKER_HUB }).imageUri('nginx', '1.27') }),
    core: stack => new CfnOutput(stack, 'Uri', { value: `${OWNER}.dkr.ecr.${REGION}.${stack.urlSuffix}/docker-hub/nginx:1.27` }),
  },
  {
    mistake: 'a cache in China',
    atAws: 'the service is not there',
    names: 'China',
    ours: stack => new PullThroughCache(there.china(stack), 'Cache', { upstream: KUBERNETES }),
    core: stack => rule(there.china(stack), openRule({})),
  },
  {
    mistake: 'a cache of a public registry in AWS GovCloud (US)',
    atAws: 'refused, unless the upstream is an ECR registry of the partition',
    names: 'cdk-secure-ecr:PullThroughCache.undocumentedPartition',
    ours: stack => new PullThroughCache(there.govCloud(stack), 'Cache', { upstream: KUBERNETES }),
    core: stack => rule(there.govCloud(stack), openRule({})),
  },
  {
    mistake: 'the same prefix for two caches',
    atAws: 'the second fails with PullThroughCacheRuleAlreadyExistsException',
    names: 'Second',
    ours: stack => ['First', 'Second'].map(id => new PullThroughCache(stack, id, { upstream: KUBERNETES })),
    core: stack => ['First', 'Second'].map(id => rule(stack, openRule({}), id)),
  },
  {
    mistake: '51 caches in one registry',
    atAws: 'the last fails with LimitExceededException',
    names: '50',
    ours: stack => Array.from({ length: 51 }, (_, index) => new PullThroughCache(stack, `Cache${index}`, { upstream: KUBERNETES, prefix: `k8s-${index}` })),
    core: stack => Array.from({ length: 51 }, (_, index) => rule(stack, openRule({ ecrRepositoryPrefix: `k8s-${index}` }), `Rule${index}`)),
  },
  {
    mistake: 'a Lambda function that pulls through a cache',
    atAws: 'CreateFunction fails: Lambda cannot use pull through cache rules',
    names: "'grantee'",
    ours: stack => new PullThroughCache(stack, 'Cache', { upstream: KUBERNETES }).grants.pull(new iam.ServicePrincipal('lambda.amazonaws.com')),
    core: stack => rule(stack, openRule({})),
  },
  {
    mistake: 'a puller with the usual pull actions only',
    atAws: 'the first pull of an image fails: it takes ecr:BatchImportUpstreamImage',
    mends: template => template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: Match.arrayWith(['ecr:BatchImportUpstreamImage']) })]) },
    }),
    ours: stack => new PullThroughCache(stack, 'Cache', { upstream: KUBERNETES }).grants.pull(puller(stack)),
    core: stack => {
      rule(stack, openRule({}));
      return ecr.Repository.fromRepositoryName(stack, 'Cached', 'kubernetes/pause').grantPull(puller(stack));
    },
  },
];

function puller(stack: Stack): iam.Role {
  return new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') });
}
