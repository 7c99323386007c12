/** The emulator that the run talks to, known to the test files by an environment variable. */
const VARIABLE = 'DEPLOY_TEST_ENDPOINT';

export function publishEndpoint(url: string): void {
  process.env[VARIABLE] = loopback(url);
}

/** The endpoint of the emulator; anything but a loopback address is an error. */
export function endpoint(): string {
  return loopback(process.env[VARIABLE] ?? 'no endpoint');
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
