import { App, CfnOutput, Duration, Errors, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import {
  CiPushRole, type CiPushRoleProps, CiSubject, CrossAccountPull, EcrVpcEndpoints, ImageSelection, ImageSigning, type ImageSigningProps,
  LifecyclePolicy, LifecycleRule, PublicRepository, type PublicRepositoryProps, PullConsumer, PullThroughCache, PullTimeExclusions, RegistryScanning,
  ReplicationDestination, ReplicationSetup, ReplicationSource, ReplicationTarget, RepositoryTemplate, ScanFindings, ScanGate, type ScanGateProps,
  ScanType, SecureRepository, TemplateUse, UpstreamRegistry,
} from '../../lib';
import { type Hostile, hostileLists, hostileNumbers, hostileStrings } from './hostile-values';
import { templateProblems } from './template-rules';

const RUNS = Number(process.env.HOSTILE_RUNS ?? 40);
const SEED = Number(process.env.HOSTILE_SEED ?? 20_261_121); // another one finds other values: HOSTILE_SEED=$RANDOM HOSTILE_RUNS=1000
const SLOWEST = 5_000; // milliseconds of CPU time for one value, whatever else the machine does

interface Attack<T> {
  readonly values: fc.Arbitrary<Hostile<T>>;
  readonly build: (stack: Stack, value: T) => unknown;
  readonly region: string;
}

function attack<T>(values: fc.Arbitrary<Hostile<T>>, build: Attack<T>['build'], region = 'eu-west-1'): Attack<unknown> {
  return { values, build, region } as unknown as Attack<unknown>;
}

const account = hostileStrings('222222222222');
const regionName = hostileStrings('eu-central-1');
const name = hostileStrings('team/api');
const FRANKFURT = ReplicationTarget.region('eu-central-1');
const { KUBERNETES, DOCKER_HUB } = UpstreamRegistry;

const repository = (stack: Stack): SecureRepository => new SecureRepository(stack, 'Api', { repositoryName: 'team/api' });
const share = (stack: Stack, consumer: PullConsumer): unknown => new CrossAccountPull(stack, 'Pull', { repositories: [repository(stack)], consumers: [consumer] });
const governed = (stack: Stack, ...rules: LifecycleRule[]): unknown => new SecureRepository(stack, 'Api', { lifecycle: LifecyclePolicy.of(...rules) });
const vpc = (stack: Stack): ec2.Vpc => new ec2.Vpc(stack, 'Vpc', { availabilityZones: ['eu-west-1a'], subnetConfiguration: [{ name: 'p', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }] });
const template = (stack: Stack, props: object): unknown => new RepositoryTemplate(stack, 'Template', { prefix: 'team', appliedFor: [TemplateUse.REPLICATION], ...props });

const publicly = <T>(values: fc.Arbitrary<Hostile<T>>, prop: keyof PublicRepositoryProps): Attack<unknown> => (
  attack(values, (stack, value) => new PublicRepository(stack, 'Public', { [prop]: value }), 'us-east-1')
);
const gated = (stack: Stack, props: Partial<ScanGateProps>, image = 'v1'): unknown => (
  new CfnOutput(stack, 'Gate', { value: new ScanGate({ repository: repository(stack), ...props }).toCommands(image)[0] })
);
const ci = (stack: Stack, props: Partial<CiPushRoleProps>): unknown => new CiPushRole(stack, 'Push', { repositories: [repository(stack)], subjects: [gitHub({})], ...props });
const sign = (stack: Stack, props: ImageSigningProps): unknown => new ImageSigning(stack, 'Signing', props);
const gitHub = (options: object): CiSubject => CiSubject.github({ owner: 'octo', ownerId: '1', repo: 'api', repoId: '2', branches: ['main'], ...options });
const gitLab = (options: object): CiSubject => CiSubject.gitlab({ projectPath: 'group/api', branches: ['main'], ...options });

/** What is attacked, by the name that a message must have: a prop or an argument. */
const ATTACKS: Record<string, Attack<unknown>> = {
  'SecureRepository repositoryName': attack(name, (stack, repositoryName) => new SecureRepository(stack, 'Api', { repositoryName })),
  'SecureRepository mutableTags': attack(hostileLists('prod-*'), (stack, mutableTags) => new SecureRepository(stack, 'Api', { mutableTags })),
  'SecureRepository.fromRepositoryArn repositoryArn': attack(hostileStrings('arn:aws:ecr:eu-west-1:111111111111:repository/team/api'),
    (stack, arn) => SecureRepository.fromRepositoryArn(stack, 'Api', arn).grants.pull(new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() }))),

  'LifecycleRule keepNewest': attack(hostileNumbers(), (stack, keepNewest) => governed(stack, LifecycleRule.expire({ images: ImageSelection.ANY, keepNewest }))),
  'LifecycleRule olderThan': attack(hostileNumbers().map(value => (stack: Stack) => Math.abs(value(stack))),
    (stack, days) => governed(stack, LifecycleRule.expire({ images: ImageSelection.ANY, olderThan: Duration.days(days) }))),
  'LifecycleRule images|rules|pattern': attack(hostileStrings('release-*'), (stack, pattern) => governed(stack, LifecycleRule.protect({ images: ImageSelection.tagPattern(pattern) }))),
  'LifecycleRule rules|prefixes': attack(hostileLists('release-'), (stack, prefixes) => (
    governed(stack, LifecycleRule.expire({ images: ImageSelection.anyOfTagPrefixes(...prefixes), keepNewest: 1 }))
  )),
  'LifecyclePolicy.keepLatest count': attack(hostileNumbers(), (stack, count) => new SecureRepository(stack, 'Api', { lifecycle: LifecyclePolicy.keepLatest(count) })),
  'LifecyclePolicy.fromJson text|rules': attack(hostileStrings(LifecyclePolicy.standard().toJson()),
    (stack, text) => new SecureRepository(stack, 'Api', { lifecycle: LifecyclePolicy.fromJson(text) })),
  'LifecyclePolicy.fromJson rules|text': attack(fc.json({ maxDepth: 4 }).map(json => () => `{"rules":[{"rulePriority":1,"selection":${json},"action":{"type":"expire"}}]}`.padEnd(120)),
    (stack, text) => new SecureRepository(stack, 'Api', { lifecycle: LifecyclePolicy.fromJson(text) })),

  'RepositoryTemplate prefix': attack(name, (stack, prefix) => template(stack, { prefix })),
  'RepositoryTemplate description': attack(name, (stack, description) => template(stack, { description })),
  'RepositoryTemplate mutableTags': attack(hostileLists('prod-*'), (stack, mutableTags) => template(stack, { mutableTags })),
  'RepositoryTemplate resourceTags': attack(hostileLists('team'), (stack, keys) => template(stack, { resourceTags: Object.fromEntries(keys.map((key, index) => [key, keys[index - 1] ?? 'v'])) })),

  'PublicRepository repositoryName': publicly(name, 'repositoryName'),
  'PublicRepository description': publicly(name, 'description'),
  'PublicRepository aboutText': publicly(name, 'aboutText'),
  'PublicRepository usageText': publicly(name, 'usageText'),
  'PublicRepository architectures': publicly(hostileLists('ARM 64'), 'architectures'),
  'PublicRepository operatingSystems': publicly(hostileLists('Linux'), 'operatingSystems'),
  'PublicRepository.fromPublicRepositoryName publicRepositoryName': attack(name, // used, as a template without resources is nothing for the validation of the CDK
    (stack, it) => PublicRepository.fromPublicRepositoryName(stack, 'Public', it).grants.push(new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() }))),
  'PublicRepository.fromPublicRepositoryArn publicRepositoryArn': attack(hostileStrings('arn:aws:ecr-public::111111111111:repository/team/api'),
    (stack, arn) => PublicRepository.fromPublicRepositoryArn(stack, 'Public', arn).grants.push(new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() }))),

  'PullTimeExclusions roles': attack(hostileLists('arn:aws:iam::111111111111:role/scanner'), (stack, arns) => new PullTimeExclusions(stack, 'Exclusions', {
    roles: arns.map((roleArn, index) => Object.assign(new Construct(stack, `Role${index}`), { env: stack.env, roleRef: { roleArn, roleName: 'scanner' } })),
  })),

  'ReplicationTarget account|destinations': attack(account, (stack, id) => new ReplicationSetup(stack, 'Replication', { destinations: [ReplicationTarget.account(id, 'eu-central-1')] })),
  'ReplicationTarget region|destinations': attack(regionName, (stack, it) => new ReplicationSetup(stack, 'Replication', { destinations: [ReplicationTarget.region(it)] })),
  'ReplicationSetup destinations|account': attack(hostileLists('222222222222'),
    (stack, ids) => new ReplicationSetup(stack, 'Replication', { destinations: ids.map(id => ReplicationTarget.account(id, 'eu-central-1')) })),
  'ReplicationSetup repositoryPrefixes': attack(hostileLists('prod/'), (stack, repositoryPrefixes) => (
    new ReplicationSetup(stack, 'Replication', { destinations: [FRANKFURT], repositoryPrefixes })
  )),
  'ReplicationDestination sources|account': attack(account, (stack, id) => new ReplicationDestination(stack, 'Replicas', { sources: [ReplicationSource.account(id, ['prod/'])] })),
  'ReplicationDestination repositoryPrefixes': attack(hostileLists('prod/'), (stack, prefixes) => (
    new ReplicationDestination(stack, 'Replicas', { sources: [ReplicationSource.account('222222222222', prefixes)] })
  )),

  'PullConsumer.account consumers|account': attack(account, (stack, id) => share(stack, PullConsumer.account(id))),
  'PullConsumer.accounts consumers|policy|accounts': attack(hostileLists('222222222222'), (stack, ids) => share(stack, PullConsumer.accounts(ids))),
  'PullConsumer.roles consumers|policy|roleNames': attack(hostileLists('ecs-*'), (stack, roles) => share(stack, PullConsumer.roles('222222222222', roles))),
  'PullConsumer.organization consumers|organizationId': attack(hostileStrings('o-a1b2c3d4e5'), (stack, id) => share(stack, PullConsumer.organization(id))),
  'PullConsumer.organizationalUnit consumers|organizationPath': attack(hostileStrings('o-a1b2c3d4e5/r-ab12/ou-ab12-11111111'), (stack, path) => share(stack, PullConsumer.organizationalUnit(path))),
  'PullConsumer.lambdaFunctions consumers|account': attack(account, (stack, id) => share(stack, PullConsumer.lambdaFunctions(id))),
  'PullConsumer.codeBuildProjects consumers|policy|projectName': attack(hostileStrings('build-*'), (stack, projectName) => share(stack, PullConsumer.codeBuildProjects('222222222222', { projectName }))),

  'CiPushRole roleName': attack(hostileStrings('ci-push'), (stack, roleName) => ci(stack, { roleName })),
  'CiPushRole createOnPushPrefixes': attack(hostileLists('team'), (stack, createOnPushPrefixes) => ci(stack, { createOnPushPrefixes })),
  'CiPushRole maxSessionDuration': attack(hostileNumbers().map(value => (stack: Stack) => Math.abs(value(stack))),
    (stack, hours) => ci(stack, { maxSessionDuration: Duration.hours(hours) })),
  'CiSubject.github owner': attack(hostileStrings('octo'), (stack, owner) => ci(stack, { subjects: [gitHub({ owner })] })),
  'CiSubject.github repo|repoId': attack(hostileStrings('api'), (stack, repo) => ci(stack, { subjects: [gitHub({ repo })] })),
  'CiSubject.github ownerId': attack(hostileStrings('1'), (stack, ownerId) => ci(stack, { subjects: [gitHub({ ownerId })] })),
  'CiSubject.github branches': attack(hostileLists('main'), (stack, branches) => ci(stack, { subjects: [gitHub({ branches })] })),
  'CiSubject.github environments': attack(hostileLists('production'), (stack, environments) => ci(stack, { subjects: [gitHub({ environments })] })),
  'CiSubject.github reusableWorkflows': attack(hostileLists('o/c/.github/workflows/p.yml@refs/heads/main'), (stack, reusableWorkflows) => (
    ci(stack, { subjects: [gitHub({ reusableWorkflows })] })
  )),
  'CiSubject.gitlab projectPath': attack(hostileStrings('group/api'), (stack, projectPath) => ci(stack, { subjects: [gitLab({ projectPath })] })),
  'CiSubject.gitlab tags': attack(hostileLists('v*'), (stack, tags) => ci(stack, { subjects: [gitLab({ tags })] })),
  'CiSubject.gitlab issuer': attack(hostileStrings('https://gitlab.example.com'), (stack, issuer) => ci(stack, { subjects: [gitLab({ issuer })] })),
  'CiSubject.gitlab audience': attack(hostileStrings('aws'), (stack, audience) => ci(stack, { subjects: [gitLab({ audience })] })),

  'RegistryScanning scanOnPush': attack(hostileLists('prod/*'), (stack, scanOnPush) => [repository(stack), new RegistryScanning(stack, 'Scanning', { scanOnPush })]),
  'RegistryScanning continuousScan': attack(hostileLists('prod/*'), (stack, filters) => (
    new RegistryScanning(stack, 'Scanning', { scanType: ScanType.ENHANCED, scanOnPush: filters, continuousScan: filters })
  )),
  'ScanGate maxCritical|maxHigh|maxMedium': attack(hostileNumbers(), (stack, limit) => gated(stack, { maxCritical: limit, maxHigh: limit, maxMedium: limit })),
  'ScanGate timeout': attack(hostileNumbers().map(value => (stack: Stack) => Math.abs(value(stack))), (stack, seconds) => gated(stack, { timeout: Duration.seconds(seconds) })),
  'ScanGate.toCommands image': attack(hostileStrings('v1', '$IMAGE_TAG', '${IMAGE_TAG}'), (stack, image) => gated(stack, {}, image)),
  'ImageSigning repositoryFilters': attack(hostileLists('team/*'), (stack, repositoryFilters) => sign(stack, { rules: [{ repositoryFilters }] })),
  'ImageSigning rules': attack(hostileLists('team/*'), (stack, filters) => sign(stack, { rules: filters.map(it => ({ repositoryFilters: [it] })) })),
  'ImageSigning signingProfileName': attack(hostileStrings('release'), (stack, signingProfileName) => sign(stack, { signingProfileName })),
  'ImageSigning signatureValidity': attack(hostileNumbers().map(value => (stack: Stack) => Math.abs(value(stack))),
    (stack, days) => sign(stack, { signatureValidity: Duration.days(days) })),
  'ImageSigning.signingProfileFromArn signingProfileArn|profile': attack(hostileStrings('arn:aws:signer:eu-west-1:111111111111:/signing-profiles/release'),
    (stack, arn) => sign(stack, { rules: [{ profile: ImageSigning.signingProfileFromArn(stack, 'Profile', arn) }] })),

  'PullThroughCache prefix': attack(name, (stack, prefix) => new PullThroughCache(stack, 'Cache', { upstream: KUBERNETES, prefix })),
  'PullThroughCache upstreamRepositoryPrefix': attack(name, (stack, upstreamRepositoryPrefix) => (
    new PullThroughCache(stack, 'Cache', { upstream: KUBERNETES, prefix: 'k8s', upstreamRepositoryPrefix })
  )),
  'PullThroughCache.imageUri image': attack(hostileStrings('nginx'), (stack, image) => new PullThroughCache(stack, 'Cache', { upstream: DOCKER_HUB }).imageUri(image)),
  'PullThroughCache.imageUri tagOrDigest': attack(hostileStrings('1.27'), (stack, tag) => new PullThroughCache(stack, 'Cache', { upstream: DOCKER_HUB }).imageUri('nginx', tag)),
  'UpstreamRegistry.azure name': attack(hostileStrings('contoso'), (stack, it) => new PullThroughCache(stack, 'Cache', { upstream: UpstreamRegistry.azure(it), prefix: 'azure' })),
  'UpstreamRegistry.ecr account|upstream': attack(account, (stack, it) => (
    new PullThroughCache(stack, 'Cache', { upstream: UpstreamRegistry.ecr({ account: it, region: 'eu-west-1' }), prefix: 'shared' })
  )),
  'UpstreamRegistry.ecr region|upstream': attack(regionName, (stack, it) => (
    new PullThroughCache(stack, 'Cache', { upstream: UpstreamRegistry.ecr({ account: '222222222222', region: it }), prefix: 'shared' })
  )),
  'UpstreamRegistry.fromUrl url|name': attack(hostileStrings('ghcr.io', 'contoso.azurecr.io'), (stack, url) => (
    new PullThroughCache(stack, 'Cache', { upstream: UpstreamRegistry.fromUrl(url), prefix: 'cache' })
  )),

  'ScanFindings repositoryPrefixes': attack(hostileLists('prod/'), (stack, repositoryPrefixes) => new ScanFindings(stack, 'Findings', { repositoryPrefixes })),

  'EcrVpcEndpoints trustedAccounts': attack(hostileLists('222222222222'), (stack, trustedAccounts) => new EcrVpcEndpoints(stack, 'Endpoints', { vpc: vpc(stack), trustedAccounts })),
  'EcrVpcEndpoints trustedOrganization': attack(hostileStrings('o-a1b2c3d4e5'), (stack, trustedOrganization) => (
    new EcrVpcEndpoints(stack, 'Endpoints', { vpc: vpc(stack), trustedOrganization })
  )),
  'EcrVpcEndpoints reachableRegistries': attack(hostileLists('222222222222'), (stack, reachableRegistries) => (
    new EcrVpcEndpoints(stack, 'Endpoints', { vpc: vpc(stack), reachableRegistries })
  )),
};

// the template validator of newer CDKs takes seconds to start
beforeAll(() => {
  const app = new App({ analyticsReporting: false, context: { '@aws-cdk/core:validateAgainstDefaultRules': true } });
  new SecureRepository(new Stack(app, 'Stack'), 'Api');
  app.synth();
}, 120_000);

test(`seed ${SEED}, ${RUNS} values for each`, () => {
  process.stdout.write(`hostile input: HOSTILE_SEED=${SEED} HOSTILE_RUNS=${RUNS}\n`);
  expect(Object.keys(ATTACKS).length).toBeGreaterThan(30);
});

test.each(Object.entries(ATTACKS))('%s takes any value, or says what is wrong with it', (target, { values, build, region }) => {
  const prop = target.split(' ').pop()!; // a message may name one of several
  fc.assert(fc.property(values, hostile => {
    const app = new App({ analyticsReporting: false, context: { '@aws-cdk/core:validateAgainstDefaultRules': true } });
    const stack = new Stack(app, 'Stack', { env: { account: '111111111111', region } });
    const start = process.cpuUsage();
    let rendered: object = {};
    try {
      build(stack, hostile(stack));
      rendered = app.synth().getStackByName('Stack').template as object;
    } catch (error) {
      expectClear(error, prop);
    }
    expect(templateProblems(rendered)).toEqual([]);
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1_000).toBeLessThan(SLOWEST);
  }), { numRuns: RUNS, seed: SEED });
}, 120_000);

function expectClear(error: unknown, prop: string): void {
  const { message, stack } = error as Error;
  if (!Errors.isValidationError(error) && !message.startsWith('Validation failed with the following errors')) {
    throw new Error(`a crash from inside: ${stack}`);
  }
  expect(message).toMatch(new RegExp(`'[^']*(${prop})|(${prop})\\b`));
  expect(message.length).toBeLessThan(20_000);
}

/** A value of the first synthesis for a prop or an argument, if it takes strings. */
function pendingLookup({ values }: Attack<unknown>, stack: Stack): unknown {
  const parameter = ssm.StringParameter.valueFromLookup(stack, '/shared/value');
  const [usual] = fc.sample(values, { numRuns: 1, seed: SEED }).map(value => value(stack));
  return { string: parameter, object: [parameter] }[typeof usual as string];
}

test.each(Object.entries(ATTACKS))('%s takes the value of a look-up that the CDK has not made yet', (_, attacked) => {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'Stack', { env: { account: '111111111111', region: attacked.region } });
  const value = pendingLookup(attacked, stack);
  if (value !== undefined) {
    expect(() => {
      attacked.build(stack, value);
      app.synth();
    }).not.toThrow();
  }
});
