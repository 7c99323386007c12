import { App, Aws, CfnParameter, Duration, Fn, NestedStack, PhysicalName, PropertyInjectors, RemovalPolicy, Stack, Tags, Token, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import type * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import {
  FindingSeverity, type ISecureRepository, LifecyclePolicy, RepositoryEncryption, SecureRepository, type SecureRepositoryProps,
} from '../../lib';

const TYPE = 'AWS::ECR::Repository';
const ENV = { account: '111122223333', region: 'eu-west-1' };
const ARN = 'arn:aws:ecr:eu-west-1:111122223333:repository/team/api';
const FOREIGN_ARN = 'arn:aws:ecr:eu-central-1:444455556666:repository/team/api';
const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/12345678-1234-1234-1234-123456789012';
const KEY = { 'Fn::GetAtt': ['SecureRepositoryKeyC320F3CF', 'Arn'] };
const ID = 'ApiF70053CD';

let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Stack', { env: ENV });
});

function make(props?: SecureRepositoryProps, scope = stack): SecureRepository {
  return new SecureRepository(scope, 'Api', props);
}

function properties(scope = stack): Record<string, unknown> {
  const [repository] = Object.values(Template.fromStack(scope).findResources(TYPE));
  return (repository as { Properties: Record<string, unknown> }).Properties;
}

function warnings(scope = stack): Array<{ id: string; message: string }> {
  return Annotations.fromStack(scope).findWarning('*', Match.anyValue()).map(({ entry }) => {
    const [, message, id] = /^(.*) \[ack: [Aa]nnotation::(.*)\]$/.exec(entry.data as string) ?? [];
    return { id, message };
  });
}

function parameter(): string {
  return new CfnParameter(stack, 'Parameter').valueAsString;
}

describe('SecureRepository', () => {
  describe('with no props', () => {
    test('gives a repository and a key, and nothing else', () => {
      make();

      expect(Template.fromStack(stack).toJSON().Resources).toEqual({
        [ID]: {
          Type: TYPE,
          Properties: {
            EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: KEY },
            ImageScanningConfiguration: { ScanOnPush: true },
            ImageTagMutability: 'IMMUTABLE',
            LifecyclePolicy: { LifecyclePolicyText: LifecyclePolicy.standard().toJson() },
          },
          DeletionPolicy: 'RetainExceptOnCreate',
          UpdateReplacePolicy: 'Retain',
        },
        SecureRepositoryKeyC320F3CF: {
          Type: 'AWS::KMS::Key',
          Properties: {
            Description: 'Encrypts the images in the ECR repositories of this stack',
            EnableKeyRotation: true,
            KeyPolicy: {
              Statement: [{
                Action: 'kms:*',
                Effect: 'Allow',
                Principal: { AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::111122223333:root']] } },
                Resource: '*',
              }],
              Version: '2012-10-17',
            },
          },
          DeletionPolicy: 'RetainExceptOnCreate',
          UpdateReplacePolicy: 'Retain',
        },
      });
      expect(warnings()).toEqual([]);
    });

    test('gives the same in a stack that may be deployed anywhere', () => {
      const anywhere = new Stack(app, 'Anywhere');
      make({}, anywhere);

      expect(properties(anywhere)).toEqual({
        EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: KEY },
        ImageScanningConfiguration: { ScanOnPush: true },
        ImageTagMutability: 'IMMUTABLE',
        LifecyclePolicy: { LifecyclePolicyText: LifecyclePolicy.standard().toJson() },
      });
    });

    test('shares one key among the repositories of a stack, not across stacks', () => {
      const other = new Stack(app, 'Other', { env: ENV });
      make();
      new SecureRepository(stack, 'Second');
      make({}, other);

      Template.fromStack(stack).resourceCountIs('AWS::KMS::Key', 1);
      Template.fromStack(stack).allResourcesProperties(TYPE, { EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: KEY } });
      Template.fromStack(other).hasResourceProperties(TYPE, { EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: KEY } });
      Template.fromStack(other).resourceCountIs('AWS::KMS::Key', 1);
    });

    test('gives a nested stack a key of its own', () => {
      const nested = new NestedStack(stack, 'Nested');
      make({}, nested);

      Template.fromStack(nested).hasResourceProperties(TYPE, { EncryptionConfiguration: { KmsKey: KEY } });
      Template.fromStack(stack).resourceCountIs('AWS::KMS::Key', 0);
    });

    test.each([AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks])('has no finding of %p, with nothing acknowledged', Pack => {
      const repository = make();
      make({}, new Stack(app, 'Anywhere'));

      expect(new Pack().validateScope(app).violations).toEqual([]);
      expect([app, ...app.node.findAll(), repository].flatMap(construct => construct.node.metadata)
        .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)).toEqual([]);
    });
  });

  test('has the repository of CloudFormation as its default child', () => {
    const repository = make();
    const child = repository.node.defaultChild as ecr.CfnRepository;
    child.addPropertyOverride('ImageTagMutability', 'MUTABLE');

    expect(child).toBeInstanceOf(ecr.CfnRepository);
    expect(properties()).toMatchObject({ ImageTagMutability: 'MUTABLE' });
  });

  test('takes props from the injectors of a scope', () => {
    PropertyInjectors.of(stack).add({
      constructUniqueId: SecureRepository.PROPERTY_INJECTION_ID,
      inject: (props: SecureRepositoryProps) => ({ mutableTags: ['latest'], ...props }),
    });
    make();

    expect(SecureRepository.PROPERTY_INJECTION_ID).toBe('cdk-secure-ecr.SecureRepository');
    expect(properties()).toMatchObject({ ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION' });
  });

  test('reports several problems at once, before it makes anything', () => {
    expect(() => make({
      repositoryName: 'Bad Name', mutableTags: ['a b'], encryption: RepositoryEncryption.DUAL_LAYER, emptyOnDelete: true,
    })).toThrow([
      "'repositoryName' must be lowercase letters and digits, joined by '.', '_', '__' or '-' and nested by '/', such as 'team/api', got \"Bad Name\"",
      "'mutableTags[0]' must be a tag such as 'latest' or, with '*' for any text, 'prod-*': letters, digits, '.', '_', '-' and '*', got \"a b\"",
      "'encryption' must not be dual-layer (KMS_DSSE) in eu-west-1: only the AWS GovCloud (US) Regions offer it; use a customer managed key (KMS)",
      "'emptyOnDelete' must be used with 'removalPolicy' RemovalPolicy.DESTROY, got \"retain-on-update-or-delete\"; set both to delete images with the repository",
    ].join('\n'));
    Template.fromStack(stack).templateMatches({ Resources: Match.absent() });
  });

  describe('the name of another repository', () => {
    const named = (scope: Stack, id: string, repositoryName = 'team/api') => new SecureRepository(scope, id, { repositoryName });

    test('is an error in one stack and in two stacks of one environment', () => {
      named(stack, 'Api');

      expect(() => named(stack, 'Twin')).toThrow(
        "'Stack/Api' and 'Stack/Twin' both define the repository \"team/api\" of account 111122223333 in eu-west-1, of which there is only one; give them different names",
      );
      expect(() => named(new Stack(app, 'Other', { env: ENV }), 'Twin')).toThrow("'Stack/Api' and 'Other/Twin'");
    });

    test('is an error if a parameter names both', () => {
      const name = parameter();
      named(stack, 'Api', name);

      expect(() => named(stack, 'Twin', name)).toThrow("'Stack/Api' and 'Stack/Twin' both define the repository of the same name");
    });

    test('is an error at synthesis if the other one is an ecr.Repository', () => {
      named(stack, 'Api');
      new ecr.Repository(new Stack(app, 'Other', { env: ENV }), 'Raw', { repositoryName: 'team/api' });

      expect(() => app.synth()).toThrow("'Other/Raw/Resource' and 'Stack/Api' both define the repository \"team/api\"");
    });

    test('is fine in another Region, and for repositories without a name', () => {
      named(stack, 'Api');
      named(new Stack(app, 'Frankfurt', { env: { ...ENV, region: 'eu-central-1' } }), 'Api');
      ['One', 'Two'].forEach(id => new SecureRepository(stack, id));
      ['Three', 'Four'].forEach(id => named(stack, id, PhysicalName.GENERATE_IF_NEEDED));

      expect(() => app.synth()).not.toThrow();
      expect(warnings()).toEqual([]);
    });

    test('is a warning if the environment is unknown', () => {
      named(new Stack(app, 'Agnostic'), 'Api');
      named(stack, 'Twin');

      expect(warnings().map(({ id }) => id)).toEqual(['cdk-secure-ecr:SecureRepository.environmentUnknown']);
    });
  });

  describe('repositoryName', () => {
    test.each(['ab', 'a'.repeat(256), 'a__b', 'a--b', 'a.b', 'team/api', '1password/cli'])('accepts %p', repositoryName => {
      make({ repositoryName });

      expect(properties()).toMatchObject({ RepositoryName: repositoryName });
    });

    test.each(['a', 'a'.repeat(257), 'Bad Name', 'a//b', '/a', 'ab/', 'a___b', 'a..b', '-ab', 'Ab', 'äpfel'])('fails for %p', repositoryName => {
      expect(() => make({ repositoryName })).toThrow(/^'repositoryName' must be /);
    });

    test('passes when it is known only at deployment', () => {
      make({ repositoryName: `team/${parameter()}` });

      expect(properties()).toMatchObject({ RepositoryName: { 'Fn::Join': ['', ['team/', { Ref: 'Parameter' }]] } });
    });

    test('is made up by the CDK only when another environment asks for it', () => {
      const other = new Stack(app, 'Other', { env: { account: '444455556666', region: 'eu-west-1' } });
      const asked = make({ repositoryName: PhysicalName.GENERATE_IF_NEEDED });
      const unasked = new SecureRepository(stack, 'Unasked', { repositoryName: PhysicalName.GENERATE_IF_NEEDED });
      const name = other.resolve(asked.repositoryName) as string;

      expect(name).toMatch(/^[a-z0-9]+$/);
      Template.fromStack(stack).hasResource(TYPE, { Properties: { RepositoryName: name } });
      expect(stack.resolve(unasked.repositoryName)).toEqual({ Ref: stack.getLogicalId(unasked.node.defaultChild as ecr.CfnRepository) });
      expect(Object.values(Template.fromStack(stack).findResources(TYPE, { Properties: { RepositoryName: Match.absent() } }))).toHaveLength(1);
    });
  });

  describe('mutableTags', () => {
    test('may be none', () => {
      make({ mutableTags: [] });

      expect(properties()).toMatchObject({ ImageTagMutability: 'IMMUTABLE' });
      expect(properties()).not.toHaveProperty('ImageTagMutabilityExclusionFilters');
    });

    test.each([1, 5])('may be %i', count => {
      const mutableTags = Array.from({ length: count }, (_, index) => `env${index}-*`);
      make({ mutableTags });

      expect(properties()).toMatchObject({
        ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
        ImageTagMutabilityExclusionFilters: mutableTags.map(value => ({
          ImageTagMutabilityExclusionFilterType: 'WILDCARD',
          ImageTagMutabilityExclusionFilterValue: value,
        })),
      });
      expect(warnings()).toEqual([]);
    });

    test.each([
      ['six', ['a', 'b', 'c', 'd', 'e', 'f'], "'mutableTags' must have at most 5 entries, got 6"],
      ['one of 129 characters', ['a'.repeat(129)], "'mutableTags[0]' must be 1 to 128 characters long, got 129"],
      ['one with a slash', ['prod/*'], "'mutableTags[0]' must be a tag such as 'latest'"],
      ['duplicates', ['latest', 'latest'], "'mutableTags' must not have duplicates, got \"latest\" twice"],
    ])('fail when there are %s', (_, mutableTags, message) => {
      expect(() => make({ mutableTags })).toThrow(message);
    });

    test('may have 128 characters', () => {
      make({ mutableTags: ['a'.repeat(128)] });

      expect(properties()).toMatchObject({ ImageTagMutabilityExclusionFilters: [{ ImageTagMutabilityExclusionFilterValue: 'a'.repeat(128) }] });
    });

    test('pass one by one when they are known only at deployment', () => {
      make({ mutableTags: [parameter(), 'latest'] });

      expect(properties()).toMatchObject({
        ImageTagMutabilityExclusionFilters: [
          { ImageTagMutabilityExclusionFilterValue: { Ref: 'Parameter' } },
          { ImageTagMutabilityExclusionFilterValue: 'latest' },
        ],
      });
    });

    test('fail as a list of unknown length', () => {
      const mutableTags = new CfnParameter(stack, 'List', { type: 'CommaDelimitedList' }).valueAsList;

      expect(() => make({ mutableTags })).toThrow("'mutableTags' must be a list of known length");
    });

    test.each([[['*'], 'MUTABLE'], [['*', 'latest'], 'IMMUTABLE_WITH_EXCLUSION'], [['**'], 'IMMUTABLE_WITH_EXCLUSION']])('warn as %p, which is every tag', (mutableTags, mutability) => {
      make({ mutableTags });

      expect(properties()).toMatchObject({ ImageTagMutability: mutability });
      expect(warnings()).toEqual([{
        id: 'cdk-secure-ecr:SecureRepository.allTagsMutable',
        message: "every tag can be moved to another image, because 'mutableTags' has '*', and AWS Security Hub ECR.2 fails; list the tags that must be mutable",
      }]);
    });

    test('warn of more than two wildcards', () => {
      make({ mutableTags: ['*a*b*', '*a*'] });

      expect(warnings()).toEqual([{
        id: 'cdk-secure-ecr:SecureRepository.mutableTagWildcards',
        message: "'mutableTags' has \"*a*b*\" with more than 2 '*', which ECR may reject; use fewer",
      }]);
    });

    test.each([
      ['allTagsMutable', ['*']],
      ['mutableTagWildcards', ['*a*b*']],
    ])('no longer warn of %s once it is acknowledged', (reason, mutableTags) => {
      Validations.of(make({ mutableTags })).acknowledge({ id: `cdk-secure-ecr:SecureRepository.${reason}`, reason: 'A sandbox' });

      expect(warnings()).toEqual([]);
    });
  });

  describe('encryption', () => {
    test('with keys of Amazon S3 writes nothing, as the CDK writes nothing', () => {
      make({ encryption: RepositoryEncryption.AES_256 });

      expect(properties()).not.toHaveProperty('EncryptionConfiguration');
      Template.fromStack(stack).resourceCountIs('AWS::KMS::Key', 0);
    });

    test('uses the default key of the stack, which can be had before and after', () => {
      const key = SecureRepository.defaultKeyOf(stack);
      make();

      expect(SecureRepository.defaultKeyOf(stack)).toBe(key);
      expect(properties().EncryptionConfiguration).toEqual({ EncryptionType: 'KMS', KmsKey: KEY });
      Template.fromStack(stack).resourceCountIs('AWS::KMS::Key', 1);
    });

    test('fails if another construct has the id of the default key', () => {
      new CfnParameter(stack, 'SecureRepositoryKey');

      expect(() => make()).toThrow("'Stack/SecureRepositoryKey' must not have the id 'SecureRepositoryKey', which is the id of the default key of the stack; rename the construct, or set 'encryption'");
    });

    test('with keys of Amazon S3 may be declared', () => {
      make({ encryption: RepositoryEncryption.AES_256_DECLARED });

      expect(properties().EncryptionConfiguration).toEqual({ EncryptionType: 'AES256' });
      Template.fromStack(stack).resourceCountIs('AWS::KMS::Key', 0);
    });

    test('with the key of AWS', () => {
      make({ encryption: RepositoryEncryption.AWS_MANAGED_KEY });

      expect(properties().EncryptionConfiguration).toEqual({ EncryptionType: 'KMS' });
      Template.fromStack(stack).resourceCountIs('AWS::KMS::Key', 0);
    });

    test.each<[string, (scope: Stack) => kms.IKeyRef, unknown]>([
      ['a key', scope => new kms.Key(scope, 'Key'), { 'Fn::GetAtt': ['Key961B73FD', 'Arn'] }],
      ['an imported key', scope => kms.Key.fromKeyArn(scope, 'Key', KEY_ARN), KEY_ARN],
      ['a bare key', scope => new kms.CfnKey(scope, 'Key'), { 'Fn::GetAtt': ['Key', 'Arn'] }],
    ])('with %s', (_, keyIn, arn) => {
      make({ encryption: RepositoryEncryption.customerManagedKey(keyIn(stack)) });

      expect(properties().EncryptionConfiguration).toEqual({ EncryptionType: 'KMS', KmsKey: arn });
      Template.fromStack(stack).resourcePropertiesCountIs('AWS::KMS::Key', { Description: Match.stringLikeRegexp('Encrypts the images') }, 0);
    });

    test('fails with a key of another Region', () => {
      const key = kms.Key.fromKeyArn(stack, 'Key', KEY_ARN.replace('eu-west-1', 'us-east-1'));

      expect(() => make({ encryption: RepositoryEncryption.customerManagedKey(key) })).toThrow(
        "'encryption' must use a key of the repository's Region eu-west-1, got a key of us-east-1; use a key or a multi-Region replica key there",
      );
    });

    test('takes a key of any Region when the Region of the stack is not known', () => {
      const anywhere = new Stack(app, 'Anywhere');
      make({ encryption: RepositoryEncryption.customerManagedKey(kms.Key.fromKeyArn(anywhere, 'Key', KEY_ARN)) }, anywhere);

      expect(properties(anywhere).EncryptionConfiguration).toEqual({ EncryptionType: 'KMS', KmsKey: KEY_ARN });
    });

    test.each([['us-gov-west-1'], ['us-gov-east-1'], [undefined]])('may have two layers in %s', region => {
      const there = new Stack(app, 'There', { env: { account: ENV.account, region } });
      make({ encryption: RepositoryEncryption.DUAL_LAYER }, there);
      new SecureRepository(there, 'WithKey', { encryption: RepositoryEncryption.dualLayer(new kms.Key(there, 'Key')) });

      Template.fromStack(there).hasResourceProperties(TYPE, { EncryptionConfiguration: { EncryptionType: 'KMS_DSSE', KmsKey: Match.absent() } });
      Template.fromStack(there).hasResourceProperties(TYPE, {
        EncryptionConfiguration: { EncryptionType: 'KMS_DSSE', KmsKey: { 'Fn::GetAtt': ['Key961B73FD', 'Arn'] } },
      });
    });

    test.each(['eu-west-1', 'us-east-1', 'cn-north-1'])('fails with two layers in %s', region => {
      const there = new Stack(app, 'There', { env: { account: ENV.account, region } });

      for (const encryption of [RepositoryEncryption.DUAL_LAYER, RepositoryEncryption.dualLayer(new kms.Key(there, 'Key'))]) {
        expect(() => make({ encryption }, there)).toThrow(
          `'encryption' must not be dual-layer (KMS_DSSE) in ${region}: only the AWS GovCloud (US) Regions offer it; use a customer managed key (KMS)`,
        );
        there.node.tryRemoveChild('Api');
      }
    });
  });

  describe('lifecycle', () => {
    test('may be any policy', () => {
      make({ lifecycle: LifecyclePolicy.keepLatest(3) });

      expect(properties()).toMatchObject({ LifecyclePolicy: { LifecyclePolicyText: LifecyclePolicy.keepLatest(3).toJson() } });
    });

    test('may be none, with a warning until it is acknowledged', () => {
      const repository = make({ lifecycle: LifecyclePolicy.none() });

      expect(properties()).not.toHaveProperty('LifecyclePolicy');
      expect(warnings()).toEqual([{
        id: 'cdk-secure-ecr:SecureRepository.lifecycleKeepsEveryImage',
        message: expect.stringContaining('no image ever expires: storage costs grow with each push') as string,
      }]);
      Validations.of(repository).acknowledge({ id: 'cdk-secure-ecr:SecureRepository.lifecycleKeepsEveryImage', reason: 'adopted' });
      expect(warnings()).toEqual([]);
    });

    test('warns of what its policy finds', () => {
      const lifecycle = LifecyclePolicy.keepLatest(3);
      jest.spyOn(lifecycle, 'findings').mockReturnValue([{ id: 'unreachableRule', message: 'rule 2 never acts' }]);
      make({ lifecycle });

      expect(warnings()).toEqual([{ id: 'cdk-secure-ecr:SecureRepository.lifecycleUnreachableRule', message: 'rule 2 never acts' }]);
    });
  });

  describe('scanOnPush', () => {
    test('may be off', () => {
      make({ scanOnPush: false });

      expect(properties()).toMatchObject({ ImageScanningConfiguration: { ScanOnPush: false } });
    });
  });

  describe('removalPolicy and emptyOnDelete', () => {
    test('delete the repository with the stack', () => {
      make({ removalPolicy: RemovalPolicy.DESTROY });

      Template.fromStack(stack).hasResource(TYPE, { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
      expect(properties()).not.toHaveProperty('EmptyOnDelete');
    });

    test('delete the images with the repository', () => {
      make({ removalPolicy: RemovalPolicy.DESTROY, emptyOnDelete: true });

      expect(properties()).toMatchObject({ EmptyOnDelete: true });
      Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 0);
    });

    test.each([undefined, RemovalPolicy.RETAIN, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, RemovalPolicy.SNAPSHOT])('fail to delete the images with %p', removalPolicy => {
      expect(() => make({ removalPolicy, emptyOnDelete: true })).toThrow(
        `'emptyOnDelete' must be used with 'removalPolicy' RemovalPolicy.DESTROY, got "${removalPolicy ?? 'retain-on-update-or-delete'}"; set both to delete images with the repository`,
      );
    });

    test('keep the images when emptyOnDelete is off', () => {
      expect(() => make({ emptyOnDelete: false })).not.toThrow();
    });
  });

  describe('tags', () => {
    test('are those of its scopes', () => {
      Tags.of(make()).add('team', 'payments');
      Tags.of(app).add('cost-center', '42');

      expect(properties()).toMatchObject({ Tags: [{ Key: 'cost-center', Value: '42' }, { Key: 'team', Value: 'payments' }] });
    });

    test.each([
      ['an empty value', 'team', '', "[Stack/Api] 'tag value of team' must be 1 to 255 characters long, got 0"],
      ['a value of 256 characters', 'team', 'v'.repeat(256), "[Stack/Api] 'tag value of team' must be 1 to 255 characters long, got 256"],
      ['a key of 128 characters', 'k'.repeat(128), 'v', "[Stack/Api] 'tag key' must be 1 to 127 characters long, got 128"],
    ])('fail at synthesis with %s, which CloudFormation refuses', (_, key, value, message) => {
      make();
      Tags.of(app).add(key, value);

      expect(() => app.synth()).toThrow(message);
    });

    test('may have an empty value where it does not reach the repository', () => {
      make();
      Tags.of(app).add('team', '', { excludeResourceTypes: [TYPE] });

      expect(properties()).not.toHaveProperty('Tags');
    });

    test('may be 50, and fail at synthesis when they are 51', () => {
      make();
      Array.from({ length: 50 }, (_, index) => Tags.of(app).add(`key${index}`, 'v'));
      expect(properties().Tags).toHaveLength(50);

      const other = new Stack(app, 'Other');
      make({}, other);
      Tags.of(other).add('one-more', 'v');
      expect(() => app.synth({ force: true })).toThrow('[Other/Api] a repository must have at most 50 tags, got 51');
    });
  });

  describe('URIs', () => {
    const URI = { 'Fn::GetAtt': [ID, 'RepositoryUri'] };
    const other = (env: { account?: string; region?: string }) => new Stack(app, 'Other', { env });

    test('are the attribute in the same stack', () => {
      const repository = make();

      expect(stack.resolve(repository.repositoryUri)).toEqual(URI);
      expect(stack.resolve(repository.repositoryUriForTag())).toEqual(URI);
      expect(stack.resolve(repository.repositoryUriForTag('v1'))).toEqual({ 'Fn::Join': ['', [URI, ':v1']] });
      expect(stack.resolve(repository.repositoryUriForDigest())).toEqual(URI);
      expect(stack.resolve(repository.repositoryUriForDigest('sha256:ab'))).toEqual({ 'Fn::Join': ['', [URI, '@sha256:ab']] });
      expect(stack.resolve(repository.repositoryUriForTagOrDigest('v1'))).toEqual({ 'Fn::Join': ['', [URI, ':v1']] });
      expect(stack.resolve(repository.repositoryUriForTagOrDigest('sha256:ab'))).toEqual({ 'Fn::Join': ['', [URI, '@sha256:ab']] });
    });

    test('are one token, however often they are asked for', () => {
      const repository = make();

      expect(repository.repositoryUri).toBe(repository.repositoryUri);
      expect(repository.repositoryName).toBe(repository.repositoryName);
      expect(repository.repositoryArn).toBe(repository.repositoryArn);
      expect(repository.grants).toBe(repository.grants);
    });

    test('are the attribute in a stack that may be deployed anywhere', () => {
      const anywhere = new Stack(app, 'Anywhere');

      expect(anywhere.resolve(make({}, anywhere).repositoryUri)).toEqual(URI);
    });

    test.each([
      ['another account', { account: '444455556666', region: 'eu-west-1' }],
      ['another Region', { account: '111122223333', region: 'us-east-1' }],
    ])('are put together in %s', (_, env) => {
      const repository = make({ repositoryName: 'team/api' });
      const registry = ['111122223333.dkr.ecr.eu-west-1.', { Ref: 'AWS::URLSuffix' }];

      expect(other(env).resolve(repository.repositoryUriForTag('v1'))).toEqual({ 'Fn::Join': ['', [...registry, '/team/api:v1']] });
    });

    test('fail in another account when nobody knows the name', () => {
      const repository = make();

      expect(() => other({ account: '444455556666', region: 'eu-west-1' }).resolve(repository.repositoryUri)).toThrow(/physical name must be explicit set/);
    });

    test('begin with the registry', () => {
      expect(stack.resolve(make().registryUri)).toEqual({ 'Fn::Join': ['', ['111122223333.dkr.ecr.eu-west-1.', { Ref: 'AWS::URLSuffix' }]] });
    });

    test('give the name and the ARN for another account', () => {
      const repository = make({ repositoryName: 'team/api' });
      const there = other({ account: '444455556666', region: 'eu-west-1' });

      expect(there.resolve(repository.repositoryName)).toBe('team/api');
      expect(there.resolve(repository.repositoryArn)).toEqual({
        'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ecr:eu-west-1:111122223333:repository/team/api']],
      });
      expect(stack.resolve(repository.repositoryRef)).toEqual({ repositoryName: { Ref: ID }, repositoryArn: { 'Fn::GetAtt': [ID, 'Arn'] } });
    });
  });

  describe('addToResourcePolicy', () => {
    const account = new iam.AccountPrincipal('444455556666');
    const statement = (props: iam.PolicyStatementProps = {}) => new iam.PolicyStatement({ actions: ['ecr:BatchGetImage'], principals: [account], ...props });
    const rendered = (extra: object = {}) => ({
      Action: 'ecr:BatchGetImage',
      Effect: 'Allow',
      Principal: { AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::444455556666:root']] } },
      ...extra,
    });

    test('adds statements to one policy', () => {
      const repository = make();
      repository.addToResourcePolicy(statement());
      repository.addToResourcePolicy(statement({ sid: 'Deny', effect: iam.Effect.DENY, actions: ['ecr:PutImage'] }));

      expect(properties().RepositoryPolicyText).toEqual({
        Version: '2012-10-17',
        Statement: [rendered(), rendered({ Sid: 'Deny', Effect: 'Deny', Action: 'ecr:PutImage' })],
      });
    });

    test('says what to wait for', () => {
      const repository = make();

      expect(repository.addToResourcePolicy(statement())).toEqual({ statementAdded: true, policyDependable: repository.node.defaultChild });
    });

    test('merges statements that differ in one thing, so that a policy holds more of them', () => {
      const repository = make();
      repository.addToResourcePolicy(statement());
      repository.addToResourcePolicy(statement({ actions: ['ecr:PutImage'] }));

      expect(properties().RepositoryPolicyText).toMatchObject({ Statement: [{ Action: ['ecr:BatchGetImage', 'ecr:PutImage'] }] });
    });

    test.each<[string, iam.PolicyStatementProps]>([
      ['resources', { resources: ['*'] }],
      ['resources that are not meant', { notResources: ['arn:aws:ecr:eu-west-1:111122223333:repository/other'] }],
    ])('leaves out %s, since ECR knows the repository', (_, props) => {
      make().addToResourcePolicy(statement(props));

      expect(properties().RepositoryPolicyText).toEqual({ Version: '2012-10-17', Statement: [rendered()] });
      expect(warnings()).toEqual([]);
    });

    test('fails for an action of the registry', () => {
      expect(() => make().addToResourcePolicy(statement({ actions: ['ecr:GetAuthorizationToken'] }))).toThrow(
        "'statement' must not include \"ecr:GetAuthorizationToken\": it applies to the registry and has no effect in a repository policy",
      );
    });

    test("fails for the principal '*' without a condition, but for a denial", () => {
      const repository = make();
      const principals = [new iam.AnyPrincipal()];

      expect(() => repository.addToResourcePolicy(statement({ principals }))).toThrow("'statement' must not allow the principal '*' without a condition");
      repository.addToResourcePolicy(statement({ principals, effect: iam.Effect.DENY }));
      repository.addToResourcePolicy(statement({ principals, conditions: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }));

      expect(properties().RepositoryPolicyText).toMatchObject({ Statement: [{ Effect: 'Deny' }, { Effect: 'Allow', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }] });
    });

    test('fails to allow everybody but somebody', () => {
      expect(() => make().addToResourcePolicy(statement({ principals: [], notPrincipals: [account] }))).toThrow("'statement' must not allow all principals except a 'NotPrincipal'");
    });

    test('fails at synthesis for a statement without principals', () => {
      make().addToResourcePolicy(statement({ principals: [] }));

      expect(() => app.synth()).toThrow('[Stack/Api] A PolicyStatement used in a resource-based policy must specify at least one IAM principal.');
    });

    test.each([[10_240, false], [10_241, true]])('of %i characters fails: %p', (length, fails) => {
      const add = (sid: string) => statement({ sid, principals: [new iam.ArnPrincipal('arn:aws:iam::444455556666:root')] });
      const bare = JSON.stringify(new iam.PolicyDocument({ statements: [add('')] }).toJSON()).length;
      make().addToResourcePolicy(add('x'.repeat(length - bare)));

      if (fails) {
        expect(() => app.synth()).toThrow('[Stack/Api] the repository policy must be at most 10240 characters long, got 10241; grant to an organization with CrossAccountPull');
      } else {
        expect(JSON.stringify(properties().RepositoryPolicyText).length).toBe(length);
      }
    });
  });

  describe('events', () => {
    let queue: sqs.Queue;

    beforeEach(() => {
      queue = new sqs.Queue(stack, 'Queue');
    });

    function pattern(): unknown {
      const [rule] = Object.values(Template.fromStack(stack).findResources('AWS::Events::Rule'));
      return (rule as { Properties: { EventPattern: unknown } }).Properties.EventPattern;
    }

    function imageAction(detail: object): unknown {
      return { 'source': ['aws.ecr'], 'detail-type': ['ECR Image Action'], 'detail': { 'result': ['SUCCESS'], 'repository-name': [{ Ref: ID }], ...detail } };
    }

    test('of pushes', () => {
      make().onImagePushed('Rule');

      expect(pattern()).toEqual(imageAction({ 'action-type': ['PUSH'] }));
    });

    test('of pushes of some tags', () => {
      make().onImagePushed('Rule', { imageTags: ['latest', 'prod'] });

      expect(pattern()).toEqual(imageAction({ 'action-type': ['PUSH'], 'image-tag': ['latest', 'prod'] }));
    });

    test('of pushes of no tag fail, since no pattern says so', () => {
      expect(() => make().onImagePushed('Rule', { imageTags: [] })).toThrow("'imageTags' must have at least one tag, got []; omit it for every tag");
    });

    test('of deletions', () => {
      make().onImageDeleted('Rule');

      expect(pattern()).toEqual(imageAction({ 'action-type': ['DELETE'] }));
    });

    test('of moves to the archive', () => {
      make().onImageArchived('Rule');

      expect(pattern()).toEqual(imageAction({ 'action-type': ['UPDATE_STORAGE_CLASS'], 'target-storage-class': ['ARCHIVE'] }));
    });

    test('of scans, by Amazon ECR and by Amazon Inspector, in one rule', () => {
      make().onScanFindings('Rule');

      expect(pattern()).toEqual({
        'source': ['aws.ecr', 'aws.inspector2'],
        'detail-type': ['ECR Image Scan', 'Inspector2 Scan'],
        'resources': [{ 'Fn::GetAtt': [ID, 'Arn'] }],
        'detail': { 'scan-status': ['COMPLETE', 'INITIAL_SCAN_COMPLETE'] },
      });
      Template.fromStack(stack).resourceCountIs('AWS::Events::Rule', 1);
    });

    test.each([
      [FindingSeverity.HIGH, ['CRITICAL', 'HIGH']],
      [FindingSeverity.MEDIUM, ['CRITICAL', 'HIGH', 'MEDIUM']],
      [FindingSeverity.LOW, ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'TOTAL']],
      [FindingSeverity.INFORMATIONAL, ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFORMATIONAL', 'TOTAL']],
    ])('of scans that found something %s or worse', (minimumSeverity, severities) => {
      make().onScanFindings('Rule', { minimumSeverity });

      expect(pattern()).toMatchObject({
        detail: {
          'scan-status': ['COMPLETE', 'INITIAL_SCAN_COMPLETE'],
          '$or': severities.map(severity => ({ 'finding-severity-counts': { [severity]: [{ numeric: ['>', 0] }] } })),
        },
      });
    });

    test('of scans that found something critical need no alternatives, of which EventBridge wants two', () => {
      make().onScanFindings('Rule', { minimumSeverity: FindingSeverity.CRITICAL });

      expect((pattern() as { detail: unknown }).detail).toEqual({
        'scan-status': ['COMPLETE', 'INITIAL_SCAN_COMPLETE'],
        'finding-severity-counts': { CRITICAL: [{ numeric: ['>', 0] }] },
      });
    });

    test.each<[string, (repository: ISecureRepository, options: events.OnEventOptions) => events.Rule]>([
      ['onImagePushed', (repository, options) => repository.onImagePushed('Rule', options)],
      ['onImageDeleted', (repository, options) => repository.onImageDeleted('Rule', options)],
      ['onImageArchived', (repository, options) => repository.onImageArchived('Rule', options)],
      ['onScanFindings', (repository, options) => repository.onScanFindings('Rule', options)],
    ])('of %s go to a target, under a name', (_, on) => {
      const rule = on(make(), { target: new targets.SqsQueue(queue), ruleName: 'images', description: 'Images' });

      expect(rule.node.path).toBe('Stack/Api/Rule');
      Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
        Name: 'images', Description: 'Images', Targets: [{ Arn: { 'Fn::GetAtt': ['Queue4A7E3555', 'Arn'] }, Id: 'Target0' }],
      });
    });

    test('narrow down to what else the caller wants', () => {
      make().onImagePushed('Rule', { eventPattern: { detail: { 'image-digest': ['sha256:ab'] } } });

      expect(pattern()).toEqual(imageAction({ 'action-type': ['PUSH'], 'image-digest': ['sha256:ab'] }));
    });

    test('of an imported repository of this account and Region', () => {
      SecureRepository.fromRepositoryName(stack, 'Import', 'team/api').onImagePushed('Rule');

      expect(pattern()).toMatchObject({ detail: { 'repository-name': ['team/api'] } });
      expect(warnings()).toEqual([]);
    });

    test.each([FOREIGN_ARN, FOREIGN_ARN.replace('444455556666', '111122223333')])('of %s warn that they do not come here', arn => {
      const repository = SecureRepository.fromRepositoryArn(stack, 'Import', arn);
      repository.onImagePushed('Rule');

      expect(warnings()).toEqual([{
        id: 'cdk-secure-ecr:SecureRepository.foreignEvents',
        message: `this rule never matches, because the events of 'Stack/Import' are in account ${repository.env.account} and Region eu-central-1; `
          + 'ask the owner to forward them to the event bus of this account and Region',
      }]);
      Validations.of(repository).acknowledge({ id: 'cdk-secure-ecr:SecureRepository.foreignEvents', reason: 'They are forwarded' });
      expect(warnings()).toEqual([]);
    });

    test("of the CDK's own kind still work", () => {
      const repository = make();
      repository.onEvent('Any');
      repository.onImageScanCompleted('Scan');
      repository.onCloudTrailImagePushed('Trail');

      Template.fromStack(stack).resourceCountIs('AWS::Events::Rule', 3);
    });
  });

  describe('metrics', () => {
    test('count pulls', () => {
      const metric = make().metricPullCount({ period: Duration.hours(1) });

      const { dimensions, ...stat } = metric.toMetricConfig().metricStat ?? {};

      expect({ ...stat, dimensions: stack.resolve(dimensions) as unknown }).toEqual({
        namespace: 'AWS/ECR',
        metricName: 'RepositoryPullCount',
        dimensions: [{ name: 'RepositoryName', value: { Ref: ID } }],
        statistic: 'Sum',
        period: Duration.hours(1),
        account: '111122223333',
        region: 'eu-west-1',
      });
    });

    test('may be any other, read in any way', () => {
      const metric = make().metric('Other', { statistic: 'p99', label: 'Others' });

      expect(metric.toMetricConfig().metricStat).toMatchObject({ namespace: 'AWS/ECR', metricName: 'Other', statistic: 'p99' });
      expect(metric.label).toBe('Others');
    });

    test('are of wherever a stack is deployed that may be deployed anywhere', () => {
      const metric = make({}, new Stack(app, 'Anywhere')).metricPullCount({ statistic: 'Average' });

      expect(metric).toMatchObject({ account: undefined, region: undefined, statistic: 'Average' });
    });
  });

  describe('imports', () => {
    test('by name', () => {
      const repository = SecureRepository.fromRepositoryName(stack, 'Import', 'team/api');

      expect(repository.repositoryName).toBe('team/api');
      expect(stack.resolve(repository.repositoryArn)).toEqual({
        'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ecr:eu-west-1:111122223333:repository/team/api']],
      });
      expect(repository.env).toEqual(ENV);
      expect(repository.repositoryUri).toBe('111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/api');
    });

    test('by a name that is known only at deployment, anywhere', () => {
      const anywhere = new Stack(app, 'Anywhere');
      const repository = SecureRepository.fromRepositoryName(anywhere, 'Import', Fn.ref('Name'));

      expect(anywhere.resolve(repository.repositoryUriForTag('v1'))).toEqual({
        'Fn::Join': ['', [{ Ref: 'AWS::AccountId' }, '.dkr.ecr.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }, '/', { Ref: 'Name' }, ':v1']],
      });
      expect(anywhere.resolve(repository.env)).toEqual({ account: { Ref: 'AWS::AccountId' }, region: { Ref: 'AWS::Region' } });
    });

    test('by ARN, of any account and Region', () => {
      const repository = SecureRepository.fromRepositoryArn(stack, 'Import', FOREIGN_ARN);

      expect(repository.repositoryName).toBe('team/api');
      expect(repository.repositoryArn).toBe(FOREIGN_ARN);
      expect(repository.env).toEqual({ account: '444455556666', region: 'eu-central-1' });
      expect(repository.registryUri).toBe('444455556666.dkr.ecr.eu-central-1.amazonaws.com');
      expect(repository.repositoryUri).toBe('444455556666.dkr.ecr.eu-central-1.amazonaws.com/team/api');
      expect(repository.repositoryUriForTag('v1')).toBe('444455556666.dkr.ecr.eu-central-1.amazonaws.com/team/api:v1');
      expect(repository.repositoryUriForDigest('sha256:ab')).toBe('444455556666.dkr.ecr.eu-central-1.amazonaws.com/team/api@sha256:ab');
      expect(repository.repositoryUriForDigest()).toBe(repository.repositoryUri);
    });

    test('by ARN, of another partition with another domain', () => {
      const repository = SecureRepository.fromRepositoryArn(stack, 'Import', 'arn:aws-cn:ecr:cn-north-1:444455556666:repository/api');

      expect(repository.registryUri).toBe('444455556666.dkr.ecr.cn-north-1.amazonaws.com.cn');
    });

    test('by ARN, of a Region that the CDK does not know', () => {
      const repository = SecureRepository.fromRepositoryArn(stack, 'Import', 'arn:aws:ecr:xx-west-9:444455556666:repository/api');

      expect(stack.resolve(repository.registryUri)).toEqual({ 'Fn::Join': ['', ['444455556666.dkr.ecr.xx-west-9.', { Ref: 'AWS::URLSuffix' }]] });
    });

    test('by an ARN of which some parts are known only at deployment', () => {
      const repository = SecureRepository.fromRepositoryArn(stack, 'Import', `arn:${Aws.PARTITION}:ecr:eu-west-1:${Aws.ACCOUNT_ID}:repository/team/${parameter()}`);

      expect(repository.env.region).toBe('eu-west-1');
      expect(Token.isUnresolved(repository.env.account)).toBe(true);
      expect(stack.resolve(repository.repositoryName)).toEqual({ 'Fn::Join': ['', ['team/', { Ref: 'Parameter' }]] });
    });

    test.each([
      'team/api', 'arn:aws:ecr:eu-west-1:111122223333:repository/', 'arn:aws:ecr:eu-west-1:111122223333:team/api', 'arn:aws:ecr:eu-west-1::repository/api',
      'arn:aws:s3:::repository/api', 'arn:aws:ecr:eu-west-1:111122223333:registry', '111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/api',
    ])('fail for %p, which is not the ARN of a repository', arn => {
      const message = `'repositoryArn' must be like 'arn:aws:ecr:eu-west-1:111122223333:repository/team/api', got ${JSON.stringify(arn)}`;

      expect(() => SecureRepository.fromRepositoryArn(stack, 'Import', arn)).toThrow(message);
      expect(() => SecureRepository.fromRepositoryAttributes(stack, 'Import', { repositoryArn: arn, repositoryName: 'api' })).toThrow(message);
    });

    test('by an ARN that is known only at deployment need the name too', () => {
      const repositoryArn = Fn.importValue('Arn');
      expect(() => SecureRepository.fromRepositoryArn(stack, 'Import', repositoryArn)).toThrow(
        "'repositoryArn' must not be a token, got a token; use fromRepositoryAttributes, and pass the name too",
      );

      const repository = SecureRepository.fromRepositoryAttributes(stack, 'Import', { repositoryArn, repositoryName: 'team/api' });
      expect(repository.env).toEqual(ENV);
      expect(repository.repositoryUri).toBe('111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/api');
      expect(stack.resolve(repository.repositoryArn)).toEqual({ 'Fn::ImportValue': 'Arn' });
    });

    test('by attributes', () => {
      const repository = SecureRepository.fromRepositoryAttributes(stack, 'Import', { repositoryArn: FOREIGN_ARN, repositoryName: 'team/api' });

      expect(repository.env).toEqual({ account: '444455556666', region: 'eu-central-1' });
    });

    test('by a lookup whose answer is still missing, of the environment of the stack', () => {
      const repository = SecureRepository.fromLookup(stack, 'Import', { repositoryName: 'team/api' });
      repository.grants.pull(new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() }));
      repository.grants.pull(new iam.ServicePrincipal('lambda.amazonaws.com'));
      repository.onImagePushed('Rule');

      expect(repository.env).toEqual(ENV);
      expect(warnings()).toEqual([]);
      expect(app.synth().manifest.missing).toMatchObject([{ provider: 'cc-api-provider', props: { typeName: TYPE, exactIdentifier: 'team/api', account: ENV.account, region: ENV.region } }]);
    });

    test('by a lookup that has an answer', () => {
      SecureRepository.fromLookup(stack, 'First', { repositoryArn: ARN });
      const [{ key }] = app.synth().manifest.missing ?? [];

      const second = new App({ context: { [key]: [{ Arn: ARN, Identifier: 'team/api' }] } });
      const repository = SecureRepository.fromLookup(new Stack(second, 'Stack', { env: ENV }), 'First', { repositoryArn: ARN });

      expect(repository.repositoryName).toBe('team/api');
      expect(repository.repositoryArn).toBe(ARN);
      expect(repository.repositoryUri).toBe('111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/api');
      expect(second.synth().manifest.missing).toBeUndefined();
    });

    test('have a policy that is out of reach', () => {
      const repository = SecureRepository.fromRepositoryName(stack, 'Import', 'team/api');

      expect(repository.addToResourcePolicy(new iam.PolicyStatement())).toEqual({ statementAdded: false });
    });

    test('have metrics in their own account and Region', () => {
      const metric = SecureRepository.fromRepositoryArn(stack, 'Import', FOREIGN_ARN).metricPullCount();

      expect(metric.toMetricConfig().metricStat).toMatchObject({ account: '444455556666', region: 'eu-central-1' });
    });
  });
});
