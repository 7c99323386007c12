import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { isKnown } from '../core/values';

/**
 * The prefix of all repositories that no other prefix matches.
 */
export const ROOT = 'ROOT';

/**
 * A prefix as the service understands it: `team/` and `team` are the same.
 */
export function normalPrefix(prefix: string): string {
  return prefix.replace(/\/$/, '');
}

/**
 * Whether a repository is below a prefix. `ROOT` does not count: its repositories cannot be told apart from others by their names.
 */
export function isBelow(prefix: unknown, name: string): boolean {
  return typeof prefix === 'string' && isKnown(prefix) && prefix !== ROOT && name.startsWith(`${normalPrefix(prefix)}/`);
}

/**
 * The account and the Region of a registry.
 */
export interface Registry {
  readonly account: string;
  readonly region: string;
}

/**
 * The ARN of all the repositories below a prefix.
 *
 * @param scope the construct that needs the ARN
 * @param registry the account, Region and names of the repositories
 * @param prefix the prefix
 */
export function repositoriesBelow(scope: IConstruct, { account, region }: Registry, prefix: string): string {
  return Stack.of(scope).formatArn({
    service: 'ecr',
    account,
    region,
    resource: 'repository',
    resourceName: prefix === ROOT ? '*' : `${normalPrefix(prefix)}/*`,
  });
}
