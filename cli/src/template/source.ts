import { CommandError } from '../core/command-error';
import type { Position } from '../findings/finding';

/** The way to a value: keys of objects and indexes of lists. */
export type Path = ReadonlyArray<string | number>;

/**
 * A parsed text that knows where its values are.
 */
export interface Source {
  readonly value: unknown;
  /** The place of the deepest existing part of a path: of its key, if it has one. */
  locate(path: Path): Position;
}

/**
 * A text that is no JSON and no YAML.
 */
export class SyntaxProblem extends CommandError {}

/**
 * Parses JSON or YAML with the short forms of CloudFormation functions; the text decides which.
 *
 * @param path for messages
 */
export function parseSource(path: string, text: string): Source {
  const { parseJsonSource, parseYamlSource } = parsers();
  // Every JSON text could go through the YAML parser, which takes 20 times as long.
  return /^\s*[{[]/.test(text) ? parseJsonSource(path, text) ?? parseYamlSource(path, text) : parseYamlSource(path, text);
}

/* eslint-disable @typescript-eslint/no-require-imports -- the YAML parser is loaded for YAML only */
const parsers = () => ({
  parseJsonSource: (path: string, text: string) => (require('./json-source') as typeof import('./json-source')).parseJsonSource(path, text),
  parseYamlSource: (path: string, text: string) => (require('./yaml-source') as typeof import('./yaml-source')).parseYamlSource(path, text),
});
/* eslint-enable @typescript-eslint/no-require-imports */

/**
 * The lines of a text, to turn offsets into positions.
 */
export class Lines {
  private readonly starts: number[] = [0];

  constructor(text: string) {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
      this.starts.push(at + 1);
    }
  }

  positionOf(offset: number): Position {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.starts[middle] <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return { line: low + 1, column: offset - this.starts[low] + 1 };
  }
}
