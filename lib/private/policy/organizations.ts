import type * as iam from 'aws-cdk-lib/aws-iam';

const ACCOUNT_KEY = 'aws:PrincipalAccount';

/**
 * Whether a principal is all accounts of an organization or of an organizational unit.
 */
export function isOrganization(principal: iam.IPrincipal): boolean {
  const { conditions, principalJson } = principal.policyFragment;
  return Object.values(principalJson).flat().includes('*')
    && Object.values(conditions as Record<string, object>).some(keys => Object.keys(keys).some(key => /^aws:PrincipalOrg(ID|Paths)$/i.test(key)));
}

/**
 * The condition that excludes an account. A resource policy with the principal '*' is enough for a role of the same account, so
 * that a grant to the organization of the owner would allow each role of the owner, also roles without policies.
 *
 * @param account the account of the resource
 * @param conditions the other conditions of the principal
 */
export function notOf(account: string, conditions: iam.Conditions = {}): Record<'StringNotEquals', Record<string, string | string[]>> {
  const others = (conditions as Record<string, Record<string, string | string[]> | undefined>).StringNotEquals?.[ACCOUNT_KEY];
  return { StringNotEquals: { [ACCOUNT_KEY]: others === undefined ? account : [...[others].flat(), account] } };
}
