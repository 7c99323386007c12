import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folder of the project, wherever the compiled or the source form of this file is. */
export const PROJECT = process.cwd();

/**
 * Runs a step in an empty folder outside the project, so that nothing of the project is found by accident, and removes the folder.
 */
export function inSandbox(step: (folder: string) => void): void {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'cdk-secure-ecr-')));
  try {
    step(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Runs a command that must succeed; its output appears as it comes.
 */
export function run(cwd: string, command: string, ...args: string[]): void {
  console.log(`$ ${[command, ...args].join(' ')}`);
  const { status, error } = spawnSync(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) {
    throw error ?? new Error(`${command} ${args.join(' ')}: exit code ${status}`);
  }
}

/**
 * Runs a command that must succeed and returns what it prints.
 */
export function output(cwd: string, command: string, ...args: string[]): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 64 * 1024 * 1024 });
}
