import * as fc from 'fast-check';
import { ACCOUNT, REGION, registryFiles, type RepositoryFiles } from './registry';

const KEYS = ['own', 'managed', 'other'].map(key => `arn:aws:kms:${REGION}:${ACCOUNT}:key/${key}`);

const REPOSITORIES = `arn:aws:ecr:${REGION}:${ACCOUNT}:repository`;
const SECRETS = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:ecr-pullthroughcache`;

const part = fc.stringMatching(/^[a-z0-9]{1,5}(?:[._-][a-z0-9]{1,3})?$/);
const name = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(fc.constantFrom('team', 'base', '1st', 'registry', 'class'), fc.array(part, { minLength: 1, maxLength: 2 }))
      .map(([first, rest]) => [first, ...rest].join('/')),
  },
  part.filter(it => it.length > 1),
  fc.constantFrom('default/new', 'default/class', 'team/a-b', 'team/a_b', 'team/a/b', 'team/a.b', 'stack/props', 'team/key', 'key/key'),
);

const account = fc.constantFrom('444455556666', '777788889999', ACCOUNT);
const sid = fc.option(fc.stringMatching(/^[A-Za-z0-9]{1,8}$/), { nil: undefined });

const statement = (withResource: boolean) => fc.record({
  Sid: sid,
  Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
  Principal: fc.oneof(
    fc.constant('*'),
    account.map(id => ({ AWS: id })),
    fc.array(account.map(id => `arn:aws:iam::${id}:root`), { minLength: 1, maxLength: 3 }).map(AWS => ({ AWS })),
    fc.constant({ Service: 'lambda.amazonaws.com' }),
  ),
  Action: fc.oneof(
    fc.constantFrom('ecr:*', 'ecr:BatchGetImage', 'ecr:GetAuthorizationToken'),
    fc.subarray(['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:PutImage', 'ecr:BatchDeleteImage'], { minLength: 1 }),
  ),
  ...withResource ? { Resource: fc.constantFrom<unknown>('*', [`${REPOSITORIES}/*`], `${REPOSITORIES}/team/*`) } : {},
  Condition: fc.option(fc.constantFrom<unknown>(
    { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } },
    { StringLike: { 'aws:sourceArn': [`arn:aws:lambda:${REGION}:444455556666:function:*`] } },
    { Bool: { 'aws:SecureTransport': 'false' } },
  ), { nil: undefined }),
}).map(({ Sid, Condition, ...rest }) => ({ ...Sid === undefined ? {} : { Sid }, ...rest, ...Condition === undefined ? {} : { Condition } }));

const policy = (withResource: boolean) => fc.record({
  Version: fc.constantFrom('2008-10-17', '2012-10-17'), Statement: fc.array(statement(withResource), { minLength: 1, maxLength: 3 }),
});

const count = fc.integer({ min: 90, max: 900 });
const days = (...types: string[]) => ({ countType: fc.constantFrom(...types), countUnit: fc.constant('days'), countNumber: count });

const selection = fc.oneof(
  fc.record({ tagStatus: fc.constant('untagged'), ...days('sinceImagePushed') }),
  fc.record({ tagStatus: fc.constant('tagged'), tagPatternList: fc.subarray(['release-*', 'v*', 'prod'], { minLength: 1 }), countType: fc.constant('imageCountMoreThan'), countNumber: count }),
  fc.record({ tagStatus: fc.constant('tagged'), tagPrefixList: fc.subarray(['pr-', 'fix'], { minLength: 1 }), ...days('sinceImagePushed') }),
);
const action = fc.constant({ type: 'expire' });
const rule = fc.oneof(
  fc.record({ selection, action }),
  fc.record({
    selection: fc.record({ tagStatus: fc.constant('any'), ...days('sinceImagePushed', 'sinceImagePulled') }),
    action: fc.constant({ type: 'transition', targetStorageClass: 'archive' }),
  }),
  fc.record({
    selection: fc.record({ tagStatus: fc.constant('any'), storageClass: fc.constant('archive'), ...days('sinceImageTransitioned') }),
    action,
  }),
);
const description = fc.option(fc.string({ maxLength: 20 }), { nil: undefined });
const lifecycle = fc.array(fc.tuple(rule, description), { minLength: 1, maxLength: 4 }).map(rules => ({
  rules: rules.map(([it, text], index) => ({ rulePriority: (index + 1) * 10, ...text === undefined ? {} : { description: text }, ...it })),
}));

const tagText = fc.stringMatching(/^[\p{L}\p{N} +=.:/@_-]{1,12}$/u).filter(text => text.trim() === text && !/^aws:/i.test(text));
const tags = fc.oneof(
  fc.constantFrom([], [{ Key: 'team', Value: 'a' }]),
  fc.uniqueArray(fc.record({ Key: tagText, Value: tagText }), { selector: ({ Key }) => Key, maxLength: 4 }),
);

const encryption = fc.oneof(
  fc.constant({ encryptionType: 'AES256' }),
  fc.constantFrom(...KEYS).map(kmsKey => ({ encryptionType: 'KMS', kmsKey })),
);

const filters = fc.uniqueArray(fc.constantFrom('latest', 'dev-*', '*-rc', 'prod'), { minLength: 1, maxLength: 4 })
  .map(all => all.map(filter => ({ filterType: 'WILDCARD', filter })));
const mutability = fc.oneof(
  fc.constantFrom('MUTABLE', 'IMMUTABLE').map(imageTagMutability => ({ imageTagMutability })),
  fc.record({ imageTagMutability: fc.constantFrom('IMMUTABLE_WITH_EXCLUSION', 'MUTABLE_WITH_EXCLUSION'), imageTagMutabilityExclusionFilters: filters }),
);

const repository = fc.record({
  mutability,
  scanOnPush: fc.boolean(),
  encryption,
  lifecycle: fc.option(lifecycle, { nil: undefined }),
  policy: fc.option(policy(false), { nil: undefined, freq: 2 }),
  tags,
}).map(({ mutability: tagSettings, scanOnPush, encryption: encryptionConfiguration, tags: all, ...rest }): RepositoryFiles => ({
  ...rest,
  description: { ...tagSettings, imageScanningConfiguration: { scanOnPush }, encryptionConfiguration },
  files: { 'list-tags-for-resource.json': { tags: all } },
}));

const wildcardFilters = fc.uniqueArray(fc.constantFrom('*', 'team/*', 'prod', 'base/*'), { minLength: 1, maxLength: 3 })
  .map(all => all.map(filter => ({ filter, filterType: 'WILDCARD' })));
const scanning = fc.oneof(
  fc.constant({ scanType: 'BASIC', rules: [] }),
  wildcardFilters.map(repositoryFilters => ({ scanType: 'BASIC', rules: [{ scanFrequency: 'SCAN_ON_PUSH', repositoryFilters }] })),
  fc.subarray(['SCAN_ON_PUSH', 'CONTINUOUS_SCAN']).chain(frequencies => fc.tuple(...frequencies.map(scanFrequency => (
    wildcardFilters.map(repositoryFilters => ({ scanFrequency, repositoryFilters }))
  )))).map(rules => ({ scanType: 'ENHANCED', rules })),
);

const prefixes = fc.uniqueArray(fc.constantFrom('team/', 'base/', 'prod'), { maxLength: 2 }).map(all => (
  all.length === 0 ? {} : { repositoryFilters: all.map(filter => ({ filter, filterType: 'PREFIX_MATCH' })) }
));
const replication = fc.uniqueArray(fc.tuple(
  fc.uniqueArray(fc.record({ region: fc.constantFrom('us-east-1', 'eu-central-1'), registryId: fc.constantFrom(ACCOUNT, '444455556666') }), {
    selector: ({ region, registryId }) => `${region} ${registryId}`, minLength: 1, maxLength: 3,
  }),
  prefixes,
).map(([destinations, more]) => ({ destinations, ...more })), { maxLength: 3, selector: it => JSON.stringify(it) });

const signing = fc.array(fc.record({
  profile: fc.constantFrom('release', 'nightly'), filter: fc.option(fc.constantFrom('team/*', 'base'), { nil: undefined }),
}), { minLength: 1, maxLength: 2 }).map(rules => ({ signingConfiguration: { rules: rules.map(({ profile, filter }) => ({
  signingProfileArn: `arn:aws:signer:${REGION}:${ACCOUNT}:/signing-profiles/${profile}`,
  ...filter === undefined ? {} : { repositoryFilters: [{ filter, filterType: 'WILDCARD_MATCH' }] },
})) } }));

const UPSTREAMS = [
  { upstreamRegistryUrl: 'public.ecr.aws', upstreamRegistry: 'ecr-public' },
  { upstreamRegistryUrl: 'registry.k8s.io', upstreamRegistry: 'k8s' },
  { upstreamRegistryUrl: 'registry-1.docker.io', upstreamRegistry: 'docker-hub', credentialArn: `${SECRETS}/hub-AbCdEf` },
  { upstreamRegistryUrl: '444455556666.dkr.ecr.us-east-1.amazonaws.com', upstreamRegistry: 'ecr', customRoleArn: `arn:aws:iam::${ACCOUNT}:role/puller` },
  { upstreamRegistryUrl: 'contoso.azurecr.io', upstreamRegistry: 'azure-container-registry', credentialArn: `${SECRETS}/azure-AbCdEf` },
];
const cachePrefixes = ['docker-hub', 'ecr-public', 'kubernetes', 'mirror/a', 'mirror/b'];
const caches = fc.uniqueArray(fc.record({
  ecrRepositoryPrefix: fc.constantFrom(...cachePrefixes),
  upstream: fc.constantFrom(...UPSTREAMS),
  upstreamRepositoryPrefix: fc.option(fc.constantFrom('library', 'team'), { nil: undefined }),
}), {
  selector: ({ ecrRepositoryPrefix }) => ecrRepositoryPrefix, maxLength: 3,
}).map(all => all.map(({ upstream, upstreamRepositoryPrefix, ...rest }) => ({
  ...rest, ...upstream, ...upstreamRepositoryPrefix === undefined ? {} : { upstreamRepositoryPrefix }, registryId: ACCOUNT, createdAt: 0,
})));

const templates = fc.uniqueArray(fc.record({
  prefix: fc.constantFrom('ROOT', 'team', ...cachePrefixes),
  appliedFor: fc.subarray(['PULL_THROUGH_CACHE', 'REPLICATION', 'CREATE_ON_PUSH'], { minLength: 1 }),
  description: fc.option(fc.constantFrom('made by hand', ...UPSTREAMS.map(upstream => `Images cached from ${upstream.upstreamRegistryUrl}`)), { nil: undefined }),
  mutability,
  encryptionConfiguration: encryption,
  resourceTags: tags,
  lifecycle: fc.option(lifecycle, { nil: undefined }),
  policy: fc.option(policy(false), { nil: undefined }),
  customRoleArn: fc.option(fc.constant(`arn:aws:iam::${ACCOUNT}:role/creator`), { nil: undefined }),
}), { selector: ({ prefix }) => prefix, maxLength: 4 }).map(all => all.map((
  { mutability: tagSettings, lifecycle: rules, policy: document, ...rest },
) => (
  JSON.parse(JSON.stringify({
    ...rest,
    ...tagSettings,
    lifecyclePolicy: rules && JSON.stringify(rules),
    repositoryPolicy: document && JSON.stringify(document),
    createdAt: 0,
    updatedAt: 0,
  })) as object
)));

const exclusions = fc.uniqueArray(fc.constantFrom('role/scanner', 'role/teams/backup', 'user/ada', 'role/scan.ner'), { maxLength: 4 })
  .map(names => names.map(principal => `arn:aws:iam::${ACCOUNT}:${principal}`));

/** The files of a random registry, as a snapshot with all permissions writes them. */
export const randomRegistry: fc.Arbitrary<Record<string, unknown>> = fc.record({
  repositories: fc.dictionary(name, repository, { maxKeys: 12, noNullPrototype: true }),
  registryPolicy: fc.option(policy(true), { nil: undefined }),
  scanning, replication, signing: fc.option(signing, { nil: undefined }), caches, templates, exclusions,
}).map(it => registryFiles(it.repositories, {
  ...it.registryPolicy ? { 'get-registry-policy.json': { policyText: JSON.stringify(it.registryPolicy) }, 'get-registry-policy.error.txt': undefined } : {},
  'get-registry-scanning-configuration.json': { scanningConfiguration: it.scanning },
  'describe-registry.json': { registryId: ACCOUNT, replicationConfiguration: { rules: it.replication } },
  ...it.signing ? { 'get-signing-configuration.json': it.signing, 'get-signing-configuration.error.txt': undefined } : {},
  'describe-pull-through-cache-rules.json': { pullThroughCacheRules: it.caches },
  'describe-repository-creation-templates.json': { repositoryCreationTemplates: it.templates },
  'list-pull-time-update-exclusions.json': { pullTimeUpdateExclusions: it.exclusions },
  'describe-key/other.json': { KeyMetadata: { KeyId: 'other', KeyManager: 'CUSTOMER' } },
}));
