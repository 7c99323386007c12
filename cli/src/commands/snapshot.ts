import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '../core/command-error';
import { readText, writeAtomically } from '../core/files';
import { ExitCode, type Io } from '../core/io';
import { startProgress } from '../core/progress';
import { counted } from '../core/text-table';
import { Api, ApiError } from '../snapshot/api';
import { Recorder } from '../snapshot/recorder';
import { readRegistry } from '../snapshot/snapshot';

/**
 * The options of `snapshot`.
 */
export interface SnapshotOptions {
  readonly out: string;
  readonly profile?: readonly string[];
  readonly region?: readonly string[];
  readonly concurrency: string;
  readonly findings?: boolean;
}

/** The most failures that the command prints. */
const SHOWN = 20;

/**
 * `snapshot`: reads registries into a dump. Run again, it reads what an interrupted run left.
 */
export async function snapshot({ out, profile = [], region = [], concurrency: width, findings = false }: SnapshotOptions, io: Io): Promise<ExitCode> {
  const concurrency = Number(width);
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 100) {
    throw new CommandError(`'--concurrency' must be a whole number from 1 to 100, got ${width}`);
  }
  const file = join(out, 'snapshot.json');
  const state = existsSync(file) ? stateOf(file) : { version: 1, startedAt: io.now().toISOString() };
  if ('finishedAt' in state) {
    throw new CommandError(`${out} has a complete snapshot of ${state.finishedAt}; choose another folder for '--out'`);
  }
  writeAtomically(file, `${JSON.stringify(state)}\n`);

  const recorder = new Recorder();
  const progress = startProgress(io, 'reading repositories', 0);
  try {
    for (const name of profile.length > 0 ? profile : [undefined]) {
      for (const place of region.length > 0 ? region : [undefined]) {
        const api = new Api(name, place);
        const { account, region: actual, repositories } = await readRegistry({ api, out, concurrency, findings, recorder, progress });
        io.stderr(`${account} ${actual}: ${counted(repositories, 'repository', 'repositories')}\n`);
      }
    }
  } catch (error) {
    throw error instanceof ApiError
      ? new CommandError(`${error.code}: ${error.message}\nwhat was read is in ${out}; correct the credentials or the connection, and run the same command again to read the rest`)
      : error;
  } finally {
    progress.stop();
  }
  const { failures } = recorder;
  if (failures.length > 0) {
    const more = failures.length > SHOWN ? [`and ${failures.length - SHOWN} more`] : [];
    io.stderr([...failures.slice(0, SHOWN).map(({ path, message }) => `${path}: ${message}`), ...more].join('\n') + '\n');
    io.stderr(`${counted(failures.length, 'call')} failed; reports state what they could not see. Run the same command again to read only these\n`);
    return ExitCode.FINDINGS;
  }
  writeAtomically(file, `${JSON.stringify({ ...state, finishedAt: io.now().toISOString() })}\n`);
  return ExitCode.CLEAN;
}

function stateOf(file: string): { finishedAt?: string } {
  try {
    return JSON.parse(readText(file)) as { finishedAt?: string };
  } catch {
    throw new CommandError(`${file} must be JSON, as an earlier run wrote it; choose another folder for '--out'`);
  }
}
