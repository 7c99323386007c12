import { App, CfnParameter, Fn, NestedStack, SecretValue, Stack, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import { LifecyclePolicy, PullThroughCache, RepositoryEncryption, RepositoryTemplate, TemplateUse, UpstreamRegistry, type PullThroughCacheProps } from '../../lib';

const RULE = 'AWS::ECR::PullThroughCacheRule';
const TEMPLATE = 'AWS::ECR::RepositoryCreationTemplate';
const SECRET = 'AWS::SecretsManager::Secret';
const ENV = { account: '111122223333', region: 'eu-west-1' };
const SECRET_ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:ecr-pullthroughcache/hub-AbCdEf';
const ELSEWHERE = UpstreamRegistry.ecr({ account: '444455556666', region: 'eu-central-1' });

let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Stack', { env: ENV });
});

function make(props: Partial<PullThroughCacheProps> = {}, scope = stack, id = 'Cache'): PullThroughCache {
  return new PullThroughCache(scope, id, { upstream: UpstreamRegistry.QUAY, ...props });
}

function properties(type = RULE, scope = stack): Record<string, unknown> {
  const [resource] = Object.values(Template.fromStack(scope).findResources(type));
  return (resource as { Properties: Record<string, unknown> }).Properties;
}

function warnings(scope = stack): string[] {
  return Annotations.fromStack(scope).findWarning('*', Match.anyValue()).map(({ entry }) => /cdk-secure-ecr:[\w.]+/.exec(entry.data as string)?.[0] ?? '');
}

function importedSecret(arn = SECRET_ARN): secretsmanager.ISecret {
  return secretsmanager.Secret.fromSecretCompleteArn(stack, 'Secret', arn);
}

describe('PullThroughCache', () => {
  describe('with an upstream and nothing else', () => {
    test.each([
      [UpstreamRegistry.ECR_PUBLIC, 'ecr-public', 'ecr-public', 'public.ecr.aws'],
      [UpstreamRegistry.KUBERNETES, 'kubernetes', 'k8s', 'registry.k8s.io'],
      [UpstreamRegistry.QUAY, 'quay', 'quay', 'quay.io'],
    ])('needs no secret for an open upstream, %#', (upstream, prefix, upstreamRegistry, url) => {
      const cache = make({ upstream });

      expect(properties()).toEqual({ EcrRepositoryPrefix: prefix, UpstreamRegistry: upstreamRegistry, UpstreamRegistryUrl: url });
      expect(cache.credentials).toBeUndefined();
      expect(cache.role).toBeUndefined();
      Template.fromStack(stack).resourceCountIs(SECRET, 0);
      expect(warnings()).toEqual([]);
    });

    test.each([
      [UpstreamRegistry.DOCKER_HUB, 'docker-hub', 'docker-hub'],
      [UpstreamRegistry.GITHUB, 'github', 'github-container-registry'],
      [UpstreamRegistry.GITLAB, 'gitlab', 'gitlab-container-registry'],
      [UpstreamRegistry.CHAINGUARD, 'chainguard', 'chainguard'],
      [UpstreamRegistry.azure('contoso'), 'azure-contoso', 'azure-container-registry'],
    ])('makes the secret that an upstream needs, %#', (upstream, prefix, upstreamRegistry) => {
      const cache = make({ upstream });

      expect(properties()).toEqual({
        CredentialArn: stack.resolve(cache.credentials?.secretArn) as unknown,
        EcrRepositoryPrefix: prefix,
        UpstreamRegistry: upstreamRegistry,
        UpstreamRegistryUrl: upstream.url,
      });
      expect(properties(SECRET)).toEqual({
        Description: expect.stringContaining(upstream.url) as unknown,
        GenerateSecretString: { GenerateStringKey: 'accessToken', SecretStringTemplate: '{"username":"unset"}' },
        Name: `ecr-pullthroughcache/${prefix}`,
      });
      expect(warnings()).toEqual([]);
    });

    test('gives the repositories mutable tags, encryption and a lifecycle policy, before the first of them is made', () => {
      make();

      expect(properties(TEMPLATE)).toMatchObject({
        AppliedFor: ['PULL_THROUGH_CACHE'],
        Description: 'Images cached from quay.io',
        EncryptionConfiguration: { EncryptionType: 'KMS' },
        ImageTagMutability: 'MUTABLE',
        LifecyclePolicy: LifecyclePolicy.standard().toJson(),
        Prefix: 'quay',
      });
      Template.fromStack(stack).hasResource(RULE, { DependsOn: [Match.stringLikeRegexp('^SecureEcrTemplate')] });
    });

    test.each([AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks])('has no finding of %p', Pack => {
      const agnostic = new Stack(app, 'Agnostic');
      for (const scope of [stack, agnostic]) {
        make({ upstream: UpstreamRegistry.DOCKER_HUB }, scope, 'Hub');
        make({ upstream: ELSEWHERE }, scope, 'Ecr');
        make({ prefix: 'ROOT' }, scope, 'Root');
      }

      expect(new Pack().validateScope(app).violations).toEqual([]);
    });
  });

  test('passes the settings of the repositories on', () => {
    const cache = make({
      encryption: RepositoryEncryption.AES_256,
      lifecycle: LifecyclePolicy.keepLatest(3),
      mutableTags: ['latest'],
      resourceTags: { team: 'payments' },
      repositoryPolicy: new iam.PolicyDocument({
        statements: [new iam.PolicyStatement({ actions: ['ecr:BatchGetImage'], principals: [new iam.ArnPrincipal('arn:aws:iam::444455556666:root')] })],
      }),
    });

    expect(properties(TEMPLATE)).toMatchObject({
      EncryptionConfiguration: { EncryptionType: 'AES256' },
      ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      LifecyclePolicy: LifecyclePolicy.keepLatest(3).toJson(),
      RepositoryPolicy: expect.stringContaining('444455556666') as unknown,
      ResourceTags: [{ Key: 'team', Value: 'payments' }],
    });
    expect(cache.tagsRepositories).toBe(true);
    expect(cache.template.repositoryCreationTemplateRef).toEqual({ prefix: 'quay' });
  });

  describe('prefix', () => {
    test.each(['ab', 'a'.repeat(30), 'team/quay', 'quay/', 'ROOT', 'a__b'])('accepts %p', prefix => {
      make({ prefix });

      expect(properties().EcrRepositoryPrefix).toBe(prefix);
      expect(properties(TEMPLATE).Prefix).toBe(prefix);
    });

    test.each([
      ['a', "'prefix' must be 2 to 30 characters long, got 1"],
      ['a'.repeat(31), "'prefix' must be 2 to 30 characters long, got 31"],
      ['Quay', "'prefix' must be 'ROOT' or a path of lowercase names"],
      ['quay//x', "'prefix' must be 'ROOT' or a path of lowercase names"],
    ])('fails for %p', (prefix, message) => {
      expect(() => make({ prefix })).toThrow(message);
    });

    test('says that a default is too long', () => {
      expect(() => make({ upstream: UpstreamRegistry.azure('a'.repeat(25)) })).toThrow(/'prefix' must be 2 to 30 .*; this is the default for the upstream, set a shorter prefix/);
    });

    test('passes when it is known only at deployment', () => {
      const prefix = new CfnParameter(stack, 'Prefix').valueAsString;
      make({ prefix, upstream: UpstreamRegistry.DOCKER_HUB });
      make({ prefix: new CfnParameter(stack, 'Prefix2').valueAsString }, stack, 'Second');

      expect(properties().EcrRepositoryPrefix).toEqual({ Ref: 'Prefix' });
      expect(properties(SECRET).Name).toEqual({ 'Fn::Join': ['', ['ecr-pullthroughcache/', { Ref: 'Prefix' }]] });
    });

    test('warns that ROOT catches every name', () => {
      const cache = make({ prefix: 'ROOT' });

      expect(warnings()).toEqual(['cdk-secure-ecr:PullThroughCache.rootPrefix']);
      Validations.of(cache).acknowledge({ id: 'cdk-secure-ecr:PullThroughCache.rootPrefix', reason: 'a registry for nothing else' });
      expect(warnings()).toEqual([]);
    });
  });

  describe('prefix of another cache', () => {
    const conflict = (path: string) => `'Stack/Cache' and '${path}' both define the pull through cache "quay" of account 111122223333 in eu-west-1, of which there is only one; give one of them another 'prefix'`;

    test('fails in one stack and in two stacks of one environment', () => {
      make();

      expect(() => make({ prefix: 'quay/' }, stack, 'Second')).toThrow(conflict('Stack/Second'));
      expect(() => make({}, new Stack(app, 'Twin', { env: ENV }))).toThrow(conflict('Twin/Cache'));
      expect(() => make({}, new NestedStack(stack, 'Nested'))).toThrow(conflict('Stack/Nested/Cache'));
    });

    test('is fine in another Region and in another account', () => {
      make();
      make({}, new Stack(app, 'Region', { env: { ...ENV, region: 'eu-central-1' } }));
      make({}, new Stack(app, 'Account', { env: { ...ENV, account: '444455556666' } }));

      expect(warnings()).toEqual([]);
    });

    test('warns about stacks that may share a registry', () => {
      make();
      const cache = make({}, new Stack(app, 'Agnostic'));

      expect(warnings(Stack.of(cache))).toEqual(['cdk-secure-ecr:PullThroughCache.environmentUnknown', 'cdk-secure-ecr:RepositoryTemplate.environmentUnknown']);
      Validations.of(cache).acknowledge(
        { id: 'cdk-secure-ecr:PullThroughCache.environmentUnknown', reason: 'two accounts' },
        { id: 'cdk-secure-ecr:RepositoryTemplate.environmentUnknown', reason: 'two accounts' },
      );
      expect(warnings(Stack.of(cache))).toEqual([]);
    });

    test('fails for a template of the same prefix', () => {
      new RepositoryTemplate(stack, 'Template', { prefix: 'quay', appliedFor: [TemplateUse.CREATE_ON_PUSH] });

      expect(() => make()).toThrow("'Stack/Template' and 'Stack/Cache/Template' both define the repository creation template \"quay\"");
    });
  });

  test('fails for the 51st cache of a registry', () => {
    for (let index = 1; index <= 50; index++) {
      make({ prefix: `quay-${index}` }, stack, `Cache${index}`);
    }

    expect(() => make({ prefix: 'quay-51' })).toThrow("'Stack/Cache' is one pull through cache more than the 50 that a registry may have; use another Region or account, or remove one");
    expect(() => make({}, new Stack(app, 'Region', { env: { ...ENV, region: 'eu-central-1' } }))).not.toThrow();
  });

  describe('Region', () => {
    test('fails in China', () => {
      expect(() => make({}, new Stack(app, 'China', { env: { ...ENV, region: 'cn-north-1' } })))
        .toThrow('the Region must not be in China, where Amazon ECR does not support pull through caches, got cn-north-1');
    });

    test('warns in AWS GovCloud (US)', () => {
      const cache = make({}, new Stack(app, 'Gov', { env: { ...ENV, region: 'us-gov-west-1' } }));

      expect(warnings(Stack.of(cache))).toEqual(['cdk-secure-ecr:PullThroughCache.undocumentedPartition']);
      Validations.of(cache).acknowledge({ id: 'cdk-secure-ecr:PullThroughCache.undocumentedPartition', reason: 'tried' });
      expect(warnings(Stack.of(cache))).toEqual([]);
    });

    test.each(['eusc-de-east-1', 'us-iso-east-1', 'us-isob-east-1', 'eu-isoe-west-1', 'us-isof-south-1'])('warns in %s, whatever the upstream', region => {
      const there = new Stack(app, 'There', { env: { ...ENV, region } });
      make({}, there, 'Public');
      make({ upstream: UpstreamRegistry.ecr({ account: '444455556666', region }), prefix: 'other' }, there, 'Ecr');

      expect(warnings(there)).toEqual(Array(2).fill('cdk-secure-ecr:PullThroughCache.undocumentedPartition'));
    });

    test('does not warn of an Amazon ECR upstream in AWS GovCloud (US), where AWS documents it', () => {
      const gov = new Stack(app, 'Gov', { env: { ...ENV, region: 'us-gov-west-1' } });
      make({ upstream: UpstreamRegistry.ecr({ account: '444455556666', region: 'us-gov-east-1' }) }, gov);

      expect(warnings(gov)).toEqual([]);
    });
  });

  describe('upstreamRepositoryPrefix', () => {
    test('is rendered', () => {
      const cache = make({ upstreamRepositoryPrefix: 'prometheus/' });

      expect(properties().UpstreamRepositoryPrefix).toBe('prometheus/');
      expect(cache.upstreamRepositoryPrefix).toBe('prometheus');
    });

    test.each([
      [{ upstreamRepositoryPrefix: 'a' }, "'upstreamRepositoryPrefix' must be 2 to 30 characters long, got 1"],
      [{ upstreamRepositoryPrefix: 'Team' }, "'upstreamRepositoryPrefix' must be 'ROOT' or a path"],
      [{ prefix: 'ROOT', upstreamRepositoryPrefix: 'team' }, "'upstreamRepositoryPrefix' must not be used with 'prefix' ROOT, got \"team\""],
    ])('fails for %p', (props, message) => {
      expect(() => make(props)).toThrow(message);
    });

    test.each([{ prefix: 'ROOT', upstreamRepositoryPrefix: 'ROOT' }, { prefix: 'quay', upstreamRepositoryPrefix: 'ROOT' }])('accepts %p', props => {
      make(props);

      expect(properties().UpstreamRepositoryPrefix).toBe('ROOT');
    });
  });

  describe('credentials', () => {
    const hub = (credentials: secretsmanager.ISecret) => make({ upstream: UpstreamRegistry.DOCKER_HUB, credentials });

    test('of the user are used as they are', () => {
      const secret = importedSecret();
      const cache = hub(secret);

      expect(cache.credentials).toBe(secret);
      expect(properties().CredentialArn).toBe(SECRET_ARN);
      Template.fromStack(stack).resourceCountIs(SECRET, 0);
      expect(warnings()).toEqual([]);
    });

    test('of the same stack are made before the rule', () => {
      hub(new secretsmanager.Secret(stack, 'Secret', {
        secretName: 'ecr-pullthroughcache/hub',
        secretObjectValue: { username: SecretValue.unsafePlainText('me'), accessToken: SecretValue.secretsManager('hub-token') },
      }));

      expect(properties().CredentialArn).toEqual({ Ref: expect.stringMatching(/^Secret/) as unknown });
    });

    test('pass when they are known only at deployment', () => {
      hub(secretsmanager.Secret.fromSecretCompleteArn(stack, 'Secret', new CfnParameter(stack, 'Arn').valueAsString));

      expect(properties().CredentialArn).toEqual({ Ref: 'Arn' });
    });

    test('warn when they are imported without the end of their ARN', () => {
      const cache = hub(secretsmanager.Secret.fromSecretNameV2(stack, 'Secret', 'ecr-pullthroughcache/hub'));

      expect(warnings()).toEqual(['cdk-secure-ecr:PullThroughCache.partialSecretArn']);
      Validations.of(cache).acknowledge({ id: 'cdk-secure-ecr:PullThroughCache.partialSecretArn', reason: 'tried' });
      expect(warnings()).toEqual([]);
    });

    test.each<[string, () => secretsmanager.ISecret, string]>([
      ['a wrong name', () => importedSecret(SECRET_ARN.replace('pullthroughcache', 'pull-through')), "'credentials' must be a secret with a name that begins with 'ecr-pullthroughcache/', got \"ecr-pull-through/hub\""],
      ['a wrong name in this app', () => new secretsmanager.Secret(stack, 'Secret', { secretName: 'hub' }), "must be a secret with a name that begins with 'ecr-pullthroughcache/', got \"hub\"; name it"],
      ['a name that CloudFormation generates', () => new secretsmanager.Secret(stack, 'Secret'), "must be a secret with a name that begins with 'ecr-pullthroughcache/', got \"Stack/Secret\" without 'secretName'"],
      ['another Region', () => importedSecret(SECRET_ARN.replace('eu-west-1', 'eu-west-2')), "'credentials' must be a secret of Region eu-west-1, got one of eu-west-2"],
      ['another account', () => importedSecret(SECRET_ARN.replace('111122223333', '444455556666')), "'credentials' must be a secret of account 111122223333, got one of 444455556666"],
      [
        'a customer managed key',
        () => new secretsmanager.Secret(stack, 'Secret', { secretName: 'ecr-pullthroughcache/hub', encryptionKey: new kms.Key(stack, 'Key') }),
        "'credentials' must be a secret that the AWS managed key encrypts, got \"Stack/Secret\" with a customer managed key; omit its 'encryptionKey'",
      ],
      [
        'a customer managed key by its alias',
        () => secretsmanager.Secret.fromSecretAttributes(stack, 'Secret', { secretCompleteArn: SECRET_ARN, encryptionKey: kms.Alias.fromAliasName(stack, 'Key', 'alias/ours') }),
        "'credentials' must be a secret that the AWS managed key encrypts",
      ],
      [
        'its value in the template',
        () => new secretsmanager.Secret(stack, 'Secret', {
          secretName: 'ecr-pullthroughcache/hub',
          secretObjectValue: { username: SecretValue.unsafePlainText('me'), accessToken: SecretValue.unsafePlainText('geheim') },
        }),
        "'credentials' must not have its value in the template, got \"Stack/Secret\" with plain text",
      ],
      [
        'other keys in its value',
        () => new secretsmanager.Secret(stack, 'Secret', {
          secretName: 'ecr-pullthroughcache/hub', secretObjectValue: { user: SecretValue.unsafePlainText('me'), password: SecretValue.secretsManager('hub-token') },
        }),
        "'credentials' must be JSON with the keys \"username\" and \"accessToken\", got \"Stack/Secret\" without \"username\" and \"accessToken\"",
      ],
      [
        'a generated value without a user name',
        () => new secretsmanager.Secret(stack, 'Secret', {
          secretName: 'ecr-pullthroughcache/hub', generateSecretString: { generateStringKey: 'accessToken', secretStringTemplate: '{}' },
        }),
        "'credentials' must be JSON with the keys \"username\" and \"accessToken\", got \"Stack/Secret\" without \"username\"",
      ],
      [
        'a generated value that is no JSON',
        () => new secretsmanager.Secret(stack, 'Secret', { secretName: 'ecr-pullthroughcache/hub' }),
        "'credentials' must be JSON with the keys \"username\" and \"accessToken\", got \"Stack/Secret\" without \"username\" and \"accessToken\"",
      ],
    ])('fail with %s', (_, secret, message) => {
      expect(() => hub(secret())).toThrow(message);
    });

    test.each<[string, () => secretsmanager.ISecret]>([
      ['the AWS managed key by its alias', () => secretsmanager.Secret.fromSecretAttributes(stack, 'Secret', {
        secretCompleteArn: SECRET_ARN, encryptionKey: kms.Alias.fromAliasName(stack, 'Key', 'alias/aws/secretsmanager'),
      })],
      ['a value that is known only at deployment', () => new secretsmanager.Secret(stack, 'Secret', {
        secretName: 'ecr-pullthroughcache/hub', secretStringValue: SecretValue.cfnParameter(new CfnParameter(stack, 'Value', { noEcho: true })),
      })],
      ['a name that is known only at deployment', () => new secretsmanager.Secret(stack, 'Secret', {
        secretName: new CfnParameter(stack, 'Name').valueAsString, generateSecretString: { generateStringKey: 'accessToken', secretStringTemplate: '{"username":"me"}' },
      })],
      ['no value yet', () => {
        const secret = new secretsmanager.Secret(stack, 'Secret', { secretName: 'ecr-pullthroughcache/hub' });
        (secret.node.defaultChild as secretsmanager.CfnSecret).generateSecretString = undefined;
        return secret;
      }],
      ['a key that is known only at deployment', () => {
        const secret = new secretsmanager.Secret(stack, 'Secret', {
          secretName: 'ecr-pullthroughcache/hub', generateSecretString: { generateStringKey: 'accessToken', secretStringTemplate: '{"username":"me"}' },
        });
        (secret.node.defaultChild as secretsmanager.CfnSecret).kmsKeyId = new CfnParameter(stack, 'Key').valueAsString;
        return secret;
      }],
    ])('pass with %s', (_, secret) => {
      hub(secret());

      Template.fromStack(stack).resourceCountIs(RULE, 1);
    });

    test('fail for an upstream that takes none', () => {
      const credentials = importedSecret();

      expect(() => make({ credentials }, stack, 'A')).toThrow("'credentials' must not be set for quay.io, from which Amazon ECR pulls without credentials, got \"Stack/Secret\"");
      expect(() => make({ upstream: ELSEWHERE, credentials }, stack, 'B')).toThrow("'credentials' must not be set for 444455556666.dkr.ecr");
    });
  });

  describe('of a registry of Amazon ECR', () => {
    const ours = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ecr:eu-west-1:111122223333:repository/shared/*']] };
    const theirs = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ecr:eu-central-1:444455556666:repository/team/*']] };

    test('in another account pulls with a role that reads there and writes here', () => {
      const cache = make({ upstream: ELSEWHERE, prefix: 'shared', upstreamRepositoryPrefix: 'team' });

      expect(properties()).toEqual({
        CustomRoleArn: stack.resolve(cache.role?.roleArn) as unknown,
        EcrRepositoryPrefix: 'shared',
        UpstreamRegistry: 'ecr',
        UpstreamRegistryUrl: '444455556666.dkr.ecr.eu-central-1.amazonaws.com',
        UpstreamRepositoryPrefix: 'team',
      });
      Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
        AssumeRolePolicyDocument: { Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'pullthroughcache.ecr.amazonaws.com' } }] },
        ManagedPolicyArns: [{ Ref: Match.stringLikeRegexp('^CacheRolePolicy') }],
      });
      Template.fromStack(stack).hasResourceProperties('AWS::IAM::ManagedPolicy', {
        PolicyDocument: { Statement: [
          { Action: ['ecr:BatchGetImage', 'ecr:BatchImportUpstreamImage', 'ecr:GetDownloadUrlForLayer', 'ecr:GetImageCopyStatus'], Effect: 'Allow', Resource: [theirs, ours] },
          { Action: ['ecr:CompleteLayerUpload', 'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart'], Effect: 'Allow', Resource: ours },
          { Action: 'ecr:GetAuthorizationToken', Effect: 'Allow', Resource: '*' },
        ] },
      });
    });

    test('has a default prefix that changes with the upstream, so that CloudFormation can replace the rule', () => {
      make({ upstream: ELSEWHERE });

      expect(properties().EcrRepositoryPrefix).toBe('eu-central-1/444455556666');
    });

    test('in another Region of the account needs no role', () => {
      const cache = make({ upstream: UpstreamRegistry.ecr({ account: ENV.account, region: 'eu-central-1' }) });

      expect(cache.role).toBeUndefined();
      expect(properties()).not.toHaveProperty('CustomRoleArn');
    });

    test('in an account that may be another has a role', () => {
      const agnostic = new Stack(app, 'Agnostic');
      make({ upstream: ELSEWHERE }, agnostic);
      make({ upstream: UpstreamRegistry.ecr({ account: new CfnParameter(agnostic, 'Account').valueAsString, region: 'eu-central-1' }), prefix: 'late' }, agnostic, 'Late');

      expect(Object.values(Template.fromStack(agnostic).findResources(RULE, { Properties: { CustomRoleArn: Match.anyValue() } }))).toHaveLength(2);
      expect(properties(TEMPLATE, agnostic).Description).toBe('Images cached from 444455556666.dkr.ecr.eu-central-1.amazonaws.com');
    });

    test('gives a role of the user its permissions before the rule uses it', () => {
      const role = new iam.Role(stack, 'Mine', { assumedBy: new iam.ServicePrincipal('pullthroughcache.ecr.amazonaws.com') });
      const cache = make({ upstream: ELSEWHERE, role });

      expect(cache.role).toBe(role);
      Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', { PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: Match.arrayWith(['ecr:PutImage']) })]) } });
      Template.fromStack(stack).hasResource(RULE, { DependsOn: Match.arrayWith([Match.stringLikeRegexp('^MineDefaultPolicy')]) });
    });

    test('uses a role that nobody may change as it is', () => {
      make({ upstream: ELSEWHERE, role: iam.Role.fromRoleArn(stack, 'Mine', 'arn:aws:iam::111122223333:role/ecr', { mutable: false }) });

      expect(properties().CustomRoleArn).toBe('arn:aws:iam::111122223333:role/ecr');
      Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 0);
      Annotations.fromStack(stack).hasWarning('/Stack/Cache', Match.stringLikeRegexp(
        "Amazon ECR cannot use the role until the owner of 'Stack/Mine', whose policies this app cannot change, attaches these statements: .*ecr:BatchImportUpstreamImage.*importedRole",
      ));
    });

    test('fails for a role that Amazon ECR cannot assume', () => {
      make({ upstream: ELSEWHERE, role: new iam.Role(stack, 'Mine', { assumedBy: new iam.ServicePrincipal('ecr.amazonaws.com') }) });

      expect(() => Template.fromStack(stack)).toThrow("'role' must be a role that pullthroughcache.ecr.amazonaws.com can assume, got 'Stack/Mine', which trusts [\"ecr.amazonaws.com\"]");
    });

    test.each<[string, Partial<PullThroughCacheProps>, string]>([
      ['the registry of the cache', { upstream: UpstreamRegistry.ecr(ENV) }, "'upstream' must be in another account or Region, got 111122223333 in eu-west-1, the registry of the cache"],
      ['another partition', { upstream: UpstreamRegistry.ecr({ account: '444455556666', region: 'us-gov-west-1' }) }, "'upstream' must be in the partition of the cache, got us-gov-west-1 for a cache in eu-west-1"],
      ['China', { upstream: UpstreamRegistry.ecr({ account: '444455556666', region: 'cn-north-1' }) }, "'upstream' must be in the partition of the cache, got cn-north-1"],
    ])('fails for %s', (_, props, message) => {
      expect(() => make(props)).toThrow(message);
    });

    test('fails for a role of another account, and for a role that no other upstream takes', () => {
      const role = iam.Role.fromRoleArn(stack, 'Mine', 'arn:aws:iam::444455556666:role/ecr');

      expect(() => make({ upstream: ELSEWHERE, role }, stack, 'A')).toThrow("'role' must be a role of account 111122223333, got \"Stack/Mine\" of 444455556666");
      expect(() => make({ role }, stack, 'B')).toThrow("'role' must not be set for quay.io, because only a private registry of Amazon ECR uses a role, got \"Stack/Mine\"");
    });
  });

  describe('onSyncFailed', () => {
    test('tells failures of this cache to a target, with a pattern of the user on top', () => {
      const topic = sns.Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:eu-west-1:111122223333:alerts');
      make({ upstream: UpstreamRegistry.QUAY, prefix: 'team/quay/' }).onSyncFailed('Failed', {
        target: new targets.SnsTopic(topic),
        eventPattern: { detail: { 'failure-code': [{ 'anything-but': 'Throttled' }] } },
      });

      Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
        EventPattern: {
          'source': ['aws.ecr'],
          'detail-type': ['ECR Pull Through Cache Action'],
          'detail': { 'sync-status': ['FAILED'], 'ecr-repository-prefix': ['team/quay'], 'failure-code': [{ 'anything-but': 'Throttled' }] },
        },
        Targets: [Match.objectLike({ Arn: 'arn:aws:sns:eu-west-1:111122223333:alerts' })],
      });
    });

    test('takes a target later', () => {
      expect(make().onSyncFailed('Failed').node.path).toMatch(/\/Failed$/);
      Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', { Targets: Match.absent() });
    });
  });

  describe('an image for a task without a grant', () => {
    const ID = 'cdk-secure-ecr:PullThroughCache.taskWithoutGrant';
    const URI = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/ecr-public/nginx/nginx';
    const upstream = UpstreamRegistry.ECR_PUBLIC;
    const isWarned = (): boolean => JSON.stringify(app.synth().stacks.map(({ messages }) => messages)).includes(ID);

    function task(image: string, scope = stack, props: Partial<ecs.FargateTaskDefinitionProps> = {}): ecs.FargateTaskDefinition {
      const definition = new ecs.FargateTaskDefinition(scope, 'Task', props);
      definition.addContainer('nginx', { image: ecs.ContainerImage.fromRegistry(image), logging: ecs.LogDriver.awsLogs({ streamPrefix: 'nginx' }) });
      return definition;
    }

    test.each<[string, boolean, (cache: PullThroughCache) => unknown]>([
      ['imageUri()', true, cache => task(cache.imageUri('nginx/nginx'))],
      ['imageUri() in another stack', true, cache => task(cache.imageUri('nginx/nginx'), other())],
      ['a literal URI', true, () => task(URI)],
      ['no execution role', true, () => new ecs.CfnTaskDefinition(stack, 'Task', { containerDefinitions: [{ name: 'nginx', image: URI }] })],
      ['the managed policy for tasks', true, () => task(URI, stack, {
        executionRole: roleWith('service-role/AmazonECSTaskExecutionRolePolicy'),
      })],
      ['containerImage()', false, cache => new ecs.FargateTaskDefinition(stack, 'Task').addContainer('nginx', { image: cache.containerImage('nginx/nginx') })],
      ['a grant', false, cache => cache.grants.pull(task(URI).obtainExecutionRole())],
      ['the managed policy for pulls', false, () => task(URI, stack, { executionRole: roleWith('AmazonEC2ContainerRegistryPullOnly') })],
      ['a managed policy of the app', false, () => new iam.ManagedPolicy(stack, 'Policy', {
        roles: [task(URI).obtainExecutionRole()], statements: [new iam.PolicyStatement({ actions: ['ecr:BatchImportUpstreamImage'], resources: ['*'] })],
      })],
      ['an imported role', false, () => task(URI, stack, { executionRole: iam.Role.fromRoleArn(stack, 'Imported', 'arn:aws:iam::111122223333:role/tasks', { mutable: false }) })],
      ['another image', false, () => task('public.ecr.aws/nginx/nginx')],
      ['another registry', false, () => task(URI.replace('eu-west-1', 'eu-central-1'))],
      ['an image that only the deployment knows', false, () => new ecs.CfnTaskDefinition(stack, 'Task', { containerDefinitions: [{ name: 'late', image: Fn.importValue('image') }] })],
      ['no containers', false, () => new ecs.CfnTaskDefinition(stack, 'Task', {})],
    ])('%s: %s', (_, warned, use) => {
      use(make({ upstream }));

      expect(isWarned()).toBe(warned);
    });

    test('is not known for ROOT, and known in an environment that is not', () => {
      const unknown = new Stack(app, 'Unknown');
      task(make({ upstream }, unknown).imageUri('nginx/nginx'), unknown);
      task(make({ upstream, prefix: 'ROOT' }).imageUri('nginx/nginx'));
      const { messages } = app.synth().getStackByName('Stack');

      expect(JSON.stringify(messages)).not.toContain(ID);
      expect(JSON.stringify(app.synth().getStackByName('Unknown').messages)).toContain(ID);
    });

    test('can be acknowledged', () => {
      const cache = make({ upstream });
      task(URI);
      Validations.of(cache).acknowledge({ id: ID, reason: 'Another pipeline pulls first' });

      expect(isWarned()).toBe(false);
    });

    function other(): Stack {
      return new Stack(app, 'Other', { env: ENV });
    }

    function roleWith(name: string): iam.Role {
      return new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com'), managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName(name)] });
    }
  });

  describe('containerImage', () => {
    const taskDefinition = (scope: Stack): ecs.FargateTaskDefinition => new ecs.FargateTaskDefinition(scope, 'Task');

    test('grants the execution role of a task the pull through the cache', () => {
      const task = taskDefinition(stack);
      task.addContainer('Nginx', { image: make({ upstream: UpstreamRegistry.ECR_PUBLIC }).containerImage('nginx/nginx', '1.27') });

      const [definition] = Object.values(Template.fromStack(stack).findResources('AWS::ECS::TaskDefinition')) as Array<{ Properties: any }>;
      expect(JSON.stringify(definition.Properties.ContainerDefinitions[0].Image)).toContain('/nginx/nginx:1.27');
      expect(JSON.stringify(definition.Properties.ExecutionRoleArn)).toContain('TaskExecutionRole');
      const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy')) as Array<{ Properties: any }>;
      expect(policy.Properties.PolicyDocument.Statement[0].Action).toEqual(expect.arrayContaining(['ecr:BatchImportUpstreamImage', 'ecr:CreateRepository']));
    });

    test('grants nothing where the image is used by its URI', () => {
      taskDefinition(stack).addContainer('Nginx', { image: ecs.ContainerImage.fromRegistry(make().imageUri('nginx/nginx', '1.27')) });

      Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 0);
    });

    test('is of a cache that is imported too', () => {
      const cache = PullThroughCache.fromPullThroughCacheAttributes(stack, 'Import', { prefix: 'quay', upstream: UpstreamRegistry.QUAY });
      taskDefinition(stack).addContainer('Tool', { image: cache.containerImage('team/tool') });

      Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', { PolicyDocument: { Statement: [Match.objectLike({ Action: Match.arrayWith(['ecr:BatchImportUpstreamImage']) }), Match.anyValue()] } });
    });

    test('fails for an image that cannot be', () => {
      expect(() => make().containerImage('nginx:1.27')).toThrow("'image' must be a name without a tag or digest");
    });
  });

  describe('imageUri', () => {
    const host = ['111122223333.dkr.ecr.eu-west-1.', { Ref: 'AWS::URLSuffix' }];
    const uri = (cache: PullThroughCache, image: string, tagOrDigest?: string, scope = stack): unknown =>
      scope.resolve(cache.imageUri(image, tagOrDigest));
    const rule = { Ref: expect.stringMatching(/^SecureEcrCache/) as unknown };
    const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

    test.each([
      ['nginx', '1.27', '/library/nginx:1.27'],
      ['library/nginx', '1.27', '/library/nginx:1.27'],
      ['bitnami/redis', 'latest', '/bitnami/redis:latest'],
      ['nginx', undefined, '/library/nginx'],
      ['nginx', digest, `/library/nginx@${digest}`],
    ])('of %p %p of Docker Hub', (image, tagOrDigest, path) => {
      const cache = make({ upstream: UpstreamRegistry.DOCKER_HUB });

      expect(uri(cache, image, tagOrDigest)).toEqual({ 'Fn::Join': ['', [...host, '/', rule, path]] });
    });

    test('adds nothing for other registries', () => {
      expect(uri(make(), 'coreos', 'v1')).toEqual({ 'Fn::Join': ['', [...host, '/', rule, '/coreos:v1']] });
    });

    test('replaces the prefix of the upstream by the prefix of the cache', () => {
      const hub = make({ upstream: UpstreamRegistry.DOCKER_HUB, prefix: 'official', upstreamRepositoryPrefix: 'library/' });

      expect(uri(hub, 'nginx', '1.27')).toEqual({ 'Fn::Join': ['', [...host, '/', rule, '/nginx:1.27']] });
      expect(() => hub.imageUri('bitnami/redis')).toThrow('\'image\' must be below "library/", the part of registry-1.docker.io that is cached, got "bitnami/redis"');
    });

    test('has no prefix for ROOT', () => {
      expect(uri(make({ prefix: 'ROOT' }), 'coreos/etcd', 'v3')).toEqual({ 'Fn::Join': ['', [...host, '/coreos/etcd:v3']] });
    });

    test('names the prefix itself in another stack and where a reference would end in a slash', () => {
      const cache = make();
      const literal = (prefix: string) => ({ 'Fn::Join': ['', [...host, `/${prefix}/coreos/etcd:v3`]] });

      expect(uri(cache, 'coreos/etcd', 'v3', new Stack(app, 'Other', { env: { ...ENV, account: '444455556666' } }))).toEqual(literal('quay'));
      expect(uri(make({ prefix: 'team/' }, stack, 'Cache2'), 'coreos/etcd', 'v3')).toEqual(literal('team'));
    });

    test.each([
      ['coreos/etcd:v3', undefined, "'image' must be a name without a tag or digest, got \"coreos/etcd:v3\"; pass the tag or digest as 'tagOrDigest'"],
      ['coreos/etcd@sha256', undefined, "'image' must be a name without a tag or digest"],
      ['quay.io/coreos/etcd', undefined, "'image' must be a name without the host of the registry, got \"quay.io/coreos/etcd\""],
      ['docker.io/nginx', undefined, "'image' must be a name without the host of the registry, got \"docker.io/nginx\""],
      ['CoreOS/etcd', undefined, "'image' must be lowercase letters and digits"],
      ['a'.repeat(252), undefined, "'image' must be 2 to 256 characters long, got 257"],
      ['coreos/etcd', '-1', "'tagOrDigest' must be a tag such as '1.27' or a digest"],
      ['coreos/etcd', 't'.repeat(129), "'tagOrDigest' must be a tag"],
      ['coreos/etcd', 'sha256:abc', "'tagOrDigest' must be a tag"],
    ])('fails for %p %p', (image, tagOrDigest, message) => {
      expect(() => make().imageUri(image, tagOrDigest)).toThrow(message);
    });

    test('of the longest name and the longest tag', () => {
      expect(() => make().imageUri('a'.repeat(251), 't'.repeat(128))).not.toThrow();
    });

    test('passes what is known only at deployment', () => {
      const text = new CfnParameter(stack, 'Text').valueAsString;

      expect(uri(make(), text, text)).toEqual({ 'Fn::Join': ['', [...host, '/', rule, '/', { Ref: 'Text' }, ':', { Ref: 'Text' }]] });
      expect(uri(make({ prefix: text }, stack, 'Late'), 'coreos/etcd')).toEqual({ 'Fn::Join': ['', [...host, '/', { Ref: expect.stringMatching(/^Late/) as unknown }, '/coreos/etcd']] });
    });

    test('fails when the part of the upstream, or an image of a part, is known only at deployment', () => {
      const text = new CfnParameter(stack, 'Text').valueAsString;
      const message = "'image' and 'upstreamRepositoryPrefix' must not be tokens";

      expect(() => make({ prefix: 'a1', upstreamRepositoryPrefix: text }, stack, 'A').imageUri('coreos/etcd')).toThrow(message);
      expect(() => make({ prefix: 'b1', upstreamRepositoryPrefix: 'coreos' }, stack, 'B').imageUri(text)).toThrow(message);
    });
  });

  test('fails with all problems at once', () => {
    expect(() => make({ prefix: 'A', upstreamRepositoryPrefix: 'B', credentials: importedSecret(), mutableTags: ['a b'] }))
      .toThrow(/'prefix' .*\n'prefix' .*\n'upstreamRepositoryPrefix' .*\n'upstreamRepositoryPrefix' .*\n'credentials' .*\n'mutableTags\[0\]' /);
  });

  test('puts no value of a secret into the template', () => {
    make({ upstream: UpstreamRegistry.DOCKER_HUB });

    expect(properties(SECRET)).not.toHaveProperty('SecretString');
  });

  describe('that is imported', () => {
    test('knows its images where it is', () => {
      const cache = PullThroughCache.fromPullThroughCacheAttributes(stack, 'Import', {
        prefix: 'docker-hub', upstream: UpstreamRegistry.DOCKER_HUB, account: '444455556666', region: 'eu-central-1',
      });

      expect(stack.resolve(cache.imageUri('nginx', '1.27'))).toEqual({
        'Fn::Join': ['', ['444455556666.dkr.ecr.eu-central-1.', { Ref: 'AWS::URLSuffix' }, '/docker-hub/library/nginx:1.27']],
      });
      expect(cache.pullThroughCacheRuleRef).toEqual({ ecrRepositoryPrefix: 'docker-hub' });
      expect(cache.tagsRepositories).toBe(false);
      Template.fromStack(stack).resourceCountIs(RULE, 0);
    });

    test('is where its stack is, unless it says so', () => {
      const cache = PullThroughCache.fromPullThroughCacheAttributes(stack, 'Import', {
        prefix: 'etcd', upstream: UpstreamRegistry.QUAY, upstreamRepositoryPrefix: 'coreos', tagsRepositories: true,
      });

      expect(cache.env).toEqual(ENV);
      expect(cache.tagsRepositories).toBe(true);
      expect(stack.resolve(cache.imageUri('coreos/etcd'))).toEqual({ 'Fn::Join': ['', ['111122223333.dkr.ecr.eu-west-1.', { Ref: 'AWS::URLSuffix' }, '/etcd/etcd']] });
    });
  });
});
