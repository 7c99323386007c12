import { Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

// What stands for a value that only the deployment knows is never longer than the value.
const SHORTEST: { readonly [reference: string]: string } = {
  'AWS::AccountId': '000000000000',
  'AWS::Partition': 'aws',
  'AWS::Region': 'us-east-1',
};

/**
 * How many characters a policy has at least when it reaches the service, which counts it without white space.
 *
 * @param scope a construct of the stack that holds the policy
 * @param document the policy
 */
export function policyLength(scope: IConstruct, document: iam.PolicyDocument): number {
  return document.isEmpty ? 0 : documentLength(Stack.of(scope).resolve(document));
}

/**
 * The same of a document as a template has it.
 */
export function documentLength(document: unknown): number {
  return JSON.stringify(shortest(document)).length;
}

function shortest(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(shortest);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }

  const entries = Object.entries(value as Record<string, unknown>);
  if (entries.length === 1) {
    const [name, argument] = entries[0];
    if (name === 'Fn::Join') {
      const [separator, parts] = Array.isArray(argument) ? argument as [string, unknown] : ['', ''];
      return Array.isArray(parts) ? parts.map(part => String(shortest(part))).join(separator) : '';
    }
    if (name === 'Ref') {
      return SHORTEST[String(argument)] ?? '';
    }
    if (name.startsWith('Fn::')) {
      return '';
    }
  }
  return Object.fromEntries(entries.map(([key, entry]) => [key, shortest(entry)]));
}
