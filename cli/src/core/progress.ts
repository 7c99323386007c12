import type { Io } from './io';

/**
 * A progress bar on standard error; nothing if nobody watches it.
 */
export interface Progress {
  readonly step: () => void;
  readonly stop: () => void;
  /** Raises the number of steps. */
  readonly grow: (steps: number) => void;
}

/**
 * Starts a progress bar.
 */
export function startProgress(io: Io, title: string, total: number): Progress {
  if (!io.isTerminal) {
    return { step: () => undefined, stop: () => undefined, grow: () => undefined };
  }
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- for terminals only
  const { SingleBar, Presets } = require('cli-progress') as typeof import('cli-progress');
  const bar = new SingleBar({ format: `${title} {bar} {value}/{total}, {duration_formatted}`, hideCursor: true, clearOnComplete: true }, Presets.shades_classic);
  bar.start(total, 0);
  return { step: () => bar.increment(), stop: () => bar.stop(), grow: steps => bar.setTotal(bar.getTotal() + steps) };
}
