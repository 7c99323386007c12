import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the run works with, known to the test files by environment variables. */
const [DIRECTORY, ENDPOINT, UPSTREAM] = ['DEPLOY_TEST_DIRECTORY', 'DEPLOY_TEST_ENDPOINT', 'DEPLOY_TEST_UPSTREAM'];

/** Makes the directory that holds everything that a run writes. */
export function openWorkDirectory(): void {
  process.env[DIRECTORY] = mkdtempSync(join(tmpdir(), 'cdk-secure-ecr-deploy-'));
}

/** Removes it. */
export function removeWorkDirectory(): void {
  rmSync(process.env[DIRECTORY]!, { recursive: true, force: true });
}

/** A new directory, which is gone after the run. */
export function newDirectory(): string {
  return mkdtempSync(join(process.env[DIRECTORY]!, 'part-'));
}

export function publish(servers: { readonly endpoint: string; readonly upstream: string }): void {
  process.env[ENDPOINT] = loopback(servers.endpoint);
  process.env[UPSTREAM] = servers.upstream;
}

/** The endpoint of the emulator; anything but a loopback address is an error. */
export function endpoint(): string {
  return loopback(process.env[ENDPOINT] ?? 'no endpoint');
}

/** Host and port of the registry that stands in for the upstreams of caches. */
export function upstream(): string {
  return new URL(loopback(`http://${process.env[UPSTREAM]}`)).host;
}

/** Credentials and endpoint for a program, and nothing of the user's own: the access key is the account. */
export function programEnvironment(account: string, region: string, home: string): NodeJS.ProcessEnv {
  return {
    AWS_ACCESS_KEY_ID: account,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL: endpoint(),
    AWS_REGION: region,
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    CI: 'true',
    HOME: home,
    NODE_NO_WARNINGS: '1',
    PATH: process.env.PATH,
  };
}

function loopback(url: string): string {
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  if (!/^(127(\.\d+){3}|localhost|\[::1\])$/.test(host)) {
    throw new Error(`deployments go to a loopback address only, got ${url}`);
  }
  return url;
}
