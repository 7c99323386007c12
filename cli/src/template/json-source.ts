import { findNodeAtLocation, type Node, parse, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Position } from '../findings/finding';
import { Lines, type Path, type Source, SyntaxProblem } from './source';

/**
 * Parses JSON; undefined if the text is YAML that begins like JSON.
 */
export function parseJsonSource(path: string, text: string): Source | undefined {
  try {
    return new JsonSource(JSON.parse(text), text);
  } catch {
    if (isFlowYaml(path)) {
      return undefined;
    }
    const errors: ParseError[] = [];
    parse(text, errors, { disallowComments: true });
    const [error] = errors;
    const { line, column } = new Lines(text).positionOf(error?.offset ?? text.length);
    throw new SyntaxProblem(`${path}:${line}:${column} is not JSON: ${error ? words(printParseErrorCode(error.error)) : 'it is incomplete'}`);
  }
}

class JsonSource implements Source {
  private tree?: Node;
  private lines?: Lines;

  constructor(readonly value: unknown, private readonly text: string) {}

  locate(path: Path): Position {
    this.tree ??= parseTree(this.text)!;
    this.lines ??= new Lines(this.text);
    for (let length = path.length; length > 0; length -= 1) {
      const node = findNodeAtLocation(this.tree, path.slice(0, length));
      if (node) {
        return this.lines.positionOf(node.parent?.type === 'property' ? node.parent.offset : node.offset);
      }
    }
    return { line: 1, column: 1 };
  }
}

function isFlowYaml(path: string): boolean {
  return /\.ya?ml$/i.test(path);
}

/** `CommaExpected` as words. */
function words(code: string): string {
  return code.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}
