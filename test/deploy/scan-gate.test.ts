import { chmodSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { ScanType } from 'cdk-secure-ecr';
import { HOME_REGION } from './harness/accounts';
import { bootstrap, Deployment } from './harness/cdk';
import { Clients } from './harness/clients';
import { newDirectory, programEnvironment } from './harness/environment';
import type { Descriptor, OciLayout } from './harness/oci-layout';
import { become } from './harness/people';
import { type Outcome, run } from './harness/processes';
import { RegistryClient } from './harness/registry-client';
import { AWS_CLI } from './harness/tools';
import { GatedStack } from './stacks/gated';

/** Roles have the same names in both, and a registry has one way of scanning. */
const ACCOUNTS = { [ScanType.BASIC]: '606060606060', [ScanType.ENHANCED]: '707070707070' };

type Repository = 'scanned' | 'unscanned';

/** A registry with gates, and the real AWS CLI to ask it with. */
class Gates {
  private readonly deployment = new Deployment();
  private readonly account: string;
  private readonly home = newDirectory();
  private scripts: GatedStack['scripts'] | undefined;
  private client: RegistryClient | undefined;

  constructor(private readonly scanType: ScanType) {
    this.account = ACCOUNTS[scanType];
    writeFileSync(join(this.home, 'sleep'), '#!/bin/sh\n');
    chmodSync(join(this.home, 'sleep'), 0o755);
  }

  public async deploy(): Promise<void> {
    await bootstrap(this.account, [HOME_REGION]);
    const place = { account: this.account, region: HOME_REGION };
    await this.deployment.deploy(app => {
      this.scripts = new GatedStack(app, `Gated${this.scanType}`, place, this.scanType, Duration.minutes(2)).scripts;
    });
    this.client = await RegistryClient.login(new Clients(place), this.registry);
  }

  public destroy(): Promise<void> {
    return this.deployment.destroy();
  }

  public async push(repository: Repository, tag: string, make: (layout: OciLayout) => Descriptor): Promise<void> {
    expect(await this.client!.push(`${this.registry}/gated/${repository}`, tag, make)).toMatchObject({ code: 0 });
  }

  /** Runs the script of a gate as a role. */
  public async ask(repository: Repository, tag: string, roleName = 'gate'): Promise<Outcome> {
    const { accessKeyId, secretAccessKey, sessionToken } = await (await become(this.account, roleName)).ecr.config.credentials();
    return run('sh', ['-s', tag], {
      input: this.scripts![repository],
      env: {
        ...programEnvironment(this.account, HOME_REGION, this.home),
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_SESSION_TOKEN: sessionToken,
        PATH: [this.home, dirname(AWS_CLI), process.env.PATH].join(delimiter),
      },
    });
  }

  private get registry(): string {
    return `${this.account}.dkr.ecr.${HOME_REGION}.amazonaws.com`;
  }
}

const findings = (count: number, severity: string): string => Array.from({ length: count }, (_, index) => `CVE-2026-${1000 + index} ${severity}\n`).join('');
const CLEAN = `supported\n${findings(5, 'HIGH')}${findings(9, 'LOW')}`;

describe('a gate in front of a registry with basic scanning', () => {
  const gates = new Gates(ScanType.BASIC);

  beforeAll(() => gates.deploy());

  afterAll(() => gates.destroy());

  test('waits for the scan and lets an image within the limits pass', async () => {
    await gates.push('scanned', 'good', layout => layout.image(CLEAN));

    const { code, output } = await gates.ask('scanned', 'good');
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('waiting: SCAN_NOT_FOUND') as string });
    expect(output).toContain('waiting: COMPLETE');
    expect(output).toContain('0 CRITICAL (at most 0), 5 HIGH (at most 5)');
  });

  test('counts all pages of findings', async () => {
    await gates.push('scanned', 'bad', layout => layout.image(`supported\n${findings(150, 'LOW')}${findings(101, 'HIGH')}`));

    const { code, output } = await gates.ask('scanned', 'bad');
    expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining('too many: 0 CRITICAL (at most 0), 101 HIGH (at most 5)') as string });
  });

  test('looks at every image of a tag of several architectures, and at no attestation', async () => {
    const attestation = { architecture: 'unknown', os: 'unknown' };
    await gates.push('scanned', 'multi', layout => layout.index(
      layout.image(`${CLEAN}amd64`), layout.image(`supported ${findings(1, 'CRITICAL')}`, 'arm64'), { ...layout.image('{}'), platform: attestation },
    ));

    const { code, output } = await gates.ask('scanned', 'multi');
    expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining('(linux/arm64): too many: 1 CRITICAL') as string });
    expect(output).toContain('(linux/amd64): 0 CRITICAL');
    expect(output).not.toContain('unknown');
  });

  test('has no verdict on an image that the scanner does not support', async () => {
    await gates.push('scanned', 'scratch', layout => layout.image('a binary'));

    expect(await gates.ask('scanned', 'scratch')).toMatchObject({ code: 2, output: expect.stringContaining('the scanner does not support it') as string });
  });

  test.each([['CRITICAL', 1], ['LOW', 0]])('starts the scan of an image that nobody scans: %s', async (severity, code) => {
    await gates.push('unscanned', severity, layout => layout.image(`supported ${findings(1, severity)}`));

    expect(await gates.ask('unscanned', severity)).toMatchObject({ code, output: expect.stringContaining('started a scan') as string });
  });

  test('cannot ask without its permission, nor for an image that is not there', async () => {
    expect(await gates.ask('scanned', 'good', 'bystander')).toMatchObject({
      code: 3, output: expect.stringMatching(/bystander\/.* is not authorized to perform: ecr:BatchGetImage/) as string,
    });
    expect(await gates.ask('scanned', 'v9')).toMatchObject({ code: 3, output: expect.stringContaining('has no imageTag=v9: Requested image not found') as string });
  });
});

describe('a gate in front of a registry with enhanced scanning', () => {
  const gates = new Gates(ScanType.ENHANCED);

  beforeAll(() => gates.deploy());

  afterAll(() => gates.destroy());

  test('knows that a scan which stays active has findings', async () => {
    await gates.push('unscanned', 'good', layout => layout.image(CLEAN));
    await gates.push('unscanned', 'bad', layout => layout.image(`supported ${findings(1, 'CRITICAL')}${findings(120, 'HIGH')}`));

    const { code, output } = await gates.ask('unscanned', 'good');
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('waiting: ACTIVE') as string });
    expect(await gates.ask('unscanned', 'bad')).toMatchObject({
      code: 1, output: expect.stringContaining('too many: 1 CRITICAL (at most 0), 120 HIGH (at most 5)') as string,
    });
  });

  test('has no verdict on an image that the scanner does not support', async () => {
    await gates.push('scanned', 'scratch', layout => layout.image('a binary'));

    expect(await gates.ask('scanned', 'scratch')).toMatchObject({ code: 2, output: expect.stringContaining('the scanner does not support it') as string });
  });

  test('cannot ask without a permission of Amazon Inspector', async () => {
    await gates.push('scanned', 'good', layout => layout.image(CLEAN));

    expect(await gates.ask('scanned', 'good', 'basic-gate')).toMatchObject({
      code: 3, output: expect.stringContaining('not authorized to perform: inspector2:ListCoverage') as string,
    });
    expect(await gates.ask('scanned', 'good')).toMatchObject({ code: 0 });
  });
});

describe('not done by the emulator, so not proven here', () => {
  test.todo('scanners look for vulnerabilities: what one finds is what stands in an image');
});
