import { ArnFormat, type CfnResource, Stack, Tags } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { isNameable, ownResource } from '../core/physical-names';
import { notOf } from '../policy/organizations';
import { type Grantee, type Owned, withConditions } from './grantee';
import { hasSource } from './service-source';

const IDENTITY_TAG = 'aws-cdk:id';

/**
 * A grantee as the principal of a resource policy.
 *
 * A role or user of another account becomes its account with a condition on `aws:PrincipalArn`: Amazon ECR rejects a policy with
 * a principal that does not exist yet, and the grant stays valid when the role is replaced. A service gets a condition on its
 * source, so that it cannot be used for the resources of other accounts (the confused deputy). An organization gets a condition that
 * leaves out the account of the resource.
 */
export function namedPrincipal(resource: Owned, grantee: Grantee): iam.IPrincipal {
  const { principal, kind, conditions, construct, arn } = grantee;
  if (kind === 'service') {
    return hasSource(conditions) ? principal : withConditions(principal, sourceCondition(resource, grantee));
  }
  if (kind === 'organization') {
    return withConditions(principal, notOf(resource.env.account, conditions));
  }
  if (!grantee.isForeignTo(resource)) {
    return principal;
  }

  const own = construct && ownResource(construct);
  if (own && !isNameable(construct)) {
    return accountOf(grantee, { StringEquals: { [`aws:PrincipalTag/${IDENTITY_TAG}`]: tagIdentity(own) } });
  }
  return arn !== undefined && (construct !== undefined || /^arn:[^:]+:iam::[^:]+:(role|user)\//.test(arn))
    ? accountOf(grantee, { ArnEquals: { 'aws:PrincipalArn': arn } })
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

function accountOf({ account, conditions }: Grantee, narrower: iam.Conditions): iam.IPrincipal {
  return withConditions(withConditions(new iam.AccountPrincipal(account), conditions), narrower);
}

/**
 * Lambda sends the ARN of the function; the other services also send their account. The source is in the account of the stack, which
 * can be different from the account of an imported resource.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
 */
function sourceCondition(resource: Owned, { service }: Grantee): iam.Conditions {
  const { account, region } = Stack.of(resource);
  return service!.startsWith('lambda.')
    ? { ArnLike: { 'aws:SourceArn': functionsOf(resource, account, region) } }
    : { StringEquals: { 'aws:SourceAccount': account } };
}

/**
 * A tag identifies a role without a name, as in repositories of the CDK. A principal that may tag roles or sessions in its account can
 * set the tag on another role there; a `roleName` identifies the role by its ARN instead.
 */
function tagIdentity(resource: CfnResource): string {
  const owner = resource.node.scope as IConstruct;
  const identity = `${resource.stack.stackName}_${owner.node.addr}`;
  Tags.of(owner).add(IDENTITY_TAG, identity);
  return identity;
}
