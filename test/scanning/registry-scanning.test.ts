import { App, Aspects, CfnOutput, CfnParameter, CfnResource, Fn, NestedStack, PhysicalName, Stack, Stage, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as fc from 'fast-check';
import { RegistryScanning, type RegistryScanningProps, ScanType, SecureRepository } from '../../lib';
import { isCovered, matchesFilter } from '../../lib/private/ecr/scan-filters';
import { messageOf } from '../message-of';
import { nagFindings } from '../nag';

const TYPE = 'AWS::ECR::RegistryScanningConfiguration';
const OWN = { account: '111122223333', region: 'eu-west-1' };
const OTHERS = { account: '444455556666', region: 'eu-west-1' };
const UNSCANNED = 'cdk-secure-ecr:RegistryScanning.unscannedRepositories';
const ENVIRONMENT = 'cdk-secure-ecr:RegistryScanning.environmentUnknown';
const { BASIC, ENHANCED } = ScanType;

let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Registry', { env: OWN });
});

function scanning(props: RegistryScanningProps = {}, scope = stack): RegistryScanning {
  return new RegistryScanning(scope, 'Scanning', props);
}

const refusal = (props: RegistryScanningProps, scope = stack): string => messageOf(() => scanning(props, scope));

function propertiesOf(scope: Stack): unknown {
  const [resource] = Object.values(Template.fromStack(scope).findResources(TYPE));
  return resource.Properties;
}

function warningsOf(scope: Stack): string[] {
  return Annotations.fromStack(scope).findWarning('*', Match.anyValue()).map(({ entry }) => (entry.data as string).replace(/\[ack: [Aa]nnotation::(.*)\]$/, '[$1]'));
}

function repository(repositoryName?: string, scope = stack, id = 'Api'): ecr.CfnRepository {
  return new ecr.CfnRepository(scope, id, { repositoryName });
}

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `team-${index}/*`);
}

function rule(frequency: string, ...filters: unknown[]): object {
  return { ScanFrequency: frequency, RepositoryFilters: filters.map(Filter => ({ Filter, FilterType: 'WILDCARD' })) };
}

describe('RegistryScanning', () => {
  test('scans every repository on push with no props, free of charge', () => {
    scanning();

    expect(propertiesOf(stack)).toEqual({ ScanType: 'BASIC', Rules: [rule('SCAN_ON_PUSH', '*')] });
  });

  test.each<[string, RegistryScanningProps, object]>([
    ['basic scanning of some repositories', { scanOnPush: ['prod/*', 'base'] }, { ScanType: 'BASIC', Rules: [rule('SCAN_ON_PUSH', 'prod/*', 'base')] }],
    ['basic scanning on request', { scanOnPush: [] }, { ScanType: 'BASIC', Rules: [] }],
    ['basic scanning, said twice', { scanType: BASIC, continuousScan: [] }, { ScanType: 'BASIC', Rules: [rule('SCAN_ON_PUSH', '*')] }],
    ['enhanced scanning on push', { scanType: ENHANCED }, { ScanType: 'ENHANCED', Rules: [rule('SCAN_ON_PUSH', '*')] }],
    ['continuous scanning of some repositories, and all others on push', { scanType: ENHANCED, continuousScan: ['prod/*'] },
      { ScanType: 'ENHANCED', Rules: [rule('SCAN_ON_PUSH', '*'), rule('CONTINUOUS_SCAN', 'prod/*')] }],
    ['continuous scanning of some repositories, and no others', { scanType: ENHANCED, scanOnPush: [], continuousScan: ['prod/*'] },
      { ScanType: 'ENHANCED', Rules: [rule('CONTINUOUS_SCAN', 'prod/*')] }],
    ['continuous scanning of all repositories, without a rule that has no effect', { scanType: ENHANCED, continuousScan: ['prod/*', '*'] },
      { ScanType: 'ENHANCED', Rules: [rule('CONTINUOUS_SCAN', 'prod/*', '*')] }],
  ])('writes %s', (_, props, expected) => {
    scanning(props);

    expect(propertiesOf(stack)).toEqual(expected);
    expect(warningsOf(stack)).toEqual([]);
  });

  test('says what it does', () => {
    expect(scanning()).toMatchObject({ scanType: BASIC, scanOnPush: ['*'], continuousScan: [] });
    expect(new RegistryScanning(new Stack(app, 'Other', { env: OTHERS }), 'Scanning', { scanType: ENHANCED, continuousScan: ['*'] }))
      .toMatchObject({ scanType: ENHANCED, scanOnPush: [], continuousScan: ['*'] });
  });

  test('makes one resource and refers to it', () => {
    const { registryScanningConfigurationRef } = scanning();

    expect(Object.keys(Template.fromStack(stack).toJSON().Resources)).toHaveLength(1);
    expect(stack.resolve(registryScanningConfigurationRef.registryId))
      .toEqual({ Ref: 'SecureEcrRegistryScanning' });
  });

  test('takes parameters as filters', () => {
    const [push, continuous] = ['Push', 'Continuous'].map(id => new CfnParameter(stack, id).valueAsString);
    repository('team/api');

    scanning({ scanType: ENHANCED, scanOnPush: [push], continuousScan: [continuous] });

    expect(propertiesOf(stack)).toMatchObject({ Rules: [rule('SCAN_ON_PUSH', { Ref: 'Push' }), rule('CONTINUOUS_SCAN', { Ref: 'Continuous' })] });
    expect(warningsOf(stack)).toEqual([]);
  });

  test('scans the rest on push when nobody knows yet what is scanned continuously', () => {
    scanning({ scanType: ENHANCED, continuousScan: [Fn.importValue('Filter')] });

    expect(propertiesOf(stack)).toMatchObject({ Rules: [rule('SCAN_ON_PUSH', '*'), rule('CONTINUOUS_SCAN', { 'Fn::ImportValue': 'Filter' })] });
  });

  test('passes every cdk-nag pack, with nothing acknowledged', () => {
    scanning({ scanType: ENHANCED, continuousScan: ['prod/*'] });

    expect(nagFindings(app, { acknowledgedToo: true })).toEqual([]);
  });
});

describe('the props of a RegistryScanning', () => {
  test.each<[string, RegistryScanningProps, string]>([
    ['continuous scanning without Amazon Inspector', { continuousScan: ['prod/*'] },
      "'continuousScan' must be used with 'scanType' ScanType.ENHANCED, got [\"prod/*\"] with basic scanning, which scans on push only; use 'scanOnPush', or ScanType.ENHANCED, which is charged"],
    ['enhanced scanning of nothing', { scanType: ENHANCED, scanOnPush: [] },
      "'scanOnPush' must have filters if 'continuousScan' has none, got [], with which enhanced scanning scans nothing, because it does not support scans on request; omit it for all repositories, or use ScanType.BASIC"],
    ['enhanced scanning of nothing, said twice', { scanType: ENHANCED, scanOnPush: [], continuousScan: [] }, "'scanOnPush' must have filters if 'continuousScan' has none"],
    ['101 filters on push', { scanOnPush: numbered(101) }, "'scanOnPush' must have at most 100 entries, got 101; use wildcards"],
    ['101 continuous filters', { scanType: ENHANCED, continuousScan: numbered(101) }, "'continuousScan' must have at most 100 entries, got 101; use wildcards"],
    ['a filter twice', { scanOnPush: ['prod/*', 'dev/*', 'prod/*'] }, "'scanOnPush' must not have duplicates, got \"prod/*\" twice"],
    ['a filter of 256 characters', { scanType: ENHANCED, continuousScan: ['a'.repeat(256)] }, "'continuousScan[0]' must be 1 to 255 characters long, got 256"],
    ['a namespace without a wildcard', { scanOnPush: ['prod/'] },
      "'scanOnPush[0]' must be lowercase letters, digits and '*' for any text, joined by '.', '_', '-' or '/', such as 'prod/*', got \"prod/\""],
  ])('fail with %s', (_, props, message) => {
    expect(refusal(props)).toContain(message);
  });

  test.each<[string, RegistryScanningProps]>([
    ['100 filters in each rule', { scanType: ENHANCED, scanOnPush: numbered(100).map(it => `x-${it}`), continuousScan: numbered(100) }],
    ['a filter of 1 character', { scanOnPush: ['a'] }],
    ['a filter of 255 characters', { scanOnPush: ['a'.repeat(255)] }],
  ])('may be %s', (_, props) => {
    expect(refusal(props)).toBe('accepted');
  });

  test.each(['scanOnPush', 'continuousScan'])('fail when %s is a token, which CloudFormation cannot turn into filters', prop => {
    const list = new CfnParameter(stack, 'Filters', { type: 'CommaDelimitedList' }).valueAsList;

    expect(refusal({ scanType: ENHANCED, [prop]: list })).toBe(`'${prop}' must be a list of known length, got a token; list the entries, which may be tokens`);
  });

  test('report every problem at once', () => {
    expect(refusal({ scanOnPush: ['Prod', 'dev/'], continuousScan: ['x', 'x'] }).split('\n').map(line => line.split(' must ')[0]))
      .toEqual(["'scanOnPush[0]'", "'scanOnPush[1]'", "'continuousScan'", "'continuousScan'"]);
  });

  test('are accepted exactly when the expression of the API accepts the filter', () => {
    // https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ScanningRepositoryFilter.html
    const documented = /^[a-z0-9*](?:[._\-/a-z0-9*]?[a-z0-9*]+)*$/;

    fc.assert(fc.property(fc.string({ maxLength: 8, unit: fc.constantFrom('a', '0', '*', '.', '_', '-', '/', 'A', ' ', '?', '\n') }), filter => {
      const message = refusal({ scanOnPush: [filter] }, new Stack(new App(), 'Registry', { env: OWN }));

      expect(message === 'accepted').toBe(documented.test(filter));
    }), { numRuns: 1000 });
  });
});

describe('a filter', () => {
  // https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-filters.html
  const NAMES = ['prod', 'repo-prod', 'prod-repo', 'repo-prod-repo', 'prodrepo'];

  test.each<[string, string]>([
    ['prod', 'YYYYY'],
    ['*prod', 'YYNNN'],
    ['prod*', 'YNYNY'],
    ['*prod*', 'YYYYY'],
    ['prod*repo', 'NNYNY'],
  ])('%s matches as the user guide says', (filter, row) => {
    expect(NAMES.map(name => matchesFilter(name, filter) ? 'Y' : 'N').join('')).toBe(row);
  });

  test.each<[string, string, boolean]>([
    ['*', '*', true],
    ['*', '**', true],
    ['*', 'a*', false],
    ['prod', '*prod*', true],
    ['*prod*', 'prod', true],
    ['prod/*', 'prod', true],
    ['prod/*', 'prod/*', true],
    ['prod/api', 'prod/*', false], // the first also matches 'my/prod/api'
    ['prod*', 'prod/*', false],
    ['a*b*c', 'a*c', true],
    ['a*c', 'a*b*c', false],
  ])('%s is covered by %s: %s', (filter, by, covered) => {
    expect(isCovered(filter, [by])).toBe(covered);
  });

  test('matches whatever is matched by a filter that it covers', () => {
    const text = fc.string({ maxLength: 5, unit: fc.constantFrom('a', 'b', '*') });
    const name = fc.string({ maxLength: 8, unit: fc.constantFrom('a', 'b') });

    fc.assert(fc.property(text, text, name, (narrow, wide, repositoryName) => {
      fc.pre(isCovered(narrow, [wide]) && matchesFilter(repositoryName, narrow));
      expect(matchesFilter(repositoryName, wide)).toBe(true);
    }));
  });
});

describe('the owner of the scanning configuration', () => {
  test('is one in a stack', () => {
    scanning();

    expect(() => new RegistryScanning(stack, 'Second')).toThrow(
      "'Registry/Scanning' and 'Registry/Second' both define the scanning configuration of account 111122223333 in eu-west-1, of which there is only one; "
      + 'keep one RegistryScanning and move the filters of the other to it',
    );
  });

  test('is one in an account and Region', () => {
    scanning();

    expect(refusal({}, new Stack(app, 'Other', { env: OWN }))).toContain("'Registry/Scanning' and 'Other/Scanning' both define");
    expect(refusal({}, new Stack(app, 'Account', { env: OTHERS }))).toBe('accepted');
    expect(refusal({}, new Stack(app, 'Region', { env: { ...OWN, region: 'eu-central-1' } }))).toBe('accepted');
  });

  test('fails the synthesis beside a configuration that this library did not make', () => {
    scanning();
    new ecr.CfnRegistryScanningConfiguration(new Stack(app, 'Other', { env: OWN }), 'Raw', { scanType: 'BASIC', rules: [] });

    expect(() => app.synth()).toThrow(
      "'Other/Raw' and 'Registry/Scanning' both define the scanning configuration of account 111122223333 in eu-west-1, of which there is only one; "
      + 'move the filters of the first into the second',
    );
  });

  test('warns about another one that may be in the same registry, until it is acknowledged', () => {
    const [first, second] = ['First', 'Second'].map(id => new Stack(app, id));
    scanning({}, first);
    const owner = scanning({}, second);

    expect(warningsOf(second)).toEqual([expect.stringContaining(
      "'First/Scanning' also defines the scanning configuration, of which an account has only one in each Region; "
      + `set the account and Region in 'env' of both stacks [${ENVIRONMENT}]`,
    )]);

    Validations.of(owner).acknowledge({ id: ENVIRONMENT, reason: 'never in one account' });
    expect(warningsOf(second)).toEqual([]);
  });
});

test('a configuration that may or may not be in the same registry is a warning too, until somebody acknowledges it', () => {
  const owner = scanning({}, new Stack(app, 'First'));
  new ecr.CfnRegistryScanningConfiguration(new Stack(app, 'Second'), 'Raw', { scanType: 'BASIC', rules: [] });

  expect(warningsOf(Stack.of(owner))).toEqual([expect.stringContaining("'Second/Raw' also defines the scanning configuration")]);

  const other = scanning({}, new Stack(new App(), 'First'));
  new ecr.CfnRegistryScanningConfiguration(new Stack(other.node.root, 'Second'), 'Raw', { scanType: 'BASIC', rules: [] });
  Validations.of(other).acknowledge({ id: ENVIRONMENT, reason: 'never in one account' });
  expect(warningsOf(Stack.of(other))).toEqual([]);
});

describe('repositories that nobody scans', () => {
  test('are named, with what becomes of them under enhanced scanning', () => {
    scanning({ scanType: ENHANCED, scanOnPush: [], continuousScan: ['prod/*'] });
    new SecureRepository(stack, 'Web', { repositoryName: 'team/web' }); // later than the scanning

    expect(warningsOf(stack)).toEqual([
      'images are not scanned on push, because no filter matches "team/web": they are never scanned; '
      + `add filters to 'scanOnPush' or 'continuousScan', or omit it for all repositories [${UNSCANNED}]`,
    ]);
  });

  test('are named, with what becomes of them under basic scanning', () => {
    repository('team/web');
    scanning({ scanOnPush: ['prod/*'] });

    expect(warningsOf(stack)).toEqual([
      'images are not scanned on push, because no filter matches "team/web": they are scanned on request only; '
      + `add filters to 'scanOnPush', or omit it for all repositories [${UNSCANNED}]`,
    ]);
  });

  test('are not those that a filter of either rule matches', () => {
    scanning({ scanType: ENHANCED, scanOnPush: ['team'], continuousScan: ['prod/*'] });
    new SecureRepository(stack, 'Api', { repositoryName: 'prod/api' });
    new ecr.Repository(stack, 'Web', { repositoryName: 'my-team/web' });

    expect(warningsOf(stack)).toEqual([]);
  });

  test('are all of them, up to five by name, when scans are on request', () => {
    scanning({ scanOnPush: [] });
    ['a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7'].forEach(name => repository(name, stack, name));

    expect(warningsOf(stack)).toEqual([expect.stringContaining('images are not scanned on push, because no filter matches "a1", "a2", "a3", "a4", "a5" and 2 more: ')]);
  });

  test('are those with a name that nobody knows, unless a filter matches all', () => {
    scanning({ scanOnPush: ['team/*'] });
    new SecureRepository(stack, 'Generated');
    repository(new CfnParameter(stack, 'Name').valueAsString, stack, 'Parameter');
    new CfnResource(stack, 'Raw', { type: 'AWS::ECR::Repository', properties: { RepositoryName: 'team/raw' } });

    expect(warningsOf(stack)).toEqual([expect.stringContaining(
      "images are not scanned on push, because no filter matches 'Registry/Generated/Resource', whose name is not known before deployment, "
      + "'Registry/Parameter', whose name is not known before deployment, 'Registry/Raw', whose name is not known before deployment: ",
    )]);

    const other = new Stack(app, 'Other', { env: OTHERS });
    scanning({ scanOnPush: ['team/*', '*'] }, other);
    repository(undefined, other);
    expect(warningsOf(other)).toEqual([]);
  });

  test('include those that an aspect adds, and those of nested stacks, other stacks and stages of the same account and Region', () => {
    scanning({ scanOnPush: ['prod/*'] });
    Aspects.of(stack).add({ visit: node => void (node === stack && !stack.node.tryFindChild('Aspect') && repository('x/aspect', stack, 'Aspect')) });
    repository('x/nested', new NestedStack(stack, 'Nested'));
    repository('x/other', new Stack(app, 'Other', { env: OWN }));
    repository('x/stage', new Stack(new Stage(app, 'Stage'), 'Images', { env: OWN }));

    expect(warningsOf(stack)).toEqual([expect.stringContaining('images are not scanned on push, because no filter matches "x/nested", "x/aspect", "x/other", "x/stage": ')]);
  });

  test('are not those of another account, another Region, or a stack of which nobody knows where it goes', () => {
    scanning({ scanOnPush: ['prod/*'] });
    repository('x/account', new Stack(app, 'Account', { env: OTHERS }));
    repository('x/region', new Stack(app, 'Region', { env: { ...OWN, region: 'eu-central-1' } }));
    repository('x/agnostic', new Stack(app, 'Agnostic'));
    ecr.Repository.fromRepositoryName(stack, 'Imported', 'x/imported');

    expect(warningsOf(stack)).toEqual([]);
  });

  test('of the same stack are found without an environment', () => {
    const agnostic = new Stack(app, 'Agnostic');
    scanning({ scanOnPush: ['prod/*'] }, agnostic);
    repository('team/web', agnostic);

    expect(warningsOf(agnostic)).toEqual([expect.stringContaining('"team/web"')]);
  });

  test('have the name that the CDK makes up for another account', () => {
    scanning({ scanOnPush: ['registryregistryapi*'] });
    const generated = new SecureRepository(stack, 'Api', { repositoryName: PhysicalName.GENERATE_IF_NEEDED });
    new CfnOutput(new Stack(app, 'Consumer', { env: OTHERS }), 'Name', { value: generated.repositoryName });

    expect(warningsOf(stack)).toEqual([]);
  });

  test('are nobody\'s business once acknowledged', () => {
    const owner = scanning({ scanOnPush: ['prod/*'] });
    repository('team/web');
    Validations.of(owner).acknowledge({ id: UNSCANNED, reason: 'only base images' });

    expect(warningsOf(stack)).toEqual([]);
  });

  test('warn once, however often the app is synthesized', () => {
    scanning({ scanOnPush: ['prod/*'] });
    repository('team/web');
    app.synth();

    expect(app.synth({ force: true }).getStackByName('Registry').messages).toHaveLength(1);
  });
});

describe('a filter on push that continuous scanning makes idle', () => {
  const IDLE = 'cdk-secure-ecr:RegistryScanning.scanOnPushWithoutEffect';

  test('is a warning, until somebody acknowledges it', () => {
    const owner = scanning({ scanType: ENHANCED, scanOnPush: ['prod/*', 'dev/*', 'base/prod*'], continuousScan: ['prod'] });

    expect(warningsOf(stack)).toEqual([
      `"prod/*", "base/prod*" of 'scanOnPush' has no effect, because 'continuousScan' matches all its repositories and takes precedence; remove it from one of the two [${IDLE}]`,
    ]);

    Validations.of(owner).acknowledge({ id: IDLE, reason: 'generated' });
    expect(warningsOf(stack)).toEqual([]);
  });

  test('is none when only some of its repositories are scanned continuously', () => {
    scanning({ scanType: ENHANCED, scanOnPush: ['prod*'], continuousScan: ['prod/*'] });

    expect(warningsOf(stack)).toEqual([]);
  });
});

test.each([['eu-west-1', ENHANCED, false], ['cn-north-1', ENHANCED, false], ['us-isob-east-1', ENHANCED, true], ['us-isob-east-1', BASIC, false]])(
  'RegistryScanning in %s with %s warns that AWS does not document it: %s',
  (region, scanType, warned) => {
    const there = new Stack(app, 'There', { env: { ...OWN, region } });
    scanning({ scanType }, there);

    expect(warningsOf(there)).toEqual(warned ? [expect.stringContaining('RegistryScanning.undocumentedPartition')] : []);
  },
);
