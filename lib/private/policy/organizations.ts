import type * as iam from 'aws-cdk-lib/aws-iam';

const ACCOUNT_KEY = 'aws:PrincipalAccount';

/**
 * Whether a principal is everybody in an organization or in a part of it.
 */
export function isOrganization(principal: iam.IPrincipal): boolean {
  const { conditions, principalJson } = principal.policyFragment;
  return Object.values(principalJson).flat().includes('*')
    && Object.values(conditions as Record<string, object>).some(keys => Object.keys(keys).some(key => /^aws:PrincipalOrg(ID|Paths)$/i.test(key)));
}

/**
 * The condition that leaves an account out. A policy of a resource that says '*' is all that a role of the same account needs, so
 * that a grant to the organization of the owner would be one to each of the owner's roles, even those that have no policy at all.
 *
 * @param account the account of the resource
 * @param conditions what is asked of the principal already
 */
export function notOf(account: string, conditions: iam.Conditions = {}): Record<'StringNotEquals', Record<string, string | string[]>> {
  const others = (conditions as Record<string, Record<string, string | string[]> | undefined>).StringNotEquals?.[ACCOUNT_KEY];
  return { StringNotEquals: { [ACCOUNT_KEY]: others === undefined ? account : [...[others].flat(), account] } };
}
