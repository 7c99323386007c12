/**
 * The connections of a command to its surroundings; a test replaces them.
 */
export interface Io {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Whether a person watches standard error, where the progress bar is. */
  readonly isTerminal: boolean;
  /** The width of the terminal; undefined if the output is not a terminal. */
  readonly columns?: number;
  readonly now: () => Date;
}

/**
 * The exit codes of every command.
 */
export enum ExitCode {
  /** Nothing was found. */
  CLEAN = 0,
  /** There are findings. */
  FINDINGS = 1,
  /** The command could not do what it was asked for. */
  FAILED = 2,
}
