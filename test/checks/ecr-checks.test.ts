import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Aws, CfnElement, CfnParameter, type CfnResource, Fn, NestedStack, type PolicyViolation, Stack, Stage, Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CrossAccountPull, EcrChecks, EcrVpcEndpoints, PullConsumer, PullThroughCache, SecureRepository, UpstreamRegistry } from '../../lib';
import { ENVIRONMENT } from '../environment';
import { contextOf, found, foundIn, GOOD, lifecycle, newStack, repository } from './fixtures';

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
      `mutableTags: 'ImageTagMutability' must make tags immutable, got "MUTABLE": principals that may push can replace the image that runs`,
      `noCustomerManagedKey: 'EncryptionConfiguration' must name a customer managed key, got "AES256" without one: you cannot restrict, disable or revoke the key`,
      "noLifecyclePolicy: 'LifecyclePolicy' must expire images, got none: every pushed image is kept and incurs storage costs",
      "notScanned: 'ImageScanningConfiguration.ScanOnPush' must be true, unless a scanning configuration outside these templates matches the repository: otherwise its images are not scanned for vulnerabilities",
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
      violatingResources: [{ constructPath: 'Stack/Api', resourceLogicalId: 'Api', templatePath: expect.stringMatching(/Stack\.template\.json$/), locations: ['Properties.ImageTagMutability'] }],
    }]);
  });

  test('names all resources with one problem together', () => {
    const stack = newStack();
    repository(stack, { ImageTagMutability: 'MUTABLE' }, 'A');
    repository(stack, { ImageTagMutability: 'MUTABLE' }, 'B');
    const { violations } = new EcrChecks().validateScope(stack);

    expect(violations.map(({ violatingResources }) => violatingResources.map(({ resourceLogicalId }) => resourceLogicalId))).toEqual([['A', 'B']]);
  });

  test('lets an app that exists start green and get stricter rule by rule', () => {
    const stack = newStack();
    new ecr.Repository(stack, 'Api');
    const severities = (errors?: string[]) => {
      const { success, violations } = new EcrChecks({ errors }).validateScope(stack);
      return [success, violations.filter(({ severity }) => severity === 'error').map(({ ruleName }) => ruleName)];
    };

    expect(severities([])).toEqual([true, []]);
    expect(severities(['mutableTags'])).toEqual([false, ['EcrChecks.mutableTags']]);
    expect(severities(['mutableTags', 'noCustomerManagedKey'])).toEqual([false, ['EcrChecks.mutableTags', 'EcrChecks.noCustomerManagedKey']]);
    expect(severities()).toEqual([false, ['EcrChecks.mutableTags', 'EcrChecks.noLifecyclePolicy', 'EcrChecks.notScanned']]);
  });

  test('refuses rules that do not exist', () => {
    expect(() => new EcrChecks({ errors: ['mutableTag', 'cdk-secure-ecr::EcrChecks.mutableTags', 'x'] })).toThrow([
      `'errors' must be rules of EcrChecks such as 'mutableTags', got "mutableTag"; use "mutableTags"`,
      `'errors' must be rules of EcrChecks such as 'mutableTags', got "cdk-secure-ecr::EcrChecks.mutableTags"; use "mutableTags"`,
      `'errors' must be rules of EcrChecks such as 'mutableTags', got "x"`,
    ].join('\n'));
  });

  test('refuses a scope without a stack, where it would find nothing', () => {
    const { node } = new SecureRepository(newStack(), 'Api');
    expect(() => new EcrChecks().validateScope(node.defaultChild!)).toThrow("'scope' must be an app, a stage or a stack, got \"Stack/Api/Resource\" without any stack in it");
  });

  test('has rules that never change their names', () => {
    expect(new EcrChecks().name).toBe('cdk-secure-ecr');
    expect(new EcrChecks().ruleIds).toEqual([
      'EcrChecks.autoDeleteTag',
      'EcrChecks.broadPermissions',
      'EcrChecks.doubtfulLifecyclePolicy',
      'EcrChecks.doubtfulPolicy',
      'EcrChecks.anyPrincipalAllowed',
      'EcrChecks.fixedDeploymentTag',
      'EcrChecks.forbiddenUpstream',
      'EcrChecks.ineffectivePolicy',
      'EcrChecks.invalidLifecyclePolicy',
      'EcrChecks.invalidName',
      'EcrChecks.invalidProperty',
      'EcrChecks.missingEndpoints',
      'EcrChecks.missingTag',
      'EcrChecks.mutableTags',
      'EcrChecks.namingConvention',
      'EcrChecks.noCacheTemplate',
      'EcrChecks.noCustomerManagedKey',
      'EcrChecks.noLifecyclePolicy',
      'EcrChecks.noPrivateDns',
      'EcrChecks.notScanned',
      'EcrChecks.ownedTwice',
      'EcrChecks.uncheckedTemplate',
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
      ImageScanningConfiguration: { ScanOnPush: Fn.importValue('ScanOnPush') },
      LifecyclePolicy: { LifecyclePolicyText: parameter.valueAsString },
      EncryptionConfiguration: { EncryptionType: Fn.importValue('Type') },
      RepositoryPolicyText: parameter.valueAsString,
    });
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

    expect(synthesis(stack.node.root as App)).toMatch(/^failed [^]*'ImageTagMutability' must make tags immutable/);
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
    ['other resources', { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } }],
    ['a nested stack of nobody knows where', { Resources: { Nested: { Type: 'AWS::CloudFormation::Stack', Metadata: { 'aws:asset:path': 'missing.json' } } } }],
    ['a nested stack that is a folder', { Resources: { Nested: { Type: 'AWS::CloudFormation::Stack', Metadata: { 'aws:asset:path': '.' } } } }],
    ['a resource that is none', { Resources: { Nothing: null, List: [], Untyped: {}, Text: { Type: 'AWS::ECR::SigningConfiguration', Properties: 'text' } } }],
    ['a join of nothing', { Resources: { Policy: { Type: 'AWS::ECR::RegistryPolicy', Properties: { PolicyText: { Statement: { Effect: 'Allow', Principal: { 'Fn::Join': null } } } } } } }],
    ['a nested stack without metadata', { Resources: { Nested: { Type: 'AWS::CloudFormation::Stack' } } }],
  ])('with %s have no finding', (_what, text) => {
    expect(validate(text)).toEqual([]);
    expect(validate(text, {})).toEqual([]);
  });

  test.each<[string, string | undefined, string]>([
    ['YAML', 'Resources: {}', "'template' must be JSON, got \"Resources: {}\""],
    ['broken JSON', '{ "Resources": ', "'template' must be JSON"],
    ['a list', '[]', "'template' must be a JSON object, got []"],
    ['a missing file', undefined, "'template' must be a file that exists"],
  ])('fail as %s, which would have no finding', (_, text, message) => {
    const folder = mkdtempSync(join(tmpdir(), 'ecr-checks-'));
    const path = join(folder, 'template.yaml');
    if (text !== undefined) {
      writeFileSync(path, text);
    }
    expect(() => new EcrChecks().validate(contextOf(path))).toThrow(message);
    rmSync(folder, { recursive: true });
  });

  test('are read once, however often they are named', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ecr-checks-'));
    const path = join(folder, 'Stack.template.json');
    writeFileSync(path, JSON.stringify({ Resources: { Signing: { Type: 'AWS::ECR::SigningConfiguration' } } }));
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
