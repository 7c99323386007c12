import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { ORGANIZATION, ORGANIZATION_ACCOUNTS } from './accounts';
import { groupIsAlive, killGroup, pause } from './processes';
import { PYTHON } from './tools';

/** A running emulator: on a port that the system chose, reachable from this machine only. */
export class Emulator {
  public static async start(): Promise<Emulator> {
    const child = spawn(PYTHON, ['-m', 'emulator'], {
      cwd: join(__dirname, '..'),
      detached: true,
      env: {
        EMULATOR_ORGANIZATION: `${ORGANIZATION}:${ORGANIZATION_ACCOUNTS.join(',')}`,
        LOG_LEVEL: process.env.EMULATOR_LOG_LEVEL,
        PATH: process.env.PATH,
        PYTHONDONTWRITEBYTECODE: '1',
      },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const { endpoint } = JSON.parse(await firstLine(child)) as { endpoint: string };
    await waitUntilHealthy(endpoint);
    return new Emulator(child, endpoint);
  }

  private constructor(private readonly child: ChildProcess, public readonly endpoint: string) {}

  /** Stops it, and fails if a process or an open port stays behind. */
  public async stop(): Promise<void> {
    const gone = new Promise(resolve => this.child.once('exit', resolve));
    killGroup(this.child);
    await gone;
    if (groupIsAlive(this.child.pid!) || await answers(this.endpoint)) {
      throw new Error(`the emulator at ${this.endpoint} is still there`);
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
