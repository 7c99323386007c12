import { existsSync, readFileSync, rmSync } from 'node:fs';
import { writeAtomically } from '../core/files';
import { errorOf, errorText, isNotFound } from '../dump/read-call';
import { ApiError, type Output } from './api';
import { type CallName, CALLS } from './calls';

/**
 * A call that AWS refused.
 */
export interface Failure {
  readonly path: string;
  readonly message: string;
}

/**
 * Writes the outputs of calls, and leaves out those that an earlier run wrote.
 */
export class Recorder {
  readonly failures: Failure[] = [];

  /**
   * Records a call at a path without its ending.
   *
   * @returns the output; undefined if there is none
   */
  async record<T extends Output>(name: CallName, path: string, read: () => Promise<Output>): Promise<T | undefined> {
    const [output, error] = [`${path}.json`, `${path}.error.txt`];
    if (existsSync(output)) {
      return JSON.parse(readFileSync(output, 'utf8')) as T;
    }
    if (existsSync(error) && isNotFound(errorOf(readFileSync(error, 'utf8')))) {
      return undefined;
    }
    try {
      const text = JSON.stringify(await read(), undefined, 1);
      writeAtomically(output, `${text}\n`);
      rmSync(error, { force: true });
      return JSON.parse(text) as T;
    } catch (problem) {
      if (!(problem instanceof ApiError) || problem.isFatal) {
        throw problem;
      }
      const message = errorText(CALLS[name].operation, problem);
      writeAtomically(error, message);
      if (!isNotFound(problem)) {
        this.failures.push({ path, message: message.trim() });
      }
      return undefined;
    }
  }
}

/**
 * Runs tasks, so many at a time. The first failure stops those that have not begun.
 */
export async function inParallel<T>(items: readonly T[], width: number, task: (item: T) => Promise<void>): Promise<void> {
  const waiting = items[Symbol.iterator]();
  let failed = false;
  await Promise.all(Array.from({ length: width }, async () => {
    for (let next = waiting.next(); !next.done && !failed; next = waiting.next()) {
      try {
        await task(next.value);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  }));
}
