import { ArnFormat, Fn, Stack, Tokenization } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { isKnown } from '../private/core/values';
import { PULL_ACTIONS, SERVICE_PULL_ACTIONS } from '../private/ecr/actions';
import { notOf } from '../private/policy/organizations';
import { ofKind, type PullPermission } from './pull-permission';

/**
 * The account and Region of a registry.
 */
export interface Registry {
  readonly account: string;
  readonly region: string;
}

/**
 * The statements of a repository policy that allow consumers to pull: one for each kind of consumer, without `Resource`.
 *
 * @param scope the construct in which the policy is rendered
 * @param registry the registry of the repository
 * @param permissions the principals that pull
 */
export function pullStatements(scope: IConstruct, registry: Registry, permissions: readonly PullPermission[]): iam.PolicyStatement[] {
  return [
    ...accountStatements(ofKind(permissions, 'accounts').map(({ accounts }) => accounts)),
    ...roleStatements(scope, ofKind(permissions, 'roles')),
    ...organizationStatements(registry, ofKind(permissions, 'organization').map(({ organizationId }) => organizationId)),
    ...organizationalUnitStatements(registry, ofKind(permissions, 'organizationalUnit').map(({ organizationPath }) => organizationPath)),
    ...lambdaStatements(scope, registry, permissions),
    ...codeBuildStatements(scope, registry, ofKind(permissions, 'codeBuild')),
  ];
}

/**
 * The organization that a path such as `o-a1b2c3d4e5/r-ab12/ou-ab12-11111111` begins with.
 */
export function organizationOf(organizationPath: string): string {
  return organizationPath.includes('/') ? organizationPath.split('/', 1)[0] : Fn.select(0, Fn.split('/', organizationPath));
}

function accountStatements(lists: string[][]): iam.PolicyStatement[] {
  const accounts = lists.filter(list => isKnown(list)).flat();
  return [
    ...statementIfAny(accounts.map(account => new iam.AccountPrincipal(account)), PULL_ACTIONS),
    ...lists.filter(list => !isKnown(list)).map(lateAccountsStatement),
  ];
}

// The account ids, because a list that is a token cannot be converted to ARNs. The list is also a condition, which does not
// change the permission: the CDK does not merge statements with different conditions, which would make the list an entry of
// another list.
function lateAccountsStatement(accounts: string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({
    principals: [new iam.ArnPrincipal(Tokenization.reverseList(accounts) as unknown as string)],
    actions: PULL_ACTIONS,
    conditions: { StringEquals: { 'aws:PrincipalAccount': accounts } },
  });
}

// ECR rejects a policy with a role that does not exist (yet), so the principal is the account.
// https://repost.aws/knowledge-center/secondary-account-access-ecr
function roleStatements(scope: IConstruct, permissions: Array<{ account: string; roleNames: string[] }>): iam.PolicyStatement[] {
  return statementIfAny(unique(permissions.map(({ account }) => account)).map(account => new iam.AccountPrincipal(account)), PULL_ACTIONS, {
    ArnLike: {
      'aws:PrincipalArn': permissions.flatMap(({ account, roleNames }) => roleNames.map(resourceName =>
        Stack.of(scope).formatArn({ service: 'iam', region: '', account, resource: 'role', resourceName }))),
    },
  });
}

function organizationStatements(registry: Registry, organizationIds: string[]): iam.PolicyStatement[] {
  return organizationIds.length === 0 ? [] : statementIfAny([new iam.AnyPrincipal()], PULL_ACTIONS, {
    StringEquals: { 'aws:PrincipalOrgID': organizationIds },
    ...notOf(registry.account),
  });
}

// The condition on the paths is enough; the condition on the organization is for scanners of public policies, which only recognize this one.
function organizationalUnitStatements(registry: Registry, paths: string[]): iam.PolicyStatement[] {
  return paths.length === 0 ? [] : statementIfAny([new iam.AnyPrincipal()], PULL_ACTIONS, {
    'StringEquals': { 'aws:PrincipalOrgID': unique(paths.map(organizationOf)) },
    'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': paths.map(path => `${path}/*`) },
    ...notOf(registry.account),
  });
}

// The principal that deploys a function of another account needs the same permission as Lambda.
// https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#gettingstarted-images-permissions
function lambdaStatements(scope: IConstruct, registry: Registry, permissions: readonly PullPermission[]): iam.PolicyStatement[] {
  const accounts = ofKind(permissions, 'lambda').map(({ account }) => account);
  const covered = [registry.account, ...ofKind(permissions, 'accounts').flatMap(permission => permission.accounts)];
  const deployers = accounts.filter(account => !covered.includes(account));
  return [
    ...statementIfAny(deployers.map(account => new iam.AccountPrincipal(account)), SERVICE_PULL_ACTIONS),
    ...accounts.length === 0 ? [] : statementIfAny([new iam.ServicePrincipal('lambda.amazonaws.com')], SERVICE_PULL_ACTIONS, {
      ArnLike: {
        'aws:SourceArn': accounts.map(account => Stack.of(scope).formatArn({
          service: 'lambda', region: registry.region, account, resource: 'function', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        })),
      },
    }),
  ];
}

// https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html
function codeBuildStatements(
  scope: IConstruct,
  registry: Registry,
  permissions: Array<{ account: string; projectName: string; region?: string }>,
): iam.PolicyStatement[] {
  return permissions.length === 0 ? [] : statementIfAny([new iam.ServicePrincipal('codebuild.amazonaws.com')], SERVICE_PULL_ACTIONS, {
    ArnLike: {
      'aws:SourceArn': permissions.map(({ account, projectName, region }) => Stack.of(scope).formatArn({
        service: 'codebuild', region: region ?? registry.region, account, resource: 'project', resourceName: projectName,
      })),
    },
    StringEquals: { 'aws:SourceAccount': unique(permissions.map(({ account }) => account)) },
  });
}

type Conditions = Record<string, Record<string, string | string[]>>;

function statementIfAny(principals: iam.IPrincipal[], actions: string[], conditions?: Conditions): iam.PolicyStatement[] {
  return principals.length === 0 ? [] : [new iam.PolicyStatement({ principals, actions, conditions: conditions && compact(conditions) })];
}

/** A list of one entry is a plain value, which is shorter and which scanners expect. */
function compact(conditions: Conditions): Conditions {
  return Object.fromEntries(Object.entries(conditions).map(([operator, keys]) => [
    operator,
    Object.fromEntries(Object.entries(keys).map(([key, values]) => [key, values.length === 1 ? values[0] : values])),
  ]));
}

function unique(values: string[]): string[] {
  return [...new Set(values)];
}
