import { isKnown } from '../core/values';
import { matchesWildcards } from '../core/wildcards';

/** The filter that matches every repository. */
export const EVERY_REPOSITORY = '*';

/** No filter and no repository name contains this character, so only a wildcard matches it. */
const ANY_TEXT = '\0';

/**
 * Whether a filter matches a repository.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-filters.html
 */
export function matchesFilter(repositoryName: string, filter: string): boolean {
  return matchesWildcards(repositoryName, patternOf(filter));
}

/**
 * Whether one of the filters matches every name that another filter matches.
 */
export function isCovered(filter: string, by: readonly string[]): boolean {
  const widest = patternOf(filter).replaceAll('*', ANY_TEXT);
  return by.some(it => isKnown(it) && matchesWildcards(widest, patternOf(it)));
}

/**
 * The same filter with wildcards: a filter without wildcards matches names that contain it.
 */
function patternOf(filter: string): string {
  return filter.includes('*') ? filter : `*${filter}*`;
}
