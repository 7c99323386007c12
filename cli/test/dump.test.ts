import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDump } from '../src/dump/dump';
import { layout } from '../src/dump/layout';
import { errorOf, errorText } from '../src/dump/read-call';
import { folderOf } from './harness';

const ARN = 'arn:aws:ecr:eu-west-1:111122223333:repository/team/web';
const REPOSITORIES = { repositories: [{ repositoryName: 'team/web', repositoryArn: ARN }, { repositoryName: 'api' }] };

const registryOf = (files: Record<string, unknown> = {}) => {
  const folder = folderOf(Object.fromEntries(Object.entries({ 'describe-repositories.json': REPOSITORIES, ...files }).map(([path, content]) => [`111122223333/eu-west-1/${path}`, content])));
  return openDump(folder)[0];
};

describe('a dump', () => {
  test('has registries by account and Region', () => {
    const folder = folderOf({
      '111122223333/eu-west-1/describe-repositories.json': REPOSITORIES,
      '111122223333/us-east-1/describe-repositories.json': { repositories: [] },
      '444455556666/us-east-1/describe-repositories.json': { repositories: [] },
      'README.md': 'x',
    });
    expect(openDump(folder).map(({ account, region, repositories }) => [account, region, repositories.map(({ name }) => name)])).toEqual([
      ['111122223333', 'eu-west-1', ['team/web', 'api']],
      ['111122223333', 'us-east-1', []],
      ['444455556666', 'us-east-1', []],
    ]);
  });

  test('may be one registry in the folder itself, whose place the ARNs state', () => {
    expect(openDump(folderOf({ 'describe-repositories.json': REPOSITORIES }))).toMatchObject([{ account: '111122223333', region: 'eu-west-1' }]);
    expect(openDump(folderOf({ 'describe-repositories.json': { repositories: [] }, 'describe-registry.json': { registryId: '111122223333' } })))
      .toMatchObject([{ account: '111122223333', region: 'unknown' }]);
  });

  test.each<[string, Record<string, unknown>, RegExp]>([
    ['nothing', {}, /has no registry/],
    ['truncated JSON', { 'describe-repositories.json': '{"repositories": [{"repo' }, /is not complete JSON/],
    ['an empty file', { 'describe-repositories.json': '' }, /the file is empty/],
    ['a part', { 'describe-repositories.json': { repositories: [], nextToken: 'x' } }, /ends with a NextToken/],
    ['repositories without names', { 'describe-repositories.json': { repositories: [{}, {}] } }, /'repositories\[0\].repositoryName' must be given, got nothing and 1 more problems/],
    ['an error', { 'describe-repositories.error.txt': 'An error occurred (ExpiredTokenException) when calling the X operation: expired' }, /ExpiredTokenException/],
  ])('with %s cannot be opened', (_, files, message) => {
    expect(() => openDump(folderOf(files))).toThrow(message);
  });

  test('is opened if one of its registries can be read, and states why another cannot', () => {
    const folder = folderOf({ '1/a/describe-repositories.json': { repositories: [] }, '1/b/describe-repositories.json': '{' });

    expect(openDump(folder).map(({ problems }) => problems)).toEqual([[], [expect.stringContaining('not complete JSON')]]);
  });

  test('that does not exist is an error', () => {
    expect(() => openDump('/nowhere')).toThrow(/must be a folder/);
  });
});

describe('a call', () => {
  test('is read with fields that are not known, in the forms of both versions of the AWS CLI', () => {
    const image = { imageDigest: 'sha256:a', imagePushedAt: 1700000000.5, imageTags: ['größe-✓'], newField: { x: 1 } };
    const files = { 'repositories/team%2Fweb/describe-images.json': { imageDetails: [image, { ...image, imagePushedAt: '2026-01-01T00:00:00+01:00' }], other: 1 } };

    expect(registryOf(files).repositories[0].call('describe-images')).toMatchObject({ state: 'read', value: { imageDetails: [image, {}] } });
  });

  test.each([
    ['LifecyclePolicyNotFoundException', 'none'],
    ['AccessDeniedException', 'unknown'],
    ['RepositoryNotFoundException', 'unknown'],
  ])('that failed with %s is %s', (code, state) => {
    const path = 'repositories/api/get-lifecycle-policy';
    const error = `\nAn error occurred (${code}) when calling the GetLifecyclePolicy operation: no\n`;

    expect(registryOf({ [`${path}.error.txt`]: error }).repositories[1].call('get-lifecycle-policy')).toMatchObject({ state });
    // A shell leaves an empty output beside it.
    expect(registryOf({ [`${path}.error.txt`]: error, [`${path}.json`]: '' }).repositories[1].call('get-lifecycle-policy')).toMatchObject({ state });
  });

  test('with an output is read, also if an older error is beside it', () => {
    const files = { 'get-registry-policy.json': { policyText: '{}' }, 'get-registry-policy.error.txt': '' };

    expect(registryOf(files).call('get-registry-policy')).toEqual({ state: 'read', value: { policyText: '{}' } });
  });

  test.each<[string, Record<string, unknown>, RegExp]>([
    ['is missing', {}, /does not include it/],
    ['is empty', { 'get-registry-policy.json': ' ' }, /is empty/],
    ['is truncated', { 'get-registry-policy.json': '{"policyText": "{' }, /not complete JSON/],
    ['has another shape', { 'get-registry-policy.json': { policyText: {} } }, /'policyText' must be a string, got {}/],
    ['is no object', { 'get-registry-policy.json': '[]' }, /'the output' must be an object, got \[\]/],
  ])('whose file %s is not known', (_, files, reason) => {
    expect(registryOf(files).call('get-registry-policy')).toEqual({ state: 'unknown', reason: expect.stringMatching(reason) });
  });

  test('for a key is found by id and by ARN', () => {
    const registry = registryOf({ 'describe-key/1234-abcd.json': { KeyMetadata: { KeyId: '1234-abcd', KeyManager: 'AWS' } } });

    for (const name of ['1234-abcd', 'arn:aws:kms:eu-west-1:111122223333:key/1234-abcd']) {
      expect(registry.named('describe-key', name)).toMatchObject({ state: 'read', value: { KeyMetadata: { KeyManager: 'AWS' } } });
    }
    expect(registry.named('describe-key', 'other')).toMatchObject({ state: 'unknown' });
  });

  test('has an error in the words of the AWS CLI', () => {
    const error = { code: 'AccessDeniedException', message: 'not allowed' };

    expect(errorOf(errorText('GetLifecyclePolicy', error))).toEqual({
      code: 'AccessDeniedException', message: 'An error occurred (AccessDeniedException) when calling the GetLifecyclePolicy operation: not allowed',
    });
  });
});

describe('the layout', () => {
  test('gives each repository a folder of its own', () => {
    const names = ['team/web', 'team__web', 'team-web', 'team', 'team/describe-images.json', 'a/b/c'];

    expect(new Set(names.map(name => layout.repository('x', name))).size).toBe(names.length);
    expect(layout.repository('x', 'team/web')).toBe(join('x', 'repositories', 'team%2Fweb'));
  });

  test('is that of the shell script of the guide', () => {
    const guide = readFileSync(join(__dirname, '../../docs/guide/cli.md'), 'utf8');
    const script = /```sh\n(#!.+?)```/s.exec(guide)![1];
    const answers = {
      'ecr describe-repositories': REPOSITORIES, 'ecr describe-registry': { registryId: '111122223333' }, 'ecr describe-images': { imageDetails: [] },
      'ecr list-tags-for-resource': { tags: [] }, 'ecr get-repository-policy': { policyText: '{}' },
    };
    const folder = folderOf({ 'bin/aws': `#!/usr/bin/env node
const answers = ${JSON.stringify(answers)};
const answer = answers[process.argv.slice(2, 4).join(' ')];
if (process.argv.includes('text')) {
  console.log(answers['ecr describe-repositories'].repositories.map(it => it.repositoryName).join('\\t'));
} else if (answer) {
  console.log(JSON.stringify(answer));
} else {
  console.error('\\nAn error occurred (LifecyclePolicyNotFoundException) when calling the X operation: none');
  process.exit(254);
}
`, 'dump.sh': script });
    const { status, stderr } = spawnSync('bash', ['-c', 'chmod +x bin/aws && PATH="$PWD/bin:$PATH" bash dump.sh'], { cwd: folder, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });

    const [registry] = openDump(join(folder, 'dump'));
    expect(registry.repositories.map(it => [it.name, it.call('describe-images').state, it.call('get-lifecycle-policy').state, it.call('get-repository-policy').state])).toEqual([
      ['team/web', 'read', 'none', 'read'], ['api', 'read', 'none', 'read'],
    ]);
    expect(registry.call('describe-registry').state).toBe('read');
  });
});
