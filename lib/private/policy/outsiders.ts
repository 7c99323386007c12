import { isKnown } from '../core/values';
import { matchesWildcards } from '../core/wildcards';
import { conditionOperator } from '../ecr/condition-operators';
import type { ConditionsJson } from './condition-problems';
import { isForAllPrincipals, principalsOf, type StatementJson, textsOf } from './statement-json';

/**
 * The model of the principals that can use a resource policy, besides the principals, accounts and organizations that it names. Outsiders
 * are identities of any other AWS account (`direct`), and AWS services that act for a resource of any other account (`service`).
 *
 * A policy that is closed in the model is closed in IAM: the tests attack it with random policies and an IAM evaluator. Unknown conditions
 * do not close a policy.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
type Outsider = 'direct' | 'service';

/** The placeholder of a policy variable that an outsider can choose. */
const VARIABLE = '\u0001';
const ANY_TEXT = '\0';

/** The part of a value that must be known for each key to identify a principal, account or organization. */
type Naming = 'all' | 'organization' | 'account' | 'unique id';

// Keys that an outsider cannot choose. They do not include tags, addresses and session names.
const NAMING_KEYS: { readonly [key: string]: Naming } = {
  'aws:principalaccount': 'all',
  'aws:principalarn': 'account',
  'aws:principalorgid': 'all',
  'aws:principalorgpaths': 'organization',
  'aws:sourceaccount': 'all',
  'aws:sourcearn': 'account',
  'aws:sourceorgid': 'all',
  'aws:sourceorgpaths': 'organization',
  'aws:sourcevpc': 'all',
  'aws:sourcevpcarn': 'account',
  'aws:sourcevpce': 'all',
  'aws:userid': 'unique id',
  'aws:vpceaccount': 'all',
  'aws:vpceorgid': 'all',
  'aws:vpceorgpaths': 'organization',
};

/** Keys whose value must equal a policy variable, so that the requester and the resource belong to one owner. */
const SAME_OWNER: { readonly [key: string]: readonly string[] } = {
  'aws:resourceorgid': ['${aws:principalorgid}', '${aws:sourceorgid}'],
  'aws:resourceaccount': ['${aws:principalaccount}', '${aws:sourceaccount}'],
};

/** Policy variables that the owner of the resource controls. */
const OF_RESOURCE = /^aws:Resource(?:Account|OrgID)$/i;

/** Policy variables that each request of an outsider has. A condition with another one may not match, so that a Deny has no effect. */
const ALWAYS_SET: { readonly [outsider in Outsider]: RegExp } = { direct: /^aws:(?:ResourceAccount|ResourceOrgID|PrincipalAccount)$/i, service: OF_RESOURCE };
const REFERENCE = /\$\{([^}]*)\}/g;
const WITH_WILDCARDS = ['stringlike', 'arnlike', 'arnequals'];
const POSITIVE = ['stringequals', 'stringequalsignorecase', ...WITH_WILDCARDS];
const NEGATED: { readonly [operator: string]: string } = {
  stringnotequals: 'stringequals', stringnotequalsignorecase: 'stringequals', stringnotlike: 'stringlike', arnnotequals: 'arnequals', arnnotlike: 'arnlike',
};

/**
 * The statements that identities of any AWS account can use.
 *
 * @param statements all statements of the policy, because a Deny can override an Allow
 */
export function openStatements(statements: readonly StatementJson[]): StatementJson[] {
  return statements.filter(statement => statement.Effect === 'Allow' && isForAllPrincipals(statement) && isOpen(statement, statements, 'direct'));
}

/**
 * The services that can use a statement for a resource of any account, which is called the confused deputy; `*` for all of them.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export function openServices(statement: StatementJson, statements: readonly StatementJson[]): string[] {
  const services = isForAllPrincipals(statement) ? ['*'] : principalsOf(statement.Principal, 'Service');
  return statement.Effect === 'Allow' && isOpen(statement, statements, 'service') ? services : [];
}

/**
 * Whether conditions identify no principal, account or organization, so that every outsider may meet them.
 */
export function areOpen(conditions: ConditionsJson): boolean {
  return openServices({ Effect: 'Allow', Principal: { Service: 'a.amazonaws.com' }, Condition: conditions }, []).length > 0;
}

/**
 * Whether a condition only restricts the source addresses, from which any AWS account can send requests.
 */
export function isForAddresses(conditions: ConditionsJson | undefined): boolean {
  return entriesOf(conditions).some(([operator, keys]) => conditionOperator(operator)?.base === 'ipaddress' && Object.keys(keys).some(key => /^aws:sourceip$/i.test(key)));
}

function isOpen(statement: StatementJson, statements: readonly StatementJson[], outsider: Outsider): boolean {
  return isKnown(statement.Condition ?? {})
    && !entriesOf(statement.Condition)
      .some(([operator, keys]) => isLate(keys) || entriesOf(keys).some(([key, values]) => keepsOut(operator, key, values)))
    && !statements.some(deny => deny.Effect === 'Deny' && covers(deny, statement, outsider)
      && entriesOf(deny.Condition).every(([operator, keys]) => entriesOf(keys).every(([key, values]) => meets(operator, key, values, outsider))));
}

/** Whether a condition of an Allow is false for every outsider. */
function keepsOut(operator: string, key: string, values: unknown): boolean {
  const parts = conditionOperator(operator);
  return parts !== undefined && parts.set !== 'forallvalues' && !parts.ifExists && POSITIVE.includes(parts.base) && identifyOwner(parts.base, key, values);
}

/** Whether a condition of a Deny is true for every outsider. */
function meets(operator: string, key: string, values: unknown, outsider: Outsider): boolean {
  const parts = conditionOperator(operator);
  if (parts?.base === 'bool' && parts.set === undefined && /^aws:principalisawsservice$/i.test(key)) {
    return textsOf([values].flat().map(String)).every(value => value.toLowerCase() === String(outsider === 'service'));
  }
  const positive = parts && NEGATED[parts.base];
  const multivalued = /orgpaths$/i.test(key);
  return positive !== undefined && parts?.set === (multivalued ? 'forallvalues' : undefined) && identifyOwner(positive, key, values)
    && (!positive.startsWith('arn') || areArns(key, values))
    && textsOf(values).flatMap(variablesOf).every(variable => ALWAYS_SET[outsider].test(variable));
}

/** Whether ARN operators can compare a key: they are false for other texts, also if negated. */
function areArns(key: string, values: unknown): boolean {
  return /arn$/i.test(key) && textsOf(values).every(value => value.split(':').length > 5);
}

/** Whether a Deny includes all permissions that an Allow grants to outsiders. */
function covers(deny: StatementJson, allow: StatementJson, outsider: Outsider): boolean {
  const actions = textsOf(deny.Action).map(action => action.toLowerCase());
  const allowed = allow.NotAction === undefined ? textsOf(allow.Action) : ['*'];
  const [denied, resources] = [[deny.Resource ?? '*'].flat(), JSON.stringify(allow.Resource)];
  return coversPrincipals(deny, outsider)
    && deny.NotResource === undefined && (denied.includes('*') || (allow.NotResource === undefined && JSON.stringify(deny.Resource) === resources))
    && allowed.every(action => actions.some(pattern => (
      matchesWildcards(action.toLowerCase().replaceAll('*', ANY_TEXT), pattern) || (action === '*' && /^ecr(?:-public)?:\*+$/.test(pattern))
    )));
}

/** Whether a Deny applies to all outsiders: to all principals, or to all principals except named ones. */
function coversPrincipals({ Principal, NotPrincipal }: StatementJson, outsider: Outsider): boolean {
  if (NotPrincipal === undefined) {
    return principalsOf(Principal, 'AWS').includes('*');
  }
  const named = principalsOf(NotPrincipal, 'AWS');
  return outsider === 'direct' && named.length > 0 && named.every(principal => /^(?:\d{12}|arn:[^*?]+)$/.test(principal))
    && Object.keys(NotPrincipal as object).join() === 'AWS';
}

/** Whether all values of a key identify an account, an organization, a network or a resource of no outsider. */
function identifyOwner(base: string, key: string, values: unknown): boolean {
  const name = key.toLowerCase();
  const rendered = [values].flat().filter(value => value !== undefined && value !== null).map(String);
  return rendered.length > 0 && rendered.every(value => names(base, name, value));
}

function names(base: string, key: string, value: string): boolean {
  if (Object.hasOwn(SAME_OWNER, key)) {
    return SAME_OWNER[key].includes(value.toLowerCase());
  }
  const naming = Object.hasOwn(NAMING_KEYS, key) ? NAMING_KEYS[key] : undefined;
  const text = value.replace(REFERENCE, (_, name: string) => OF_RESOURCE.test(name) || !isVariable(name) ? 't' : VARIABLE);
  const open = WITH_WILDCARDS.includes(base) ? new RegExp(`[*?${VARIABLE}]`) : new RegExp(VARIABLE);
  switch (naming) {
    case 'all': return !open.test(text);
    case 'organization': return !open.test(text) || (text.includes('/') && !open.test(text.split('/')[0]));
    case 'account': return !open.test(text) || namesAccount(text, base.startsWith('arn'), open);
    case 'unique id': return !open.test(text) || /^[A-Z0-9]{16,}:/.test(text);
    default: return false;
  }
}

/** The names of the policy variables in a value. */
function variablesOf(value: string): string[] {
  return [...value.matchAll(REFERENCE)].map(([, name]) => name).filter(isVariable);
}

/** Whether a reference is a policy variable, not an escaped character or a token, which names somebody. */
function isVariable(name: string): boolean {
  return /^[\w-]+:[^:]/.test(name);
}

/**
 * Whether an ARN with wildcards has a known account. ARN operators compare each part. String operators do not, and the
 * path of a role may have colons: `arn:*:111122223333:role/*` matches `arn:aws:iam::999999999999:role/:111122223333:role/ci`.
 */
function namesAccount(text: string, byPart: boolean, open: RegExp): boolean {
  const parts = text.split(':');
  const account = parts[4] ?? '';
  const before = parts.slice(0, 4).join(':');
  return parts.length > 5 && account !== '' && !open.test(account) && (byPart ? !before.includes(VARIABLE) : !open.test(before));
}

/** Whether the keys of a condition are unresolved, so that the condition may exclude outsiders. */
function isLate(keys: unknown): boolean {
  return keys !== undefined && !isKnown(keys);
}

function entriesOf<T>(value: { readonly [name: string]: T } | undefined): Array<[string, T]> {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}
