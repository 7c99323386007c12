import { Arn, ArnFormat, type IResource, Stack, Tags, Token, TokenComparison } from 'aws-cdk-lib';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { isNameable } from '../private/physical-names';

const IDENTITY_TAG = 'aws-cdk:id';

/**
 * Whether a principal lives in the account of a repository, or in none at all, such as a service.
 */
export function isForeign(repository: ecr.IRepository, principal: iam.IPrincipal): boolean {
  const account = accountOf(principal);
  return account !== undefined && Token.compareStrings(repository.env.account, account) === TokenComparison.DIFFERENT;
}

/**
 * The account of a principal, where it can be told.
 */
export function accountOf(principal: iam.IPrincipal): string | undefined {
  if (principal.principalAccount !== undefined) {
    return principal.principalAccount;
  }
  const arn = arnOf(principal);
  return arn?.startsWith('arn:') && !Token.isUnresolved(arn) ? Arn.split(arn, ArnFormat.NO_RESOURCE_NAME).account : undefined;
}

/**
 * The service of a service principal, such as `lambda.amazonaws.com`.
 */
export function serviceOf(principal: iam.IPrincipal): string | undefined {
  if (principal instanceof iam.ServicePrincipal) {
    return principal.service; // readable, where the policy fragment has a token
  }
  return firstOf(principal, 'Service');
}

/**
 * A principal as the policy of a repository must name it.
 *
 * A role or user of another account becomes its account under a condition on `aws:PrincipalArn`, because ECR refuses a policy
 * that names a principal which does not exist yet, and because the grant then survives that the role is made anew. A service gets
 * a condition on its source, so that nobody else's resources reach the images through it (the confused deputy).
 */
export function resourcePrincipal(repository: ecr.IRepository, principal: iam.IPrincipal): iam.IPrincipal {
  const service = serviceOf(principal);
  if (service !== undefined) {
    return hasSource(principal) ? principal : new iam.PrincipalWithConditions(principal, sourceCondition(repository, service));
  }
  if (!isForeign(repository, principal)) {
    return principal;
  }

  const account = new iam.AccountPrincipal(accountOf(principal));
  if (iam.principalIsOwnedResource(principal) && !isNameable(principal as unknown as IResource)) {
    return new iam.PrincipalWithConditions(account, { StringEquals: { [`aws:PrincipalTag/${IDENTITY_TAG}`]: tagIdentity(principal) } });
  }
  const arn = arnOf(principal);
  return arn === undefined || isAccountRoot(principal, arn)
    ? principal
    : new iam.PrincipalWithConditions(account, { ArnEquals: { 'aws:PrincipalArn': arn } });
}

function arnOf(principal: iam.IPrincipal): string | undefined {
  return firstOf(principal, 'AWS');
}

function firstOf(principal: iam.IPrincipal, kind: string): string | undefined {
  const values = principal.policyFragment.principalJson[kind] as string | string[] | undefined;
  return typeof values === 'string' ? values : values?.[0];
}

function isAccountRoot(principal: iam.IPrincipal, arn: string): boolean {
  return principal instanceof iam.AccountPrincipal || /:root$/.test(arn) || arn === '*';
}

function hasSource(principal: iam.IPrincipal): boolean {
  return Object.values(principal.policyFragment.conditions as Record<string, Record<string, unknown>>)
    .some(keys => Object.keys(keys).some(key => /^aws:Source(Account|Arn|OrgID|OrgPaths)$/i.test(key)));
}

/**
 * Lambda sends the ARN of the function; the other services send their account as well.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
 */
function sourceCondition(repository: ecr.IRepository, service: string): Record<string, Record<string, string>> {
  const { account, region } = repository.env;
  return service.startsWith('lambda.')
    ? { ArnLike: { 'aws:SourceArn': functionsOf(repository, account, region) } }
    : { StringEquals: { 'aws:SourceAccount': account } };
}

/**
 * The ARN pattern of every Lambda function of an account and Region.
 */
export function functionsOf(repository: ecr.IRepository, account: string, region: string): string {
  return Stack.of(repository).formatArn({
    service: 'lambda', account, region, resource: 'function', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/**
 * A tag tells a role that has no name of its own apart, as the CDK's own repositories do it.
 */
function tagIdentity(role: IConstruct): string {
  const identity = `${Stack.of(role).stackName}_${role.node.addr}`;
  Tags.of(role).add(IDENTITY_TAG, identity);
  return identity;
}
