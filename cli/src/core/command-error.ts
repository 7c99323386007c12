/**
 * A problem that the user can correct: printed without a stack trace, with exit code 2.
 */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  /**
   * Reports several problems at once.
   */
  static of(problems: readonly string[]): CommandError {
    return new CommandError(problems.join('\n'));
  }
}

/**
 * The message of a caught value, which may be no error.
 */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
