import type { ConditionsJson } from './condition-problems';

/**
 * A statement in the form of a policy document. Its texts may have tokens.
 */
export interface StatementJson {
  readonly Sid?: unknown;
  readonly Effect?: string;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Action?: string | string[];
  readonly NotAction?: string | string[];
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
  readonly Condition?: ConditionsJson;
}

/**
 * The texts of a member of a statement, which may be one or a list.
 */
export function textsOf(value: unknown): string[] {
  return [value].flat().filter(entry => typeof entry === 'string');
}

/**
 * The principals of a kind, such as `AWS` or `Service`. The principal `*` is of the kind `AWS`.
 */
export function principalsOf(principal: unknown, kind: string): string[] {
  return principal === '*' ? kind === 'AWS' ? ['*'] : [] : textsOf((principal as { [kind: string]: unknown } | undefined)?.[kind]);
}

/**
 * Whether a statement is for every principal.
 */
export function isForAllPrincipals({ Principal, NotPrincipal }: StatementJson): boolean {
  return NotPrincipal !== undefined || principalsOf(Principal, 'AWS').includes('*');
}
