import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileOf, folderOf, invoke, invokeJson } from './harness';
import { ACCOUNT, dump, dumpOf, image, REGION, registryFiles, rule } from './registry';

interface Report {
  readonly findings: ReadonlyArray<{ rule: string; resource: string; message: string }>;
  readonly registries: ReadonlyArray<{ totals: any; repositories: any[]; access: any[]; unseen: any[] }>;
  readonly changes?: ReadonlyArray<{ subject: string; change: string }>;
}

async function audit(folder: string, ...args: string[]): Promise<Report & { code: number }> {
  const { code, json } = await invokeJson<Report>('audit', folder, ...args);
  return { code, ...json };
}

const rulesOf = ({ findings }: Report, resource?: string) => (
  findings.filter(it => resource === undefined || it.resource === resource).map(it => it.rule)
);

const KEEP_5 = rule({ tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 5 });
const UNTAGGED = rule({ tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 7 });
const PULLED = { lastRecordedPullTime: '2026-11-24T00:00:00Z' };

describe('audit', () => {
  test('has no findings for a repository like ours', async () => {
    const { code, findings, registries: [{ unseen }] } = await audit(dump({ api: { images: [image('a', 1, PULLED)], lifecycle: KEEP_5 } }));

    expect({ code, findings, unseen }).toEqual({ code: 0, findings: [], unseen: [] });
  });

  test('applies the rules for templates to live settings', async () => {
    const report = await audit(dump({
      'mutable': { description: { imageTagMutability: 'MUTABLE' }, lifecycle: KEEP_5 },
      'excluded': { description: { imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION', imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: '*' }] }, lifecycle: KEEP_5 },
      'fine': { description: { imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION', imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'latest' }] }, lifecycle: KEEP_5 },
      'aes': { description: { encryptionConfiguration: { encryptionType: 'AES256' } }, lifecycle: KEEP_5 },
      'aws-key': { description: { encryptionConfiguration: { encryptionType: 'KMS', kmsKey: 'arn:aws:kms:eu-west-1:1:key/managed' } }, lifecycle: KEEP_5 },
      'kept': {},
      'public': { lifecycle: KEEP_5, policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: 'ecr:*' }] } },
    }));
    expect(rulesOf(report, 'mutable')).toEqual(['EcrChecks.mutableTags']);
    expect(rulesOf(report, 'excluded')).toEqual(['EcrChecks.mutableTags']);
    expect(rulesOf(report, 'fine')).toEqual([]);
    expect(rulesOf(report, 'aes')).toEqual(['EcrChecks.noCustomerManagedKey']);
    expect(rulesOf(report, 'aws-key')).toEqual(['EcrChecks.noCustomerManagedKey']);
    expect(rulesOf(report, 'kept')).toEqual(['EcrChecks.noLifecyclePolicy']);
    expect(rulesOf(report, 'public')).toContain('EcrChecks.anyPrincipalAllowed');
    expect(report.code).toBe(1);
  });

  test('previews the policy of today, standard() and production(), in images, bytes and cost', async () => {
    const images = [image('old', 400, { ...PULLED }), image('pr', 40, { imageTags: ['pr-1'] }), image('untagged', 8), image('release', 300, { imageTags: ['release-1'] }), image('new', 1)];
    const { registries: [{ repositories: [{ images: facts }] }], findings } = await audit(dump({ api: { images, lifecycle: UNTAGGED } }));

    expect(facts).toMatchObject({
      images: 5, bytes: 5 * 2 ** 30, untagged: 3, ages: [1, 1, 1, 0, 1, 1],
      today: { images: 2 }, standard: { images: 2 }, production: { images: 3, bytes: 3 * 2 ** 30 }, neverRemoved: { images: 2 },
    });
    expect(findings).toMatchObject([{ rule: 'imagesNeverRemoved', message: expect.stringContaining('2 of 5 images (2.0 GB)') }]);
    expect((await invoke('audit', dump({ api: { images, lifecycle: UNTAGGED } }), '--price', '2')).stdout).toMatch(/production\(\) would remove +3 images, 3\.0 GB, 6\.00 a month/);
  });

  test('keeps the images that an index refers to', async () => {
    const index = image('index', 1, { imageTags: ['v1'], imageManifestMediaType: 'application/vnd.oci.image.index.v1+json' });
    const manifest = { imageId: { imageDigest: 'sha256:index' }, imageManifest: JSON.stringify({ manifests: [{ digest: 'sha256:child' }] }) };
    const files = { 'batch-get-image.json': { images: [manifest] } };
    const facts = async (more: object) => (await audit(dump({ api: { images: [index, image('child', 30)], lifecycle: UNTAGGED, files: more as Record<string, unknown> } }))).registries[0].repositories[0].images;

    expect((await facts(files)).today.images).toBe(0);
    expect((await facts({})).today.images).toBe(1);
  });

  test.each<[string, object[], object, boolean]>([
    ['an old repository that nobody pulled from', [image('a', 300)], {}, true],
    ['a last pull 91 days ago', [image('a', 300, { lastRecordedPullTime: '2026-08-26T00:00:00Z' })], {}, true],
    ['a last pull 89 days ago', [image('a', 300, { lastRecordedPullTime: '2026-08-28T00:00:00Z' }), image('b', 300)], {}, false],
    ['a young repository', [image('a', 10)], { createdAt: '2026-10-01T00:00:00Z' }, false],
    ['an empty repository', [], {}, false],
    ['a pull as version 1 of the AWS CLI prints it', [image('a', 300, { lastRecordedPullTime: 1763942400 + 365 * 86400 })], { createdAt: 1704067200 }, false],
  ])('says whether a repository is unused: %s', async (_, images, description, unused) => {
    expect(rulesOf(await audit(dump({ api: { images, description, lifecycle: KEEP_5 } }))).includes('unusedRepository')).toBe(unused);
  });

  test('counts images without a scan result, and no indexes, signatures and archived images', async () => {
    const unscanned = { imageScanStatus: undefined, ...PULLED };
    const report = await audit(dump({ api: { lifecycle: KEEP_5, images: [
      image('a', 1, unscanned), image('b', 1, { ...unscanned, imageScanStatus: { status: 'FAILED' } }), image('c', 1, { ...unscanned, imageScanStatus: { status: 'ACTIVE' } }),
      image('d', 1, { ...unscanned, imageManifestMediaType: 'application/vnd.docker.distribution.manifest.list.v2+json' }),
      image('e', 1, { ...unscanned, subjectManifestDigest: 'sha256:a' }),
      image('f', 100, { ...unscanned, imageStatus: 'ARCHIVED', lastArchivedAt: '2026-11-01T00:00:00Z' }),
      image('g', 1, { ...unscanned, imageScanFindingsSummary: {} }),
    ] } }));
    expect(report.findings.find(it => it.rule === 'unscannedImages')?.message).toContain('2 of 7 images');
  });

  test('knows what runs only from Amazon Inspector', async () => {
    const finding = (hash: string, inUseCount?: number) => ({ severity: 'HIGH', resources: [{ details: { awsEcrContainerImage: { imageHash: hash, inUseCount } } }] });
    const totals = async (...findings: object[]) => (await audit(dump({ api: { images: [image('a', 1, PULLED)], lifecycle: KEEP_5, files: { 'list-findings.json': { findings } } } }))).registries[0].totals;

    expect((await totals(finding('a', 2), finding('a', 2), finding('b', 0))).inUse).toBe(1);
    expect((await totals(finding('a'))).inUse).toBeUndefined();
    expect((await invoke('audit', dump({}))).stdout).toContain('in use                     not known');
  });

  test('lists who may do what from outside', async () => {
    const allow = (principal: unknown, action: unknown, condition?: object) => ({ Effect: 'Allow', Principal: principal, Action: action, Condition: condition });
    const { registries: [{ access }] } = await audit(dump({ api: { lifecycle: KEEP_5, policy: { Version: '2012-10-17', Statement: [
      allow({ AWS: ['444455556666', 'arn:aws:iam::777788889999:role/x', `arn:aws:iam::${ACCOUNT}:root`] }, ['ecr:BatchGetImage']),
      allow('*', 'ecr:Batch*', { StringEquals: { 'aws:PrincipalOrgID': 'o-abc' } }),
      allow({ AWS: '*' }, 'ecr:*', { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-def/r-1/ou-1/*' } }),
      allow({ AWS: '*' }, 'ecr:PutImage', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::222233334444:role/*' } }),
      allow('*', 'ecr:DescribeImages', { StringLike: { 'aws:PrincipalArn': '*' } }),
      allow({ Service: 'lambda.amazonaws.com' }, 'ecr:BatchGetImage'),
      { Effect: 'Deny', Principal: '*', Action: 'ecr:*' },
    ] } } }, {
      'get-registry-policy.json': { policyText: JSON.stringify({ Version: '2012-10-17', Statement: [allow({ AWS: '444455556666' }, ['ecr:ReplicateImage', 'ecr:CreateRepository'])] }) },
      'get-registry-policy.error.txt': undefined,
    }));
    expect(access.map(({ kind, id, rights, where }) => [kind, id, rights.join(' '), where.join(' ')])).toEqual([
      ['public', '', 'read', 'api'],
      ['organization', 'o-abc', 'delete import pull', 'api'],
      ['organization', 'o-def/r-1/ou-1/*', 'delete import manage pull push replicate', 'api'],
      ['account', '222233334444', 'push', 'api'],
      ['account', '444455556666', 'pull replicate', 'registry policy api'],
      ['account', '777788889999', 'pull', 'api'],
      ['service', 'lambda.amazonaws.com', 'pull', 'api'],
    ]);
  });

  test('reports caches and replicas without a template', async () => {
    const template = (prefix: string, ...appliedFor: string[]) => ({ prefix, appliedFor, imageTagMutability: 'IMMUTABLE', lifecyclePolicy: JSON.stringify(KEEP_5), encryptionConfiguration: { encryptionType: 'KMS', kmsKey: 'own' } });
    const cache = (ecrRepositoryPrefix: string) => ({ ecrRepositoryPrefix, upstreamRegistryUrl: 'quay.io', upstreamRegistry: 'quay' });
    const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: '444455556666' }, Action: ['ecr:ReplicateImage'], Resource: [`arn:aws:ecr:${REGION}:${ACCOUNT}:repository/prod/*`, `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/team/a*`] }] };
    const report = await audit(dump({}, {
      'describe-pull-through-cache-rules.json': { pullThroughCacheRules: [cache('quay'), cache('team/b'), cache('k8s')] },
      'describe-repository-creation-templates.json': { repositoryCreationTemplates: [template('team', 'PULL_THROUGH_CACHE', 'REPLICATION'), template('qua', 'PULL_THROUGH_CACHE'), template('k8s/', 'PULL_THROUGH_CACHE')] },
      'get-registry-policy.json': { policyText: JSON.stringify(policy) },
      'get-registry-policy.error.txt': undefined,
    }));
    const gaps = report.findings.filter(it => !it.rule.startsWith('EcrChecks.'));
    expect(gaps.map(it => [it.rule, it.resource])).toEqual([['cacheWithoutTemplate', 'quay'], ['replicasWithoutTemplate', 'registry policy']]);
    expect(gaps[1].message).toContain("'prod/'");
  });

  test('reports repositories that are not replicated, and images that a destination lacks', async () => {
    const replication = { 'describe-registry.json': { replicationConfiguration: { rules: [{ destinations: [{ region: 'us-east-1', registryId: ACCOUNT }], repositoryFilters: [{ filter: 'prod', filterType: 'PREFIX_MATCH' }] }] } } };
    const fine = { lifecycle: KEEP_5, images: [image('a', 1, PULLED), image('b', 1)] };
    const folder = dumpOf({
      [`${ACCOUNT}/${REGION}`]: registryFiles({ 'prod/api': fine, 'prod/web': fine, 'dev': fine }, replication),
      [`${ACCOUNT}/us-east-1`]: Object.fromEntries(Object.entries(registryFiles({ 'prod/api': { ...fine, images: [image('a', 1, PULLED)] } }))
        .map(([path, content]) => [path, JSON.parse(JSON.stringify(content).replaceAll(REGION, 'us-east-1'))])),
    });
    const { findings } = await audit(folder);

    expect(findings.map(it => [it.rule, it.resource])).toEqual(expect.arrayContaining([
      ['notReplicated', 'registry replication'], ['missingReplicas', 'prod/api'], ['missingReplicas', 'prod/web'],
    ]));
    expect(findings.find(it => it.resource === 'prod/api')?.message).toContain('lacks 1 of 2 images');
  });

  test('reports what changed since an older dump', async () => {
    const tagged = (digest: string) => image(digest, 1, { imageTags: ['latest'], ...PULLED });
    const before = dump({ api: { images: [tagged('a')], lifecycle: KEEP_5 }, gone: {} });
    const after = dump({ api: { images: [image('a', 1), tagged('b')], description: { imageTagMutability: 'MUTABLE' }, policy: { Statement: [] } }, new: {} }, { 'describe-registry.json': { replicationConfiguration: { rules: [{ destinations: [] }] } } });

    expect((await audit(after, '--compare', before)).changes?.map(({ subject, change }) => [subject, change])).toEqual([
      ['describe-registry', 'changed'],
      ['gone', 'the repository is gone'],
      ['api', 'imageTagMutability changed from IMMUTABLE to MUTABLE'],
      ['api', 'get-lifecycle-policy: removed'],
      ['api', 'get-repository-policy: added'],
      ['api', '1 images added, 0 removed'],
      ['api', 'tags moved to another image: latest'],
      ['new', 'the repository is new'],
    ]);
    expect((await audit(after, '--compare', after)).changes).toEqual([]);
  });
});

describe('audit of an incomplete dump', () => {
  test('states what it could not see, and reports nothing about it', async () => {
    const denied = (operation: string) => `An error occurred (AccessDeniedException) when calling the ${operation} operation: no`;
    const report = await audit(dump({
      api: { lifecycle: KEEP_5, images: undefined, files: { 'describe-images.json': undefined, 'describe-images.error.txt': denied('DescribeImages'), 'get-lifecycle-policy.json': undefined, 'get-lifecycle-policy.error.txt': denied('GetLifecyclePolicy') } },
      web: { lifecycle: KEEP_5, files: { 'describe-images.json': '{"imageDetails": [{"imageDi' } },
    }, { 'get-registry-scanning-configuration.json': undefined, 'describe-key/own.json': undefined }));

    expect(report.findings).toEqual([]);
    expect(report.registries[0].unseen).toEqual([
      { call: 'get-registry-scanning-configuration', reason: 'the dump does not include it', count: 1 },
      { call: 'describe-images', reason: expect.stringContaining('AccessDeniedException'), count: 1 },
      { call: 'get-lifecycle-policy', reason: expect.stringContaining('AccessDeniedException'), count: 1 },
      { call: 'describe-key', reason: 'the dump does not include it', count: 2 },
      { call: 'describe-images', reason: 'the file is not complete JSON', count: 1 },
    ]);
    expect((await invoke('audit', folderOf({ 'describe-repositories.json': { repositories: [{ repositoryName: 'api' }] } }))).stdout).toContain('Not seen');
  });

  test.each<[string, object]>([
    ['an image from the future', { images: [image('a', -1)] }],
    ['two images with one digest', { images: [image('a', 1), image('a', 2)] }],
    ['a lifecycle policy that is not valid', { images: [image('a', 1)], lifecycle: { rules: [] } }],
  ])('with %s has no preview, and says so', async (_, repository) => {
    const { registries: [{ unseen, repositories }] } = await audit(dump({ api: { lifecycle: KEEP_5, ...repository } }));

    expect(unseen).toMatchObject([{ call: 'lifecycle preview', count: 1 }]);
    expect(repositories[0].images.today).toBeUndefined();
  });

  test('accepts a policy that is no JSON, tags in any script, and a policy of 10,000 lines', async () => {
    const statements = Array.from({ length: 2000 }, (_, index) => ({ Sid: `S${index}`, Effect: 'Allow', Principal: { AWS: String(100000000000 + index) }, Action: 'ecr:BatchGetImage' }));
    const { registries: [{ access }] } = await audit(dump({
      text: { lifecycle: KEEP_5, files: { 'get-repository-policy.json': { policyText: 'x' } } },
      long: { lifecycle: KEEP_5, images: [image('a', 1, { ...PULLED, imageTags: ['größe', '版本', '🚀'] })], files: { 'get-repository-policy.json': { policyText: JSON.stringify({ Statement: statements }, undefined, 2) } } },
    }));
    expect(access).toHaveLength(2000);
  });

  test('of a registry without repositories works', async () => {
    expect(await audit(dump({}))).toMatchObject({ code: 0, findings: [], registries: [{ totals: { repositories: 0, images: 0 } }] });
  });

  test.each([['--at', 'x'], ['--price', '-1'], ['--compare', '/nowhere']])('%s %s is an error', async (...option) => {
    expect((await invoke('audit', dump({}), ...option)).code).toBe(2);
  });

  test('takes the moment from the snapshot, or from --at', async () => {
    const folder = dump({ api: { images: [image('a', 10)], lifecycle: KEEP_5 } });
    writeFileSync(join(folder, 'snapshot.json'), JSON.stringify({ finishedAt: '2026-11-20T00:00:00Z' }));

    expect((await audit(folder)).registries[0].repositories[0].images.ages[0]).toBe(1);
    expect((await audit(folder, '--at', '2026-11-26')).registries[0].repositories[0].images.ages[0]).toBe(0);
  });
});

describe('the formats of audit', () => {
  const folder = dump({ '<script>alert(1)</script>&"': { description: { imageTagMutability: 'MUTABLE' }, images: [image('a', 300)] } });

  test('html is one page without markup of the registry', async () => {
    const { code, stdout } = await invoke('audit', folder, '--format', 'html');

    expect(code).toBe(1);
    expect(stdout).not.toContain('<script>alert');
    expect(stdout).not.toMatch(/(?:src|href)=/);
    expect(stdout).toContain('&#60;script&#62;alert(1)&#60;/script&#62;&#38;&#34;');
  });

  test('html goes to a file beside the table', async () => {
    const html = fileOf('report.html', '');
    const { stdout } = await invoke('audit', folder, '--html', html);

    expect(stdout).toContain('Registry 111122223333 eu-west-1, 2026-11-25');
    expect(readFileSync(html, 'utf8')).toMatch(/^<!doctype html>[^]*<\/html>\n$/);
  });

  test.each(['sarif', 'markdown'])('%s has the findings', async format => {
    expect((await invoke('audit', folder, '--format', format)).stdout).toContain('EcrChecks.mutableTags');
  });

  test('a baseline covers findings of a registry', async () => {
    const baseline = fileOf('baseline.json', '');
    await invoke('audit', folder, '--write-baseline', baseline);

    expect((await invoke('audit', folder, '--baseline', baseline)).code).toBe(0);
  });
});
