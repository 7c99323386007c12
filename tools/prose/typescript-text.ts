import { type AnyTxtNode, ASTNodeTypes, type TxtDocumentNode } from '@textlint/ast-node-types';
import * as ts from 'typescript';

/** A part of a file that people read: a comment, or a text that a message or a table consists of. */
interface Passage {
  readonly start: number;
  readonly end: number;
  /** The parts of the passage that are code: they keep their place in the sentence, and no rule reads them. */
  readonly code: ReadonlyArray<readonly [number, number]>;
  /** The parts of the passage that are no text, such as the stars of a comment. */
  readonly blank: ReadonlyArray<readonly [number, number]>;
}

const INLINE_CODE = /```[\s\S]*?```|`[^`]*`|\{@(?:link|inheritDoc)[^}]*\}|https?:\/\/[^\s)]+|(?<=@param )\w+/g;
const PROSE = /[A-Za-z]{2,}[,;:]? +(?:[A-Za-z]{2,}|\$)/;
const DIRECTIVE = /^\/\/ (?:eslint|@ts-)|^\/\*\s*(?:eslint|istanbul)/;

/** The comments and texts of a TypeScript or JavaScript file as a document of textlint: one paragraph for each. */
export function textOf(source: string): TxtDocumentNode {
  const lines = lineStarts(source);
  const file = ts.createSourceFile('file.ts', source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  const passages = [...commentsOf(file), ...literalsOf(file)].sort((one, other) => one.start - other.start);
  return {
    ...place(source, lines, 0, source.length),
    type: ASTNodeTypes.Document,
    children: passages.map(({ start, end, code, blank }) => ({
      ...place(source, lines, start, end),
      type: ASTNodeTypes.Paragraph,
      children: pieces(start, end, code, blank)
        .map(([from, to, type]) => ({ ...place(source, lines, from, to), type, value: source.slice(from, to) })),
    })) as unknown as TxtDocumentNode['children'],
  };
}

/** The paragraphs of every comment; lines of `//` that follow each other are one comment. */
function commentsOf(file: ts.SourceFile): Passage[] {
  const source = file.text;
  const found = new Map<number, ts.CommentRange>();
  const visit = (node: ts.Node): void => {
    for (const range of [...ts.getLeadingCommentRanges(source, node.pos) ?? [], ...ts.getTrailingCommentRanges(source, node.end) ?? []]) {
      found.set(range.pos, range);
    }
    node.getChildren(file).forEach(visit);
  };
  visit(file);
  const comments: Array<{ start: number; end: number }> = [];
  for (const { pos, end } of [...found.values()].sort((one, other) => one.pos - other.pos)) {
    const last = comments.at(-1);
    if (DIRECTIVE.test(source.slice(pos, end))) {
      continue;
    }
    if (last && source.startsWith('//', pos) && source.startsWith('//', last.start) && /^\r?\n[ \t]*$/.test(source.slice(last.end, pos))) {
      last.end = end;
    } else {
      comments.push({ start: pos, end });
    }
  }
  return comments.flatMap(({ start, end }) => paragraphs(source, start, end));
}

/** A comment is split at blank lines and at tags; an `@example` is code. */
function paragraphs(source: string, start: number, end: number): Passage[] {
  const text = source.slice(start, end);
  const passages: Passage[] = [];
  let tag: string | undefined;
  const splits = [...text.matchAll(/\n\s*\*\s*(?=\n)|\n\s*\*\s*(?=@\w)/g)].map(({ index }) => index);
  [0, ...splits].forEach((from, index, all) => {
    const part = text.slice(from, all[index + 1] ?? text.length);
    tag = /^\s*(?:\/\*\*)?[\s*]*@(\w+)/.exec(part)?.[1] ?? (tag === 'example' ? tag : undefined);
    if (tag !== 'example' && tag !== 'see' && /[A-Za-z]/.test(part)) {
      passages.push({
        start: start + from,
        end: start + from + part.length,
        code: matches(part, INLINE_CODE, start + from),
        blank: matches(part, /(?:^|\n)[ \t]*(?:\/\*\*?|\*(?!\/)|\/\/)?[ \t]*(?:@\w+ (?:- )?)?|\s*\*\/$/g, start + from),
      });
    }
  });
  return passages;
}

/** Texts of several words. The values that a template has in it count as code. */
function literalsOf(file: ts.SourceFile): Passage[] {
  const passages: Passage[] = [];
  const add = (node: ts.Node, values: ReadonlyArray<readonly [number, number]>): void => {
    const [start, end] = [node.getStart(file) + 1, node.end - 1];
    const text = file.text.slice(start, end);
    if (PROSE.test(text)) {
      passages.push({ start, end, code: [...values, ...matches(text.replace(/\\`/g, '``'), /``[^`]*``|'[^' ]*'|https?:\/\/[^\s)]+/g, start)], blank: [] });
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) {
      if (!ts.isImportDeclaration(node.parent) && !ts.isExportDeclaration(node.parent)) {
        add(node, []);
      }
    } else if (ts.isTemplateExpression(node)) {
      add(node, node.templateSpans.map(span => [span.expression.pos - 2, span.literal.getStart(file) + 1]));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return passages;
}

const matches = (text: string, pattern: RegExp, offset: number): Array<[number, number]> =>
  [...text.matchAll(pattern)].filter(match => match[0].length > 0).map(match => [offset + match.index, offset + match.index + match[0].length]);

/** The runs of text and of code from start to end. */
function pieces(start: number, end: number, code: Passage['code'], blank: Passage['blank']): Array<[number, number, string]> {
  const inside = (spans: Passage['code'], at: number) => spans.some(([from, to]) => at >= from && at < to);
  const runs: Array<[number, number, string]> = [];
  for (let at = start; at < end; at++) {
    const type: string = inside(code, at) ? ASTNodeTypes.Code : inside(blank, at) ? '' : ASTNodeTypes.Str;
    const last = runs.at(-1);
    if (last && last[2] === type) {
      last[1] = at + 1;
    } else {
      runs.push([at, at + 1, type]);
    }
  }
  return runs.filter(([, , type]) => type !== '');
}

function lineStarts(source: string): number[] {
  return [0, ...[...source.matchAll(/\n/g)].map(({ index }) => index + 1)];
}

function place(source: string, lines: readonly number[], start: number, end: number): Pick<AnyTxtNode, 'raw' | 'range' | 'loc'> {
  const position = (offset: number) => {
    let [low, high] = [0, lines.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      [low, high] = lines[middle] <= offset ? [middle, high] : [low, middle - 1];
    }
    return { line: low + 1, column: offset - lines[low] };
  };
  return { raw: source.slice(start, end), range: [start, end], loc: { start: position(start), end: position(end) } };
}
