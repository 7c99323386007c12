import { Arn, ArnFormat, type CfnResource, type IResource, Stack, Tags } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import { areDifferent } from '../private/core/environment';
import { isNameable, ownResource } from '../private/core/physical-names';
import { isKnown } from '../private/core/values';
import { isOrganization, notOf } from '../private/policy/organizations';

const IDENTITY_TAG = 'aws-cdk:id';

/**
 * The principals that a composite principal is made of, each of which has its own account and its own policies.
 */
export function partsOf(principal: iam.IPrincipal): iam.IPrincipal[] {
  const inner = innermost(principal);
  if (!(inner instanceof iam.CompositePrincipal)) {
    return [principal];
  }
  const parts = inner.principals.flatMap(partsOf);
  return inner === principal ? parts : parts.map(part => new iam.PrincipalWithConditions(part, conditionsOf(principal)));
}

/**
 * The conditions that come with a principal, such as those of `withConditions`.
 */
export function conditionsOf(principal: iam.IPrincipal): iam.Conditions {
  return principal instanceof iam.UnknownPrincipal ? {} : principal.policyFragment.conditions;
}

/**
 * The construct behind a principal: a role or a user of this app or imported into it. An account or a service has none.
 */
export function constructOf(principal: iam.IPrincipal): IConstruct | undefined {
  const inner = innermost(principal);
  return Construct.isConstruct(inner) ? inner : undefined;
}

/**
 * Whether a principal surely lives in another account than a repository. A service lives in none.
 */
export function isForeign(repository: IResource, principal: iam.IPrincipal): boolean {
  return areDifferent(repository.env.account, accountOf(principal));
}

/**
 * Whether a principal was imported into a stack of another account, which cannot attach a policy to it.
 */
export function isOutOfReach(principal: iam.IPrincipal): boolean {
  const construct = constructOf(principal);
  return construct !== undefined && ownResource(construct) === undefined && areDifferent(Stack.of(construct).account, accountOf(principal));
}

/**
 * Whether a principal is a group, which has policies but which no policy can name.
 */
export function isGroup(principal: iam.IPrincipal): boolean {
  return innermost(principal) instanceof iam.Group || /:group\//.test(arnOf(principal) ?? '');
}

/**
 * The account of a principal, where it can be told.
 */
export function accountOf(principal: iam.IPrincipal): string | undefined {
  if (principal.principalAccount !== undefined) {
    return principal.principalAccount;
  }
  const arn = arnOf(principal);
  const account = arn?.startsWith('arn:') ? Arn.split(arn, ArnFormat.NO_RESOURCE_NAME).account : undefined;
  return isKnown(account) ? account : undefined;
}

/**
 * The service of a service principal, such as `lambda.amazonaws.com`.
 */
export function serviceOf(principal: iam.IPrincipal): string | undefined {
  const inner = innermost(principal);
  return inner instanceof iam.ServicePrincipal
    ? inner.service // readable, where the policy fragment has a token
    : firstOf(inner, 'Service');
}

/**
 * The ARN of a principal, where it has one.
 */
export function arnOf(principal: iam.IPrincipal): string | undefined {
  return firstOf(principal, 'AWS');
}

/**
 * A principal as the policy of a repository must name it.
 *
 * A role or user of another account becomes its account under a condition on `aws:PrincipalArn`, because ECR refuses a policy
 * that names a principal which does not exist yet, and because the grant then survives that the role is made anew. A service gets
 * a condition on its source, so that nobody else's resources reach the images through it (the confused deputy). An organization
 * gets one that leaves the repository's own account out.
 */
export function resourcePrincipal(repository: IResource, principal: iam.IPrincipal): iam.IPrincipal {
  const service = serviceOf(principal);
  if (service !== undefined) {
    return hasSource(principal) ? principal : new iam.PrincipalWithConditions(principal, sourceCondition(repository, service));
  }
  if (isOrganization(principal)) {
    return new iam.PrincipalWithConditions(principal, notOf(repository.env.account, conditionsOf(principal)));
  }
  if (!isForeign(repository, principal)) {
    return principal;
  }

  const construct = constructOf(principal);
  const own = construct && ownResource(construct);
  if (own && !isNameable(construct)) {
    return accountWith(principal, { StringEquals: { [`aws:PrincipalTag/${IDENTITY_TAG}`]: tagIdentity(own) } });
  }
  const arn = arnOf(principal);
  return arn !== undefined && (construct !== undefined || /^arn:[^:]+:iam::[^:]+:(role|user)\//.test(arn))
    ? accountWith(principal, { ArnEquals: { 'aws:PrincipalArn': arn } })
    : principal;
}

/**
 * The ARN pattern of every Lambda function of an account and Region.
 */
export function functionsOf(scope: IConstruct, account: string, region: string): string {
  return Stack.of(scope).formatArn({
    service: 'lambda', account, region, resource: 'function', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/**
 * The principal without what `withConditions` and `withSessionTags` wrap around it.
 */
function innermost(principal: iam.IPrincipal): iam.IPrincipal {
  const { wrapped } = principal as { wrapped?: iam.IPrincipal };
  return wrapped === undefined ? principal : innermost(wrapped);
}

function firstOf(principal: iam.IPrincipal, kind: string): string | undefined {
  if (principal instanceof iam.UnknownPrincipal) {
    return undefined;
  }
  const values = principal.policyFragment.principalJson[kind] as string | string[] | undefined;
  return [values].flat()[0];
}

function accountWith(principal: iam.IPrincipal, conditions: iam.Conditions): iam.IPrincipal {
  const account = new iam.AccountPrincipal(accountOf(principal));
  return new iam.PrincipalWithConditions(new iam.PrincipalWithConditions(account, conditionsOf(principal)), conditions);
}

function hasSource(principal: iam.IPrincipal): boolean {
  return Object.values(conditionsOf(principal) as Record<string, Record<string, unknown>>)
    .some(keys => Object.keys(keys).some(key => /^aws:Source(Account|Arn|OrgID|OrgPaths)$/i.test(key)));
}

/**
 * Lambda sends the ARN of the function; the other services send their account as well. The source is where the stack is: an
 * imported repository may be elsewhere.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
 */
function sourceCondition(repository: IResource, service: string): iam.Conditions {
  const { account, region } = Stack.of(repository);
  return service.startsWith('lambda.')
    ? { ArnLike: { 'aws:SourceArn': functionsOf(repository, account, region) } }
    : { StringEquals: { 'aws:SourceAccount': account } };
}

/**
 * A tag tells a role that has no name of its own apart, as the CDK's own repositories do it.
 */
function tagIdentity(resource: CfnResource): string {
  const owner = resource.node.scope as IConstruct;
  const identity = `${resource.stack.stackName}_${owner.node.addr}`;
  Tags.of(owner).add(IDENTITY_TAG, identity);
  return identity;
}
