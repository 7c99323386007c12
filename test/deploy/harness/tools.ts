import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { succeed } from './processes';

const TOOLS = join(__dirname, '..', '.tools');
const REQUIREMENTS = join(__dirname, '..', 'requirements.txt');
const VENV = join(TOOLS, `python-${fingerprint(readFileSync(REQUIREMENTS))}`);

/** A client and a server of the OCI distribution protocol in one program: it pushes, pulls, copies, edits and serves images. */
const CRANE_VERSION = 'v0.20.6';

export const PYTHON = join(VENV, 'bin', 'python');
export const CRANE = join(TOOLS, `crane-${CRANE_VERSION}`, 'crane');

/** Installs what is not there yet: the emulator with Python's pip, the registry client with Go. */
export async function installTools(): Promise<void> {
  mkdirSync(TOOLS, { recursive: true });
  await Promise.all([installPython(), installCrane()]);
}

async function installPython(): Promise<void> {
  const stamp = join(VENV, 'complete');
  if (existsSync(stamp)) {
    return;
  }
  rmSync(VENV, { recursive: true, force: true });
  await succeed('python3', ['-m', 'venv', VENV]);
  await succeed(PYTHON, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', REQUIREMENTS]);
  await succeed('touch', [stamp]);
}

async function installCrane(): Promise<void> {
  if (!existsSync(CRANE)) {
    await succeed('go', ['install', `github.com/google/go-containerregistry/cmd/crane@${CRANE_VERSION}`], {
      env: { ...process.env, GOBIN: join(CRANE, '..'), GOFLAGS: '-buildvcs=false' },
    });
  }
}

function fingerprint(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 12);
}
