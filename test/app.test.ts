import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import { addPlatform } from '../bin/platform/platform';
import { EcrChecks } from '../lib';
import { expectReviewed } from './reviewed-template';

const { context } = JSON.parse(readFileSync(join(__dirname, '../cdk.json'), 'utf8')) as { context: Record<string, unknown> };
const ENVIRONMENTS = context.platform as Record<string, { account: string; region: string }>;

function platform(overrides: Record<string, { account?: string; region?: string }> = {}): App {
  const environments = Object.fromEntries(Object.entries(ENVIRONMENTS).map(([name, environment]) => [name, { ...environment, ...overrides[name] }]));
  const app = new App({ analyticsReporting: false, context: { ...context, platform: environments } });
  addPlatform(app);
  return app;
}

describe('the platform', () => {
  const app = platform();
  const assembly = app.synth();

  test('is a registry, builds, two workloads, and a second Region with a standby', () => {
    expect(assembly.stacks.map(({ stackName, environment }) => `${stackName} ${environment.account} ${environment.region}`).sort()).toEqual([
      'Build 111111111111 eu-west-1',
      'Images 111111111111 eu-west-1',
      'Production 333333333333 eu-west-1',
      'Recovery 333333333333 eu-central-1',
      'Staging 222222222222 eu-west-1',
      'Standby 333333333333 eu-central-1',
    ]);
  });

  test('synthesizes without errors, warnings and look-ups', () => {
    expect(assembly.stacks.flatMap(({ messages }) => messages.map(({ entry }) => entry.data))).toEqual([]);
    expect(assembly.manifest.missing ?? []).toEqual([]);
  });

  test.each([AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks])('has no unacknowledged finding of %p', Pack => {
    const { violations } = new Pack().validateScope(app);
    const found = violations.flatMap(({ ruleName, violatingResources }) => violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath}`));
    expect(found).toEqual([]);
  });

  test('has no finding of EcrChecks', () => {
    expect(new EcrChecks().validateScope(app)).toEqual({ success: true, violations: [] });
  });

  test('has no NAT gateway, no internet gateway and no Lambda function', () => {
    const types = assembly.stacks.flatMap(({ template }) => (
      Object.values((template as { Resources: Record<string, { Type: string }> }).Resources).map(({ Type }) => Type)
    ));
    expect(types.filter(type => /NatGateway|InternetGateway|Lambda::|Custom/.test(type))).toEqual([]);
    expect(new Set(types.filter(type => type.startsWith('AWS::ECR::')))).toEqual(new Set([
      'AWS::ECR::PullThroughCacheRule', 'AWS::ECR::RegistryPolicy', 'AWS::ECR::RegistryScanningConfiguration', 'AWS::ECR::ReplicationConfiguration',
      'AWS::ECR::Repository', 'AWS::ECR::RepositoryCreationTemplate', 'AWS::ECR::SigningConfiguration',
    ]));
  });

  test('is deployed in the order of its needs: replicas first, then images, then who runs them', () => {
    const images = assembly.getStackByName('Images');
    expect(images.dependencies.map(({ id }) => id)).toContain('Recovery');
  });

  test.each(assembly.stacks.map(({ stackName }) => stackName))('%s is the template that was reviewed', stackName => {
    expectReviewed(assembly.getStackByName(stackName).template as object, `app/${stackName}`);
  });
});

describe('other environments', () => {
  test('may be one account with two Regions', () => {
    const account = '999999999999';
    expect(() => platform({ tooling: { account }, staging: { account }, production: { account }, recovery: { account } }).synth()).not.toThrow();
  });

  test('fail all at once when they cannot work', () => {
    expect(() => platform({ tooling: { account: '1' }, staging: { region: 'Ireland' } })).toThrow(
      /'platform.tooling' must have an account of 12 digits.*\n.*'platform.staging' must have/,
    );
    expect(() => platform({ production: { region: 'us-east-1' }, recovery: { region: 'eu-west-1' } })).toThrow(
      /'platform.production' must be in eu-west-1 like the images.*\n.*'platform.recovery' must be in another Region/,
    );
    expect(() => addPlatform(new App())).toThrow(/'platform.recovery' must have an account/);
  });
});
