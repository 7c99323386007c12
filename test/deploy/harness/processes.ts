import { type ChildProcess, spawn } from 'node:child_process';

/** What a finished program said, and whether it succeeded. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  /** Standard output and standard error, in the order in which they came. */
  readonly output: string;
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly input?: string;
  /** Milliseconds until the program and its children are killed. */
  readonly timeout?: number;
}

/** Runs a program in a process group of its own, which is gone when the promise settles. */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const child = spawn(command, args, { cwd: options.cwd, env: options.env ?? process.env, detached: true });
  let [stdout, output] = ['', ''];
  child.stdout.on('data', chunk => {
    stdout += chunk;
    output += chunk;
  });
  child.stderr.on('data', chunk => {
    output += chunk;
  });
  child.stdin.on('error', () => undefined).end(options.input);
  const limit = setTimeout(() => killGroup(child), options.timeout ?? 240_000);
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.on('error', reject).on('close', exit => resolve(exit ?? -1));
    });
    return { code, stdout, output };
  } finally {
    clearTimeout(limit);
    killGroup(child);
  }
}

/** Runs a program that must succeed, and returns its standard output. */
export async function succeed(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, stdout, output } = await run(command, args, options);
  if (code !== 0) {
    throw new Error(`'${command} ${args.join(' ')}' exited with ${code}:\n${output}`);
  }
  return stdout;
}

/** Waits. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds));
}

/** Kills a detached program and everything that it started. */
export function killGroup(child: ChildProcess): void {
  if (child.pid !== undefined && groupIsAlive(child.pid)) {
    process.kill(-child.pid, 'SIGKILL');
  }
}

/** Whether any process of a group still runs. */
export function groupIsAlive(pid: number): boolean {
  try {
    process.kill(-pid, 0);
    return true;
  } catch {
    return false;
  }
}
