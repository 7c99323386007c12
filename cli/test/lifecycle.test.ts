import { join } from 'node:path';
import { fileOf, invoke, invokeJson } from './harness';
import { dump, image, rule } from './registry';

const EXAMPLES = join(__dirname, '../../examples/lifecycle');
const KEEP_1 = rule({ tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 1 });
const UNTAGGED = rule({ tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 7 });
const AND_LIST = rule({ tagStatus: 'tagged', tagPatternList: ['dev-*', 'test-*'], countType: 'sinceImagePushed', countUnit: 'days', countNumber: 7 });

describe('lifecycle preview', () => {
  test('previews files of the AWS CLI', async () => {
    const { code, stdout } = await invoke('lifecycle', 'preview', '--images', join(EXAMPLES, 'images.json'), '--manifests', join(EXAMPLES, 'manifests.json'), '--policy', join(EXAMPLES, 'policy.json'), '--at', '2026-11-21');

    expect(code).toBe(0);
    expect(stdout).toMatch(/^ACTION +IMAGE +PUSHED +SIZE +REASON\nexpire +pr-7/);
    expect(stdout).toMatch(/Of \d+ images, \d+ expire/);
  });

  test('previews a repository of a dump under its own policy and under a preset', async () => {
    const folder = dump({ 'team/web': { images: [image('a', 1), image('b', 2)], lifecycle: KEEP_1 } });

    expect((await invoke('lifecycle', 'preview', '--dump', folder, '--repository', 'team/web')).stdout).toContain('1 expire');
    expect((await invoke('lifecycle', 'preview', '--dump', folder, '--repository', 'team/web', '--policy', 'standard')).stdout).toContain('0 expire');
    expect((await invoke('lifecycle', 'preview', '--dump', folder, '--repository', 'team/web', '--rows', '0')).stdout).toContain('and 2 more images');
  });

  test.each<[string, string[], RegExp]>([
    ['no images', ['--policy', 'standard'], /--images/],
    ['images twice', ['--images', 'x', '--dump', dump({ a: {} }), '--repository', 'a', '--policy', 'standard'], /--images/],
    ['no policy', ['--images', fileOf('i.json', { imageDetails: [] })], /--policy/],
    ['no policy in the dump', ['--dump', dump({ a: {} }), '--repository', 'a'], /the repository has none/],
    ['another repository', ['--dump', dump({ a: {} }), '--repository', 'b'], /must be one of the dump, such as a/],
    ['an invalid policy', ['--images', fileOf('i.json', { imageDetails: [] }), '--policy', fileOf('p.json', { rules: [{}] })], /p\.json: .*rules/],
    ['a missing file', ['--images', '/nowhere', '--policy', 'standard'], /cannot read \/nowhere/],
    ['invalid images', ['--images', fileOf('i.json', { imageDetails: [{}] }), '--policy', 'standard'], /imageDigest/],
    ['an invalid date', ['--images', fileOf('i.json', { imageDetails: [] }), '--policy', 'standard', '--at', 'x'], /--at/],
  ])('fails for %s', async (_, args, message) => {
    expect(await invoke('lifecycle', 'preview', ...args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(message) });
  });
});

describe('lifecycle lint', () => {
  test('reports what is invalid and what is probably unintended', async () => {
    const invalid = fileOf('invalid.json', { rules: [{}] });
    const { code, json } = await invokeJson('lifecycle', 'lint', invalid, fileOf('and.json', { lifecyclePolicyText: JSON.stringify(AND_LIST) }));

    expect(code).toBe(1);
    expect(json.findings.map(({ rule: id }: any) => id)).toEqual(expect.arrayContaining(['invalidLifecyclePolicy', 'andList']));
  });

  test('checks all policies of a dump', async () => {
    const { json } = await invokeJson('lifecycle', 'lint', '--dump', dump({ good: { lifecycle: KEEP_1 }, bad: { lifecycle: AND_LIST }, none: {} }));

    expect(json.policies).toBe(2);
    expect(json.findings.map(({ resource }: any) => resource)).toContain('bad');
    expect(json.findings.map(({ resource }: any) => resource)).not.toContain('good');
  });

  test('without a policy is an error', async () => {
    expect((await invoke('lifecycle', 'lint')).code).toBe(2);
  });
});

describe('lifecycle forecast and compare', () => {
  test('print images, cost and rollback days', async () => {
    const { code, stdout } = await invoke('lifecycle', 'forecast', 'production', '--pushes', 'release-*=0.5', 'pr-*=2', '--days', '90', '--image-size', '100');

    expect(code).toBe(0);
    expect(stdout).toMatch(/^DAY +IMAGES/);
    expect(stdout).toContain('release-*');
  });

  test('print policies side by side', async () => {
    const { code, stdout } = await invoke('lifecycle', 'compare', 'standard', fileOf('own.json', UNTAGGED), '--pushes', 'latest=2', '--days', '60');

    expect(code).toBe(0);
    expect(stdout).toMatch(/^POLICY/);
    expect(stdout.match(/standard|own\.json/g)).toHaveLength(2);
  });

  test('learn the pushes from files of the AWS CLI', async () => {
    const { code, stdout } = await invoke('lifecycle', 'forecast', 'production', '--images', join(EXAMPLES, 'images.json'), '--manifests', join(EXAMPLES, 'manifests.json'), '--at', '2026-11-21', '--runs', '0', '--days', '30');

    expect(code).toBe(0);
    expect(stdout).toMatch(/^pr-\* +2 +51\.5 /m);
    expect(stdout).toContain('The history is too short to rely on');
  });

  test('learn the pushes from a dump', async () => {
    const folder = dump({ 'team/web': { images: [image('a', 1, { imageTags: ['v1'] }), image('b', 2, { imageTags: ['v2'] })] } });

    expect((await invoke('lifecycle', 'compare', 'standard', 'production', '--dump', folder, '--repository', 'team/web')).stdout).toMatch(/^POLICY .*ROLLBACK DAYS v\*/);
  });

  test.each<[string[], RegExp]>([
    [['forecast', 'production'], /--pushes/],
    [['forecast', 'production', '--pushes', 'x=1', '--images', 'x'], /give the pushes with '--pushes', or a history/],
    [['forecast', 'production', '--dump', 'x', '--images', 'x'], /give the images with '--images FILE', or with '--dump DIR/],
    [['forecast', 'production', '--images', 'x', '--at', 'soon'], /cannot read x/],
    [['forecast', 'production', '--pushes', 'x'], /must be tags with pushes a day/],
    [['forecast', 'production', '--pushes', 'x=1', '--days', '0'], /'days' must be/],
    [['compare', '--pushes', 'x=1'], /policy/],
  ])('%j fails', async (args, message) => {
    expect(await invoke('lifecycle', ...args)).toMatchObject({ code: 2, stderr: expect.stringMatching(message) });
  });
});

test('every command has an example in its help', async () => {
  for (const command of [['check'], ['diff'], ['snapshot'], ['audit'], ['permissions'], ['lifecycle'], ...['preview', 'lint', 'forecast', 'compare'].map(name => ['lifecycle', name])]) {
    expect(await invoke(...command, '--help')).toMatchObject({ code: 0, stdout: expect.stringMatching(/Examples?:\n {2}cdk-secure-ecr-cli /) });
  }
});
