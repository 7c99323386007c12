import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Aws, CfnCondition, CfnElement, CfnParameter, CfnResource, Fn, type IPolicyValidationContext, NestedStack, type PolicyViolation, Stack, Stage, Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CrossAccountPull, EcrChecks, EcrVpcEndpoints, LifecyclePolicy, PullConsumer, PullThroughCache, RegistryPolicy, SecureRepository, UpstreamRegistry } from '../../lib';
import { ENVIRONMENT } from '../environment';

const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555';
const POLICY = LifecyclePolicy.standard().toJson();

/** A repository without a finding, written by hand. */
const GOOD = {
  ImageTagMutability: 'IMMUTABLE',
  ImageScanningConfiguration: { ScanOnPush: true },
  LifecyclePolicy: { LifecyclePolicyText: POLICY },
  EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: KEY },
};

/** The same for a template. */
const GOOD_TEMPLATE = {
  Prefix: 'team',
  AppliedFor: ['CREATE_ON_PUSH'],
  ImageTagMutability: 'IMMUTABLE',
  LifecyclePolicy: POLICY,
  EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: KEY },
};

function newStack(): Stack {
  return new Stack(new App({ analyticsReporting: false }), 'Stack', { env: ENVIRONMENT });
}

function add(stack: Stack, id: string, type: string, properties: object): CfnResource {
  return new CfnResource(stack, id, { type, properties: { ...properties } });
}

const repository = (stack: Stack, properties: object, id = 'Api') => add(stack, id, 'AWS::ECR::Repository', { ...GOOD, ...properties });
const template = (stack: Stack, properties: object) => add(stack, 'Template', 'AWS::ECR::RepositoryCreationTemplate', { ...GOOD_TEMPLATE, ...properties });

/** What the oldest supported version of the CDK tells a plugin; newer ones tell more. */
const contextOf = (...templatePaths: string[]) => ({ templatePaths }) as Partial<IPolicyValidationContext> as IPolicyValidationContext;

/** The rules that a stack breaks, with what the report says. */
function found(stack: Stack): string[] {
  return new EcrChecks().validateScope(stack).violations.map(({ ruleName, description }) => `${ruleName.replace('EcrChecks.', '')}: ${description}`);
}

/** The rules that a repository breaks. */
function foundIn(properties: object): string[] {
  const stack = newStack();
  repository(stack, properties);
  return found(stack);
}

function foundInTemplate(properties: object): string[] {
  const stack = newStack();
  template(stack, properties);
  return found(stack);
}

describe('EcrChecks', () => {
  test('finds nothing in what this library makes', () => {
    const stack = newStack();
    const api = new SecureRepository(stack, 'Api', { repositoryName: 'team/api', mutableTags: ['latest'] });
    api.grants.pullPush(new iam.Role(stack, 'Builder', { assumedBy: new iam.ServicePrincipal('codebuild.amazonaws.com') }));
    new CrossAccountPull(stack, 'Share', { repositories: [api], consumers: [PullConsumer.organization('o-a1b2c3d4e5'), PullConsumer.lambdaFunctions('222222222222')] });
    new PullThroughCache(stack, 'DockerHub', { upstream: UpstreamRegistry.DOCKER_HUB });
    new EcrVpcEndpoints(stack, 'Endpoints', { vpc: new ec2.Vpc(stack, 'Vpc', { natGateways: 0, subnetConfiguration: [{ name: 'a', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }] }) });

    expect(new EcrChecks().validateScope(stack)).toEqual({ success: true, violations: [] });
  });

  test("finds four things in the CDK's own repository with no props", () => {
    const stack = newStack();
    new ecr.Repository(stack, 'Api');

    expect(found(stack)).toEqual([
      `mutableTags: 'ImageTagMutability' must keep tags where they are, got "MUTABLE": whoever may push can replace what runs`,
      `noCustomerManagedKey: 'EncryptionConfiguration' must name a customer managed key, got "AES256" without one: nobody sees who uses the key, or can take it away`,
      "noLifecyclePolicy: 'LifecyclePolicy' must say which images go, got none: every image that was ever pushed stays and costs",
      "notScanned: 'ImageScanningConfiguration.ScanOnPush' must be true, or the registry scan the repository: nobody looks for vulnerabilities in its images",
    ]);
  });

  test('reports what the CDK prints: rule, resource, place, way out and the controls of others', () => {
    const stack = newStack();
    repository(stack, { ImageTagMutability: 'MUTABLE' });
    const { success, violations } = new EcrChecks().validateScope(stack);

    expect(success).toBe(false);
    expect(violations).toEqual([{
      ruleName: 'EcrChecks.mutableTags',
      description: expect.stringContaining("'ImageTagMutability'"),
      fix: expect.stringContaining('SecureRepository'),
      severity: 'error',
      ruleMetadata: { 'AWS Security Hub': 'ECR.2', 'AWS Control Tower': 'CT.ECR.PR.3', 'checkov': 'CKV_AWS_51' },
      violatingResources: [{ resourceLogicalId: 'Api', templatePath: expect.stringMatching(/Stack\.template\.json$/), locations: ['Properties.ImageTagMutability'] }],
    }]);
  });

  test('names all resources with one problem together', () => {
    const stack = newStack();
    repository(stack, { ImageTagMutability: 'MUTABLE' }, 'A');
    repository(stack, { ImageTagMutability: 'MUTABLE' }, 'B');
    const { violations } = new EcrChecks().validateScope(stack);

    expect(violations.map(({ violatingResources }) => violatingResources.map(({ resourceLogicalId }) => resourceLogicalId))).toEqual([['A', 'B']]);
  });

  test('refuses a scope without a stack, where it would find nothing', () => {
    const { node } = new SecureRepository(newStack(), 'Api');
    expect(() => new EcrChecks().validateScope(node.defaultChild!)).toThrow("'scope' must be an app, a stage or a stack, got \"Stack/Api/Resource\" without any stack in it");
  });

  test('has rules that never change their names', () => {
    expect(new EcrChecks().name).toBe('cdk-secure-ecr');
    expect(new EcrChecks().ruleIds).toEqual([
      'EcrChecks.broadPermissions',
      'EcrChecks.doubtfulLifecyclePolicy',
      'EcrChecks.everybodyAllowed',
      'EcrChecks.ineffectivePolicy',
      'EcrChecks.invalidLifecyclePolicy',
      'EcrChecks.invalidName',
      'EcrChecks.missingEndpoints',
      'EcrChecks.mutableTags',
      'EcrChecks.noCustomerManagedKey',
      'EcrChecks.noLifecyclePolicy',
      'EcrChecks.notScanned',
      'EcrChecks.ownedTwice',
      'EcrChecks.unusableCredentials',
    ]);
  });

  test('takes overrides and aspects into account, which reach the template last', () => {
    const stack = newStack();
    const { node } = new SecureRepository(stack, 'Api');
    (node.defaultChild as CfnResource).addPropertyOverride('ImageTagMutability', 'MUTABLE');

    expect(found(stack)).toEqual([expect.stringMatching(/^mutableTags: /)]);
  });

  test('passes what only the deployment knows, and takes no value for none', () => {
    const stack = newStack();
    const parameter = new CfnParameter(stack, 'Parameter');
    repository(stack, {
      RepositoryName: parameter.valueAsString,
      ImageTagMutability: parameter.valueAsString,
      ImageScanningConfiguration: { ScanOnPush: Fn.conditionIf('Condition', true, false) },
      LifecyclePolicy: { LifecyclePolicyText: parameter.valueAsString },
      EncryptionConfiguration: Fn.conditionIf('Condition', GOOD.EncryptionConfiguration, Aws.NO_VALUE),
      RepositoryPolicyText: parameter.valueAsString,
    });
    new CfnCondition(stack, 'Condition', { expression: Fn.conditionEquals(parameter.valueAsString, 'x') });
    expect(found(stack)).toEqual([]);

    expect(foundIn({ ImageTagMutability: Aws.NO_VALUE })).toEqual([expect.stringMatching(/^mutableTags: .* got "MUTABLE"/)]);
  });
});

describe('within an app', () => {
  const exitCode = process.exitCode;

  afterEach(() => {
    process.exitCode = exitCode;
    jest.restoreAllMocks();
  });

  /** What the CDK says at synthesis: an exception of newer versions, the standard error output and an exit code of older ones. */
  function synthesis(app: App): string {
    const error = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    let thrown = '';
    try {
      app.synth();
    } catch (caught) {
      thrown = (caught as Error).message;
    }
    const failed = thrown !== '' || process.exitCode === 1;
    return `${failed ? 'failed' : 'passed'} ${thrown} ${error.mock.calls.flat().join(' ')}`;
  }

  test('fails the synthesis with errors', () => {
    const stack = newStack();
    repository(stack, { ImageTagMutability: 'MUTABLE' });
    Validations.of(stack).addPlugins(new EcrChecks());

    expect(synthesis(stack.node.root as App)).toMatch(/^failed [^]*'ImageTagMutability' must keep tags where they are/);
  });

  test('reports warnings and lets the app pass', () => {
    const stack = newStack();
    repository(stack, { LifecyclePolicy: { LifecyclePolicyText: lifecycle(['a-', 'b-']) } });
    Validations.of(stack).addPlugins(new EcrChecks());

    expect(synthesis(stack.node.root as App)).toMatch(/^passed [^]*selects only images that carry tags for each/);
  });

  test.each(['synthesis', 'unit test'])('silences what is acknowledged, in a %s', place => {
    const stack = newStack();
    const { node } = repository(stack, { ImageTagMutability: 'MUTABLE' });
    Validations.of(node.scope!).acknowledge({ id: 'cdk-secure-ecr::EcrChecks.mutableTags', reason: 'A mirror, whose tags follow those of its original' });
    if (place === 'unit test') {
      expect(found(stack)).toEqual([]);
    } else {
      Validations.of(stack).addPlugins(new EcrChecks());
      expect(synthesis(stack.node.root as App)).toMatch(/^passed/);
    }
  });

  test('silences it only where it is acknowledged, in a unit test', () => {
    const stack = newStack();
    const { node } = repository(stack, { ImageTagMutability: 'MUTABLE', LifecyclePolicy: undefined }, 'A');
    repository(stack, { ImageTagMutability: 'MUTABLE' }, 'B');
    Validations.of(stack.node.findChild('A')).acknowledge({ id: 'cdk-secure-ecr::EcrChecks.mutableTags', reason: 'A mirror' });

    const { violations } = new EcrChecks().validateScope(stack);
    expect(violations.map(it => [it.ruleName, ...it.violatingResources.map(({ resourceLogicalId }) => resourceLogicalId)])).toEqual([
      ['EcrChecks.mutableTags', 'B'],
      ['EcrChecks.noLifecyclePolicy', node.id],
    ]);
  });

  test('finds what no construct made by itself', () => {
    class Fragment extends CfnElement {
      public _toCloudFormation(): object {
        return { Resources: { Raw: { Type: 'AWS::ECR::Repository', Properties: { ...GOOD, ImageTagMutability: 'MUTABLE' } } } };
      }
    }
    const stack = newStack();
    new Fragment(stack, 'Fragment');
    expect(found(stack)).toEqual([expect.stringMatching(/^mutableTags/)]);
  });

  test('looks into stages and nested stacks', () => {
    const app = new App({ analyticsReporting: false });
    const stack = new Stack(new Stage(app, 'Production', { env: ENVIRONMENT }), 'Stack');
    repository(new NestedStack(stack, 'Nested'), { ImageTagMutability: 'MUTABLE' });

    const { violations } = new EcrChecks().validateScope(app);
    expect(violations.flatMap(({ violatingResources }) => violatingResources.map(({ templatePath }) => templatePath))).toEqual([
      expect.stringMatching(/assembly-Production.*nested\.template\.json$/),
    ]);
  });

  test('looks into nested stacks at synthesis, where the CDK CLI says which they are', () => {
    const app = new App({ analyticsReporting: false, context: { 'aws:cdk:enable-asset-metadata': true } });
    const stack = new Stack(app, 'Stack', { env: ENVIRONMENT });
    repository(new NestedStack(stack, 'Nested'), { ImageTagMutability: 'MUTABLE' });
    const { templateFullPath } = app.synth().getStackArtifact('Stack');

    expect(new EcrChecks().validate(contextOf(templateFullPath)).violations.map(({ ruleName }) => ruleName)).toEqual(['EcrChecks.mutableTags']);
    expect(new EcrChecks().validateScope(stack).violations.map(({ ruleName }) => ruleName)).toEqual(['EcrChecks.mutableTags']);
  });
});

describe('templates', () => {
  function validate(resources: object, manifest?: object): readonly PolicyViolation[] {
    const folder = mkdtempSync(join(tmpdir(), 'ecr-checks-'));
    try {
      const path = join(folder, 'Stack.template.json');
      writeFileSync(path, JSON.stringify(resources));
      if (manifest) {
        writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
      }
      return new EcrChecks().validate(contextOf(path)).violations;
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  test.each<[string, object]>([
    ['no resources', {}],
    ['no object', []],
    ['other resources', { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } }],
    ['a nested stack of nobody knows where', { Resources: { Nested: { Type: 'AWS::CloudFormation::Stack', Metadata: { 'aws:asset:path': 'missing.json' } } } }],
    ['a nested stack that is a folder', { Resources: { Nested: { Type: 'AWS::CloudFormation::Stack', Metadata: { 'aws:asset:path': '.' } } } }],
    ['a resource that is none', { Resources: { Nothing: null, List: [], Untyped: {}, Text: { Type: 'AWS::ECR::RegistryPolicy', Properties: 'text' } } }],
    ['a join of nothing', { Resources: { Policy: { Type: 'AWS::ECR::RegistryPolicy', Properties: { PolicyText: { Statement: { Effect: 'Allow', Principal: { 'Fn::Join': null } } } } } } }],
    ['a nested stack without metadata', { Resources: { Nested: { Type: 'AWS::CloudFormation::Stack' } } }],
  ])('with %s have no finding', (_what, text) => {
    expect(validate(text)).toEqual([]);
    expect(validate(text, {})).toEqual([]);
  });

  test('are read once, however often they are named', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ecr-checks-'));
    const path = join(folder, 'Stack.template.json');
    writeFileSync(path, JSON.stringify({ Resources: { Policy: { Type: 'AWS::ECR::RegistryPolicy' } } }));
    expect(new EcrChecks().validate(contextOf(path, path)).violations).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  test('without properties are read like those with defaults', () => {
    expect(validate({ Resources: { Api: { Type: 'AWS::ECR::Repository' } } }).map(({ ruleName }) => ruleName)).toEqual([
      'EcrChecks.mutableTags', 'EcrChecks.noCustomerManagedKey', 'EcrChecks.noLifecyclePolicy', 'EcrChecks.notScanned',
    ]);
  });

  test.each([null, 'text', 1, [], [null], {}, { Statement: null }, { Statement: [null, 'text', { Effect: 'Allow', Principal: '*', Condition: { StringEquals: null } }] }])('with %j for every property do not end in a crash', value => {
    const names = [
      'ImageTagMutability', 'ImageTagMutabilityExclusionFilters', 'ImageScanningConfiguration', 'LifecyclePolicy', 'EncryptionConfiguration', 'RepositoryName', 'RepositoryPolicyText',
      'RepositoryPolicy', 'PolicyText', 'PolicyDocument', 'Policies', 'Rules', 'Prefix', 'EcrRepositoryPrefix', 'CredentialArn', 'UpstreamRegistryUrl', 'Name', 'KmsKeyId', 'VpcId', 'ServiceName', 'AppliedFor',
    ];
    const types = [
      'AWS::ECR::Repository', 'AWS::ECR::RepositoryCreationTemplate', 'AWS::ECR::RegistryPolicy', 'AWS::ECR::PublicRepository', 'AWS::ECR::PullThroughCacheRule',
      'AWS::ECR::RegistryScanningConfiguration', 'AWS::SecretsManager::Secret', 'AWS::IAM::Role', 'AWS::EC2::VPC', 'AWS::EC2::VPCEndpoint',
    ];
    const properties = Object.fromEntries(names.map(name => [name, value]));
    expect(validate({ Resources: Object.fromEntries(types.map((Type, index) => [`R${index}`, { Type, Properties: properties }])) }).length).toBeGreaterThan(0);
  });
});

describe('mutableTags', () => {
  test.each(['IMMUTABLE', 'IMMUTABLE_WITH_EXCLUSION'])('lets %s pass', ImageTagMutability => {
    expect(foundIn({ ImageTagMutability })).toEqual([]);
  });

  test('takes an exclusion of every tag from mutability for immutability', () => {
    const filters = [{ ImageTagMutabilityExclusionFilterType: 'WILDCARD', ImageTagMutabilityExclusionFilterValue: '*' }];
    expect(foundIn({ ImageTagMutability: 'MUTABLE_WITH_EXCLUSION', ImageTagMutabilityExclusionFilters: filters })).toEqual([]);
  });

  test.each([undefined, 'MUTABLE', 'MUTABLE_WITH_EXCLUSION'])('finds %s', ImageTagMutability => {
    expect(foundIn({ ImageTagMutability })).toEqual([expect.stringMatching(`^mutableTags: .* got "${ImageTagMutability ?? 'MUTABLE'}": whoever`)]);
  });

  test.each<[string, boolean]>([['*', true], ['**', true], ['latest', false], ['prod-*', false]])('with the exclusion %s is %s', (ImageTagMutabilityExclusionFilterValue, expected) => {
    const filters = [{ ImageTagMutabilityExclusionFilterType: 'WILDCARD', ImageTagMutabilityExclusionFilterValue }];
    expect(foundIn({ ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION', ImageTagMutabilityExclusionFilters: filters })).toEqual(
      expected ? [expect.stringContaining('"IMMUTABLE_WITH_EXCLUSION" with an exclusion for every tag')] : [],
    );
  });

  test('holds templates to it, but not those of caches, whose tags follow the upstream', () => {
    expect(foundInTemplate({ ImageTagMutability: undefined })).toEqual([expect.stringMatching(/^mutableTags/)]);
    expect(foundInTemplate({ ImageTagMutability: undefined, AppliedFor: ['PULL_THROUGH_CACHE'] })).toEqual([]);
    expect(foundInTemplate({ ImageTagMutability: undefined, AppliedFor: { Ref: 'AWS::Region' } })).toEqual([]);
  });
});

describe('notScanned', () => {
  const NOT_SCANNED = { ImageScanningConfiguration: undefined };
  const scanning = (stack: Stack, filter: string, ScanFrequency = 'SCAN_ON_PUSH') => add(stack, 'Scanning', 'AWS::ECR::RegistryScanningConfiguration', {
    ScanType: 'BASIC', Rules: [{ ScanFrequency, RepositoryFilters: [{ Filter: filter, FilterType: 'WILDCARD' }] }],
  });

  test.each([[true, false], ['true', false], [false, true], ['false', true], [undefined, true]])('with ScanOnPush %p is %p', (ScanOnPush, expected) => {
    expect(foundIn({ ImageScanningConfiguration: { ScanOnPush } })).toEqual(expected ? [expect.stringMatching(/^notScanned/)] : []);
  });

  test.each<[string, string | undefined, boolean]>([
    ['*', undefined, false],
    ['*', 'team/api', false],
    ['team/*', 'team/api', false],
    ['api', 'team/api', false],
    ['team/*', undefined, true],
    ['other/*', 'team/api', true],
  ])('with a registry that scans %s, for the name %s, is %p', (filter, RepositoryName, expected) => {
    const stack = newStack();
    scanning(stack, filter);
    repository(stack, { ...NOT_SCANNED, ...RepositoryName ? { RepositoryName } : {} });
    expect(found(stack)).toEqual(expected ? [expect.stringMatching(/^notScanned/)] : []);
  });

  test.each<[string, object]>([
    ['rules', { Rules: { 'Fn::If': ['C', [], []] } }],
    ['a rule', { Rules: [{ 'Fn::If': ['C', {}, {}] }] }],
    ['filters', { Rules: [{ ScanFrequency: 'SCAN_ON_PUSH', RepositoryFilters: { Ref: 'P' } }] }],
    ['one filter', { Rules: [{ ScanFrequency: 'SCAN_ON_PUSH', RepositoryFilters: [{ 'Fn::If': ['C', {}, {}] }] }] }],
    ['the text of a filter', { Rules: [{ ScanFrequency: 'SCAN_ON_PUSH', RepositoryFilters: [{ Filter: { Ref: 'P' }, FilterType: 'WILDCARD' }] }] }],
  ])('lets pass what %s may match that only the deployment knows', (_what, properties) => {
    const stack = newStack();
    add(stack, 'Scanning', 'AWS::ECR::RegistryScanningConfiguration', properties);
    repository(stack, { ...NOT_SCANNED, RepositoryName: 'team/api' });
    expect(found(stack)).toEqual([]);
  });

  test('lets a name pass that only the deployment knows', () => {
    const stack = newStack();
    scanning(stack, 'team/*');
    repository(stack, { ...NOT_SCANNED, RepositoryName: { 'Fn::Join': ['', ['team/', { Ref: 'AWS::Region' }]] } });
    expect(found(stack)).toEqual([]);
  });

  test('finds a ScanOnPush that the registry takes the effect from', () => {
    const stack = newStack();
    scanning(stack, 'other/*');
    repository(stack, { RepositoryName: 'team/api' }, 'Named');
    repository(stack, {}, 'Unnamed');
    expect(found(stack)).toEqual(["notScanned: 'ImageScanningConfiguration.ScanOnPush' has no effect, as 'Scanning' says what the registry scans, and no filter of it matches the repository"]);

    const matched = newStack();
    scanning(matched, 'team/*');
    repository(matched, { RepositoryName: 'team/api' });
    expect(found(matched)).toEqual([]);
  });

  test('finds what a registry scans by hand only', () => {
    const stack = newStack();
    scanning(stack, '*', 'MANUAL');
    repository(stack, NOT_SCANNED);
    expect(found(stack)).toEqual([expect.stringMatching(/^notScanned/)]);
  });

  test.each<[string, object, boolean]>([
    ['the same Region', ENVIRONMENT, false],
    ['another Region', { ...ENVIRONMENT, region: 'eu-central-1' }, true],
    ['a known Region of nobody knows which account', { region: ENVIRONMENT.region }, false],
    ['nobody knows where', {}, false],
  ])('asks the registry of %s', (_where, env, expected) => {
    const app = new App({ analyticsReporting: false });
    scanning(new Stack(app, 'Registry', { env }), '*');
    const stack = new Stack(app, 'Stack', { env: ENVIRONMENT });
    repository(stack, NOT_SCANNED);
    const { violations } = new EcrChecks().validateScope(app);
    expect(violations.map(({ ruleName }) => ruleName)).toEqual(expected ? ['EcrChecks.notScanned'] : []);

    // the same from the assembly, as the CDK calls it
    const templatePaths = app.synth().stacks.map(({ templateFullPath }) => templateFullPath);
    expect(new EcrChecks().validate(contextOf(...templatePaths)).violations.map(({ ruleName }) => ruleName)).toEqual(expected ? ['EcrChecks.notScanned'] : []);
  });
});

describe('noLifecyclePolicy', () => {
  test.each<[string, object | undefined]>([['no property', undefined], ['an empty one', {}], ['an empty text', { LifecyclePolicyText: '' }], ['only a registry id', { RegistryId: '111122223333' }]])('finds %s', (_what, it) => {
    expect(foundIn({ LifecyclePolicy: it })).toEqual([expect.stringMatching(/^noLifecyclePolicy/)]);
  });

  test('holds templates to it', () => {
    expect(foundInTemplate({ LifecyclePolicy: undefined })).toEqual([expect.stringMatching(/^noLifecyclePolicy/)]);
  });
});

/** A policy that deletes images with tags that begin like all of these. */
function lifecycle(tagPrefixList: string[], countNumber = 14): string {
  return JSON.stringify({
    rules: [{ rulePriority: 1, selection: { tagStatus: 'tagged', tagPrefixList, countType: 'sinceImagePushed', countUnit: 'days', countNumber }, action: { type: 'expire' } }],
  });
}

describe('invalidLifecyclePolicy', () => {
  test('finds what is wrong with the rules together, which no rule tells alone', () => {
    const rule = (rulePriority: number, tagStatus: string) => ({
      rulePriority, selection: { tagStatus, countType: 'imageCountMoreThan', countNumber: 5 }, action: { type: 'expire' },
    });
    const many = Array.from({ length: 51 }, (_, index) => ({ ...rule(index + 1, 'tagged'), selection: { ...rule(1, 'tagged').selection, tagPrefixList: [`v${index}-`] } }));
    const policy = (rules: object[]) => ({ LifecyclePolicy: { LifecyclePolicyText: JSON.stringify({ rules }) } });

    expect(foundIn(policy(many.slice(0, 50)))).toEqual([]);
    expect(foundIn(policy(many))).toEqual([expect.stringMatching(/^invalidLifecyclePolicy: .*50/)]);
    expect(foundIn(policy([rule(1, 'any'), rule(2, 'untagged')]))).toEqual([expect.stringMatching(/^invalidLifecyclePolicy: .* must be the last rule/)]);
    expect(foundIn(policy([rule(1, 'untagged'), rule(2, 'untagged')]))).toEqual([expect.stringMatching(/^invalidLifecyclePolicy: .* second rule for untagged/)]);
  });

  test('finds a policy that is no text', () => {
    expect(foundIn({ LifecyclePolicy: { LifecyclePolicyText: { rules: [] } } })).toEqual([`invalidLifecyclePolicy: 'LifecyclePolicy' must be what Amazon ECR takes: it is a text, got {"rules":[]}`]);
  });

  test.each(['not JSON', '{}', lifecycle(['a-'], 0), lifecycle([])])('finds %s', LifecyclePolicyText => {
    expect(foundIn({ LifecyclePolicy: { LifecyclePolicyText } })).toEqual([expect.stringMatching(/^invalidLifecyclePolicy: 'LifecyclePolicy' must be what Amazon ECR takes: /)]);
    expect(foundInTemplate({ LifecyclePolicy: LifecyclePolicyText })).toEqual([expect.stringMatching(/^invalidLifecyclePolicy/)]);
  });

  test('says all that is wrong', () => {
    expect(foundIn({ LifecyclePolicy: { LifecyclePolicyText: lifecycle(['a-'], 0) } })).toEqual([expect.stringContaining("'rules[0].selection.countNumber'")]);
  });
});

describe('doubtfulLifecyclePolicy', () => {
  const archive = (countNumber: number) => JSON.stringify({
    rules: [{
      rulePriority: 1, selection: { tagStatus: 'any', countType: 'sinceImagePulled', countUnit: 'days', countNumber }, action: { type: 'transition', targetStorageClass: 'archive' },
    }],
  });

  test('finds a list of tags that means all of them', () => {
    expect(foundIn({ LifecyclePolicy: { LifecyclePolicyText: lifecycle(['a-', 'b-']) } })).toEqual([
      expect.stringMatching(/^doubtfulLifecyclePolicy: 'LifecyclePolicy' must mean what it says: rule 1 selects only images that carry tags for each of/),
    ]);
    expect(foundInTemplate({ LifecyclePolicy: lifecycle(['a-', 'b-']) })).toEqual([expect.stringMatching(/^doubtfulLifecyclePolicy/)]);
    expect(foundIn({ LifecyclePolicy: { LifecyclePolicyText: lifecycle(['a-']) } })).toEqual([]);
  });

  test('finds pulls that scanners may count for, unless somebody excludes them', () => {
    const stack = newStack();
    repository(stack, { LifecyclePolicy: { LifecyclePolicyText: archive(90) } });
    expect(found(stack)).toEqual([expect.stringContaining('PullTimeExclusions')]);

    const excluded = newStack();
    repository(excluded, { LifecyclePolicy: { LifecyclePolicyText: archive(90) } });
    add(excluded, 'Scanner', 'AWS::ECR::PullTimeUpdateExclusion', { PrincipalArn: 'arn:aws:iam::111122223333:role/scanner' });
    expect(found(excluded)).toEqual([]);
  });
});

describe('noCustomerManagedKey', () => {
  test('passes a choice that only the deployment knows', () => {
    expect(foundIn({ EncryptionConfiguration: { EncryptionType: { Ref: 'Parameter' } } })).toEqual([]);
  });

  test.each([undefined, {}, { EncryptionType: 'AES256' }, { EncryptionType: 'KMS' }, { EncryptionType: 'AES256', KmsKey: KEY }, { EncryptionType: 'KMS', KmsKey: '' }, { EncryptionType: 'KMS', KmsKey: 'alias/aws/ecr' }])('finds %j', EncryptionConfiguration => {
    expect(foundIn({ EncryptionConfiguration })).toEqual([expect.stringMatching(/^noCustomerManagedKey/)]);
    expect(foundInTemplate({ EncryptionConfiguration })).toEqual([expect.stringMatching(/^noCustomerManagedKey/)]);
  });

  test.each(['KMS', 'KMS_DSSE'])('lets a key with %s pass', EncryptionType => {
    expect(foundIn({ EncryptionConfiguration: { EncryptionType, KmsKey: { Ref: 'Parameter' } } })).toEqual([]);
  });
});

describe('everybodyAllowed', () => {
  const statement = (it: object) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'ecr:BatchGetImage', ...it }] });
  const EVERYBODY = statement({ Principal: '*' });

  test.each([{ Principal: '*' }, { Principal: { AWS: '*' } }, { Principal: { AWS: ['111122223333', '*'] } }, { NotPrincipal: { AWS: '111122223333' } }, { Principal: '*', Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }])('finds %j', it => {
    expect(foundIn({ RepositoryPolicyText: statement(it) })).toEqual([expect.stringMatching(/^everybodyAllowed: 'RepositoryPolicyText'/)]);
  });

  test.each([{ Principal: { AWS: '222222222222' } }, { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }, { Effect: 'Deny', Principal: '*' }])('lets %j pass', it => {
    expect(foundIn({ RepositoryPolicyText: statement(it) })).toEqual([]);
  });

  const ARN = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::']] };
  const byArn = (role: unknown) => statement({ Principal: '*', Condition: { ArnLike: { 'aws:PrincipalArn': role } } });

  test('reads ARNs that the template puts together', () => {
    const joined = (rest: string) => ({ 'Fn::Join': ['', [...ARN['Fn::Join'][1], rest]] });
    expect(foundIn({ RepositoryPolicyText: byArn(joined('*:role/deployer')) })).toEqual([expect.stringMatching(/^everybodyAllowed/)]);
    expect(foundIn({ RepositoryPolicyText: byArn(joined('222222222222:role/*')) })).toEqual([]);
    expect(foundIn({ RepositoryPolicyText: byArn({ 'Fn::Sub': 'arn:${AWS::Partition}:iam::*:role/deployer' }) })).toEqual([expect.stringMatching(/^everybodyAllowed/)]);
    expect(foundIn({ RepositoryPolicyText: byArn({ 'Fn::Sub': ['arn:${AWS::Partition}:iam::${Account}:role/*', { Account: { Ref: 'Parameter' } }] }) })).toEqual([]);
    expect(foundIn({ RepositoryPolicyText: byArn({ 'Fn::Sub': { Ref: 'Parameter' } }) })).toEqual([]);
  });

  test('passes conditions that only the deployment knows', () => {
    expect(foundIn({ RepositoryPolicyText: statement({ Principal: '*', Condition: { 'Fn::If': ['C', {}, {}] } }) })).toEqual([]);
    expect(foundIn({ RepositoryPolicyText: statement({ Principal: '*', Condition: { StringEquals: { 'Fn::If': ['C', {}, {}] } } }) })).toEqual([]);
  });

  test('reads policies that are text, single statements, templates and registry policies', () => {
    expect(foundIn({ RepositoryPolicyText: JSON.stringify(EVERYBODY) })).toEqual([expect.stringMatching(/^everybodyAllowed/)]);
    expect(foundIn({ RepositoryPolicyText: { Statement: EVERYBODY.Statement[0] } })).toEqual([expect.stringMatching(/^everybodyAllowed/)]);
    expect(foundIn({ RepositoryPolicyText: 'not JSON' })).toEqual([]);
    expect(foundInTemplate({ RepositoryPolicy: JSON.stringify(EVERYBODY) })).toEqual([expect.stringMatching(/^everybodyAllowed: 'RepositoryPolicy'/)]);

    const stack = newStack();
    add(stack, 'Policy', 'AWS::ECR::RegistryPolicy', { PolicyText: EVERYBODY });
    expect(found(stack)).toEqual([expect.stringMatching(/^everybodyAllowed: 'PolicyText'/)]);
  });
});

describe('ineffectivePolicy', () => {
  const policy = (Action: string | string[], accounts = 1) => ({
    Statement: [{ Effect: 'Allow', Action, Principal: { AWS: Array.from({ length: accounts }, (_, index) => String(200_000_000_000 + index)) } }],
  });

  test('finds a login, which no repository can give', () => {
    expect(foundIn({ RepositoryPolicyText: policy(['ecr:BatchGetImage', 'ecr:GetAuthorizationToken']) })).toEqual([
      expect.stringMatching(/^ineffectivePolicy: 'RepositoryPolicyText' must leave out "ecr:GetAuthorizationToken"/),
    ]);
  });

  test('lets a login be denied', () => {
    expect(foundIn({ RepositoryPolicyText: { Statement: [{ Effect: 'Deny', Action: 'ecr:GetAuthorizationToken', Principal: { AWS: '222222222222' } }] } })).toEqual([]);
  });

  test('holds policies to 10,240 characters', () => {
    const [base, account] = [JSON.stringify(policy('ecr:BatchGetImage')).length, '"200000000001",'.length];
    const most = 1 + Math.floor((10_240 - base) / account);
    expect(foundIn({ RepositoryPolicyText: policy('ecr:BatchGetImage', most) })).toEqual([]);
    expect(foundIn({ RepositoryPolicyText: policy('ecr:BatchGetImage', most + 1) })).toEqual([expect.stringMatching(/^ineffectivePolicy: .* at most 10240 characters/)]);
  });

  test('lets a registry policy give what belongs to the registry', () => {
    const stack = newStack();
    add(stack, 'Policy', 'AWS::ECR::RegistryPolicy', { PolicyText: policy('ecr:DescribeRegistry') });
    expect(found(stack)).toEqual([]);
  });
});

describe('broadPermissions', () => {
  const document = (Action: string | string[], Resource: unknown = '*', Effect = 'Allow') => ({ Statement: [{ Effect, Action, Resource }] });

  function inRole(PolicyDocument: object): string[] {
    const stack = newStack();
    add(stack, 'Policy', 'AWS::IAM::Policy', { PolicyDocument, PolicyName: 'policy' });
    return found(stack);
  }

  test.each(['ecr:*', 'ECR:*', 'ecr:**', 'ecr:?*'])('finds %s', action => {
    expect(inRole(document(action, 'arn:aws:ecr:eu-west-1:111122223333:repository/team/api'))).toEqual([expect.stringContaining(`must name actions of Amazon ECR, got "${action}"`)]);
    expect(inRole(document(action))).toHaveLength(1);
  });

  test.each(['ecr:PutImage', 'ecr:Put*', 'ecr:BatchDeleteImage', 'ecr:Delete*', 'ecr:SetRepositoryPolicy', 'ecr:??tImage'])('finds %s on every repository', action => {
    expect(inRole(document(['ecr:BatchGetImage', action]))).toEqual([expect.stringContaining(`must name the repositories for "${action}", got the resource "*"`)]);
    expect(inRole(document(action, ['arn:aws:s3:::bucket', '*']))).toHaveLength(1);
    expect(inRole(document(action, 'arn:aws:ecr:eu-west-1:111122223333:repository/*'))).toHaveLength(1);
    expect(inRole(document(action, { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ecr:*:*:repository/*']] }))).toHaveLength(1);
    expect(inRole(document(action, { 'Fn::Sub': 'arn:${AWS::Partition}:ecr:*:*:*' }))).toHaveLength(1);
    expect(inRole(document(action, 'arn:aws:ecr:eu-west-1:111122223333:repository/team/*'))).toEqual([]);
    expect(inRole(document(action, { 'Fn::GetAtt': ['Api', 'Arn'] }))).toEqual([]);
    expect(inRole(document(action, '*', 'Deny'))).toEqual([]);
  });

  test('lets the tags of repositories decide', () => {
    const statement = { Effect: 'Allow', Action: 'ecr:PutImage', Resource: '*' };
    expect(inRole({ Statement: [{ ...statement, Condition: { StringEquals: { 'aws:ResourceTag/team': 'api' } } }] })).toEqual([]);
    expect(inRole({ Statement: [{ ...statement, Condition: { StringEquals: { 'ecr:ResourceTag/team': 'api' } } }] })).toEqual([]);
    expect(inRole({ Statement: [{ ...statement, Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } } }] })).toHaveLength(1);
  });

  test('names a resource once, and which of its policies', () => {
    const stack = newStack();
    add(stack, 'Role', 'AWS::IAM::Role', {
      Policies: [{ PolicyDocument: document('ecr:*') }, { PolicyDocument: document('s3:*') }, { PolicyDocument: { Statement: [...document('ecr:*').Statement, ...document('ecr:*').Statement] } }],
    });
    const { violations } = new EcrChecks().validateScope(stack);
    expect(violations.map(({ description, violatingResources }) => [/^'([^']*)'/.exec(description)?.[1], violatingResources.length])).toEqual([
      ['Policies[0].PolicyDocument', 1], ['Policies[2].PolicyDocument', 1],
    ]);
  });

  test.each(['ecr:GetAuthorizationToken', 'ecr:BatchGetImage', 'ecr:Describe*', '*', 's3:PutObject'])('lets %s pass', action => {
    expect(inRole(document(action))).toEqual([]);
  });

  test.each<[string, object]>([
    ['AWS::IAM::ManagedPolicy', { PolicyDocument: document('ecr:*') }],
    ['AWS::IAM::RolePolicy', { PolicyDocument: document('ecr:*') }],
    ['AWS::IAM::Role', { Policies: [{ PolicyName: 'a', PolicyDocument: document('ecr:*') }] }],
    ['AWS::IAM::User', { Policies: [{ PolicyName: 'a', PolicyDocument: document('ecr:*') }] }],
    ['AWS::IAM::Group', { Policies: [{ PolicyName: 'a', PolicyDocument: document('ecr:*') }] }],
    ['AWS::ECR::RegistryPolicy', { PolicyText: document('ecr:*') }],
  ])('looks into %s', (type, properties) => {
    const stack = newStack();
    add(stack, 'Resource', type, properties);
    expect(found(stack)).toEqual([expect.stringMatching(/^broadPermissions/)]);
  });

  test('lets the pushes of a registry policy be for every repository, as replication needs it', () => {
    const stack = newStack();
    add(stack, 'Policy', 'AWS::ECR::RegistryPolicy', { PolicyText: document('ecr:PutImage') });
    expect(found(stack)).toEqual([]);
  });
});

describe('invalidName', () => {
  test.each<[string, string, string, string]>([
    ['AWS::ECR::Repository', 'RepositoryName', 'team/a__b', 'Bad Name'],
    ['AWS::ECR::RepositoryCreationTemplate', 'Prefix', 'team/', '-team'],
    ['AWS::ECR::PublicRepository', 'RepositoryName', 'tools/converter', 'a__b'],
    ['AWS::ECR::PullThroughCacheRule', 'EcrRepositoryPrefix', 'docker-hub', 'a'],
  ])('of %s finds in %s, unlike %p, %p', (type, property, good, bad) => {
    const names = (name: string) => {
      const stack = newStack();
      const base = type === 'AWS::ECR::Repository' ? GOOD : type.endsWith('Template') ? GOOD_TEMPLATE : {};
      add(stack, 'Resource', type, { ...base, [property]: name });
      return found(stack);
    };
    expect(names(good)).toEqual([]);
    expect(names(bad)).toEqual([expect.stringMatching(`^invalidName: '${property}' must be`)]);
  });
});

test('invalidName looks at the prefix of an upstream', () => {
  const stack = newStack();
  add(stack, 'Rule', 'AWS::ECR::PullThroughCacheRule', { EcrRepositoryPrefix: 'shared', UpstreamRepositoryPrefix: 'BAD//', UpstreamRegistryUrl: 'public.ecr.aws' });
  expect(found(stack)).toEqual([expect.stringMatching(/^invalidName: 'UpstreamRepositoryPrefix' must be/)]);
});

describe('missingEndpoints', () => {
  const interfaces = { EcrApi: ec2.InterfaceVpcEndpointAwsService.ECR, EcrDocker: ec2.InterfaceVpcEndpointAwsService.ECR_DOCKER };

  function endpointsOf(names: Array<keyof typeof interfaces>, s3: boolean, env: object = ENVIRONMENT): string[] {
    const stack = new Stack(new App({ analyticsReporting: false }), 'Stack', { env });
    const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 0, maxAzs: 1 });
    names.forEach(name => vpc.addInterfaceEndpoint(name, { service: interfaces[name] }));
    if (s3) {
      vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });
    }
    return found(stack);
  }

  test.each([ENVIRONMENT, {}, { region: 'cn-north-1' }])('lets all three pass, and none, with env %j', env => {
    expect(endpointsOf(['EcrApi', 'EcrDocker'], true, env)).toEqual([]);
    expect(endpointsOf([], false, env)).toEqual([]);
    expect(endpointsOf([], true, env)).toEqual([]);
  });

  test('names what is missing', () => {
    expect(endpointsOf(['EcrApi', 'EcrDocker'], false)).toEqual([expect.stringMatching(/^missingEndpoints: .* has none of 's3', for layers$/)]);
    expect(endpointsOf(['EcrDocker'], true)).toEqual([expect.stringMatching(/has none of 'ecr\.api', for logins$/)]);
    expect(endpointsOf(['EcrApi'], false, {})).toEqual([expect.stringMatching(/has none of 'ecr\.dkr', for manifests and 's3', for layers$/)]);
  });

  test('knows the FIPS hosts, and says nothing of a VPC of another template', () => {
    const stack = newStack();
    const vpc = add(stack, 'Vpc', 'AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' });
    for (const [id, service] of Object.entries({ Api: 'ecr-fips.api', Docker: 'ecr-fips.dkr', S3: 's3' })) {
      add(stack, id, 'AWS::EC2::VPCEndpoint', { VpcId: vpc.getAtt('VpcId'), ServiceName: Fn.sub(`com.amazonaws.\${AWS::Region}.${service}`) });
    }
    add(stack, 'Shared', 'AWS::EC2::VPCEndpoint', { VpcId: vpc.ref, VpcEndpointType: 'ServiceNetwork' });
    expect(found(stack)).toEqual([]);
  });

  test.each<[string, object]>([
    ['an endpoint may be in any VPC', { VpcId: 'vpc-12345678', ServiceName: 'com.amazonaws.eu-west-1.s3' }],
    ['the service of an endpoint is a parameter', { VpcId: { Ref: 'Vpc' }, ServiceName: { Ref: 'Parameter' } }],
    ['the service of an endpoint is a choice', { VpcId: { Ref: 'Vpc' }, ServiceName: { 'Fn::If': ['C', 'a', 'b'] } }],
  ])('says nothing while %s', (_what, properties) => {
    const endpointsOfAVpc = (others: object[]) => {
      const stack = newStack();
      add(stack, 'Vpc', 'AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' });
      add(stack, 'Api', 'AWS::EC2::VPCEndpoint', { VpcId: { Ref: 'Vpc' }, ServiceName: Fn.join('.', ['com', 'amazonaws', Aws.REGION, 'ecr', 'api']) });
      others.forEach((other, index) => add(stack, `Other${index}`, 'AWS::EC2::VPCEndpoint', other));
      return found(stack);
    };
    expect(endpointsOfAVpc([])).toEqual([expect.stringMatching(/has none of 'ecr\.dkr', for manifests and 's3', for layers$/)]);
    expect(endpointsOfAVpc([properties])).toEqual([]);
  });

  test('says nothing of endpoints in another stack of their VPC', () => {
    const app = new App({ analyticsReporting: false });
    const vpc = new ec2.Vpc(new Stack(app, 'Network', { env: ENVIRONMENT }), 'Vpc', { natGateways: 0, maxAzs: 1 });
    const apiEndpoint = vpc.addInterfaceEndpoint('EcrApi', { service: interfaces.EcrApi });
    new EcrVpcEndpoints(new Stack(app, 'Endpoints', { env: ENVIRONMENT }), 'Endpoints', { vpc, apiEndpoint });
    expect(new EcrChecks().validateScope(app).violations).toEqual([]);
  });
});

describe('ownedTwice', () => {
  const TYPES = ['RegistryPolicy', 'RegistryScanningConfiguration', 'ReplicationConfiguration', 'SigningConfiguration'].map(name => `AWS::ECR::${name}`);

  test.each(TYPES)('finds two %s of one registry', type => {
    const alone = newStack();
    add(alone, 'One', type, {});
    expect(found(alone)).toEqual([]);

    const stack = newStack();
    add(stack, 'One', type, {});
    add(new Stack(stack.node.root, 'Second', { env: ENVIRONMENT }), 'Two', type, {});
    const { violations } = new EcrChecks().validateScope(stack.node.root);

    expect(violations).toHaveLength(1);
    expect(violations[0].description).toMatch(/^a registry has one .*, got 'One' in Stack\.template\.json and 'Two' in Second\.template\.json$/);
    expect(violations[0].violatingResources).toEqual([
      expect.objectContaining({ resourceLogicalId: 'One', locations: ['Properties'] }),
      expect.objectContaining({ resourceLogicalId: 'Two' }),
    ]);

    const unknown = new Stack(new App({ analyticsReporting: false }), 'Stack');
    add(unknown, 'One', type, {});
    add(unknown, 'Two', type, {});
    expect(found(unknown)).toHaveLength(1);
  });

  test('lets other Regions, accounts and conditions pass, and stacks of nobody knows where', () => {
    const app = new App({ analyticsReporting: false });
    const envs = [ENVIRONMENT, { ...ENVIRONMENT, region: 'eu-central-1' }, { ...ENVIRONMENT, account: '222222222222' }, {}, {}];
    envs.forEach((env, index) => add(new Stack(app, `Stack${index}`, { env }), 'Policy', TYPES[0], {}));
    const stack = new Stack(app, 'Conditional', { env: ENVIRONMENT });
    const condition = new CfnCondition(stack, 'Condition', { expression: Fn.conditionEquals('a', Aws.PARTITION) });
    add(stack, 'Other', TYPES[0], {}).cfnOptions.condition = condition;

    expect(new EcrChecks().validateScope(app).violations).toEqual([]);
  });

  test('knows what this library makes', () => {
    const stack = newStack();
    new RegistryPolicy(stack, 'Ours', {
      statements: [new iam.PolicyStatement({ actions: ['ecr:ReplicateImage'], resources: ['*'], principals: [new iam.AccountPrincipal('222222222222')] })],
    });
    add(new Stack(stack.node.root, 'Second', { env: { ...ENVIRONMENT, region: 'eu-central-1' } }), 'Theirs', TYPES[0], {});
    expect(new EcrChecks().validateScope(stack.node.root).violations).toEqual([]);
  });
});

describe('unusableCredentials', () => {
  const ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:';

  function rule(properties: object, secret?: object): string[] {
    const stack = newStack();
    if (secret) {
      add(stack, 'Secret', 'AWS::SecretsManager::Secret', secret);
    }
    add(stack, 'Rule', 'AWS::ECR::PullThroughCacheRule', { EcrRepositoryPrefix: 'docker-hub', UpstreamRegistryUrl: 'registry-1.docker.io', ...properties });
    return found(stack);
  }

  test.each(['registry-1.docker.io', 'ghcr.io', 'registry.gitlab.com', 'cgr.dev', 'contoso.azurecr.io'])('finds %s without credentials', UpstreamRegistryUrl => {
    expect(rule({ UpstreamRegistryUrl })).toEqual([`unusableCredentials: 'CredentialArn' must be the ARN of a secret for "${UpstreamRegistryUrl}", got none`]);
  });

  test.each(['public.ecr.aws', 'registry.k8s.io', 'quay.io', '111122223333.dkr.ecr.eu-west-1.amazonaws.com'])('lets %s pass without', UpstreamRegistryUrl => {
    expect(rule({ UpstreamRegistryUrl })).toEqual([]);
  });

  test('holds an ARN to the name that Amazon ECR can use', () => {
    expect(rule({ CredentialArn: `${ARN}ecr-pullthroughcache/docker-hub-AbCdEf` })).toEqual([]);
    expect(rule({ CredentialArn: `${ARN}ecr-pull-through/docker-hub-AbCdEf` })).toEqual([expect.stringContaining("whose name begins with 'ecr-pullthroughcache/'")]);
    expect(rule({ CredentialArn: { 'Fn::ImportValue': 'secret' } })).toEqual([]);
    expect(rule({ CredentialArn: { Ref: 'Parameter' } })).toEqual([]);
  });

  test.each([{ Ref: 'Secret' }, { 'Fn::GetAtt': ['Secret', 'Id'] }])('holds the secret behind %j to its name and its key', CredentialArn => {
    expect(rule({ CredentialArn }, { Name: 'ecr-pullthroughcache/docker-hub' })).toEqual([]);
    expect(rule({ CredentialArn }, { Name: 'ecr-pullthroughcache/docker-hub', KmsKeyId: 'alias/aws/secretsmanager' })).toEqual([]);
    expect(rule({ CredentialArn }, { Name: { 'Fn::Sub': 'ecr-pullthroughcache/${Upstream}' } })).toEqual([]);
    expect(rule({ CredentialArn }, { Name: 'docker-hub' })).toEqual([expect.stringContaining(`got 'Secret' with the name "docker-hub"`)]);
    expect(rule({ CredentialArn }, {})).toEqual([expect.stringContaining("got 'Secret' with a name that CloudFormation makes up")]);
    expect(rule({ CredentialArn }, { Name: 'ecr-pullthroughcache/docker-hub', KmsKeyId: KEY })).toEqual([expect.stringContaining('Amazon ECR cannot read it')]);
  });

  test.each<[string, unknown, boolean]>([
    ['the AWS managed key by its ARN', { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':kms:eu-west-1:111122223333:alias/aws/secretsmanager']] }, false],
    ['a parameter', { Ref: 'Parameter' }, false],
    ['a choice', { 'Fn::If': ['C', { Ref: 'AWS::NoValue' }, { Ref: 'Key' }] }, false],
    ['a key of the template', { 'Fn::GetAtt': ['Key', 'Arn'] }, true],
    ['a key of the template, in short', { 'Fn::GetAtt': 'Key.Arn' }, true],
  ])('with %s for the key of the secret', (_what, KmsKeyId, expected) => {
    const stack = newStack();
    add(stack, 'Key', 'AWS::KMS::Key', {});
    add(stack, 'Secret', 'AWS::SecretsManager::Secret', { Name: 'ecr-pullthroughcache/docker-hub', KmsKeyId });
    add(stack, 'Rule', 'AWS::ECR::PullThroughCacheRule', { EcrRepositoryPrefix: 'docker-hub', UpstreamRegistryUrl: 'registry-1.docker.io', CredentialArn: { Ref: 'Secret' } });
    expect(found(stack)).toEqual(expected ? [expect.stringContaining('Amazon ECR cannot read it')] : []);
  });
});
