import { isObject } from '../core/json';
import { type Expression, IMPORTS, type ImportType } from './expression';

/** The longest line. */
export const WIDTH = 120;

/** How many characters a line has at most after a comment sign. */
const COMMENT_WIDTH = 100;

/**
 * The surroundings of an expression: how its names are written.
 */
export interface PrintContext {
  /** The variable of an import. */
  readonly variableOf: (type: ImportType, arn: string) => string;
  /** A variable that stands for the expression, if there is one. */
  readonly hoisted: (expression: Expression) => string | undefined;
  /** A variable for a document that is a file, if it is one. */
  readonly fileOf: (document: unknown, name: string) => string | undefined;
}

/**
 * An expression as TypeScript.
 *
 * @param indent the spaces before its first line
 * @param before the characters before it in its first line
 */
export function print(expression: Expression, context: PrintContext, indent = 0, before = 0): string {
  const variable = context.hoisted(expression);
  if (variable !== undefined) {
    return variable;
  }
  switch (expression.kind) {
    case 'value':
      return printJson(expression.value, indent, before);
    case 'document':
      return context.fileOf(expression.value, expression.name) ?? printJson(expression.value, indent, before);
    case 'member':
      return expression.path;
    case 'imported':
      return context.variableOf(expression.type, expression.arn);
    case 'call': {
      const open = `${expression.path}(`;
      // The last argument may be an object that goes over several lines.
      const args = expression.args.map(arg => print(arg, context, indent, before + open.length));
      return `${open}${args.join(', ')})`;
    }
    case 'list': {
      const inline = `[${expression.items.map(item => print(item, context)).join(', ')}]`;
      return fits(inline, indent, before) ? inline : block('[', expression.items.map(item => print(item, context, indent + 2)), ']', indent);
    }
    case 'object':
      return printObject(expression.entries.map(({ key, value, comments = [] }) => {
        const name = propertyName(key);
        return { name, comments, print: (depth: number) => print(value, context, depth, name.length + 2) };
      }), indent, before);
  }
}

/** A value of JSON as TypeScript. */
export function printJson(of: unknown, indent = 0, before = 0): string {
  if (typeof of === 'string') {
    return quote(of);
  }
  if (Array.isArray(of)) {
    const inline = `[${of.map(item => printJson(item)).join(', ')}]`;
    return fits(inline, indent, before) ? inline : block('[', of.map(item => printJson(item, indent + 2)), ']', indent);
  }
  if (isObject(of)) {
    const keys = Object.keys(of);
    const isQuoted = keys.some(key => propertyName(key) !== key);
    return printObject(keys.map(key => {
      const name = isQuoted ? quote(key) : key;
      return { name, comments: [], print: (depth: number) => printJson(of[key], depth, name.length + 2) };
    }), indent, before);
  }
  return JSON.stringify(of);
}

interface Printable {
  readonly name: string;
  readonly comments: readonly string[];
  readonly print: (indent: number) => string;
}

function printObject(entries: readonly Printable[], indent: number, before: number): string {
  if (entries.length === 0) {
    return '{}';
  }
  const pair = ({ name, print: printed }: Printable, depth: number): string => {
    const text = printed(depth);
    return text === name ? name : `${name}: ${text}`;
  };
  const inline = `{ ${entries.map(entry => pair(entry, 0)).join(', ')} }`;
  return entries.every(({ comments }) => comments.length === 0) && fits(inline, indent, before)
    ? inline
    : block('{', entries.flatMap(entry => [...commentLines(entry.comments, indent + 2), pair(entry, indent + 2)]), '}', indent);
}

function fits(text: string, indent: number, before: number): boolean {
  return !text.includes('\n') && indent + before + text.length < WIDTH - 6;
}

function block(open: string, lines: readonly string[], close: string, indent: number): string {
  const inner = ' '.repeat(indent + 2);
  return `${open}\n${lines.map(line => line.startsWith('//') ? `${inner}${line}\n` : `${inner}${line},\n`).join('')}${' '.repeat(indent)}${close}`;
}

/** A text as comment lines. */
export function commentLines(comments: readonly string[], indent: number): string[] {
  const width = Math.min(COMMENT_WIDTH, WIDTH - indent - 3);
  return comments.flatMap(comment => {
    const lines: string[] = [];
    for (const word of comment.replace(/[\s\u2028\u2029]+/g, ' ').split(' ')) {
      if (lines.length > 0 && lines.at(-1)!.length + word.length < width) {
        lines.push(`${lines.pop()} ${word}`);
      } else {
        lines.push(word);
      }
    }
    return lines.map(line => `// ${line}`);
  });
}

/** Characters that JSON does not escape and that change how code looks. */
const INVISIBLE = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** A text in quotes, single ones unless that takes more escapes. */
export function quote(text: string): string {
  const sign = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll(sign, `\\${sign}`);
  return `${sign}${escaped.replace(INVISIBLE, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)}${sign}`;
}

function propertyName(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) && key !== '__proto__' ? key : quote(key);
}

/** An import of a construct as a statement. */
export function printImport(type: ImportType, id: string, arn: string): string {
  const { path, args } = IMPORTS[type];
  return `${path}(${['this', quote(id), quote(arn), ...args.map(arg => printJson(arg))].join(', ')})`;
}
