import type { Duration } from 'aws-cdk-lib';
import { duplicatesOf, isKnown, show } from '../private/core/values';
import { LIMITS } from '../private/ecr/limits';
import { describeTags, type RuleModel, type TagModel } from './rule-model';

/**
 * Problems with a number of images or days.
 */
export function countProblems(prop: string, count: unknown, min = 1): string[] {
  return isKnown(count) && !(Number.isSafeInteger(count) && count as number >= min)
    ? [`'${prop}' must be a whole number of at least ${min}, got ${typeof count === 'number' ? count : show(count)}`]
    : [];
}

/**
 * Problems with a period of days.
 */
export function dayProblems(prop: string, period: Duration, min: number): string[] {
  if (period.isUnresolved()) {
    return period.unitLabel() === 'days' ? [] : [`'${prop}' must be given in days when it is a token, got ${period.unitLabel()}; use Duration.days()`];
  }

  const days = period.toDays({ integral: false });
  return Number.isSafeInteger(days) && days >= min
    ? []
    : [`'${prop}' must be whole days, at least ${min}, got ${period.toHumanString()}; use Duration.days()`];
}

/**
 * Problems with the prefixes or patterns of an `ImageSelection`.
 */
export function selectionProblems(prop: string, alternatives: readonly TagModel[]): string[] {
  const problems = alternatives.flatMap(tags => tags.status === 'tagged' ? tagListProblems(prop, tags.list!, tags.entries) : []);
  if (alternatives.length === 0) {
    problems.push(`'${prop}' must name at least one tag prefix or pattern, got none; use ImageSelection.ANY for every image`);
  }
  for (const twice of duplicatesOf(alternatives.flatMap(tags => tags.entries))) {
    problems.push(`'${prop}' must name each tag prefix or pattern once, got ${show(twice)} twice`);
  }
  return problems;
}

/**
 * Problems with the entries of one list of a policy text.
 */
export function tagListProblems(prop: string, list: 'tagPatternList' | 'tagPrefixList', entries: readonly string[]): string[] {
  if (!isKnown(entries) || entries.some(entry => entry.startsWith('#{Token['))) {
    return [`'${prop}' must be a list of known length, got a list token; pass a string token for each prefix or pattern`];
  }

  const problems: string[] = [];
  if (entries.length === 0) {
    problems.push(`'${prop}' must name at least one tag prefix or pattern, got none; use 'any' for every image`);
  }
  for (const entry of entries.filter(isKnown)) {
    const wildcards = entry.split('*').length - 1;
    if (entry === '') {
      problems.push(`'${prop}' must not have an empty entry, got ""; use the pattern '*' for every tagged image`);
    }
    if (list === 'tagPatternList' && wildcards > LIMITS.lifecyclePatternWildcards) {
      problems.push(`'${prop}' must have patterns with at most ${LIMITS.lifecyclePatternWildcards} '*', got ${wildcards}: ${show(entry)}`);
    }
  }
  return problems;
}

/**
 * Problems between the rules of one policy, which are sorted by priority.
 */
export function policyProblems(rules: readonly RuleModel[]): string[] {
  const problems: string[] = [];
  if (rules.length > LIMITS.lifecycleRules) {
    problems.push(`'rules' must have at most ${LIMITS.lifecycleRules} rules, got ${rules.length}; each prefix or pattern of an anyOf counts as one`);
  }

  for (const storageClass of ['standard', 'archive']) {
    const peers = rules.filter(rule => rule.storageClass === storageClass);
    problems.push(...anyRuleProblems(peers, storageClass), ...untaggedRuleProblems(peers, storageClass), ...sameTagsProblems(peers));
  }
  return problems;
}

/**
 * Problems with the length of a rendered policy; a single rule is longer than ECR's minimum already.
 */
export function policyTextProblems(prop: string, text: string): string[] {
  const { max } = LIMITS.lifecycleCharacters;
  return isKnown(text) && text.length > max
    ? [`'${prop}' must render to at most ${max} characters of JSON, got ${text.length}; shorten descriptions or use patterns for several tags`]
    : [];
}

/**
 * Values of the rules that are only known at deployment, where a policy is evaluated before.
 */
export function unknownValueProblems(rules: readonly RuleModel[]): string[] {
  return rules.filter(rule => !isKnown(rule.countNumber) || !rule.tags.entries.every(isKnown))
    .map(rule => `'${rule.path}' must hold no token to be evaluated, got one; evaluate a policy with the values that you expect`);
}

function anyRuleProblems(peers: readonly RuleModel[], storageClass: string): string[] {
  const last = peers.at(-1);
  return peers.filter(rule => rule.tags.status === 'any' && rule !== last).map(rule =>
    `'${rule.path}' must be the last rule for ${storageClass} storage because it selects any image, got '${last!.path}' after it; move it to the end`);
}

function untaggedRuleProblems(peers: readonly RuleModel[], storageClass: string): string[] {
  const [first, ...others] = peers.filter(rule => rule.tags.status === 'untagged');
  return others.map(rule =>
    `'${rule.path}' must not be a second rule for untagged images in ${storageClass} storage, got '${first.path}' before it; keep one of them`);
}

function sameTagsProblems(peers: readonly RuleModel[]): string[] {
  const seen = new Map<string, RuleModel>();
  return peers.filter(rule => rule.tags.status === 'tagged').flatMap(rule => {
    const key = JSON.stringify([rule.tags.list, [...new Set(rule.tags.entries)].sort()]);
    const first = seen.get(key);
    seen.set(key, first ?? rule);
    return first && first.path !== rule.path
      ? [`'${rule.path}' must select other tags than '${first.path}', got ${describeTags(rule.tags)} in both; keep one of them`]
      : [];
  });
}
