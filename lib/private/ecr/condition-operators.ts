/**
 * The operators of IAM conditions.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export const CONDITION_OPERATORS: readonly string[] = [
  'StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', 'StringLike', 'StringNotLike',
  'NumericEquals', 'NumericNotEquals', 'NumericLessThan', 'NumericLessThanEquals', 'NumericGreaterThan', 'NumericGreaterThanEquals',
  'DateEquals', 'DateNotEquals', 'DateLessThan', 'DateLessThanEquals', 'DateGreaterThan', 'DateGreaterThanEquals',
  'Bool', 'BinaryEquals', 'IpAddress', 'NotIpAddress', 'ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike', 'Null',
];

/**
 * The parts of an operator, in lowercase, because IAM ignores its case.
 */
export interface ConditionOperator {
  /** `forallvalues` or `foranyvalue`. */
  readonly set?: string;
  /** Such as `stringlike`. */
  readonly base: string;
  /** Whether the condition is also true for requests without the key. */
  readonly ifExists: boolean;
}

const FORM = /^(?:(forallvalues|foranyvalue):)?([a-z]+?)(ifexists)?$/;
const BASES = new Set(CONDITION_OPERATORS.map(name => name.toLowerCase()));

/**
 * The parts of an operator such as `ForAnyValue:StringLikeIfExists`; undefined if IAM has no such operator.
 */
export function conditionOperator(operator: string): ConditionOperator | undefined {
  const [, set, base, ifExists] = FORM.exec(operator.toLowerCase()) ?? [];
  return base !== undefined && BASES.has(base) && !(base === 'null' && ifExists !== undefined) ? { set, base, ifExists: ifExists !== undefined } : undefined;
}
