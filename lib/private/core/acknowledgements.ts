import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Acknowledges that a policy of this library names resources with a wildcard, so that users of the library do not have to.
 *
 * It writes the same metadata as `Validations.acknowledge`, because that method rejects an id with more than one `::`. Every ARN
 * with an unknown partition has more than one.
 *
 * @param policy the policy
 * @param resourceArn the ARN with the wildcard
 * @param reason why no narrower ARN exists
 */
export function acknowledgeWildcard(policy: IConstruct, resourceArn: string, reason: string): void {
  const finding = flatten(Stack.of(policy).resolve(resourceArn));
  policy.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, { [`AwsSolutions-IAM5[Resource::${finding}]`]: reason });
}

/**
 * An ARN as cdk-nag writes it in the id of a finding.
 */
function flatten(value: unknown): string {
  if (typeof value === 'string') {
    return value;
  }
  const reference = value as { 'Ref'?: string; 'Fn::Join'?: [string, unknown[]] };
  const join = reference['Fn::Join'];
  return join ? join[1].map(flatten).join(join[0]) : `<${reference.Ref}>`;
}
