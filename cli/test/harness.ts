import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from '../src/program';

const folders: string[] = [];

afterAll(() => folders.forEach(folder => rmSync(folder, { recursive: true, force: true })));

export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The moment that commands take for now. */
export const NOW = new Date('2026-11-25T00:00:00Z');

/**
 * Runs the command in this process.
 */
export async function invoke(...args: string[]): Promise<Result> {
  let stdout = '';
  let stderr = '';
  const code = await run(args, {
    stdout: text => {
      stdout += text;
    },
    stderr: text => {
      stderr += text;
    },
    isTerminal: false,
    now: () => NOW,
  });
  return { code, stdout, stderr };
}

/**
 * The report of a command in JSON.
 */
export async function invokeJson<T = any>(...args: string[]): Promise<{ code: number; json: T }> {
  const { code, stdout, stderr } = await invoke(...args, '--format', 'json');
  if (stderr !== '') {
    throw new Error(stderr);
  }
  return { code, json: JSON.parse(stdout) as T };
}

/**
 * A temporary folder with files: texts, or objects that are written as JSON.
 */
export function folderOf(files: { readonly [path: string]: unknown } = {}): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'cdk-secure-ecr-cli-test-')));
  folders.push(folder);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content, undefined, 2));
  }
  return folder;
}

/**
 * A temporary file.
 */
export function fileOf(name: string, content: unknown): string {
  return join(folderOf({ [name]: content }), name);
}
