import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { openDump } from '../src/dump/dump';
import { CALLS } from '../src/snapshot/calls';
import { folderOf, invoke, invokeJson, type Result } from './harness';

const PROJECT = join(__dirname, '../..');
const INDEX = 'application/vnd.oci.image.index.v1+json';

/** What the mock answers to an operation: a value, or an error. */
type Answer = (input: any, request: { account: string; region: string; count: number }) => unknown;

class Refusal {
  constructor(readonly code: string, readonly status = 400) {}
}

/** The API of AWS on the loopback interface. The access key is the account. */
class MockApi {
  readonly calls: string[] = [];
  private server!: Server;

  constructor(public answers: Record<string, Answer>) {}

  async start(): Promise<string> {
    this.server = createServer((request, response) => {
      let body = '';
      request.on('data', chunk => {
        body += chunk;
      });
      request.on('end', () => {
        const { operation, input } = this.parse(request, body);
        const [, account, region] = /Credential=(\w+)\/\d+\/([\w-]+)\//.exec(request.headers.authorization ?? '')!;
        this.calls.push(operation);
        const count = this.calls.filter(call => call === operation).length;
        const answer = (this.answers[operation] ?? (() => new Refusal('AccessDeniedException')))(input, { account, region, count });
        const isXml = operation === 'GetCallerIdentity';
        response.statusCode = answer instanceof Refusal ? answer.status : 200;
        response.setHeader('content-type', isXml ? 'text/xml' : 'application/x-amz-json-1.1');
        if (answer instanceof Refusal) {
          response.setHeader('x-amzn-errortype', answer.code);
          response.end(isXml ? `<ErrorResponse><Error><Code>${answer.code}</Code><Message>no</Message></Error></ErrorResponse>` : JSON.stringify({ __type: answer.code, message: 'no' }));
        } else {
          response.end(isXml ? `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>` : JSON.stringify(answer));
        }
      });
    });
    await new Promise<void>(resolve => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private parse(request: IncomingMessage, body: string): { operation: string; input: unknown } {
    const target = request.headers['x-amz-target'];
    if (typeof target === 'string') {
      return { operation: target.split('.')[1], input: JSON.parse(body) };
    }
    return request.url === '/findings/list' ? { operation: 'ListFindings', input: JSON.parse(body) } : { operation: new URLSearchParams(body).get('Action')!, input: {} };
  }
}

const none = (code: string) => () => new Refusal(code);

/** A registry of so many repositories, with two pages of repositories and of images. */
function registry(count: number): Record<string, Answer> {
  const names = Array.from({ length: count }, (_, index) => `team/service-${index}`);
  return {
    GetCallerIdentity: () => ({}),
    DescribeRepositories: ({ nextToken }, { account, region }) => {
      const repositories = names.map(repositoryName => ({
        repositoryName,
        repositoryArn: `arn:aws:ecr:${region}:${account}:repository/${repositoryName}`,
        createdAt: 1700000000.25,
        imageTagMutability: 'IMMUTABLE',
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfiguration: { encryptionType: 'KMS', kmsKey: `arn:aws:kms:${region}:${account}:key/1234` },
      }));
      const half = Math.ceil(count / 2);
      return nextToken ? { repositories: repositories.slice(half) } : { repositories: repositories.slice(0, half), nextToken: 'more' };
    },
    DescribeImages: ({ nextToken }) => nextToken
      ? { imageDetails: [{ imageDigest: 'sha256:index', imagePushedAt: 1700000000, imageManifestMediaType: INDEX, imageTags: ['größe-✓'] }] }
      : { imageDetails: [{ imageDigest: 'sha256:child', imagePushedAt: 1700000000, imageSizeInBytes: 5 }], nextToken: 'more' },
    BatchGetImage: ({ imageIds }) => ({ images: imageIds.map((imageId: unknown) => ({ imageId, imageManifest: JSON.stringify({ manifests: [{ digest: 'sha256:child' }] }) })) }),
    GetLifecyclePolicy: none('LifecyclePolicyNotFoundException'),
    GetRepositoryPolicy: () => ({ policyText: JSON.stringify({ Version: '2012-10-17', Statement: [] }) }),
    ListTagsForResource: () => ({ tags: [{ Key: 'team', Value: 'größe' }] }),
    DescribeRegistry: (_, { account }) => ({ registryId: account, replicationConfiguration: { rules: [] } }),
    GetRegistryPolicy: none('RegistryPolicyNotFoundException'),
    GetRegistryScanningConfiguration: () => ({ scanningConfiguration: { scanType: 'BASIC', rules: [] } }),
    GetSigningConfiguration: none('SigningConfigurationNotFoundException'),
    GetAccountSetting: ({ name }) => ({ name, value: 'ENABLED' }),
    DescribePullThroughCacheRules: ({ nextToken }) => ({ pullThroughCacheRules: [{ ecrRepositoryPrefix: nextToken ?? 'a', upstreamRegistryUrl: 'quay.io' }], nextToken: nextToken ? undefined : 'b' }),
    DescribeRepositoryCreationTemplates: () => ({ repositoryCreationTemplates: [] }),
    ListPullTimeUpdateExclusions: () => ({ pullTimeUpdateExclusions: [] }),
    DescribeKey: () => ({ KeyMetadata: { KeyId: '1234', KeyManager: 'AWS', CreationDate: 1700000000 } }),
    ListFindings: () => ({ findings: [{ severity: 'HIGH', status: 'ACTIVE', type: 'PACKAGE_VULNERABILITY' }] }),
  };
}

/** Runs the command in a process of its own, against the mock. */
function snapshot(endpoint: string, args: string[], environment: Record<string, string> = {}): Promise<Result> {
  const child = spawn(process.execPath, ['-r', 'ts-node/register/transpile-only', join(PROJECT, 'cli/src/main.ts'), 'snapshot', ...args], {
    cwd: PROJECT,
    env: {
      PATH: process.env.PATH, NODE_NO_WARNINGS: '1', AWS_ENDPOINT_URL: endpoint, AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: '111122223333', AWS_SECRET_ACCESS_KEY: 'x',
      AWS_CONFIG_FILE: '/nowhere', AWS_SHARED_CREDENTIALS_FILE: '/nowhere', AWS_EC2_METADATA_DISABLED: 'true', ...environment,
    },
  });
  const result = { code: -1, stdout: '', stderr: '' };
  child.stdout.on('data', chunk => {
    result.stdout += String(chunk);
  });
  child.stderr.on('data', chunk => {
    result.stderr += String(chunk);
  });
  return new Promise(resolve => child.on('close', code => resolve({ ...result, code: code ?? -1 })));
}

describe('snapshot', () => {
  let mock: MockApi;
  let endpoint: string;

  beforeEach(async () => {
    mock = new MockApi(registry(5));
    endpoint = await mock.start();
  });

  afterEach(() => mock.stop());

  test('reads every call of the table, page by page, and nothing else, into a dump that audit takes', async () => {
    const out = join(folderOf(), 'dump');
    const { code, stderr } = await snapshot(endpoint, ['--out', out, '--findings']);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '111122223333 eu-west-1: 5 repositories\n' });
    expect(new Set(mock.calls)).toEqual(new Set(Object.values(CALLS).map(({ operation }) => operation)));
    const [dump] = openDump(out);
    expect(dump.repositories.map(({ name }) => name)).toEqual(['team/service-0', 'team/service-1', 'team/service-2', 'team/service-3', 'team/service-4']);
    expect(dump.call('describe-pull-through-cache-rules')).toMatchObject({ value: { pullThroughCacheRules: [{ ecrRepositoryPrefix: 'a' }, { ecrRepositoryPrefix: 'b' }] } });
    expect(dump.repositories[4].call('describe-images')).toMatchObject({ value: { imageDetails: [{ imageDigest: 'sha256:child', imagePushedAt: '2023-11-14T22:13:20.000Z' }, { imageTags: ['größe-✓'] }] } });
    expect(dump.repositories[0].call('get-lifecycle-policy')).toEqual({ state: 'none' });

    const { json } = await invokeJson('audit', out);
    expect(json.registries[0].unseen).toEqual([]);
    expect(json.registries[0].totals).toMatchObject({ repositories: 5, images: 10 });
  });

  test('calls only what the policy of permissions allows', async () => {
    await snapshot(endpoint, ['--out', join(folderOf(), 'dump'), '--findings']);
    const { stdout } = await invoke('permissions', '--findings');
    const allowed = new Set(JSON.parse(stdout).Statement.flatMap((statement: any) => statement.Action) as string[]);
    const actions = new Map<string, string | undefined>(Object.values(CALLS).map(call => [call.operation, 'action' in call ? call.action : undefined]));

    for (const operation of new Set(mock.calls)) {
      // Everybody may ask who they are.
      expect(operation === 'GetCallerIdentity' || allowed.has(actions.get(operation)!)).toBe(true);
    }
  });

  test('reads several Regions', async () => {
    const out = join(folderOf(), 'dump');
    expect((await snapshot(endpoint, ['--out', out, '--region', 'eu-west-1', 'us-east-1'])).code).toBe(0);
    expect(openDump(out).map(({ account, region }) => [account, region])).toEqual([['111122223333', 'eu-west-1'], ['111122223333', 'us-east-1']]);
  });

  test('reads several accounts by their profiles', async () => {
    const folder = folderOf({ credentials: '[prod]\naws_access_key_id = 111111111111\naws_secret_access_key = x\n[test]\naws_access_key_id = 222222222222\naws_secret_access_key = x\n' });
    const out = join(folder, 'dump');
    const { code, stderr } = await snapshot(endpoint, ['--out', out, '--profile', 'prod', 'test'], { AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'), AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' });

    expect({ code, stderr }).toEqual({ code: 0, stderr: '111111111111 eu-west-1: 5 repositories\n222222222222 eu-west-1: 5 repositories\n' });
  });

  test('retries throttled calls', async () => {
    const { DescribeImages: answer } = mock.answers;
    mock.answers.DescribeImages = (input, request) => request.count % 3 === 1 ? new Refusal('ThrottlingException') : answer(input, request);

    expect((await snapshot(endpoint, ['--out', join(folderOf(), 'dump')])).code).toBe(0);
  });

  test('records refused calls, exits with 1, and reads only these when it runs again', async () => {
    const out = join(folderOf(), 'dump');
    const { GetRepositoryPolicy: answer } = mock.answers;
    mock.answers.GetRepositoryPolicy = none('AccessDeniedException');
    const first = await snapshot(endpoint, ['--out', out]);
    expect(first.code).toBe(1);
    expect(first.stderr).toContain('5 calls failed');
    expect(openDump(out)[0].repositories[0].call('get-repository-policy')).toMatchObject({ state: 'unknown', reason: expect.stringContaining('AccessDeniedException') });

    mock.answers.GetRepositoryPolicy = answer;
    mock.calls.length = 0;
    expect((await snapshot(endpoint, ['--out', out])).code).toBe(0);
    expect(new Set(mock.calls)).toEqual(new Set(['GetCallerIdentity', 'GetRepositoryPolicy']));
    expect(openDump(out)[0].repositories[0].call('get-repository-policy').state).toBe('read');
    expect(await snapshot(endpoint, ['--out', out])).toMatchObject({ code: 2, stderr: expect.stringContaining('complete snapshot') });
  });

  test.each(['ExpiredTokenException', 'UnrecognizedClientException'])('stops at %s half way, and continues when it runs again', async code => {
    const out = join(folderOf(), 'dump');
    const { ListTagsForResource: answer } = mock.answers;
    mock.answers.ListTagsForResource = (input, request) => request.count > 2 ? new Refusal(code) : answer(input, request);
    const first = await snapshot(endpoint, ['--out', out, '--concurrency', '1']);
    expect(first.code).toBe(2);
    expect(first.stderr).toContain(code);
    expect(first.stderr).toContain('run the same command again');
    expect(filesIn(out).filter(path => path.endsWith('list-tags-for-resource.json'))).toHaveLength(2);
    expect(filesIn(out).filter(path => path.endsWith('.tmp'))).toEqual([]);

    mock.answers.ListTagsForResource = answer;
    mock.calls.length = 0;
    expect((await snapshot(endpoint, ['--out', out])).code).toBe(0);
    expect(mock.calls.filter(call => call === 'ListTagsForResource')).toHaveLength(3);
    expect(mock.calls).not.toContain('DescribeRepositories');
  });

  test('of a registry without repositories is complete', async () => {
    mock.answers = registry(0);
    const out = join(folderOf(), 'dump');

    expect((await snapshot(endpoint, ['--out', out])).code).toBe(0);
    expect((await invokeJson('audit', out)).json.registries[0].totals).toMatchObject({ repositories: 0, images: 0 });
  });

  test.each([['--concurrency', '0'], ['--concurrency', 'x']])('%s %s is an error', async (...option) => {
    expect((await invoke('snapshot', '--out', join(folderOf(), 'dump'), ...option)).code).toBe(2);
  });

  test('without credentials or a server fails in plain words', async () => {
    const out = join(folderOf(), 'dump');
    const result = await snapshot(endpoint, ['--out', out], { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' });

    expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining('redentials') });
    expect(result.stderr).not.toContain('unexpected error');
    expect(existsSync(join(out, '111122223333'))).toBe(false);
  });
});

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
}

test('no source of the command names an operation that is not in the table of calls', () => {
  const sources = filesIn(join(PROJECT, 'cli/src')).map(path => readFileSync(path, 'utf8')).join('\n');

  expect(sources.match(/\b(?:Put|Create|Delete|Set|Update|Start|Tag|Untag|Register|Deregister|Batch[A-Z]\w*Delete)\w*Command\b/g)).toBeNull();
});
