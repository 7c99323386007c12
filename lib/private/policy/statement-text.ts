import { App, Stack } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { partitionOf } from '../core/environment';

/**
 * A policy statement that a user can paste into another account: minified JSON, with `${…}` in place of tokens.
 *
 *
 * @param scope a construct of the stack that the statement comes from
 * @param statement the statement
 * @param reader the account and Region of that user, if they are known: names and ARNs are then resolved for that account
 */
export function statementText(scope: IConstruct, statement: PolicyStatement, reader?: { account: string; region: string }): string {
  const stack = reader ? new Stack(new App({ autoSynth: false }), 'Reader', { env: elsewhere(scope, reader) }) : Stack.of(scope);
  const text = JSON.stringify(flattened(stack.resolve(statement.toStatementJson())));
  const partition = partitionOf(reader?.region);
  return partition === undefined ? text : text.replaceAll('${AWS::Partition}', partition);
}

/**
 * The environment of a stack that is never synthesized, in which the CDK writes full names and ARNs. In the environment of the resource
 * it writes a reference, which the reader cannot use.
 */
function elsewhere(scope: IConstruct, { account, region }: { account: string; region: string }): { account: string; region: string } {
  const stack = Stack.of(scope);
  return { account, region: stack.account === account && stack.region === region ? 'elsewhere' : region };
}

/**
 * The value of a template, with joins as text, and `${…}` in place of tokens.
 */
export function flattened(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null, (_, entry: unknown) => flatten(entry))) as unknown;
}

function flatten(value: unknown): unknown {
  const [name, argument] = intrinsicOf(value);
  switch (name) {
    case undefined:
      return value;
    case 'Ref':
      return `\${${String(argument)}}`;
    case 'Fn::GetAtt':
      return `\${${[argument].flat().join('.')}}`;
    case 'Fn::Join': {
      const [separator, parts] = Array.isArray(argument) ? argument as unknown[] : [];
      return Array.isArray(parts) ? parts.map(flatten).join(String(separator)) : placeholder(value);
    }
    case 'Fn::Sub': {
      const [text] = [argument].flat();
      return typeof text === 'string' ? text : placeholder(value);
    }
    default:
      return placeholder(value);
  }
}

/**
 * The parts that the reader must replace: an import of another stack, a mapping.
 */
function placeholder(value: unknown): string {
  return `\${${JSON.stringify(value)}}`;
}

function intrinsicOf(value: unknown): [] | [string, unknown] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const [entry, ...others] = Object.entries(value);
  return entry !== undefined && others.length === 0 && /^(Ref$|Fn::)/.test(entry[0]) ? entry : [];
}
