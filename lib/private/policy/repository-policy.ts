import type { PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { isKnown } from '../core/values';
import { LIMITS } from '../ecr/limits';
import { actionProblems, REPOSITORY_POLICY } from './action-problems';
import { conditionProblems } from './condition-problems';
import { policyLength } from './policy-length';

// Keys that tie an otherwise public principal to an organization, an account, an ARN or a network.
const NARROWING_KEYS = new Set([
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceorgid',
  'aws:sourceorgpaths',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:vpceaccount',
  'aws:vpceorgid',
  'aws:vpceorgpaths',
]);

/**
 * A statement as a policy document has it.
 */
export interface StatementJson {
  readonly Effect?: string;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Action?: string | string[];
  readonly NotAction?: string | string[];
  readonly Resource?: unknown;
  readonly Condition?: Record<string, Record<string, unknown>>;
}

/**
 * Problems with a statement of a repository policy: what would make images public, or do nothing.
 *
 * @param prop what the user set
 * @param statement its value
 */
export function repositoryStatementProblems(prop: string, statement: PolicyStatement): string[] {
  const json = statement.toStatementJson() as StatementJson;
  const problems = [
    ...actionProblems(prop, [json.Action ?? [], json.NotAction ?? []].flat(), REPOSITORY_POLICY),
    ...conditionProblems(prop, json.Condition),
  ];

  if (json.Effect === 'Allow' && json.NotPrincipal !== undefined) {
    problems.push(`'${prop}' must not allow everybody but a 'NotPrincipal'; name who may in 'principals'`);
  }
  if (json.Effect === 'Allow' && isPublic(json.Principal) && !isNarrowed(json.Condition)) {
    problems.push(
      `'${prop}' must not allow the principal '*' without a condition on its organization, account or ARN: any AWS account could use the images; `
      + 'use CrossAccountPull with an account or an organization',
    );
  }
  return problems;
}

/**
 * Whether a statement lets every AWS account in.
 */
export function allowsEverybody(statement: PolicyStatement): boolean {
  return letsEverybodyIn(statement.toStatementJson() as StatementJson);
}

/**
 * Whether a statement of a document lets every AWS account in.
 */
export function letsEverybodyIn(json: StatementJson): boolean {
  return json.Effect === 'Allow' && (json.NotPrincipal !== undefined || (isPublic(json.Principal) && !isNarrowed(json.Condition)));
}

/**
 * Problems with the form of a repository policy, in which a `Resource` has no place: newer versions of the CDK ask for one unless they
 * are told not to, and older ones, which do not, ignore what they are told.
 */
export function repositoryPolicyFormProblems(document: PolicyDocument): string[] {
  const validated: { validateForResourcePolicy(options: object): string[] } = document;
  return validated.validateForResourcePolicy({ skipResourceValidation: true });
}

/**
 * Problems with the size of a repository policy. Values that are only known at deployment make it a lower bound.
 */
export function repositoryPolicySizeProblems(scope: IConstruct, document: PolicyDocument): string[] {
  const length = policyLength(scope, document);
  const max = LIMITS.repositoryPolicyCharacters;
  return length > max
    ? [`the repository policy must be at most ${max} characters long, got ${length}; grant to an organization with CrossAccountPull in place of single accounts`]
    : [];
}

function isPublic(principal: unknown): boolean {
  if (principal === '*') {
    return true;
  }
  const aws = (principal as { AWS?: unknown } | undefined)?.AWS;
  return [aws].flat().includes('*');
}

/**
 * Whether a condition keeps strangers out. Operators that are true when the key is absent, or for everything but a value, do not.
 */
function isNarrowed(conditions: StatementJson['Condition']): boolean {
  return Object.entries(conditions ?? {}).some(([operator, keys]) =>
    !/Not|Null|IfExists|^ForAllValues/i.test(operator)
    && (!isKnown(keys) || Object.entries(keys ?? {}).some(([key, values]) =>
      NARROWING_KEYS.has(key.toLowerCase()) && isRendered(values)
      && [values].flat().every(value => !letsStrangersIn(key.toLowerCase(), String(value))))));
}

/**
 * Whether anything of a value reaches the template, from which the CDK drops what is undefined or empty without a word: a condition
 * on a variable of the environment that is not set is no condition.
 */
function isRendered(values: unknown): boolean {
  return [values].flat().some(value => value !== undefined && value !== null);
}

/**
 * Whether a pattern leaves open the part of a value that tells whose it is: the account of an ARN, the organization of a path.
 */
function letsStrangersIn(key: string, value: string): boolean {
  const wildcard = /[*?]/;
  if (!wildcard.test(value)) {
    return false;
  }
  const text = value.replace(/\$\{[^}]*\}/g, 'token');
  if (key.endsWith('arn')) {
    return !/^[^*?]+$/.test(text.split(':')[4] ?? '');
  }
  return wildcard.test(key.endsWith('orgpaths') ? text.split('/')[0] : text);
}
