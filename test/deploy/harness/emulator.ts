import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { ORGANIZATION, ORGANIZATION_ACCOUNTS, UPSTREAM_LOGIN } from './accounts';
import { groupIsAlive, killGroup, pause } from './processes';
import { CRANE, PYTHON } from './tools';

/** A running emulator: on a port that the system chose, reachable from this machine only. */
export class Emulator {
  public static async start(): Promise<Emulator> {
    const child = spawn(PYTHON, ['-m', 'emulator'], {
      cwd: join(__dirname, '..'),
      detached: true,
      env: {
        CRANE,
        EMULATOR_UPSTREAM_LOGIN: UPSTREAM_LOGIN.join(':'),
        EMULATOR_ORGANIZATION: `${ORGANIZATION}:${ORGANIZATION_ACCOUNTS.join(',')}`,
        LOG_LEVEL: process.env.EMULATOR_LOG_LEVEL,
        PATH: process.env.PATH,
        PYTHONDONTWRITEBYTECODE: '1',
      },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const { endpoint, upstream } = JSON.parse(await firstLine(child)) as { endpoint: string; upstream: string };
    await waitUntilHealthy(endpoint);
    return new Emulator(child, endpoint, upstream);
  }

  private constructor(
    private readonly child: ChildProcess,
    public readonly endpoint: string,
    /** Host and port of a registry that stands in for the upstreams of caches. */
    public readonly upstream: string,
  ) {}

  /** Stops it, and fails if a process or an open port stays behind. */
  public async stop(): Promise<void> {
    const gone = new Promise<boolean>(resolve => this.child.once('exit', code => resolve(code === 0)));
    const limit = setTimeout(() => killGroup(this.child), 10_000);
    this.child.stdin!.end();
    const byItself = await gone;
    clearTimeout(limit);
    if (!byItself || groupIsAlive(this.child.pid!) || await answers(this.endpoint)) {
      throw new Error(`the emulator at ${this.endpoint} did not stop`);
    }
  }
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout!.once('data', chunk => resolve(String(chunk)));
    child.once('error', reject).once('exit', code => reject(new Error(`the emulator ended with ${code}`)));
  });
}

async function waitUntilHealthy(endpoint: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await answers(endpoint)) {
      return;
    }
    await pause(50);
  }
  throw new Error(`the emulator at ${endpoint} does not answer`);
}

async function answers(endpoint: string): Promise<boolean> {
  return fetch(`${endpoint}/_ministack/health`).then(response => response.ok, () => false);
}
