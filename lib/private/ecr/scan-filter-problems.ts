import { Token } from 'aws-cdk-lib';
import { duplicatesOf, isKnown, show } from '../core/values';
import { LIMITS } from './limits';
import { lengthProblems } from './names';

// The expression of the API, rewritten to need linear time.
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ScanningRepositoryFilter.html
const FILTER = /^[a-z0-9*]+(?:[._/-][a-z0-9*]+)*$/;

/**
 * Problems with the filters of a scanning rule.
 *
 * @param prop the prop that the user set
 * @param filters its value
 */
export function scanFilterProblems(prop: string, filters: readonly string[]): string[] {
  if (Token.isUnresolved(filters)) {
    return [`'${prop}' must be a list of known length, got a token; list the entries, which may be tokens`];
  }

  const problems = filters.flatMap((filter, index) => filterProblems(`${prop}[${index}]`, filter));
  const max = LIMITS.scanFilters;
  if (filters.length > max) {
    problems.push(`'${prop}' must have at most ${max} entries, got ${filters.length}; use wildcards`);
  }
  for (const twice of duplicatesOf(filters)) {
    problems.push(`'${prop}' must not have duplicates, got ${show(twice)} twice`);
  }
  return problems;
}

function filterProblems(prop: string, filter: string): string[] {
  if (!isKnown(filter)) {
    return [];
  }

  const problems = lengthProblems(prop, filter, LIMITS.scanFilterCharacters);
  if (!FILTER.test(filter)) {
    problems.push(`'${prop}' must be lowercase letters, digits and '*' for any text, joined by '.', '_', '-' or '/', such as 'prod/*', got ${show(filter)}`);
  }
  return problems;
}
