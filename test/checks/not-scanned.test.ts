import { App, Stack } from 'aws-cdk-lib';
import { EcrChecks } from '../../lib';
import { ENVIRONMENT } from '../environment';
import { add, contextOf, found, foundIn, newStack, repository } from './fixtures';

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
    ['rules', { Rules: { 'Fn::ImportValue': 'C' } }],
    ['a rule', { Rules: [{ 'Fn::ImportValue': 'C' }] }],
    ['filters', { Rules: [{ ScanFrequency: 'SCAN_ON_PUSH', RepositoryFilters: { Ref: 'P' } }] }],
    ['one filter', { Rules: [{ ScanFrequency: 'SCAN_ON_PUSH', RepositoryFilters: [{ 'Fn::ImportValue': 'C' }] }] }],
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
    repository(stack, { ...NOT_SCANNED, RepositoryName: { 'Fn::Join': ['', ['team/', { Ref: 'Name' }]] } });
    expect(found(stack)).toEqual([]);
  });

  test('finds a ScanOnPush that the registry takes the effect from', () => {
    const stack = newStack();
    scanning(stack, 'other/*');
    repository(stack, { RepositoryName: 'team/api' }, 'Named');
    repository(stack, {}, 'Unnamed');
    expect(found(stack)).toEqual(["notScanned: 'ImageScanningConfiguration.ScanOnPush' has no effect, because 'Scanning' configures the scans of the registry, and none of its filters matches the repository"]);

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
