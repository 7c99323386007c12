import { UnscopedValidationError, ValidationError } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

const MOST = 25;

type Code = ConstructorParameters<typeof ValidationError>[0];

/**
 * Fails with every problem that a construct found in its input.
 *
 * @param scope the construct that the user wrote
 * @param code a stable name in PascalCase for this family of problems
 * @param problems one line for each problem
 */
export function failIfAny(scope: IConstruct, code: string, problems: readonly string[]): void {
  if (problems.length > 0) {
    throw new ValidationError(code as Code, textOf(problems), scope);
  }
}

/**
 * Fails with every problem that a value class, which has no construct, found in its input.
 *
 * @param code a stable name in PascalCase for this family of problems
 * @param problems one line for each problem
 */
export function failUnscopedIfAny(code: string, problems: readonly string[]): void {
  if (problems.length > 0) {
    throw new UnscopedValidationError(code as Code, textOf(problems));
  }
}

/**
 * A line for each problem, up to a readable number.
 */
function textOf(problems: readonly string[]): string {
  const more = problems.length - MOST;
  return [...problems.slice(0, MOST), ...more > 0 ? [`and ${more} more problems like these`] : []].join('\n');
}
