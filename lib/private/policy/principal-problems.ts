import { isKnown, show } from '../core/values';
import { principalsOf, type StatementJson } from './statement-json';

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
const ACCOUNT = /^\d{12}$/;
const UNIQUE_ID = /^A[A-Z]{3}[A-Z0-9]{12,}$/;
const IDENTITY = /^arn:[^:]*:(?:iam::[^:]*:(?:root|user\/.+|role\/.+)|sts::[^:]*:(?:assumed-role\/.+\/.+|federated-user\/.+))$/;
const KINDS = ['AWS', 'Service', 'Federated', 'CanonicalUser'];

/**
 * Problems with the principals of a policy of Amazon ECR: principals that AWS rejects, and principals that never send a request to Amazon ECR.
 *
 * @param prop the prop that the user set
 * @param statement the statement; tokens pass
 */
export function principalProblems(prop: string, { Principal, NotPrincipal }: StatementJson): string[] {
  return [Principal, NotPrincipal].flatMap(principal => [
    ...principalsOf(principal, 'AWS').flatMap(entry => awsProblems(prop, entry)),
    ...principalsOf(principal, 'Service').flatMap(entry => serviceProblems(prop, entry)),
    ...['Federated', 'CanonicalUser'].flatMap(kind => principalsOf(principal, kind)).map(entry =>
      `'${prop}' must have principals that send requests to Amazon ECR, got ${show(entry)}; name the role that it assumes`),
    ...typeof principal === 'string' && principal !== '*' && isKnown(principal) ? [`'${prop}' must have a principal of a kind, such as { AWS: '111122223333' }, got ${show(principal)}`] : [],
    ...typeof principal === 'object' && principal !== null && !Array.isArray(principal)
      ? Object.keys(principal).filter(kind => !KINDS.includes(kind)).map(kind => `'${prop}' must have principals of the kinds 'AWS' and 'Service', got ${show(kind)}`)
      : [],
  ]);
}

/**
 * The ids that AWS shows in a policy in place of users and roles that were deleted. It refuses to write a policy with them.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function deletedPrincipals({ Principal, NotPrincipal }: StatementJson): string[] {
  return [Principal, NotPrincipal].flatMap(principal => principalsOf(principal, 'AWS')).filter(entry => UNIQUE_ID.test(entry));
}

function awsProblems(prop: string, principal: string): string[] {
  if (!isKnown(principal) ? !/^arn:/.test(principal) || IDENTITY.test(principal) : principal === '*' || ACCOUNT.test(principal) || UNIQUE_ID.test(principal)) {
    return [];
  }
  const got = `got ${show(principal)}`;
  if (/:group\//.test(principal)) {
    return [`'${prop}' must have principals that send requests, ${got}, and a group sends none; name its users or a role`];
  }
  if (/[*?]/.test(principal.replace(/\$\{[^}]*\}/g, ''))) {
    return [`'${prop}' must have principals without wildcards, ${got}; name the account, and the roles in a condition on 'aws:PrincipalArn'`];
  }
  const account = principal.split(':')[4];
  const isAccount = account === undefined || ACCOUNT.test(account) || !isKnown(account);
  return IDENTITY.test(principal) && isAccount ? [] : [
    `'${prop}' must have principals of AWS that are accounts of 12 digits or ARNs of roles and users, ${got}`,
  ];
}

function serviceProblems(prop: string, principal: string): string[] {
  return isKnown(principal) && !/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(principal)
    ? [`'${prop}' must have service principals with their domain, such as 'lambda.amazonaws.com', got ${show(principal)}`]
    : [];
}
