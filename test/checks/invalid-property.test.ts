/**
 * Every property of every resource type of Amazon ECR, with a value that a check refuses, and the construct that writes it, in the same words.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { App, Stack, Tags } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import {
  EcrChecks, ImageSigning, LifecyclePolicy, PublicRepository, PullThroughCache, RegistryPolicy, RegistryScanning, ReplicationSetup,
  ReplicationTarget, RepositoryEncryption, RepositoryTemplate, ScanType, SecureRepository, TemplateUse, UpstreamRegistry,
} from '../../lib';
import { ENVIRONMENT } from '../environment';
import { messageOf } from '../message-of';
import { GOOD, GOOD_TEMPLATE } from './fixtures';

const PROFILE = 'arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release';
const EVERYBODY = { Statement: [{ Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage', Resource: '*' }] };
const DESTINATION = { Region: 'eu-central-1', RegistryId: '111122223333' };
const LONG = 'x'.repeat(12_000);

/** Valid resources, to which each row sets one bad value. */
const VALID: Record<string, object> = {
  Repository: GOOD,
  RepositoryCreationTemplate: GOOD_TEMPLATE,
  PublicRepository: {},
  PullThroughCacheRule: { EcrRepositoryPrefix: 'quay', UpstreamRegistryUrl: 'quay.io' },
  PullTimeUpdateExclusion: { PrincipalArn: 'arn:aws:iam::111122223333:role/scanner' },
  RegistryPolicy: { PolicyText: {} },
  RegistryScanningConfiguration: { ScanType: 'BASIC', Rules: [] },
  ReplicationConfiguration: { ReplicationConfiguration: { Rules: [{ Destinations: [DESTINATION] }] } },
  SigningConfiguration: { Rules: [{ SigningProfileArn: PROFILE }] },
};

let stack: Stack;

beforeEach(() => {
  stack = new Stack(new App({ analyticsReporting: false }), 'Stack', { env: { ...ENVIRONMENT, region: 'us-east-1' } });
});

interface Row {
  readonly properties: object;
  /** What the check says, and the construct if there is one. */
  readonly message: string;
  /** The construct that writes the property; a property that none can set wrongly has none. */
  readonly construct?: () => unknown;
}

const repository = (props: object) => () => new SecureRepository(stack, 'Api', props);
const template = (props: object) => () => new RepositoryTemplate(stack, 'Template', { prefix: 'team', appliedFor: [TemplateUse.CREATE_ON_PUSH], ...props });
const gallery = (props: object) => () => new PublicRepository(stack, 'Gallery', props);
const filters = (value: string, type = 'WILDCARD') => [{ ImageTagMutabilityExclusionFilterType: type, ImageTagMutabilityExclusionFilterValue: value }];
const scanning = (rules: object[], type = 'BASIC') => ({ ScanType: type, Rules: rules });
const replication = (rule: object) => ({ ReplicationConfiguration: { Rules: [{ Destinations: [DESTINATION], ...rule }] } });
const signing = (rule: object) => ({ Rules: [{ SigningProfileArn: PROFILE, ...rule }] });
const catalog = (data: object) => ({ RepositoryCatalogData: data });
const everybody = () => new iam.PolicyStatement({ principals: [new iam.AnyPrincipal()], actions: ['ecr:BatchGetImage'] });

/** The rows of settings that repositories and templates have in common. */
const settings = (type: 'Repository' | 'RepositoryCreationTemplate', construct: (props: object) => () => unknown): Record<string, Row> => ({
  [`${type}.ImageTagMutability`]: { properties: { ImageTagMutability: 'Immutable' }, message: 'must be one of "MUTABLE", "IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION", "MUTABLE_WITH_EXCLUSION", got "Immutable"' },
  [`${type}.ImageTagMutabilityExclusionFilters`]: { properties: { ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION' }, message: 'must have at least one filter for IMMUTABLE_WITH_EXCLUSION' },
  [`${type}.ImageTagMutabilityExclusionFilterValue`]: {
    properties: { ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION', ImageTagMutabilityExclusionFilters: filters('a b') },
    message: `must be a tag such as 'latest' or, with '*' for any text, 'prod-*': letters, digits, '.', '_', '-' and '*', got "a b"`,
    construct: construct({ mutableTags: ['a b'] }),
  },
  [`${type}.ImageTagMutabilityExclusionFilterType`]: {
    properties: { ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION', ImageTagMutabilityExclusionFilters: filters('a', 'REGEX') },
    message: 'must be one of "WILDCARD", got "REGEX"',
  },
  [`${type}.EncryptionType`]: {
    properties: { EncryptionConfiguration: { EncryptionType: 'KMS_DSSE' } },
    message: 'must not be dual-layer (KMS_DSSE) in us-east-1: only the AWS GovCloud (US) Regions offer it',
    construct: construct({ encryption: RepositoryEncryption.DUAL_LAYER }),
  },
});

const ROWS: Record<string, Row> = {
  ...settings('Repository', repository),
  ...settings('RepositoryCreationTemplate', template),
  'Repository.RepositoryName': { properties: { RepositoryName: 'Team' }, message: 'got "Team"', construct: repository({ repositoryName: 'Team' }) },
  'Repository.KmsKey': { properties: { EncryptionConfiguration: { EncryptionType: 'AES256', KmsKey: 'key' } }, message: 'must be "KMS" with a KmsKey, got "AES256"' },
  'Repository.ScanOnPush': { properties: { ImageScanningConfiguration: { ScanOnPush: 'yes' } }, message: 'must be one of "true", "false", got "yes"' },
  'Repository.EmptyOnDelete': { properties: { EmptyOnDelete: 1 }, message: 'must be one of "true", "false", got "1"' },
  'Repository.LifecyclePolicyText': {
    properties: { LifecyclePolicy: { LifecyclePolicyText: '{}' } }, message: `'text' must have 'rules', got {}`, construct: () => LifecyclePolicy.fromJson('{}'),
  },
  'Repository.RegistryId': { properties: { LifecyclePolicy: { LifecyclePolicyText: GOOD.LifecyclePolicy.LifecyclePolicyText, RegistryId: '12345678' } }, message: 'must be an AWS account id of 12 digits, got "12345678"' },
  'Repository.RepositoryPolicyText': {
    properties: { RepositoryPolicyText: EVERYBODY }, message: 'any AWS account could use the images', construct: () => new SecureRepository(stack, 'Api').addToResourcePolicy(everybody()),
  },
  'Repository.Tags': {
    properties: { Tags: [{ Key: 'team', Value: '' }] },
    message: 'must be 1 to 255 characters long, got 0',
    construct: () => {
      Tags.of(new SecureRepository(stack, 'Api')).add('team', '');
      return (stack.node.root as App).synth();
    },
  },
  'RepositoryCreationTemplate.KmsKey': { properties: { EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: 'alias/images' } }, message: 'must be the ARN of a key in a template, got "alias/images"' },
  'RepositoryCreationTemplate.LifecyclePolicy': { properties: { LifecyclePolicy: '{}' }, message: `'text' must have 'rules', got {}` },
  'RepositoryCreationTemplate.RepositoryPolicy': { properties: { RepositoryPolicy: JSON.stringify(EVERYBODY) }, message: 'any AWS account could use the images' },
  'RepositoryCreationTemplate.Prefix': { properties: { Prefix: 'Team' }, message: `must be 'ROOT' or a path of lowercase names such as 'team/docker-hub', got "Team"`, construct: template({ prefix: 'Team' }) },
  'RepositoryCreationTemplate.AppliedFor': { properties: { AppliedFor: ['PUSH'] }, message: 'must be one of "PULL_THROUGH_CACHE", "REPLICATION", "CREATE_ON_PUSH", got "PUSH"' },
  'RepositoryCreationTemplate.Description': { properties: { Description: LONG }, message: 'must be 0 to 256 characters long, got 12000', construct: template({ description: LONG }) },
  'RepositoryCreationTemplate.CustomRoleArn': { properties: { CustomRoleArn: undefined }, message: 'must be a role that trusts ecr.amazonaws.com for KMS, got none' },
  'RepositoryCreationTemplate.ResourceTags': {
    properties: { ResourceTags: [{ Key: 'aws:team', Value: 'a' }] }, message: `must not have keys that begin with 'aws:'`, construct: template({ resourceTags: { 'aws:team': 'a' } }),
  },
  'PublicRepository.RepositoryName': { properties: { RepositoryName: 'a__b' }, message: 'got "a__b"', construct: gallery({ repositoryName: 'a__b' }) },
  'PublicRepository.RepositoryPolicyText': { properties: { RepositoryPolicyText: { Statement: [{ Effect: 'Allow', Principal: '*', Action: 'ecr-public:PutImage' }] } }, message: 'any AWS account could change the repository' },
  'PublicRepository.RepositoryDescription': { properties: catalog({ RepositoryDescription: LONG }), message: 'must be 0 to 1024 characters long', construct: gallery({ description: LONG }) },
  'PublicRepository.AboutText': { properties: catalog({ AboutText: LONG }), message: 'must be 0 to 10240 characters long', construct: gallery({ aboutText: LONG }) },
  'PublicRepository.UsageText': { properties: catalog({ UsageText: LONG }), message: 'must be 0 to 10240 characters long', construct: gallery({ usageText: LONG }) },
  'PublicRepository.Architectures': { properties: catalog({ Architectures: ['x'.repeat(51)] }), message: 'must be 1 to 50 characters long, got 51', construct: gallery({ architectures: ['x'.repeat(51)] }) },
  'PublicRepository.OperatingSystems': {
    properties: catalog({ OperatingSystems: Array.from({ length: 51 }, (_, index) => `os${index}`) }),
    message: 'must have at most 50 entries, got 51',
    construct: gallery({ operatingSystems: Array.from({ length: 51 }, (_, index) => `os${index}`) }),
  },
  'PublicRepository.Tags': { properties: { Tags: [{ Key: 'aws:a', Value: 'b' }] }, message: `must not begin with 'aws:', which is reserved, got "aws:a"` },
  'PullThroughCacheRule.EcrRepositoryPrefix': {
    properties: { EcrRepositoryPrefix: 'Quay' }, message: `must be 'ROOT' or a path of lowercase names`, construct: () => new PullThroughCache(stack, 'Cache', { upstream: UpstreamRegistry.QUAY, prefix: 'Quay' }),
  },
  'PullThroughCacheRule.UpstreamRepositoryPrefix': { properties: { UpstreamRepositoryPrefix: 'Q' }, message: `must be 'ROOT' or a path of lowercase names` },
  'PullThroughCacheRule.UpstreamRegistryUrl': {
    properties: { UpstreamRegistryUrl: 'gcr.io' }, message: 'must be a registry that Amazon ECR can cache, got "gcr.io"', construct: () => UpstreamRegistry.fromUrl('gcr.io'),
  },
  'PullThroughCacheRule.UpstreamRegistry': { properties: { UpstreamRegistry: 'docker-hub' }, message: 'must be one of "quay", got "docker-hub"' },
  'PullThroughCacheRule.CredentialArn': { properties: { UpstreamRegistryUrl: 'ghcr.io' }, message: 'must be the ARN of a secret for "ghcr.io", got none' },
  'PullThroughCacheRule.CustomRoleArn': { properties: { CustomRoleArn: 'cache' }, message: 'must be the ARN of a role, got "cache"' },
  'PullTimeUpdateExclusion.PrincipalArn': { properties: { PrincipalArn: 'arn:aws:iam::111122223333:role/*' }, message: 'must be the ARN of a role or user such as' },
  'RegistryPolicy.PolicyText': {
    properties: { PolicyText: EVERYBODY }, message: 'any AWS account could use the registry', construct: () => new RegistryPolicy(stack, 'Policy', { statements: [new iam.PolicyStatement({ principals: [new iam.AnyPrincipal()], actions: ['ecr:BatchGetImage'], resources: ['*'] })] }),
  },
  'RegistryScanningConfiguration.ScanType': { properties: { ScanType: 'FULL' }, message: 'must be one of "BASIC", "ENHANCED", got "FULL"' },
  'RegistryScanningConfiguration.Rules': { properties: scanning([{}, {}, {}]), message: 'must have at most 2 entries, got 3' },
  'RegistryScanningConfiguration.ScanFrequency': { properties: scanning([{ ScanFrequency: 'CONTINUOUS_SCAN' }]), message: 'must be one of "SCAN_ON_PUSH", got "CONTINUOUS_SCAN"; CONTINUOUS_SCAN requires ScanType ENHANCED' },
  'RegistryScanningConfiguration.Filter': {
    properties: scanning([{ ScanFrequency: 'CONTINUOUS_SCAN', RepositoryFilters: [{ Filter: 'A', FilterType: 'WILDCARD' }] }], 'ENHANCED'),
    message: `must be lowercase letters, digits and '*' for any text`,
    construct: () => new RegistryScanning(stack, 'Scanning', { scanType: ScanType.ENHANCED, continuousScan: ['A'] }),
  },
  'RegistryScanningConfiguration.FilterType': { properties: scanning([{ ScanFrequency: 'SCAN_ON_PUSH', RepositoryFilters: [{ Filter: 'a', FilterType: 'PREFIX_MATCH' }] }]), message: 'must be one of "WILDCARD", got "PREFIX_MATCH"' },
  'ReplicationConfiguration.ReplicationConfiguration': { properties: { ReplicationConfiguration: undefined }, message: 'must be set, got none' },
  'ReplicationConfiguration.Rules': { properties: { ReplicationConfiguration: { Rules: Array.from({ length: 11 }, () => ({ Destinations: [DESTINATION] })) } }, message: 'must be at most 10 in a registry, got 11' },
  'ReplicationConfiguration.Destinations': { properties: { ReplicationConfiguration: { Rules: [{}] } }, message: 'must be set, got none' },
  'ReplicationConfiguration.Region': {
    properties: replication({ Destinations: [{ ...DESTINATION, Region: 'Frankfurt' }] }),
    message: `must be an AWS Region such as 'eu-west-1', got "Frankfurt"`,
    construct: () => new ReplicationSetup(stack, 'Replication', { destinations: [ReplicationTarget.region('Frankfurt')] }),
  },
  'ReplicationConfiguration.RegistryId': {
    properties: replication({ Destinations: [{ ...DESTINATION, RegistryId: '1' }] }),
    message: 'must be an AWS account id of 12 digits, got "1"',
    construct: () => new ReplicationSetup(stack, 'Replication', { destinations: [ReplicationTarget.account('1', 'eu-central-1')] }),
  },
  'ReplicationConfiguration.Filter': {
    properties: replication({ RepositoryFilters: [{ Filter: 'Prod', FilterType: 'PREFIX_MATCH' }] }),
    message: 'got "Prod"',
    construct: () => new ReplicationSetup(stack, 'Replication', { destinations: [ReplicationTarget.region('eu-central-1')], repositoryPrefixes: ['Prod'] }),
  },
  'ReplicationConfiguration.FilterType': { properties: replication({ RepositoryFilters: [{ Filter: 'prod', FilterType: 'WILDCARD' }] }), message: 'must be one of "PREFIX_MATCH", got "WILDCARD"' },
  'SigningConfiguration.Rules': { properties: { Rules: Array.from({ length: 11 }, () => ({ SigningProfileArn: PROFILE })) }, message: 'must be at most 10 in a registry, got 11' },
  'SigningConfiguration.SigningProfileArn': {
    properties: { Rules: [{ SigningProfileArn: 'release' }] },
    message: 'must be the ARN of a signing profile',
  },
  'SigningConfiguration.Filter': {
    properties: signing({ RepositoryFilters: [{ Filter: 'A', FilterType: 'WILDCARD_MATCH' }] }), message: 'got "A"', construct: () => new ImageSigning(stack, 'Signing', { rules: [{ repositoryFilters: ['A'] }] }),
  },
  'SigningConfiguration.FilterType': { properties: signing({ RepositoryFilters: [{ Filter: 'a', FilterType: 'WILDCARD' }] }), message: 'must be one of "WILDCARD_MATCH", got "WILDCARD"' },
};

/** Properties that only hold others. */
const CONTAINERS = ['EncryptionConfiguration', 'ImageScanningConfiguration', 'LifecyclePolicy', 'RepositoryCatalogData', 'RepositoryFilters'];

/** The properties of the types as the CDK knows them, with those of their parts. */
function propertiesOf(type: string): string[] {
  const declarations = readFileSync(join(dirname(require.resolve('aws-cdk-lib/package.json')), 'aws-ecr/lib/ecr.generated.d.ts'), 'utf8');
  const members = (body: string) => [...body.matchAll(/readonly (\w+)\??:/g)].map(([, name]) => name.charAt(0).toUpperCase() + name.slice(1));
  const props = new RegExp(`export interface Cfn${type}Props \\{([\\s\\S]*?)\\n\\}`).exec(declarations)![1];
  const namespace = new RegExp(`export declare namespace Cfn${type} \\{([\\s\\S]*?)\\n\\}`).exec(declarations)?.[1] ?? '';
  return [...new Set([props, ...[...namespace.matchAll(/interface \w+Property \{([\s\S]*?)\n {4}\}/g)].map(([, body]) => body)].flatMap(members))];
}

function messagesOf(type: string, properties: object): string[] {
  return new EcrChecks().findingsIn([{
    template: { Resources: { It: { Type: `AWS::ECR::${type}`, Properties: JSON.parse(JSON.stringify({ ...VALID[type], ...properties })) } } },
    account: '111122223333',
    region: 'us-east-1',
  }]).map(({ message }) => message);
}

describe('every property of Amazon ECR', () => {
  test.each(Object.keys(VALID))('of %s has a row', type => {
    const rows = Object.keys(ROWS).filter(name => name.startsWith(`${type}.`)).map(name => name.split('.')[1]);

    expect(propertiesOf(type).filter(name => !rows.includes(name) && !CONTAINERS.includes(name))).toEqual([]);
    expect(rows.filter(name => !propertiesOf(type).includes(name))).toEqual([]);
    expect(messagesOf(type, {}).filter(message => /must be set|must be one of/.test(message))).toEqual([]);
  });

  test.each(Object.entries(ROWS))('%s is refused by the check, and by the construct in the same words', (name, { properties, message, construct }) => {
    expect(messagesOf(name.split('.')[0], properties)).toContainEqual(expect.stringContaining(message));
    if (construct) {
      expect(messageOf(construct)).toContain(message);
    }
  });

  test.each<[string, string, object]>([
    ['a registry at a token', 'PullThroughCacheRule', { UpstreamRegistryUrl: { Ref: 'Url' }, UpstreamRegistry: 'quay' }],
    ['a registry at its address', 'PullThroughCacheRule', { UpstreamRegistry: 'quay' }],
    ['exclusions that are a token', 'Repository', { ImageTagMutabilityExclusionFilters: { Ref: 'Filters' } }],
    ['filters of a token', 'ReplicationConfiguration', replication({ RepositoryFilters: [{ Ref: 'Filter' }] })],
    ['a list with entries that are no text', 'PublicRepository', catalog({ Architectures: [{ Ref: 'Architecture' }] })],
    ['a role of a cache', 'PullThroughCacheRule', { CustomRoleArn: 'arn:aws:iam::111122223333:role/cache' }],
    ['tags that are tokens', 'Repository', { Tags: [{ Ref: 'Tag' }] }],
  ])('may be %s', (_, type, properties) => {
    expect(messagesOf(type, properties)).toEqual(messagesOf(type, {}));
  });

  test('judges the role of a template, which has no path', () => {
    expect(messagesOf('RepositoryCreationTemplate', { CustomRoleArn: 'arn:aws:iam::111122223333:role/path/templates' }))
      .toContainEqual(expect.stringContaining("'CustomRoleArn' must be a role without a path, got \"arn:aws:iam::111122223333:role/path/templates\""));
  });

  test('judges filters without their text', () => {
    expect(messagesOf('ReplicationConfiguration', replication({ RepositoryFilters: [{ FilterType: 'PREFIX_MATCH' }] }))).toContainEqual(expect.stringContaining('characters long, got 0'));
    expect(messagesOf('ReplicationConfiguration', replication({ RepositoryFilters: ['team/'] }))).toContainEqual(expect.stringContaining('characters long, got 0'));
  });

  test('may be known at deployment only', () => {
    const unknown = { 'Fn::ImportValue': 'x' };
    for (const type of Object.keys(VALID)) {
      expect(messagesOf(type, Object.fromEntries(propertiesOf(type).map(name => [name, unknown]))).filter(message => /must be set|must be one of/.test(message))).toEqual([]);
    }
  });
});
