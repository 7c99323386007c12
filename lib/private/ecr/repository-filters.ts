import { Token } from 'aws-cdk-lib';
import { duplicatesOf, show } from '../core/values';
import { LIMITS } from './limits';
import { replicationFilterProblems, signingFilterProblems } from './names';

/**
 * Problems with a list of prefixes of repository names.
 */
export function repositoryPrefixProblems(prop: string, prefixes: readonly string[] | undefined): string[] {
  if (prefixes === undefined) {
    return [];
  }
  if (Token.isUnresolved(prefixes)) {
    return [`'${prop}' must be a list of known length, got a token; list the entries, which may be tokens`];
  }
  if (prefixes.length === 0) {
    return [`'${prop}' must have at least one entry, got []; leave it out for all repositories`];
  }

  const problems = prefixes.flatMap((prefix, index) => replicationFilterProblems(`${prop}[${index}]`, prefix));
  const max = LIMITS.replicationFilters;
  if (prefixes.length > max) {
    problems.push(`'${prop}' must have at most ${max} entries, got ${prefixes.length}; use a common prefix or another rule`);
  }
  for (const twice of duplicatesOf(prefixes)) {
    problems.push(`'${prop}' must not have duplicates, got ${show(twice)} twice`);
  }
  return problems;
}

/**
 * Problems with the repository filters of a signing rule.
 */
export function signingFiltersProblems(prop: string, filters: readonly string[] | undefined): string[] {
  if (filters === undefined) {
    return [];
  }
  if (Token.isUnresolved(filters)) {
    return [`'${prop}' must be a list of known length, got a token; list the entries, which may be tokens`];
  }
  if (filters.length === 0) {
    return [`'${prop}' must have at least one entry, got []; leave it out for all repositories`];
  }
  const problems = filters.flatMap((filter, index) => signingFilterProblems(`${prop}[${index}]`, filter));
  const max = LIMITS.signingFilters;
  if (filters.length > max) {
    problems.push(`'${prop}' must have at most ${max} entries, got ${filters.length}; use '*' for a part of the name, or another rule`);
  }
  return [...problems, ...duplicatesOf(filters).map(twice => `'${prop}' must not have duplicates, got ${show(twice)} twice`)];
}
