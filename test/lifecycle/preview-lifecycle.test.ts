import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { CHART, PRESETS } from '../../examples/lifecycle/compare-presets';
import { previewLifecycle } from '../../examples/lifecycle/preview-lifecycle';
import { ImageSelection, LifecyclePolicy, LifecycleRule } from '../../lib';

const EXAMPLES = join(__dirname, '../../examples/lifecycle');
const IMAGES = join(EXAMPLES, 'images.json');
const POLICY = join(EXAMPLES, 'policy.json');
const AT = ['--at', '2026-11-21'];

const folder = mkdtempSync(join(tmpdir(), 'preview-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

// The package test runs the same script as a process, with the package that is published.
describe('the script that previews a repository', () => {
  test('lists what goes and what stays, and why', () => {
    expect(`\n${previewLifecycle(['--images', IMAGES, '--policy', POLICY, '--manifests', join(EXAMPLES, 'manifests.json'), ...AT])}\n`).toMatchInlineSnapshot(`
"
ACTION  IMAGE                 PUSHED      SIZE      REASON
expire  pr-7                  2026-09-30  119.0 MB  rule 2 'pr-*' (tag pr-7): pushed 51 days ago, limit 30 days
expire  sha256:e37d51f3c790…  2026-10-05  1.0 MB    rule 3 (untagged): pushed 46 days ago, limit 7 days [AWS does not say whether a rule acts on a referrer whose subject stays: here it does]
expire  sha256:cba06b5736fa…  2026-11-01  120.0 MB  rule 3 (untagged): pushed 19 days ago, limit 7 days
keep    sha256:11507a0e2f5e…  2026-11-19  120.0 MB  rule 3 (untagged): pushed 1 day ago, limit 7 days
keep    pr-31                 2026-11-10  122.0 MB  rule 2 'pr-*' (tag pr-31): pushed 10 days ago, limit 30 days
keep    release-1.1           2026-10-05  1.0 MB    rule 1 'release-*' (tag release-1.1): number 1 from the newest, limit 1000
keep    sha256:fdfe96d43fa9…  2026-10-05  116.0 MB  index release-1.1 refers to it and is kept; otherwise rule 3 (untagged) would expire it
keep    sha256:699d9936ed26…  2026-10-05  121.0 MB  index release-1.1 refers to it and is kept; otherwise rule 3 (untagged) would expire it
keep    release-1.0           2026-03-02  118.0 MB  rule 1 'release-*' (tag release-1.0): number 2 from the newest, limit 1000

Of 9 images, 3 expire (240.0 MB), 0 are archived, 6 are kept (598.0 MB).
"
`);
  });

  test('would let the images of an index go without its manifest', () => {
    expect(previewLifecycle(['--images', IMAGES, '--policy', POLICY, ...AT])).toContain('Of 9 images, 5 expire');
  });

  test.each(['standard', 'production', 'development'])('knows the preset %s', preset => {
    expect(previewLifecycle(['--images', IMAGES, '--policy', preset, ...AT])).toContain('Of 9 images, ');
  });

  test('reads a policy as the AWS CLI prints it, lists as many images as asked for, and notes what is surely not meant', () => {
    const lifecyclePolicyText = '{"rules":[{"rulePriority":1,"selection":{"tagStatus":"tagged","tagPatternList":["a*","b*"],"countType":"imageCountMoreThan","countNumber":1},"action":{"type":"expire"}}]}';
    const policy = file('policy.json', JSON.stringify({ registryId: '111122223333', repositoryName: 'team/web', lifecyclePolicyText }));
    const report = previewLifecycle(['--images', IMAGES, '--policy', policy, '--rows', '2', ...AT]);

    expect(report).toContain('… and 7 more images');
    expect(report).toContain(`note: ${LifecyclePolicy.fromJson(lifecyclePolicyText).findings()[0].message}`);
  });

  test.each<[string, string[], string]>([
    ['nothing', [], 'usage: preview-lifecycle'],
    ['an unknown option', ['--image', IMAGES], "Unknown option '--image'"],
    ['a file that is not there', ['--images', 'nowhere.json', '--policy', 'standard'], 'nowhere.json'],
    ['something else than images', ['--images', POLICY, '--policy', 'standard'], "'describeImages' must be the JSON that the AWS CLI prints"],
    ['something else than a policy', ['--images', IMAGES, '--policy', IMAGES], "'rules'"],
    ['no date', ['--images', IMAGES, '--policy', 'standard', '--at', 'soon'], "'at' must be a date"],
    ['a date before the images', ['--images', IMAGES, '--policy', 'standard', '--at', '2026-01-01'], "must not be after 'at'"],
  ])('says what is wrong with %s', (_what, args, message) => {
    expect(() => previewLifecycle(args)).toThrow(message);
  });
});

describe('the guide', () => {
  const GUIDE = readFileSync(join(__dirname, '../../docs/guide/lifecycle.md'), 'utf8');
  const COMMANDS = [...GUIDE.matchAll(/^```sh\n(.*?)^```\n\n```\n(.*?)\n```$/gms)].map(([, commands, output]) => ({ command: commands.trimEnd().split('\n').at(-1)!, output }));

  test('has commands with their output', () => {
    expect(COMMANDS.map(({ command }) => command)).toEqual([expect.stringMatching(/^npx ts-node preview-lifecycle\.ts /)]);
  });

  test.each(COMMANDS)('shows the output of $command', ({ command, output }) => {
    const args = command.split(' ').slice(3).map(arg => arg.endsWith('.json') ? join(EXAMPLES, arg) : arg);

    expect(previewLifecycle(args)).toBe(output);
  });

  test('shows a finding as it is', () => {
    const policy = LifecyclePolicy.of(
      LifecycleRule.expire({ images: ImageSelection.tagPattern('sha-*'), olderThan: Duration.days(30) }),
      LifecycleRule.protect({ images: ImageSelection.tagPattern('prod') }),
    );
    const [{ id, message, loss, rewrittenPolicy }] = policy.findings();

    expect(GUIDE).toContain(`// ${id}\n`);
    expect(message.endsWith(/\/\/ … (.*)$/m.exec(GUIDE)![1])).toBe(true);
    expect(policy.preview(loss!).decisionFor(loss!.digest).action).toBe('expire');
    expect(LifecyclePolicy.fromJson(rewrittenPolicy!).findings()).toEqual([]);
  });
});

test('the chart in the README is fresh, or else `npm run charts` makes it so', () => {
  expect(readFileSync(join(__dirname, '../../docs/lifecycle-forecast.svg'), 'utf8')).toBe(CHART);
  expect(PRESETS.toTable().split('\n')).toHaveLength(4);
});
