import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml';
import type { Position } from '../findings/finding';
import { type Path, type Source, SyntaxProblem } from './source';

/**
 * Parses YAML with the tags of CloudFormation, such as `!Ref` and `!GetAtt`.
 *
 * CloudFormation reads YAML 1.1, without its tags for dates, binary data, sets and ordered maps.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
 */
export function parseYamlSource(path: string, text: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.1',
    schema: 'yaml-1.1',
    customTags: tags => tags.filter(tag => !UNSUPPORTED.test(typeof tag === 'string' ? tag : tag.tag)),
    lineCounter: lines,
    // The library compares each key with all others, which takes too long for thousands of resources.
    uniqueKeys: false,
    // Tags of CloudFormation are no error: they are translated below.
    logLevel: 'error',
    prettyErrors: false,
  });
  const [error] = document.errors;
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new SyntaxProblem(`${path}:${line}:${col} is not YAML: ${error.message}`);
  }
  const source = new YamlSource(document, lines);
  const [duplicate] = source.duplicates;
  if (duplicate !== undefined) {
    const { line, col } = lines.linePos(duplicate);
    throw new SyntaxProblem(`${path}:${line}:${col} is not YAML: Map keys must be unique`);
  }
  return source;
}

const UNSUPPORTED = /binary|merge|omap|pairs|set|timestamp|intTime|floatTime/;

class YamlSource implements Source {
  readonly value: unknown;
  readonly duplicates: number[] = [];

  private readonly pairs = new WeakMap<YAMLMap, Map<string, Pair<Node, Node>>>();

  constructor(private readonly document: Document.Parsed, private readonly lines: LineCounter) {
    this.value = plain(document.contents, { document, duplicates: this.duplicates });
  }

  locate(path: Path): Position {
    let offset = this.document.contents?.range?.[0] ?? 0;
    let node = this.document.contents as Node | null | undefined;
    for (const step of path) {
      const found = this.next(node, step);
      if (!found) {
        break;
      }
      ({ node } = found);
      offset = found.offset ?? offset;
    }
    const { line, col } = this.lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  /** A map searches its keys one by one, which takes too long for thousands of resources. */
  private pairsOf(map: YAMLMap): Map<string, Pair<Node, Node>> {
    const known = this.pairs.get(map) ?? new Map((map.items as Array<Pair<Node, Node>>).map(pair => [isScalar(pair.key) ? String(pair.key.value) : '', pair]));
    this.pairs.set(map, known);
    return known;
  }

  private next(at: Node | null | undefined, step: string | number): { node: Node | null | undefined; offset?: number } | undefined {
    const node = isAlias(at) ? at.resolve(this.document) : at;
    if (node && FUNCTION.test(node.tag ?? '') && functionOf(node.tag!) === step) {
      return { node: Object.assign(Object.create(node) as Node, { tag: undefined }) };
    }
    if (isMap(node)) {
      const pair = this.pairsOf(node).get(String(step));
      return pair && { node: pair.value, offset: pair.key.range?.[0] };
    }
    if (isSeq(node) && typeof step === 'number') {
      const item = node.items[step] as Node | undefined;
      return item && { node: item, offset: item.range?.[0] };
    }
    return undefined;
  }
}

const FUNCTION = /^![A-Za-z]/;

/** `!Sub` is short for `Fn::Sub`; only references and conditions go without `Fn::`. */
function functionOf(tag: string): string {
  const name = tag.slice(1);
  return name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;
}

interface Context {
  readonly document: Document;
  /** Where keys are that their map has already. */
  readonly duplicates: number[];
}

/** The value of a node, with the long forms of functions. */
function plain(node: Node | null | undefined, context: Context): unknown {
  if (!node) {
    return null;
  }
  if (isAlias(node)) {
    return plain(node.resolve(context.document), context);
  }
  const { tag } = node;
  if (!FUNCTION.test(tag ?? '')) {
    return untagged(node, context);
  }
  const name = functionOf(tag!);
  const value = untagged(node, context);
  const text = isScalar(node) ? node.source ?? String(node.value) : undefined;
  const attribute = name === 'Fn::GetAtt' && text !== undefined ? [text.slice(0, text.indexOf('.')), text.slice(text.indexOf('.') + 1)] : undefined;
  return { [name]: attribute ?? text ?? value };
}

function untagged(node: Node, context: Context): unknown {
  if (isMap(node)) {
    return fromMap(node, context);
  }
  return isSeq(node) ? node.items.map(item => plain(item as Node, context)) : isScalar(node) ? node.value : null;
}

function fromMap(map: YAMLMap, context: Context): unknown {
  const result: Record<string, unknown> = {};
  for (const { key, value } of map.items) {
    const name = isScalar(key) ? key.source ?? String(key.value) : String(key);
    if (Object.hasOwn(result, name)) {
      context.duplicates.push(isScalar(key) ? key.range?.[0] ?? 0 : 0);
    }
    Object.defineProperty(result, name, { value: plain(value as Node, context), enumerable: true, configurable: true, writable: true });
  }
  return result;
}
