import { isKnown, show } from '../core/values';
import { type StatementJson, textsOf } from './statement-json';

/**
 * Problems with the resources of a registry policy, which must be repositories of this registry: other resources never match.
 *
 * @param prop the prop that the user set
 * @param statement the statement
 * @param registry the account and Region of the registry, as far as they are known
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions-examples.html
 */
export function registryResourceProblems(
  prop: string, { Resource, NotResource }: StatementJson, registry: { account?: string; region?: string },
): string[] {
  return textsOf([Resource, NotResource].flat()).filter(arn => arn.startsWith('arn:')).flatMap(arn => {
    const [, , service, region, account] = arn.split(':');
    const differs = (part: string | undefined, expected: string | undefined): boolean => (
      isKnown(part) && isKnown(expected) && !/[*?]/.test(part) && part !== expected
    );
    return differs(service, 'ecr') || differs(region, registry.region) || differs(account, registry.account)
      ? [`'${prop}' must have resources of this registry, such as 'arn:aws:ecr:${shown(registry.region, 'eu-west-1')}:${shown(registry.account, '111122223333')}:repository/team/*', got ${show(arn)}, which never matches`]
      : [];
  });
}

function shown(part: string | undefined, example: string): string {
  return isKnown(part) ? part : example;
}
