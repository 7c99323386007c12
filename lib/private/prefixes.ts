import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * The prefix that stands for every repository that nothing else matches.
 */
export const ROOT = 'ROOT';

/**
 * A prefix as the service understands it: `team/` and `team` are the same.
 */
export function normalPrefix(prefix: string): string {
  return prefix.replace(/\/$/, '');
}

/**
 * The ARN of all the repositories below a prefix, in the registry of a construct.
 */
export function repositoriesBelow(scope: IConstruct, prefix: string): string {
  return Stack.of(scope).formatArn({
    service: 'ecr',
    resource: 'repository',
    resourceName: prefix === ROOT ? '*' : `${normalPrefix(prefix)}/*`,
  });
}
