import { readFileSync } from 'fs';
import { fullDiff, ResourceImpact } from '@aws-cdk/cloudformation-diff';
import { App, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as kms from 'aws-cdk-lib/aws-kms';
import { LifecyclePolicy, RepositoryEncryption, SecureRepository, type SecureRepositoryProps } from '../../lib';

/** A set of props of `ecr.Repository` and the props of `SecureRepository` that replace nothing. */
interface Counterpart {
  readonly before: Partial<ecr.RepositoryProps>;
  readonly after: (lifecycleText: string) => SecureRepositoryProps;
}

interface TemplateRepository {
  readonly Type: string;
  readonly Properties?: { readonly LifecyclePolicy?: { readonly LifecyclePolicyText: string } };
}

type Resources = Readonly<Record<string, TemplateRepository>>;
type Axis = Readonly<Record<string, Counterpart>>;
type Flags = Record<string, unknown>;

const RECOMMENDED = JSON.parse(readFileSync(require.resolve('aws-cdk-lib/recommended-feature-flags.json'), 'utf8')) as Flags;

const same = (props: Partial<ecr.RepositoryProps> & SecureRepositoryProps): Counterpart => ({ before: props, after: () => props });
const counterpart = (before: Partial<ecr.RepositoryProps>, after: SecureRepositoryProps): Counterpart => ({ before, after: () => after });

/** The values of the props of `ecr.Repository`, in the order of its documentation, with their counterparts. The guide has the same table. */
const AXES: Readonly<Record<string, (stack: Stack) => Axis>> = {
  repositoryName: () => ({ unnamed: same({}), named: same({ repositoryName: 'team/api' }) }),
  encryption: stack => ({
    none: counterpart({}, { encryption: RepositoryEncryption.AES_256 }),
    AES_256: counterpart({ encryption: ecr.RepositoryEncryption.AES_256 }, { encryption: RepositoryEncryption.AES_256 }),
    KMS: counterpart({ encryption: ecr.RepositoryEncryption.KMS }, { encryption: RepositoryEncryption.AWS_MANAGED_KEY }),
    key: keyed(stack),
  }),
  lifecycleRules: () => ({
    none: counterpart({}, { lifecycle: LifecyclePolicy.none() }),
    rules: {
      before: { lifecycleRules: [{ tagStatus: ecr.TagStatus.UNTAGGED, maxImageAge: Duration.days(7) }, { maxImageCount: 100 }] },
      after: text => ({ lifecycle: LifecyclePolicy.fromJson(text) }),
    },
  }),
  imageTagMutability: () => ({
    none: counterpart({}, { mutableTags: ['*'] }),
    MUTABLE: counterpart({ imageTagMutability: ecr.TagMutability.MUTABLE }, { mutableTags: ['*'] }),
    IMMUTABLE: counterpart({ imageTagMutability: ecr.TagMutability.IMMUTABLE }, {}),
    exclusions: counterpart({
      imageTagMutability: ecr.TagMutability.IMMUTABLE_WITH_EXCLUSION,
      imageTagMutabilityExclusionFilters: [ecr.ImageTagMutabilityExclusionFilter.wildcard('latest')],
    }, { mutableTags: ['latest'] }),
  }),
  imageScanOnPush: () => ({
    none: counterpart({}, { scanOnPush: false }),
    true: counterpart({ imageScanOnPush: true }, { scanOnPush: true }),
    false: counterpart({ imageScanOnPush: false }, { scanOnPush: false }),
  }),
  removal: () => ({
    none: same({}),
    retain: same({ removalPolicy: RemovalPolicy.RETAIN }),
    retainOnUpdateOrDelete: same({ removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE }),
    destroy: same({ removalPolicy: RemovalPolicy.DESTROY }),
    empty: same({ removalPolicy: RemovalPolicy.DESTROY, emptyOnDelete: true }),
    autoDelete: counterpart(
      { removalPolicy: RemovalPolicy.DESTROY, autoDeleteImages: true }, { removalPolicy: RemovalPolicy.DESTROY, emptyOnDelete: true },
    ),
  }),
};

function keyed(stack: Stack): Counterpart {
  const key = new kms.Key(stack, 'Key');
  return counterpart({ encryptionKey: key }, { encryption: RepositoryEncryption.customerManagedKey(key) });
}

/** Every combination of one value of each prop. */
function combinations(axes: readonly Axis[]): Counterpart[] {
  return axes.reduce<Counterpart[]>((all, axis) => all.flatMap(({ before, after }) => Object.values(axis).map(next => ({
    before: { ...before, ...next.before },
    after: text => ({ ...after(text), ...next.after(text) }),
  }))), [counterpart({}, {})]);
}

function synthesize(flags: Flags, make: (stack: Stack, index: number) => unknown, from = 0, to = 1): { [id: string]: unknown } {
  const stack = new Stack(new App({ context: { ...flags, '@aws-cdk/core:stackResourceLimit': 0 } }), 'Stack');
  // a report of warnings takes a minute for this many constructs
  for (const id of ['lifecycleKeepsEveryImage', 'lifecycleCountIncludesUntagged', 'allTagsMutable']) {
    Validations.of(stack).acknowledge({ id: `cdk-secure-ecr:SecureRepository.${id}`, reason: 'as before' });
  }
  Array.from({ length: to - from }, (_, index) => make(stack, from + index));
  return Template.fromStack(stack).toJSON();
}

const REPOSITORY = 'AWS::ECR::Repository';
const BATCH = 16;
const PER_STACK = 384; // a stack has up to 500 resources, and some repositories come with a key
const TYPES = /^AWS::(?:ECR::|KMS::Key)/;
const HARMLESS = [ResourceImpact.WILL_UPDATE, ResourceImpact.NO_CHANGE];

function losses(before: { [id: string]: unknown }, after: { [id: string]: unknown }): string[] {
  const [old, now] = [before, after].map(({ Resources }) => Resources as Resources);
  const shared = Object.keys({ ...old, ...now }).filter(id => (now[id] ?? old[id]).Type !== REPOSITORY);
  const repositories = Object.keys({ ...old, ...now }).filter(id => !shared.includes(id));
  const lost = new Set<string>();
  // the time of a diff is quadratic in the number of resources
  for (let start = 0; start === 0 || start < repositories.length; start += BATCH) {
    const ids = [...shared, ...repositories.slice(start, start + BATCH)];
    fullDiff({ ...before, Resources: only(old, ids) }, { ...after, Resources: only(now, ids) }).resources.forEachDifference((id, change) => {
      if (TYPES.test(String(change.resourceType)) && !HARMLESS.includes(change.changeImpact)) {
        lost.add(`${id}: ${change.changeImpact}`);
      }
    });
  }
  return [...lost];
}

function only(resources: Resources, ids: readonly string[]): Resources {
  return Object.fromEntries(ids.filter(id => Object.hasOwn(resources, id)).map(id => [id, resources[id]]));
}

function repositoriesOf(template: { [id: string]: unknown }): Resources[string][] {
  return Object.values(template.Resources as Resources).filter(({ Type }) => Type === REPOSITORY);
}

function axesFor(stack: Stack): Axis[] {
  return Object.values(AXES).map(axis => axis(stack));
}

const SIZE = combinations(axesFor(new Stack())).length;

beforeAll(() => {
  process.env.JSII_DEPRECATED = 'quiet';
});

describe('a SecureRepository in place of an ecr.Repository of the same id', () => {
  test.each<[string, Flags]>([
    ['without feature flags', {}],
    ['with the recommended feature flags', RECOMMENDED],
  ])(`replaces no repository and no key for all ${SIZE} combinations of props, %s`, (_, flags) => {
    // Names are unique, since a stack holds many combinations.
    const unique = <T extends { repositoryName?: string }>(props: T, index: number): T => (
      props.repositoryName ? { ...props, repositoryName: `${props.repositoryName}-${index}` } : props
    );
    const lost: string[] = [];
    let exchanged = 0;
    for (let from = 0; from < SIZE; from += PER_STACK) {
      const to = Math.min(from + PER_STACK, SIZE);
      let all: Counterpart[] = [];
      const before = synthesize(flags, (stack, index) => {
        all = index === from ? combinations(axesFor(stack)) : all;
        return new ecr.Repository(stack, `Api${index}`, unique(all[index].before, index));
      }, from, to);
      const texts = repositoriesOf(before).map(({ Properties }) => Properties?.LifecyclePolicy?.LifecyclePolicyText ?? '');
      const after = synthesize(flags, (stack, index) => {
        all = index === from ? combinations(axesFor(stack)) : all;
        return new SecureRepository(stack, `Api${index}`, unique(all[index].after(texts[index - from]), index));
      }, from, to);
      lost.push(...losses(before, after));
      exchanged += repositoriesOf(after).length;
    }

    expect(lost).toEqual([]);
    expect(exchanged).toBe(SIZE);
  }, 60_000);

  test.each<[string, SecureRepositoryProps]>([
    ['the default, a customer managed key', {}],
    ['AES256 in the template', { encryption: RepositoryEncryption.AES_256_DECLARED }],
    ['the AWS managed key', { encryption: RepositoryEncryption.AWS_MANAGED_KEY }],
    ['another name', { encryption: RepositoryEncryption.AES_256, repositoryName: 'team/other' }],
  ])('replaces the repository for %s', (_, props) => {
    const before = synthesize({}, stack => new ecr.Repository(stack, 'Api'));
    const after = synthesize({}, stack => new SecureRepository(stack, 'Api', props));

    expect(losses(before, after)).toContainEqual(expect.stringMatching(/^Api[0-9A-F]{8}: (WILL|MAY)_REPLACE$/));
  });
});

describe('a SecureRepository in place of a CfnRepository', () => {
  const before = (props: ecr.CfnRepositoryProps): { [id: string]: unknown } => synthesize({}, stack => new ecr.CfnRepository(stack, 'Api', props));
  const after = (props: SecureRepositoryProps): { [id: string]: unknown } => synthesize({}, stack => {
    const repository = new SecureRepository(stack, 'Repository', props);
    (repository.node.defaultChild as ecr.CfnRepository).overrideLogicalId('Api');
  });

  test.each<[string, ecr.CfnRepositoryProps, RepositoryEncryption]>([
    ['AES256', { encryptionConfiguration: { encryptionType: 'AES256' } }, RepositoryEncryption.AES_256_DECLARED],
    ['no block', {}, RepositoryEncryption.AES_256],
    ['KMS', { encryptionConfiguration: { encryptionType: 'KMS' } }, RepositoryEncryption.AWS_MANAGED_KEY],
    ['KMS_DSSE', { encryptionConfiguration: { encryptionType: 'KMS_DSSE' } }, RepositoryEncryption.DUAL_LAYER],
  ])('replaces nothing with encryption %s', (_, props, encryption) => {
    expect(losses(before(props), after({ encryption }))).toEqual([]);
  });

  test('replaces it where the template declares AES256 and AES_256 removes it', () => {
    expect(losses(before({ encryptionConfiguration: { encryptionType: 'AES256' } }), after({ encryption: RepositoryEncryption.AES_256 }))).toEqual(['Api: WILL_REPLACE']);
  });
});

test('the counterparts cover every prop of ecr.Repository', () => {
  const props: Required<{ [prop in keyof ecr.RepositoryProps]: string }> = {
    repositoryName: 'repositoryName',
    encryption: 'encryption',
    encryptionKey: 'encryption',
    lifecycleRules: 'lifecycleRules',
    lifecycleRegistryId: 'lifecycleRules',
    imageTagMutability: 'imageTagMutability',
    imageTagMutabilityExclusionFilters: 'imageTagMutability',
    imageScanOnPush: 'imageScanOnPush',
    removalPolicy: 'removal',
    emptyOnDelete: 'removal',
    autoDeleteImages: 'removal',
  };

  expect([...new Set(Object.values(props))].sort()).toEqual(Object.keys(AXES).sort());
});
