import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile, synthesize } from './adopted-app';
import { folderOf, invoke, type Result } from './harness';
import { ACCOUNT, dump, dumpOf, REGION, registryFiles, type RepositoryFiles, rule } from './registry';

const POLICY = {
  Version: '2012-10-17',
  Statement: [{ Sid: 'everybody', Effect: 'Allow', Principal: '*', Action: ['ecr:BatchGetImage', 'ecr:GetAuthorizationToken'] }],
};

interface Adopted extends Result {
  readonly folder: string;
  readonly files: Record<string, string>;
}

/** The apps of all tests. */
const adopted: string[] = [];

async function adopt(path: string, ...options: string[]): Promise<Adopted> {
  const folder = join(folderOf(), 'app');
  const result = await invoke('adopt', path, '--out', folder, ...options);
  const files = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((file): [string, string] => [file.slice(folder.length + 1), readFileSync(file, 'utf8')]) : [];
  if (files.length > 0) {
    adopted.push(folder);
  }
  return { ...result, folder, files: Object.fromEntries(files) };
}

function adoptRepositories(
  repositories: Record<string, RepositoryFiles>, files: Record<string, unknown> = {}, ...options: string[]
): Promise<Adopted> {
  return adopt(dump(repositories, files), ...options);
}

const tagged = (tags: Record<string, string>): RepositoryFiles => ({
  files: { 'list-tags-for-resource.json': { tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) } },
});

const LEGACY = { description: {
  imageTagMutability: 'MUTABLE', imageScanningConfiguration: { scanOnPush: false }, encryptionConfiguration: { encryptionType: 'AES256' },
} };
const KEEP_FIVE = rule({ tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 5 });
const AFTER_A_WEEK = rule({ tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 7 });

const everyRepositoryOf = (folder: string): string[] => synthesize(folder)
  .flatMap(({ template }) => Object.values<any>(template.Resources ?? {}))
  .filter(({ Type }) => Type === 'AWS::ECR::Repository')
  .map(({ Properties }) => Properties.RepositoryName as string);

describe('adopt', () => {
  test('writes what deviates from the defaults of the library, with the safer setting beside it', async () => {
    const { code, stdout, stderr, files } = await adoptRepositories({
      'team/api': { lifecycle: AFTER_A_WEEK, policy: POLICY },
      'team/legacy': LEGACY,
    });

    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: expect.stringMatching(/^3 resources in 2 stacks: read .*README\.md/), stderr: '' });
    expect(files['lib/team-stack.ts']).toMatchSnapshot();
    expect(files['bin/app.ts']).toMatchSnapshot();
    expect(files['README.md']).toMatchSnapshot();
    expect(Object.values(JSON.parse(files['import/EcrTeam.json']))).toEqual([{ RepositoryName: 'team/api' }, { RepositoryName: 'team/legacy' }]);
  });

  test('writes settings that repositories share once, and tags of all repositories at the stack', async () => {
    const more = tagged({ team: 'größe ✓', stage: "it's" });
    const { files, folder } = await adoptRepositories({
      'team/a': { ...LEGACY, lifecycle: KEEP_FIVE, ...more },
      'team/b': { ...LEGACY, lifecycle: KEEP_FIVE, ...more },
      'team/c': { lifecycle: KEEP_FIVE, ...tagged({ team: 'größe ✓' }) },
    });

    expect(files['lib/team-stack.ts']).toMatchSnapshot();
    const repositories = Object.values<any>(synthesize(folder).find(({ name }) => name === 'EcrTeam')!.template.Resources);
    expect(repositories.map(({ Properties }) => Properties.Tags)).toEqual([
      [{ Key: 'stage', Value: "it's" }, { Key: 'team', Value: 'größe ✓' }], [{ Key: 'stage', Value: "it's" }, { Key: 'team', Value: 'größe ✓' }], [{ Key: 'team', Value: 'größe ✓' }],
    ]);
  });

  test('gives names that collide, begin with a digit or are words of the language ids of their own', async () => {
    const names = ['team/a-b', 'team/a_b', 'team/a/b', 'team/a.b2', '1password/new', '2', '2-x', 'default/class', 'registry/api', 'repositories/api', 'web', 'stack/props', 'team/key', 'key'];
    const { files, folder, code, stderr } = await adoptRepositories(Object.fromEntries(names.map(name => [name, tagged({ name: name.replace(/[-/_.]/g, ' ') })])));

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(everyRepositoryOf(folder).sort()).toEqual([...names].sort());
    expect(Object.keys(files).filter(file => file.startsWith('lib/'))).toMatchInlineSnapshot(`
[
  "lib/default-stack.ts",
  "lib/namespace1password-stack.ts",
  "lib/registry-namespace-stack.ts",
  "lib/registry-stack.ts",
  "lib/repositories-namespace-stack.ts",
  "lib/repositories-stack.ts",
  "lib/stack-stack.ts",
  "lib/team-stack.ts",
]
`);
  });

  test('puts repositories into one stack, or into named ones', async () => {
    const repositories = { 'payments/api': {}, 'billing/api': {}, 'team/api': {}, 'team/web': {} };
    const one = await adoptRepositories(repositories, {}, '--stacks', 'registry');
    const named = await adoptRepositories(repositories, {}, '--stack', 'Money=payments/,billing/', '--stack', 'Web=team/web');

    expect(synthesize(one.folder).map(({ name }) => name)).toEqual(['EcrRegistry', 'EcrRepositories']);
    expect(synthesize(named.folder).map(({ name, template }) => [name, Object.keys(template.Resources).length])).toEqual([
      ['EcrMoney', 2], ['EcrRegistry', 1], ['EcrTeam', 1], ['EcrWeb', 1],
    ]);
  });

  test('keeps stacks and imports within the limits of CloudFormation', async () => {
    const { files, folder } = await adoptRepositories(Object.fromEntries(Array.from({ length: 450 }, (_, index) => [`team/r${index}`, {}])));
    const stacks = synthesize(folder);
    const imports = Object.entries(files).filter(([path]) => path.startsWith('import/EcrTeam')).map(([path, text]) => [path, Object.keys(JSON.parse(text)).length]);

    expect(stacks.map(({ name, template }) => [name, Object.keys(template.Resources).length])).toEqual([['EcrRegistry', 1], ['EcrTeam', 400], ['EcrTeam2', 50]]);
    expect(imports.sort()).toEqual([['import/EcrTeam.1.json', 200], ['import/EcrTeam.2.json', 200], ['import/EcrTeam2.json', 50]]);
    expect(files['README.md']).toContain('npx cdk import EcrTeam --resource-mapping import/EcrTeam.2.json');
  });

  test('splits stacks whose templates would be too long, and writes long policies as files', async () => {
    const statement = (index: number) => ({ Sid: `s${index}`, Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${444455550000 + index}:root` }, Action: ['ecr:BatchGetImage'] });
    const policy = { Version: '2012-10-17', Statement: Array.from({ length: 75 }, (_, index) => statement(index)) };
    const { files, folder } = await adoptRepositories(Object.fromEntries(Array.from({ length: 60 }, (_, index) => [
      `team/r${index}`, { policy: { ...policy, Id: index < 2 ? 'same' : `p${index}` } },
    ])));

    expect(Object.keys(files).filter(path => path.startsWith('policies/'))).toHaveLength(59);
    expect(files['lib/team-stack.ts']).toContain("import teamR0Policy from '../policies/team-r0-policy.json';");
    expect(files['lib/team-stack.ts']).toContain('ExistingPolicy.fromJson(teamR0Policy)');
    for (const { template } of synthesize(folder)) {
      expect(JSON.stringify(template, undefined, 1).length).toBeLessThan(1_000_000);
    }
  });

  test('writes the registries of a dump into one app', async () => {
    const path = dumpOf({
      [`${ACCOUNT}/${REGION}`]: registryFiles({ 'team/api': {} }),
      [`${ACCOUNT}/us-east-1`]: registryFiles({ 'team/api': { description: { repositoryArn: `arn:aws:ecr:us-east-1:${ACCOUNT}:repository/team/api`, encryptionConfiguration: { encryptionType: 'AES256' } } } }),
    });
    const { folder, files } = await adopt(path);

    expect(files['bin/app.ts']).toMatchSnapshot();
    expect(synthesize(folder).map(({ name, region }) => [name, region])).toEqual([
      ['EcrRegistry', REGION], ['EcrRegistry', 'us-east-1'], ['EcrTeam', REGION], ['EcrTeam', 'us-east-1'],
    ]);
  });

  test('leaves out what the dump does not know, what a stack owns and what it is told to, and says so', async () => {
    const denied = 'An error occurred (AccessDeniedException) when calling the GetRepositoryPolicy operation: no\n';
    const { code, stderr, files, folder } = await adoptRepositories({
      'team/api': {},
      'team/denied': { files: { 'get-repository-policy.error.txt': denied } },
      'team/truncated': { files: { 'get-lifecycle-policy.json': '{"lifecyclePolicyText": "{', 'get-lifecycle-policy.error.txt': undefined } },
      'team/owned': tagged({ 'aws:cloudformation:stack-name': 'Legacy' }),
      'team/empty': tagged({ owner: '' }),
      'hub/nginx': {},
      'team/foreign': { description: { encryptionConfiguration: { encryptionType: 'KMS', kmsKey: 'arn:aws:kms:eu-west-1:111122223333:key/unknown' } } },
    }, { 'describe-registry.json': '{"registryId"', 'get-account-setting/BLOB_MOUNTING.json': { name: 'BLOB_MOUNTING', value: 'ENABLED' } }, '--exclude', 'hub/*');

    expect(code).toBe(1);
    expect(stderr).toMatchInlineSnapshot(`
"not in the app:
  the replication of the registry: the dump does not know it: the file is not complete JSON
  team/denied: the dump does not know its policy: An error occurred (AccessDeniedException) when calling the GetRepositoryPolicy operation: no. An import without them would change them
  team/truncated: the dump does not know its lifecycle policy: the file is not complete JSON. An import without them would change them
  team/owned: the CloudFormation stack Legacy owns it; remove it from that stack first, with DeletionPolicy Retain
  team/empty: CloudFormation rejects tags without a value: owner; give them a value or remove them first
  hub/nginx: left out with '--exclude'
  team/foreign: the dump does not know who manages the key arn:aws:kms:eu-west-1:111122223333:key/unknown; the app names it. If AWS manages it, write RepositoryEncryption.AWS_MANAGED_KEY before the import: afterwards the repository would be replaced
"
`);
    expect(everyRepositoryOf(folder)).toEqual(['team/api', 'team/foreign']);
    expect(files['README.md']).toContain('BLOB_MOUNTING');
    for (const line of stderr.trim().split('\n').slice(1)) {
      expect(files['README.md']).toContain(line.trim().split(': ')[1].slice(0, 40));
    }
  });

  test('lists fields that it does not know', async () => {
    const { code, stderr } = await adoptRepositories({ 'team/api': { description: { replicationStatus: 'PAUSED' } } }, {
      'describe-repository-creation-templates.json': { repositoryCreationTemplates: [{ prefix: 'x', appliedFor: ['REPLICATION'], imageTagMutability: 'MUTABLE', quota: 5 }] },
    });

    expect(code).toBe(1);
    expect(stderr).toContain("team/api: 'replicationStatus' is not known to this version");
    expect(stderr).toContain("template x: 'quota' is not known to this version");
  });

  test('of a registry without repositories writes an app that compiles', async () => {
    const { code, folder } = await adoptRepositories({}, {
      'get-registry-scanning-configuration.json': { scanningConfiguration: { scanType: 'BASIC', rules: [] } }, 'describe-registry.json': { registryId: ACCOUNT },
    });

    expect(code).toBe(0);
    expect(synthesize(folder)).toEqual([]);
  });

  test('keeps policies that AWS no longer accepts as they are', async () => {
    const lifecycle = { rules: [{ rulePriority: 1, selection: { tagStatus: 'any', countType: 'somethingNew', countNumber: 5 }, action: { type: 'explode' } }] };
    const { code, folder, files } = await adoptRepositories({ 'team/api': { lifecycle, policy: { Statement: [{ Effect: 'Maybe', Empty: [] }] } } });
    const [{ Properties }] = Object.values<any>(synthesize(folder).find(({ name }) => name === 'EcrTeam')!.template.Resources);

    expect(code).toBe(0);
    expect(files['lib/team-stack.ts']).toContain('// SecureRepository does not fit');
    expect(JSON.parse(Properties.LifecyclePolicy.LifecyclePolicyText)).toEqual(lifecycle);
    expect(Properties.RepositoryPolicyText).toEqual({ Statement: [{ Effect: 'Maybe', Empty: [] }] });
  });

  test.each([
    [['--stack', 'x'], "'--stack' must be a name with prefixes"],
    [['--stacks', 'x'], 'Allowed choices are namespace, registry'],
  ])('rejects %j', async (options, message) => {
    expect(await adoptRepositories({ a: {} }, {}, ...options)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  });

  test('overwrites nothing', async () => {
    const folder = folderOf({ 'bin/app.ts': 'mine' });

    expect(await invoke('adopt', dump({ 'team/api': {} }), '--out', folder)).toMatchObject({ code: 2, stderr: expect.stringContaining('new or an empty folder') });
    expect(readFileSync(join(folder, 'bin/app.ts'), 'utf8')).toBe('mine');
  });
});

test('every app of these tests compiles strictly', () => {
  expect(adopted.length).toBeGreaterThan(10);
  expect(compile(adopted)).toEqual([]);
}, 300_000);
