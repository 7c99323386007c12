/**
 * The defaults of an organization in apps that exist: the mixin, the injectors and the naming convention.
 */
import { fullDiff, ResourceImpact } from '@aws-cdk/cloudformation-diff';
import { App, Aspects, Duration, Lazy, Mixins, NestedStack, Shims, Stack, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  DefaultPropsInjector, LifecyclePolicy, PullThroughCache, RepositoryDefaults, RepositoryEncryption, RepositoryNaming, SecureRepository,
  UpstreamRegistry,
} from '../../lib';
import { ENVIRONMENT } from '../environment';
import { messageOf } from '../message-of';

const POLICY_WARNING = 'cdk-secure-ecr:RepositoryDefaults.policyNotInTemplate';
const TEXT = LifecyclePolicy.standard().toJson();
const ALL = { mutableTags: ['latest'], lifecycle: LifecyclePolicy.standard() };
const FILTER = { ImageTagMutabilityExclusionFilterType: 'WILDCARD', ImageTagMutabilityExclusionFilterValue: 'latest' };

type Properties = Record<string, unknown>;

const newApp = () => new App({ analyticsReporting: false });
const stackOf = (app = newApp(), id = 'Stack', env = ENVIRONMENT) => new Stack(app, id, { env });

/** The properties of the only repository of a stack. */
function propertiesOf(stack: Stack): Properties {
  const [resource] = Object.values(Template.fromStack(stack).findResources('AWS::ECR::Repository')) as Array<{ Properties?: Properties }>;
  return resource.Properties ?? {};
}

function messages(stack: Stack, level: 'Info' | 'Warning'): string[] {
  const annotations = Annotations.fromStack(stack);
  const found = level === 'Info' ? annotations.findInfo('*', Match.anyValue()) : annotations.findWarning('*', Match.anyValue());
  return found.map(({ id, entry }) => `${id}: ${entry.data as string}`);
}

describe('RepositoryDefaults', () => {
  describe.each<[string, (stack: Stack) => ecr.Repository | ecr.CfnRepository]>([
    ['ecr.Repository', stack => new ecr.Repository(stack, 'Api')],
    ['CfnRepository', stack => new ecr.CfnRepository(stack, 'Api')],
  ])('on %s', (_type, make) => {
    test('sets scan on push, and nothing else', () => {
      const stack = stackOf();
      make(stack).with(new RepositoryDefaults());
      expect(propertiesOf(stack)).toEqual({ ImageScanningConfiguration: { ScanOnPush: true } });
    });

    test('sets immutable tags and a lifecycle policy if they are given', () => {
      const stack = stackOf();
      make(stack).with(new RepositoryDefaults(ALL));
      expect(propertiesOf(stack)).toEqual({
        ImageScanningConfiguration: { ScanOnPush: true },
        ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
        ImageTagMutabilityExclusionFilters: [FILTER],
        LifecyclePolicy: { LifecyclePolicyText: TEXT },
      });
    });

    test('sets immutable tags without exceptions for an empty list', () => {
      const stack = stackOf();
      make(stack).with(new RepositoryDefaults({ scanOnPush: false, mutableTags: [] }));
      expect(propertiesOf(stack)).toEqual({ ImageTagMutability: 'IMMUTABLE' });
    });

    test.each([{}, { scanOnPush: false }, { scanOnPush: false, lifecycle: LifecyclePolicy.none() }, ALL])('changes what CloudFormation updates in place: %j', props => {
      const [before, after] = [stackOf(), stackOf()];
      make(before);
      make(after).with(new RepositoryDefaults(props));
      const { resources } = fullDiff(Template.fromStack(before).toJSON(), Template.fromStack(after).toJSON());
      expect(Object.values(resources.changes).map(({ changeImpact }) => changeImpact)).toEqual('scanOnPush' in props ? [] : [ResourceImpact.WILL_UPDATE]);
    });

    test('reports each change at the repository, after a warning about its policy', () => {
      const stack = stackOf();
      const repository = make(stack);
      const mixin = new RepositoryDefaults(ALL);
      repository.with(mixin);
      const path = (repository.node.defaultChild ?? repository).node.path;
      expect(messages(stack, 'Info')).toEqual([
        expect.stringMatching(new RegExp(`^/${path}: RepositoryDefaults sets ImageScanningConfiguration, ImageTagMutability, LifecyclePolicy `)),
      ]);
      expect(messages(stack, 'Warning')).toEqual([expect.stringMatching(new RegExp(`^/${path}: the deployment updates this repository and removes a repository policy .*${POLICY_WARNING}`))]);
      expect(mixin.changes.map(({ repository: { node }, ...change }) => ({ path: node.path, ...change }))).toEqual([
        { path, properties: ['ImageScanningConfiguration', 'ImageTagMutability', 'LifecyclePolicy'], hasPolicy: false },
      ]);
    });
  });

  test.each<[string, (stack: Stack) => ecr.Repository | ecr.CfnRepository]>([
    ['props of ecr.Repository', stack => new ecr.Repository(stack, 'Api', {
      imageScanOnPush: false, imageTagMutability: ecr.TagMutability.MUTABLE, lifecycleRules: [{ maxImageCount: 3 }],
    })],
    ['exclusion filters of ecr.Repository', stack => new ecr.Repository(stack, 'Api', {
      imageScanOnPush: true, imageTagMutability: ecr.TagMutability.IMMUTABLE_WITH_EXCLUSION,
      imageTagMutabilityExclusionFilters: [ecr.ImageTagMutabilityExclusionFilter.wildcard('dev-*')], lifecycleRules: [{ maxImageAge: Duration.days(3) }],
    })],
    ['properties of CfnRepository', stack => new ecr.CfnRepository(stack, 'Api', {
      imageScanningConfiguration: { scanOnPush: false }, imageTagMutability: 'MUTABLE', lifecyclePolicy: { lifecyclePolicyText: '{"rules":[]}' },
    })],
    ['filters without a mutability', stack => new ecr.CfnRepository(stack, 'Api', {
      imageScanningConfiguration: { scanOnPush: false },
      imageTagMutabilityExclusionFilters: [{ imageTagMutabilityExclusionFilterType: 'WILDCARD', imageTagMutabilityExclusionFilterValue: 'x' }],
      lifecyclePolicy: { lifecyclePolicyText: '{"rules":[]}' },
    })],
    ['tokens', stack => new ecr.CfnRepository(stack, 'Api', {
      imageScanningConfiguration: Lazy.any({ produce: () => ({ scanOnPush: false }) }), imageTagMutability: Lazy.string({ produce: () => 'MUTABLE' }),
      lifecyclePolicy: Lazy.any({ produce: () => ({ lifecyclePolicyText: '{"rules":[]}' }) }),
    })],
    ['SecureRepository', stack => new SecureRepository(stack, 'Api', { encryption: RepositoryEncryption.AWS_MANAGED_KEY }) as unknown as ecr.Repository],
  ])('changes nothing that is set, and reports nothing: %s', (_what, make) => {
    const [plain, mixed] = [stackOf(), stackOf()];
    make(plain);
    const mixin = new RepositoryDefaults(ALL);
    make(mixed).with(mixin);
    expect(Template.fromStack(mixed).toJSON()).toEqual(Template.fromStack(plain).toJSON());
    expect(mixin.changes).toEqual([]);
    expect([...messages(mixed, 'Info'), ...messages(mixed, 'Warning')]).toEqual([]);
  });

  test('changes nothing that is set after it was applied', () => {
    const stack = stackOf();
    const repository = new ecr.Repository(stack, 'Api');
    const mixin = new RepositoryDefaults(ALL);
    repository.with(mixin);
    repository.addLifecycleRule({ maxImageCount: 3 });
    const resource = repository.node.defaultChild as ecr.CfnRepository;
    resource.imageTagMutability = 'MUTABLE';
    resource.imageTagMutabilityExclusionFilters = undefined;
    resource.imageScanningConfiguration = { scanOnPush: false };
    expect(propertiesOf(stack)).toMatchObject({ ImageTagMutability: 'MUTABLE', ImageScanningConfiguration: { ScanOnPush: false } });
    expect(JSON.stringify(propertiesOf(stack))).toContain('\\"countNumber\\":3');
    expect(mixin.changes).toEqual([]);
    expect(messages(stack, 'Info')).toEqual([]);
  });

  test('takes an empty object for a property that is not set', () => {
    const stack = stackOf();
    new ecr.CfnRepository(stack, 'Api', { imageScanningConfiguration: {} }).with(new RepositoryDefaults());
    expect(propertiesOf(stack)).toEqual({ ImageScanningConfiguration: { ScanOnPush: true } });
  });

  test('leaves the second application to the first one', () => {
    const stack = stackOf();
    const [first, second] = [new RepositoryDefaults({ mutableTags: [] }), new RepositoryDefaults({ mutableTags: ['dev'], lifecycle: LifecyclePolicy.standard() })];
    new ecr.Repository(stack, 'Api').with(first, second, first);
    expect(propertiesOf(stack)).toMatchObject({ ImageTagMutability: 'IMMUTABLE', LifecyclePolicy: { LifecyclePolicyText: TEXT } });
    expect([first, second].map(({ changes }) => changes[0].properties)).toEqual([['ImageScanningConfiguration', 'ImageTagMutability'], ['LifecyclePolicy']]);
  });

  test('applies to repositories only, in nested stacks too, and as an Aspect to those that come later', () => {
    const stack = stackOf();
    new s3.CfnBucket(stack, 'Bucket');
    const nested = new NestedStack(stack, 'Nested');
    const inner = new ecr.Repository(nested, 'Inner');
    const mixin = new RepositoryDefaults();
    Mixins.of(stack).apply(mixin);
    expect(mixin.changes.map(({ repository }) => repository)).toEqual([inner.node.defaultChild]);
    mixin.applyTo(stack);

    const later = stackOf();
    Aspects.of(later).add(Shims.asAspect(mixin));
    new ecr.Repository(later, 'Later');
    expect(propertiesOf(later)).toEqual({ ImageScanningConfiguration: { ScanOnPush: true } });
  });

  describe('the warning about policies', () => {
    test('is not for a repository with a policy in the template, also one that is added later', () => {
      const stack = stackOf();
      const mixin = new RepositoryDefaults();
      const withPolicy = new ecr.Repository(stack, 'WithPolicy');
      const without = new ecr.Repository(stack, 'Without');
      stack.with(mixin);
      withPolicy.addToResourcePolicy(new iam.PolicyStatement({ actions: ['ecr:BatchGetImage'], principals: [new iam.AccountPrincipal('444455556666')] }));
      const changed = mixin.changes.map(({ repository, hasPolicy }) => [repository, hasPolicy]);
      expect(changed).toEqual([[without.node.defaultChild, false], [withPolicy.node.defaultChild, true]]);
      expect(messages(stack, 'Warning')).toEqual([expect.stringMatching(/^\/Stack\/Without\/Resource/)]);
    });

    test('can be acknowledged at the repository and above', () => {
      const stack = stackOf();
      new ecr.Repository(stack, 'Api').with(new RepositoryDefaults());
      Validations.of(stack).acknowledge({ id: POLICY_WARNING, reason: 'read with the AWS CLI: there is none' });
      expect(messages(stack, 'Warning')).toEqual([]);
    });
  });

  describe('mutableTags', () => {
    test.each<[string, string | undefined, string | undefined]>([
      ['below the prefix of a cache', 'quay/team/app', undefined],
      ['beside it', 'quayish/app', 'IMMUTABLE'],
      ['without a namespace', 'quay', 'IMMUTABLE'],
      ['without a name', undefined, 'IMMUTABLE'],
    ])('are left out for repositories below a cache of the app: %s', (_where, repositoryName, mutability) => {
      const app = newApp();
      const stack = stackOf(app);
      new ecr.Repository(stack, 'Api', { repositoryName });
      new ecr.CfnPullThroughCacheRule(stackOf(app, 'Root'), 'Root', { ecrRepositoryPrefix: 'ROOT', upstreamRegistryUrl: 'public.ecr.aws' });
      app.with(new RepositoryDefaults({ scanOnPush: false, mutableTags: [] }));
      new PullThroughCache(stackOf(app, 'Caches'), 'Quay', { upstream: UpstreamRegistry.QUAY });
      expect(propertiesOf(stack).ImageTagMutability).toBe(mutability);
    });

    test('are kept for repositories below the prefix of a cache of another Region', () => {
      const app = newApp();
      const stack = stackOf(app);
      new ecr.Repository(stack, 'Api', { repositoryName: 'quay/app' });
      new PullThroughCache(stackOf(app, 'Caches', { ...ENVIRONMENT, region: 'us-east-1' }), 'Quay', { upstream: UpstreamRegistry.QUAY });
      app.with(new RepositoryDefaults({ mutableTags: [] }));
      expect(propertiesOf(stack).ImageTagMutability).toBe('IMMUTABLE');
    });

    test.each<[unknown, string]>([
      [['*'], "'mutableTags' must not be ['*'], which changes nothing; leave it out"],
      [['a b'], "'mutableTags[0]' must be a tag such as 'latest' or, with '*' for any text, 'prod-*': letters, digits, '.', '_', '-' and '*', got \"a b\""],
      ['latest', "'mutableTags' must be a list, got \"latest\""],
    ])('refuse %j', (mutableTags, message) => {
      expect(messageOf(() => new RepositoryDefaults({ mutableTags: mutableTags as string[] }))).toContain(message);
    });
  });
});

describe('DefaultPropsInjector', () => {
  const stackWith = (...propertyInjectors: DefaultPropsInjector[]) => stackOf(new App({ analyticsReporting: false, propertyInjectors }));
  const ORGANIZATION = DefaultPropsInjector.forRepository({
    imageScanOnPush: true,
    imageTagMutability: ecr.TagMutability.IMMUTABLE_WITH_EXCLUSION,
    imageTagMutabilityExclusionFilters: [ecr.ImageTagMutabilityExclusionFilter.wildcard('latest')],
  });

  test('gives ecr.Repository the props of an organization', () => {
    const stack = stackWith(ORGANIZATION);
    new ecr.Repository(stack, 'Api');
    expect(propertiesOf(stack)).toEqual({
      ImageScanningConfiguration: { ScanOnPush: true }, ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION', ImageTagMutabilityExclusionFilters: [FILTER],
    });
  });

  test.each<[string, ecr.RepositoryProps, Properties]>([
    ['a prop wins', { imageScanOnPush: false }, { ImageScanningConfiguration: { ScanOnPush: false }, ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION' }],
    ['with the props that belong to it', { imageTagMutability: ecr.TagMutability.MUTABLE }, { ImageTagMutability: 'MUTABLE', ImageScanningConfiguration: { ScanOnPush: true } }],
    ['undefined does not', { imageScanOnPush: undefined }, { ImageScanningConfiguration: { ScanOnPush: true } }],
  ])('leaves the decision to the repository: %s', (_what, props, properties) => {
    const stack = stackWith(ORGANIZATION);
    new ecr.Repository(stack, 'Api', props);
    expect(propertiesOf(stack)).toMatchObject(properties);
    expect('ImageTagMutabilityExclusionFilters' in propertiesOf(stack)).toBe(props.imageTagMutability === undefined);
  });

  test('gives SecureRepository and other classes their props', () => {
    const stack = stackWith(
      DefaultPropsInjector.forSecureRepository({ mutableTags: ['latest'], encryption: RepositoryEncryption.AWS_MANAGED_KEY }),
      DefaultPropsInjector.forClass(PullThroughCache.PROPERTY_INJECTION_ID, { lifecycle: LifecyclePolicy.keepLatest(3) }),
    );
    new SecureRepository(stack, 'Api');
    new PullThroughCache(stack, 'Quay', { upstream: UpstreamRegistry.QUAY });
    expect(propertiesOf(stack)).toMatchObject({ ImageTagMutabilityExclusionFilters: [FILTER], EncryptionConfiguration: { EncryptionType: 'KMS' } });
    Template.fromStack(stack).hasResourceProperties('AWS::ECR::RepositoryCreationTemplate', { LifecyclePolicy: LifecyclePolicy.keepLatest(3).toJson() });
  });

  test('passes props that a class refuses to the class', () => {
    const stack = stackWith(DefaultPropsInjector.forClass(SecureRepository.PROPERTY_INJECTION_ID, { mutableTags: 'latest' }));
    expect(messageOf(() => new SecureRepository(stack, 'Api'))).toContain("'mutableTags' must be a list, got \"latest\"");
  });

  test('refuses a name for all repositories', () => {
    expect(messageOf(() => DefaultPropsInjector.forRepository({ repositoryName: 'api' }))).toContain("'defaults' must not have a 'repositoryName', which only one repository can have");
  });

  test('takes no props, as injectors do', () => {
    expect(ORGANIZATION.inject(undefined, { scope: stackOf(), id: 'Api' })).toMatchObject({ imageScanOnPush: true });
  });

  describe('the warning about encryption', () => {
    test.each<[string, (stack: Stack) => ecr.RepositoryProps, ecr.RepositoryProps, number]>([
      ['an encryption', () => ({ encryption: ecr.RepositoryEncryption.KMS }), {}, 1],
      ['a key', stack => ({ encryptionKey: new kms.Key(stack, 'Key') }), {}, 1],
      ['an encryption that the repository sets itself', () => ({ encryption: ecr.RepositoryEncryption.KMS }), { encryption: ecr.RepositoryEncryption.AES_256 }, 0],
      ['no encryption', () => ({}), {}, 0],
    ])('is for repositories that may exist: %s', (_what, defaults, props, count) => {
      const stack = stackOf();
      const injector = DefaultPropsInjector.forRepository(defaults(stack));
      new ecr.Repository(stack, 'Api', injector.inject(props, { scope: stack, id: 'Api' }) as ecr.RepositoryProps);
      expect(messages(stack, 'Warning')).toEqual(Array(count).fill(expect.stringMatching(/^\/Stack: the encryption that the injector sets replaces 'Api' .*DefaultPropsInjector\.encryption/)));
    });
  });

  describe('naming', () => {
    const naming = RepositoryNaming.of('{team}/{service}', { team: ['payments', 'search'] });

    test.each([DefaultPropsInjector.forRepository({}, { naming }), DefaultPropsInjector.forSecureRepository({}, { naming })])('holds each repository to the convention %#', injector => {
      const stack = stackWith(injector);
      const make = (id: string, repositoryName?: string) => injector.constructUniqueId === SecureRepository.PROPERTY_INJECTION_ID
        ? new SecureRepository(stack, id, { repositoryName }) : new ecr.Repository(stack, id, { repositoryName });
      expect(messageOf(() => make('Good', 'payments/api'))).toBe('accepted');
      expect(messageOf(() => make('Token', Lazy.string({ produce: () => 'x' })))).toBe('accepted');
      expect(messageOf(() => make('Typo', 'paymets/api'))).toContain(
        "'repositoryName' must follow the naming convention '{team}/{service}' with 'team' one of \"payments\", \"search\", got \"paymets/api\"; use \"payments/api\", at 'Typo'",
      );
      expect(messageOf(() => make('None'))).toContain("got none, so that CloudFormation generates a name; set one such as \"search/service\", at 'None'");
    });
  });
});

describe('RepositoryNaming', () => {
  const teams = RepositoryNaming.of('{team}/{service}', { team: ['payments', 'search', 'web'] });

  test.each(['payments/api', 'search/a', 'web/api-v2', 'web/a__b', 'web/a.b'])('accepts %s', name => {
    expect(teams.matches(name)).toBe(true);
    expect(teams.nearest(name)).toBe(name);
  });

  test.each<[string, string]>([
    ['paymets/api', 'payments/api'],
    ['payment/api', 'payments/api'],
    ['Payments/Api', 'payments/api'],
    ['payments-api', 'payments/api'],
    ['paymentsapi', 'payments/api'],
    ['payments', 'payments/service'],
    ['payments/', 'payments/service'],
    ['payments/api/v2', 'payments/api-v2'],
    ['payments/api_', 'payments/api'],
    ['payments/a..b', 'payments/a-b'],
    ['payments/a___b', 'payments/a-b'],
    ['payments/a b', 'payments/a-b'],
    ['serach/index', 'search/index'],
    ['acme/web/shop', 'web/web-shop'],
    [`paymets/${'long-name-'.repeat(12)}end`, `payments/${'long-name-'.repeat(12)}end`],
  ])('refuses %s, near to %s', (name, nearest) => {
    expect(teams.matches(name)).toBe(false);
    expect(teams.nearest(name)).toBe(nearest);
    expect(teams.matches(teams.nearest(name))).toBe(true);
  });

  test.each(['/', '///', 'ÄÖÜ', '-', '{team}/{service}', 'x'.repeat(300), '/a'.repeat(150), '_'.repeat(300)])('has a valid name near to %j', name => {
    expect(teams.matches(teams.nearest(name))).toBe(true);
  });

  test('takes conventions of fixed texts, of several parts and of values with slashes', () => {
    const naming = RepositoryNaming.of('acme/{unit}/{env}-{service}', { unit: ['eu/web', 'us'], env: ['dev', 'prod'] });
    expect(naming.matches('acme/eu/web/prod-api')).toBe(true);
    expect(naming.nearest('acme/eu/web/prd-api')).toBe('acme/eu/web/prod-api');
    expect(naming.nearest('us/dev-api')).toBe('acme/us/dev-api');
  });

  test('shows at most ten values', () => {
    const naming = RepositoryNaming.of('{team}/{service}', { team: Array.from({ length: 12 }, (_, index) => `team-${index}`) });
    const stack = stackOf(new App({ propertyInjectors: [DefaultPropsInjector.forSecureRepository({}, { naming })] }));
    expect(messageOf(() => new SecureRepository(stack, 'Api', { repositoryName: 'x/api' }))).toContain('"team-9" and 2 more, got');
    expect(messageOf(() => new SecureRepository(stackOf(new App({ propertyInjectors: [DefaultPropsInjector.forSecureRepository({}, { naming: RepositoryNaming.of('{a}/{b}') })] })), 'Api', { repositoryName: 'api' })))
      .toContain("naming convention '{a}/{b}', got \"api\"; use");
  });

  test.each<[string, Record<string, string[]>, string]>([
    ['team/api', {}, "'pattern' must have a part in braces such as '{team}/{service}', got \"team/api\""],
    ['{}/{b}', {}, "'pattern' must have names of letters and digits in braces, got '{}'"],
    ['{a b}/{b}', {}, "got '{a b}'"],
    ['{a}/{a}', {}, "'pattern' must have each part once, got '{a}' twice"],
    ['{a}{b}', {}, "'pattern' must separate its parts"],
    ['Team/{a}', {}, "'pattern' must be lowercase letters and digits"],
    ['{a}/', {}, "'pattern' must be lowercase letters and digits"],
    ['{team}/{a}', { teams: ['x'] }, "'values' must be for parts of the pattern, got \"teams\"; use \"team\""],
    ['{team}/{a}', { group: ['x'] }, "got \"group\"; add '{group}' to the pattern"],
    ['{team}/{a}', { team: [] }, "'values.team' must have at least one value, got []"],
    ['{team}/{a}', { team: ['Pay'] }, "'values.team' must be parts of lowercase repository names such as 'payments', got \"Pay\""],
  ])('refuses the pattern %s with %j', (pattern, values, message) => {
    expect(messageOf(() => RepositoryNaming.of(pattern, values))).toContain(message);
  });
});
