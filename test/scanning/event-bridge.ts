import type { AwsEvent } from './scan-events';

type Matcher = string | { prefix: string } | { numeric: [string, number] };

/**
 * Whether an event matches a pattern, by the rules that EventBridge documents, as far as the patterns of this library need them; what
 * it does not know fails. The deployment tests ask an emulator the same.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function matches(pattern: Record<string, unknown>, event: unknown): boolean {
  return Object.entries(pattern).every(([field, expected]) => {
    if (field === '$or') {
      const alternatives = expected as Array<Record<string, unknown>>;
      if (alternatives.length < 2) {
        throw new Error('$or wants two alternatives');
      }
      return alternatives.some(alternative => matches(alternative, event));
    }
    const value = (event as Record<string, unknown> | undefined)?.[field];
    if (!Array.isArray(expected)) {
      return [value].flat().some(it => matches(expected as Record<string, unknown>, it));
    }
    return [value].flat().some(it => it !== undefined && expected.some((matcher: Matcher) => matchesValue(matcher, it)));
  });
}

function matchesValue(matcher: Matcher, value: unknown): boolean {
  if (typeof matcher === 'string') {
    return value === matcher;
  }
  if ('prefix' in matcher) {
    return typeof value === 'string' && value.startsWith(matcher.prefix);
  }
  const [operator, number] = matcher.numeric;
  if (operator !== '>') {
    throw new Error(`no operator ${operator} here`);
  }
  return typeof value === 'number' && value > number;
}

export interface InputTransformer {
  readonly InputPathsMap: Record<string, string>;
  readonly InputTemplate: string;
}

/**
 * What a target gets, by what EventBridge documents of input transformers: a field that is not there leaves nothing behind, a list or
 * object within a text loses its quotes, nothing is escaped, and lines of text stand in quotes of their own.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function transform({ InputPathsMap: paths, InputTemplate: template }: InputTransformer, event: AwsEvent): string {
  const filled = template.replace(/<([A-Za-z0-9_-]+)>/g, (_, key: string) => {
    const value = valueAt(paths[key], event);
    return value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value).replaceAll('"', '');
  });
  return template.startsWith('{')
    ? filled
    : filled.split('\n').map(line => /^"(.*)"$/.exec(line)![1]).join('\n');
}

function valueAt(path: string, event: AwsEvent): unknown {
  expect(path).toMatch(/^\$(\.[A-Za-z0-9_-]+(\[\d+\])?)+$/);
  return path.slice(2).split(/[.[\]]+/).filter(step => step !== '')
    .reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], event);
}
