import { nearMiss } from '../core/near-miss';
import { isKnown, show } from '../core/values';
import { ECR_CONDITION_KEYS, GLOBAL_CONDITION_KEYS, isConditionKey } from '../ecr/condition-keys';
import { CONDITION_OPERATORS, conditionOperator } from '../ecr/condition-operators';

/**
 * The conditions of a statement: values by key by operator.
 */
export interface ConditionsJson {
  readonly [operator: string]: { readonly [key: string]: unknown };
}

/** Keys whose values are ids. A wildcard in an operator without wildcards is a mistake for them. */
const IDENTITY_KEY = /^aws:(?:principal(?:account|arn|orgid|orgpaths)|source(?:account|arn|orgid|orgpaths|vpc|vpce))$/i;

/**
 * Problems with the conditions of a statement: operators and keys that do not exist, which make an Allow useless and a Deny harmless.
 * Unknown keys that resemble no known key are valid, see `unknownConditionKeys`.
 *
 * @param prop the prop that the user set
 * @param conditions its value
 */
export function conditionProblems(prop: string, conditions: ConditionsJson | undefined): string[] {
  return entriesOf(conditions).flatMap(([operator, keys]) => {
    const parts = conditionOperator(operator);
    if (parts === undefined) {
      const meant = nearMiss(operator, CONDITION_OPERATORS);
      return [`'${prop}' must have condition operators of IAM, got ${show(operator)}; use ${show(meant ?? 'StringEquals')}`];
    }
    return entriesOf(keys).flatMap(([key, values]) => [
      ...keyProblems(prop, key),
      ...IDENTITY_KEY.test(key) && /^string(?:not)?equals/.test(parts.base)
        ? [values].flat().filter(value => typeof value === 'string' && isKnown(value) && /[*?]/.test(value)).map(value =>
          `'${prop}' must compare wildcards with 'StringLike' or 'ArnLike', got ${show(value)} in ${show(operator)}, which compares it literally`)
        : [],
    ]);
  });
}

/**
 * The condition keys that AWS does not list for requests to Amazon ECR, so that the condition is never true.
 */
export function unknownConditionKeys(conditions: ConditionsJson | undefined): string[] {
  return entriesOf(conditions).flatMap(([, keys]) => entriesOf(keys).map(([key]) => key))
    .filter(key => isKnown(key) && !isConditionKey(key) && keyProblems('', key).length === 0);
}

function keyProblems(prop: string, key: string): string[] {
  if (!isKnown(key) || isConditionKey(key)) {
    return [];
  }
  if (/^ecr(?:-public)?:/i.test(key)) {
    return [`'${prop}' must have condition keys that exist, got ${show(key)}, which no request has; Amazon ECR has ${ECR_CONDITION_KEYS.map(shown).join(', ')}`];
  }
  const [name, ...tag] = key.split('/');
  const meant = nearMiss(tag.length > 0 ? `${name}/` : name, GLOBAL_CONDITION_KEYS);
  return meant === undefined ? [] : [`'${prop}' must have condition keys that exist, got ${show(key)}; use '${shown(meant)}'`];
}

function shown(key: string): string {
  return key.replace(/\/$/, '/<tag>');
}

function entriesOf<T>(value: { readonly [name: string]: T } | undefined): Array<[string, T]> {
  return isKnown(value) && typeof value === 'object' && value !== null ? Object.entries(value) : [];
}
