import { Stack } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/**
 * A policy statement as a person can paste it into another account: minified JSON, with `${AWS::…}` where a value is only known
 * at deployment.
 */
export function statementText(scope: IConstruct, statement: PolicyStatement): string {
  return JSON.stringify(Stack.of(scope).resolve(statement.toStatementJson()), (_, value) => flatten(value));
}

function flatten(value: unknown): unknown {
  const intrinsic = value as { 'Fn::Join'?: [string, unknown[]]; 'Fn::GetAtt'?: string[]; 'Ref'?: string } | null;
  if (intrinsic?.['Fn::Join']) {
    const [separator, parts] = intrinsic['Fn::Join'];
    return parts.map(flatten).join(separator);
  }
  if (intrinsic?.['Fn::GetAtt']) {
    return `\${${intrinsic['Fn::GetAtt'].join('.')}}`;
  }
  return intrinsic?.Ref === undefined ? value : `\${${intrinsic.Ref}}`;
}
