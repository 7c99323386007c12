import { App, CfnParameter, Duration, Stack, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import {
  CiPushRole, CiSubject, FindingGranularity, ImageSelection, ImageSigning, LifecyclePolicy, LifecycleRule, MissingScan, PublicRepository,
  PullThroughCache,
  RegistryScanning, ReplicationDestination, ReplicationSetup, ReplicationSource, ReplicationTarget, RepositoryTemplate, ScanFindings, ScanGate,
  ScanType, SecureRepository, type SecureRepositoryProps, TemplateUse, UpstreamAccess, UpstreamRegistry,
} from '../lib';

const [A, B] = ['111122223333', '444455556666'];
const [IRELAND, FRANKFURT, PARIS] = ['eu-west-1', 'eu-central-1', 'eu-west-3'];

let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App();
  stack = stackOf(A, IRELAND, 'Stack');
});

function stackOf(account: string, region: string, id = `In-${account}-${region}`): Stack {
  return new Stack(app, id, { env: { account, region } });
}

function repositoryIn(scope: Stack, repositoryName: string | undefined = 'team/api', props: SecureRepositoryProps = {}, id = 'Api'): SecureRepository {
  return new SecureRepository(scope, id, { repositoryName, ...props });
}

function warningsOf(scope: Stack): string[] {
  return Annotations.fromStack(scope).findWarning('*', Match.anyValue())
    .map(({ entry }) => /\[(?:ack: )?(?:annotation::)?(cdk-secure-ecr:[^\]]+)\]/i.exec(entry.data as string)?.[1].replace('cdk-secure-ecr:', '') ?? '')
    .filter(id => id !== '');
}

describe('replication setups of one app', () => {
  const to = ReplicationTarget;

  test.each<[string, ReplicationTarget[], string[] | undefined, string[] | undefined, string[]]>([
    ['to a third registry', [to.region(FRANKFURT)], undefined, undefined, ['ReplicationSetup.secondHop']],
    ['to a third registry, for the same names', [to.region(FRANKFURT)], ['prod/api'], ['prod/'], ['ReplicationSetup.secondHop']],
    ['to a third registry, for other names', [to.region(FRANKFURT)], ['prod/'], ['dev/'], []],
    ['to a third registry that the first one also has', [to.region(FRANKFURT), to.region(PARIS)], undefined, undefined, []],
  ])('warn where one passes on %s', (_, destinations, first, second, expected) => {
    const middle = stackOf(A, FRANKFURT);
    new ReplicationSetup(stack, 'Replication', { destinations, repositoryPrefixes: first });
    new ReplicationSetup(middle, 'Replication', { destinations: [to.region(PARIS)], repositoryPrefixes: second });

    expect(warningsOf(middle)).toEqual(expected);
    expect(warningsOf(stack)).toEqual([]);
  });

  test('do not warn of registries that are not known', () => {
    const agnostic = new Stack(app, 'Agnostic');
    const region = new CfnParameter(agnostic, 'Region').valueAsString;
    new ReplicationSetup(agnostic, 'Replication', { destinations: [to.region(region)] });
    new ReplicationSetup(stack, 'Replication', { destinations: [to.account(B, new CfnParameter(stack, 'Region').valueAsString)] });
    const other = stackOf(A, FRANKFURT);
    new ReplicationSetup(other, 'Replication', { destinations: [to.region(IRELAND), to.account(new CfnParameter(other, 'Account').valueAsString, PARIS)] });

    expect([agnostic, stack, other].flatMap(warningsOf).filter(id => !id.endsWith('environmentUnknown'))).toEqual([]);
  });

  test('may replicate to each other', () => {
    const other = stackOf(A, FRANKFURT);
    new ReplicationSetup(stack, 'Replication', { destinations: [to.region(FRANKFURT)] });
    new ReplicationSetup(other, 'Replication', { destinations: [to.region(IRELAND)] });

    expect(warningsOf(other)).toEqual([]);
  });

  test.each([[false, ['ReplicationSetup.noDestination']], [true, []]])('are judged where a destination of the app gives permission: %s', (permitted, expected) => {
    const other = stackOf(B, IRELAND);
    const setup = new ReplicationSetup(stack, 'Replication', { destinations: [to.account(B, IRELAND), to.account('777788889999', IRELAND), to.region(PARIS)] });
    if (permitted) {
      new ReplicationDestination(other, 'Replicas', { sources: [ReplicationSource.setup(setup)] });
    }

    expect(warningsOf(stack)).toEqual(expected);
  });

  test.each<[string, string[], string[]]>([
    ['no repository', ['prod/'], ['ReplicationSetup.prefixWithoutRepository']],
    ['a repository', ['team/'], []],
    ['one of two', ['team/', 'prod/'], ['ReplicationSetup.prefixWithoutRepository']],
    ['repositories of a template', ['made/'], []],
  ])('warn where prefixes begin the name of %s', (_, repositoryPrefixes, expected) => {
    repositoryIn(stack);
    new RepositoryTemplate(stack, 'Template', { prefix: 'made', appliedFor: [TemplateUse.CREATE_ON_PUSH] });
    new ReplicationSetup(stack, 'Replication', { destinations: [to.region(PARIS)], repositoryPrefixes });

    expect(warningsOf(stack)).toEqual(expected);
  });

  test.each<[string, () => unknown]>([
    ['has no repository', () => undefined],
    ['has one with a generated name', () => new SecureRepository(stack, 'Api')],
    ['has a template for all', () => [repositoryIn(stack), new RepositoryTemplate(stack, 'Template', { prefix: 'ROOT', appliedFor: [TemplateUse.REPLICATION] })]],
  ])('do not warn of a prefix where the app %s', (_, define) => {
    define();
    new ReplicationSetup(stack, 'Replication', { destinations: [to.region(PARIS)], repositoryPrefixes: ['prod/'] });

    expect(warningsOf(stack)).toEqual([]);
  });
});

describe('replicas of repositories of the app', () => {
  const replicas = (
    source: SecureRepositoryProps,
    replica: { mutableTags?: string[]; lifecycle?: LifecyclePolicy },
    repositoryPrefixes?: string[],
  ): string[] => {
    const there = stackOf(A, PARIS);
    repositoryIn(stack, 'team/api', source);
    const setup = new ReplicationSetup(stack, 'Replication', { destinations: [ReplicationTarget.region(PARIS)], repositoryPrefixes });
    new ReplicationDestination(there, 'Replicas', { sources: [ReplicationSource.setup(setup), ReplicationSource.account(B)], ...replica });
    return warningsOf(there);
  };
  const moving = ['ReplicationDestination.movingTags'];
  const keep = LifecyclePolicy.keepLatest(30);

  test.each<[string, SecureRepositoryProps, object, string[]]>([
    ['no tag moves', {}, {}, []],
    ['a tag moves at the source only', { mutableTags: ['latest'] }, {}, moving],
    ['a tag moves on both sides', { mutableTags: ['latest'] }, { mutableTags: ['latest'] }, []],
    ['a wider filter is on the other side', { mutableTags: ['prod-*'] }, { mutableTags: ['prod*'] }, []],
    ['a narrower filter is on the other side', { mutableTags: ['prod*'] }, { mutableTags: ['prod-*'] }, moving],
    ['the lifecycle is the same', { lifecycle: keep }, { lifecycle: keep }, []],
    ['the lifecycle is the default on purpose', { lifecycle: keep }, { lifecycle: LifecyclePolicy.standard() }, []],
    ['the lifecycle is the default', { lifecycle: keep }, {}, ['ReplicationDestination.otherLifecycle']],
  ])('are judged where %s', (_, source, replica, expected) => {
    expect(replicas(source, replica)).toEqual(expected);
  });

  test('warn of repositories whose tags are mutable, and without a lifecycle', () => {
    const there = stackOf(A, PARIS);
    new ecr.CfnRepository(stack, 'Plain', { repositoryName: 'team/plain' });
    const setup = new ReplicationSetup(stack, 'Replication', { destinations: [ReplicationTarget.region(PARIS)] });
    new ReplicationDestination(there, 'Replicas', { sources: [ReplicationSource.setup(setup)] });

    expect(warningsOf(there)).toEqual([...moving, 'ReplicationDestination.otherLifecycle']);
  });

  test('do not warn where their mutable tags are not known', () => {
    const there = stackOf(A, PARIS);
    repositoryIn(stack, 'team/api', { mutableTags: ['latest'] });
    const setup = new ReplicationSetup(stack, 'Replication', { destinations: [ReplicationTarget.region(PARIS)] });
    const mutableTags = [new CfnParameter(there, 'Tag').valueAsString];
    new ReplicationDestination(there, 'Replicas', { sources: [ReplicationSource.setup(setup)], mutableTags });

    expect(warningsOf(there)).toEqual([]);
  });

  test('do not warn of repositories that are not replicated', () => {
    expect(replicas({ mutableTags: ['latest'] }, {}, ['prod/'])).toEqual([]);
  });
});

describe('a CiPushRole', () => {
  const subjects = [CiSubject.github({ owner: 'octo', ownerId: '1', repo: 'api', repoId: '2', branches: ['main'] })];

  test.each<[string, string | undefined, TemplateUse, string[]]>([
    ['none', undefined, TemplateUse.CREATE_ON_PUSH, ['CiPushRole.noTemplate']],
    ['the prefix', 'team/apps', TemplateUse.CREATE_ON_PUSH, []],
    ['a wider prefix', 'team', TemplateUse.CREATE_ON_PUSH, []],
    ['all', 'ROOT', TemplateUse.CREATE_ON_PUSH, []],
    ['a prefix of the same letters', 'team/ap', TemplateUse.CREATE_ON_PUSH, ['CiPushRole.noTemplate']],
    ['another use', 'team/apps', TemplateUse.REPLICATION, ['CiPushRole.noTemplate']],
  ])('that creates repositories is judged with a template for %s', (_, prefix, use, expected) => {
    new CiPushRole(stack, 'Push', { subjects, createOnPushPrefixes: ['team/apps'] });
    if (prefix) {
      new RepositoryTemplate(stack, 'Template', { prefix, appliedFor: [use] });
    }

    expect(warningsOf(stack)).toEqual(expected);
  });

  test('does not warn of a template with a prefix that is not known', () => {
    new CiPushRole(stack, 'Push', { subjects, createOnPushPrefixes: ['team/apps'] });
    new RepositoryTemplate(stack, 'Template', { prefix: new CfnParameter(stack, 'Prefix').valueAsString, appliedFor: [TemplateUse.CREATE_ON_PUSH] });

    expect(warningsOf(stack)).toEqual([]);
  });

  test.each<[string, string[] | undefined, boolean, string[]]>([
    ['everything', undefined, false, ['CiPushRole.unsignedPushes']],
    ['everything, with permission', undefined, true, []],
    ['the repository', ['team/*'], false, ['CiPushRole.unsignedPushes']],
    ['other repositories', ['prod/*'], false, []],
  ])('beside signing of %s', (_, repositoryFilters, granted, expected) => {
    const push = new CiPushRole(stack, 'Push', { subjects, repositories: [repositoryIn(stack)] });
    const signing = new ImageSigning(stack, 'Signing', { rules: [{ repositoryFilters }] });
    if (granted) {
      signing.grants.sign(push);
    }

    expect(warningsOf(stack)).toEqual(expected);
  });

  test('does not warn of imported repositories that a filter may leave out', () => {
    const imported = SecureRepository.fromRepositoryName(stack, 'Imported', 'team/api');
    new CiPushRole(stack, 'Push', { subjects, repositories: [imported] });
    new ImageSigning(stack, 'Signing', { rules: [{ repositoryFilters: ['team/*'] }] });

    expect(warningsOf(stack)).toEqual([]);
  });
});

describe('scans that never start', () => {
  const never = ['SecureRepository.neverScanned'];

  test.each<[string, (repository: SecureRepository) => unknown]>([
    ['a gate', repository => new ScanGate({ repository })],
    ['a rule', repository => repository.onScanFindings('Rule')],
    ['a rule of the CDK', repository => repository.onImageScanCompleted('Rule')],
  ])('are a warning for %s, unless the registry scans', (_, wait) => {
    wait(repositoryIn(stack, 'team/api', { scanOnPush: false }));
    expect(warningsOf(stack)).toEqual(never);

    const scanned = stackOf(B, IRELAND);
    wait(repositoryIn(scanned, 'team/api', { scanOnPush: false }));
    new RegistryScanning(scanned, 'Scanning');
    expect(warningsOf(scanned)).toEqual([]);
  });

  test('can be acknowledged', () => {
    const repository = repositoryIn(stack, 'team/api', { scanOnPush: false });
    new ScanGate({ repository });
    Validations.of(repository).acknowledge({ id: 'cdk-secure-ecr:SecureRepository.neverScanned', reason: 'another app scans' });

    expect(warningsOf(stack)).toEqual([]);
  });

  test('are no warning where the gate starts them, or the repository is imported', () => {
    new ScanGate({ repository: repositoryIn(stack, 'team/api', { scanOnPush: false }), missingScan: MissingScan.START_SCAN });
    new ScanGate({ repository: SecureRepository.fromRepositoryName(stack, 'Imported', 'team/b') });

    expect(warningsOf(stack)).toEqual([]);
  });

  test.each([[ScanType.ENHANCED, ['ScanGate.startScanWithEnhanced']], [ScanType.BASIC, []]])('START_SCAN beside %s: %j', (scanType, expected) => {
    new ScanGate({ repository: repositoryIn(stack), missingScan: MissingScan.START_SCAN });
    new RegistryScanning(stack, 'Scanning', { scanType });

    expect(warningsOf(stack)).toEqual(expected);
  });

  test.each<[ScanType | undefined, FindingGranularity, string[]]>([
    [ScanType.BASIC, FindingGranularity.FINDING, ['ScanFindings.findingsOfBasicScanning']],
    [ScanType.ENHANCED, FindingGranularity.FINDING, []],
    [undefined, FindingGranularity.FINDING, []],
    [ScanType.BASIC, FindingGranularity.IMAGE, []],
  ])('messages beside %s for each %s: %j', (scanType, granularity, expected) => {
    new ScanFindings(stack, 'Findings', { granularity });
    if (scanType) {
      new RegistryScanning(stack, 'Scanning', { scanType });
    }

    expect(warningsOf(stack)).toEqual(expected);
  });
});

describe('events', () => {
  test('of pushed tags take wildcards as Amazon EventBridge has them', () => {
    repositoryIn(stack).onImagePushed('Pushed', { imageTags: ['latest', 'release-**'] });

    Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { detail: { 'image-tag': ['latest', { wildcard: 'release-*' }] } },
    });
  });

  test.each<[string, (repository: ecr.IRepository) => unknown]>([
    ['onEvent', repository => repository.onEvent('Rule')],
    ['onCloudTrailEvent', repository => repository.onCloudTrailEvent('Rule')],
    ['onCloudTrailImagePushed', repository => repository.onCloudTrailImagePushed('Rule')],
    ['onImageScanCompleted', repository => repository.onImageScanCompleted('Rule')],
  ])('of a repository of another account are a warning of %s', (_, listen) => {
    listen(SecureRepository.fromRepositoryArn(stack, 'Foreign', `arn:aws:ecr:${IRELAND}:${B}:repository/team/api`));
    expect(new Set(warningsOf(stack))).toEqual(new Set(['SecureRepository.foreignEvents']));
  });
});

describe('a cache of another registry', () => {
  const upstream = UpstreamRegistry.ecr({ account: B, region: FRANKFURT });

  test.each<[string, (cache: PullThroughCache) => unknown, string[]]>([
    ['elsewhere', () => undefined, []],
    ['without access', () => stackOf(B, FRANKFURT), ['PullThroughCache.noUpstreamAccess']],
    ['with access', cache => UpstreamAccess.forCache(stackOf(B, FRANKFURT), 'Access', cache), []],
    ['with a policy in a stack that may be there', () => new ecr.CfnRegistryPolicy(new Stack(app, 'Agnostic'), 'Policy', { policyText: {} }), []],
  ])('is judged where the app deploys the upstream %s', (_, define, expected) => {
    define(new PullThroughCache(stack, 'Cache', { upstream, prefix: 'shared' }));

    expect(warningsOf(stack)).toEqual(expected);
  });

  test('warns where only one caches with ROOT of that', () => {
    new PullThroughCache(stack, 'Cache', { upstream: UpstreamRegistry.ecr({ account: A, region: FRANKFURT }), prefix: 'ROOT' });

    expect(warningsOf(stack)).toEqual(['PullThroughCache.rootPrefix']);
  });

  test('warns where both cache each other with ROOT', () => {
    const there = stackOf(A, FRANKFURT);
    new PullThroughCache(stack, 'Cache', { upstream: UpstreamRegistry.ecr({ account: A, region: FRANKFURT }), prefix: 'ROOT' });
    new PullThroughCache(there, 'Cache', { upstream: UpstreamRegistry.ecr({ account: A, region: IRELAND }), prefix: 'ROOT' });
    expect(warningsOf(stack).sort()).toEqual(['PullThroughCache.circularRoot', 'PullThroughCache.rootPrefix']);
  });

  test('warns of a lifecycle that archives', () => {
    const lifecycle = LifecyclePolicy.of(LifecycleRule.archive({ images: ImageSelection.ANY, notPulledFor: Duration.days(90) }));
    new PullThroughCache(stack, 'Cache', { upstream: UpstreamRegistry.QUAY, lifecycle });

    expect(warningsOf(stack)).toContain('PullThroughCache.archivesImages');
  });
});

describe('a PublicRepository', () => {
  const HOME = 'us-east-1';

  test('warns in a stack without a Region', () => {
    const agnostic = new Stack(app, 'Agnostic');
    new PublicRepository(agnostic, 'Public');
    new PublicRepository(stackOf(A, HOME), 'Public');

    expect(warningsOf(agnostic)).toEqual(['PublicRepository.regionUnknown']);
    expect(warningsOf(app.node.findChild(`In-${A}-${HOME}`) as Stack)).toEqual([]);
  });

  test.each<[object, string[]]>([
    [{ architectures: ['x86-64', 'ARM 64', 'ARM', 'x86'], operatingSystems: ['Linux', 'Windows'] }, []],
    [{ architectures: ['amd64'] }, ['PublicRepository.notInGallery']],
    [{ operatingSystems: ['linux'] }, ['PublicRepository.notInGallery']],
  ])('warns of what the gallery does not know: %j', (props, expected) => {
    const home = stackOf(A, HOME);
    new PublicRepository(home, 'Public', props);

    expect(warningsOf(home)).toEqual(expected);
  });
});
