import { Stack } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/**
 * A policy statement as a person can paste it into another account: minified JSON, with `${AWS::…}` where a value is only known
 * at deployment.
 */
export function statementText(scope: IConstruct, statement: PolicyStatement): string {
  return JSON.stringify(Stack.of(scope).resolve(statement.toStatementJson()), (_, value: unknown) => flatten(value));
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
      const [separator, parts] = argument as [string, unknown];
      return Array.isArray(parts) ? parts.map(flatten).join(separator) : placeholder(value);
    }
    default:
      return placeholder(value);
  }
}

/**
 * What is left to the reader: an import of another stack, a mapping.
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
