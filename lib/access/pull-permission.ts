/**
 * The permission of a `PullConsumer`.
 */
export type PullPermission =
  | { readonly kind: 'accounts'; readonly accounts: string[] }
  | { readonly kind: 'roles'; readonly account: string; readonly roleNames: string[] }
  | { readonly kind: 'organization'; readonly organizationId: string }
  | { readonly kind: 'organizationalUnit'; readonly organizationPath: string }
  | { readonly kind: 'lambda'; readonly account: string }
  | { readonly kind: 'codeBuild'; readonly account: string; readonly projectName: string; readonly region?: string };

/**
 * The permissions of one kind.
 */
export function ofKind<K extends PullPermission['kind']>(
  permissions: readonly PullPermission[],
  kind: K,
): Array<Extract<PullPermission, { kind: K }>> {
  return permissions.filter((permission): permission is Extract<PullPermission, { kind: K }> => permission.kind === kind);
}
