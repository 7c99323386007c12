import * as iam from 'aws-cdk-lib/aws-iam';
import { isKnown, show } from '../core/values';
import { accountProblems } from '../ecr/names';
import { repositoryStatementProblems } from '../policy/repository-policy';
import type { Grantee, Owned } from './grantee';
import { sourceProblems } from './service-source';

/**
 * Problems with a grantee that no AWS policy can contain as a principal, or that the policy of one of the resources cannot contain.
 *
 * @param prop the parameter that the user set
 * @param grantee its value, or a part of it
 * @param resources the resources with policies of their own
 */
export function granteeProblems(prop: string, grantee: Grantee, resources: readonly Owned[]): string[] {
  switch (grantee.kind) {
    case 'federated':
      return [`'${prop}' must be an AWS identity, got ${grantee.name}; grant to the role that its users or jobs assume`];
    case 'canonicalUser':
      return [`'${prop}' must be an AWS identity, got ${grantee.name}, which only Amazon S3 accepts; grant to the account or a role`];
    case 'group':
    case 'policy':
      return grantee.construct === undefined && grantee.kind === 'group' || resources.some(resource => grantee.isForeignTo(resource))
        ? [`'${prop}' must be a valid principal of a resource policy, got the ${grantee.kind} ${grantee.name}; grant to a role, or to the account with AccountPrincipal`]
        : [];
    case 'account':
      return accountProblems(prop, grantee.account);
    case 'allPrincipals':
    case 'organization':
      return repositoryStatementProblems(prop, new iam.PolicyStatement({ principals: [grantee.principal] }));
    case 'arn':
      return arnProblems(prop, grantee, resources);
    case 'service':
      return sourceProblems(prop, grantee);
    default:
      return [];
  }
}

/**
 * The ARN of a principal of another account becomes a condition, in which wildcards are valid; the ARN of a principal of the same
 * account stays a principal.
 */
function arnProblems(prop: string, grantee: Grantee, resources: readonly Owned[]): string[] {
  const { arn } = grantee;
  if (!isKnown(arn)) {
    return [];
  }
  if (!/^arn:[^:]+:(iam|sts)::[^:]*:.+$/.test(arn)) {
    return [`'${prop}' must have the ARN of a role or user, got ${show(arn)}`];
  }
  return /[*?]/.test(arn) && !resources.every(resource => grantee.isForeignTo(resource))
    ? [`'${prop}' must be one principal, got ${show(arn)}: a resource policy cannot have wildcards in a principal of its own account; grant to each role`]
    : [];
}
