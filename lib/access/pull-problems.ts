import { areDifferent } from '../private/core/environment';
import { duplicatesOf, isKnown, show } from '../private/core/values';
import { LIMITS } from '../private/ecr/limits';
import { accountProblems, lengthProblems, organizationPathProblems, organizationProblems, regionProblems } from '../private/ecr/names';
import { ofKind, type PullPermission } from './pull-permission';
import { organizationOf } from './pull-statements';

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html with the two wildcards of ArnLike
const ROLE_PATTERN = /^[\w+=,.@*?-]+(\/[\w+=,.@*?-]+)*$/;
const PROJECT_PATTERN = /^[\w*?-]+$/;
const ONLY_WILDCARDS = /^[*?/]+$/;

/**
 * A property of the consumers that is valid but probably unintended.
 */
export interface PullFinding {
  readonly id: string;
  readonly message: string;
}

/**
 * Problems with a list of consumers.
 */
export function consumersProblems(permissions: readonly PullPermission[]): string[] {
  return [
    ...permissions.flatMap((permission, index) => permissionProblems(`consumers[${index}]`, permission)),
    ...duplicatesOf(permissions.flatMap(namesOf)).map(name => `'consumers' must not have duplicates, got ${name} twice`),
  ];
}

/**
 * The parts of a list of consumers that are valid but probably unintended.
 *
 * @param ownAccount the account of the repositories
 * @param permissions the principals that pull
 */
export function consumersFindings(ownAccount: string, permissions: readonly PullPermission[]): PullFinding[] {
  return [
    ...emptyFindings(permissions),
    ...ownAccountFindings(ownAccount, permissions),
    ...redundancyFindings(permissions),
    ...codeBuildFindings(ownAccount, permissions),
  ];
}

/**
 * Whether a consumer may include identities of an account.
 */
export function mayCover(permission: PullPermission, account: string): boolean {
  switch (permission.kind) {
    case 'organization':
    case 'organizationalUnit':
      return true;
    case 'accounts':
      return !isKnown(permission.accounts) || permission.accounts.some(granted => !areDifferent(granted, account));
    case 'roles':
    case 'lambda':
      return !areDifferent(permission.account, account);
    case 'codeBuild':
      return false;
  }
}

function permissionProblems(prop: string, permission: PullPermission): string[] {
  switch (permission.kind) {
    case 'accounts':
      return accountsProblems(prop, permission.accounts);
    case 'roles':
      return [...accountProblems(`${prop}.account`, permission.account), ...roleNamesProblems(`${prop}.roleNames`, permission)];
    case 'organization':
      return organizationProblems(prop, permission.organizationId);
    case 'organizationalUnit':
      return organizationPathProblems(prop, permission.organizationPath);
    case 'lambda':
      return accountProblems(prop, permission.account);
    case 'codeBuild':
      return [
        ...accountProblems(`${prop}.account`, permission.account),
        ...projectNameProblems(`${prop}.projectName`, permission.projectName),
        ...regionProblems(`${prop}.region`, permission.region),
      ];
  }
}

function accountsProblems(prop: string, accounts: string[]): string[] {
  if (!isKnown(accounts)) {
    return [];
  }
  if (accounts.length === 0) {
    return [`'${prop}' must have at least one account, got []; remove the consumer`];
  }
  return accounts.length === 1
    ? accountProblems(prop, accounts[0])
    : accounts.flatMap((account, index) => accountProblems(`${prop}.accounts[${index}]`, account));
}

function roleNamesProblems(prop: string, { account, roleNames }: { account: string; roleNames: string[] }): string[] {
  if (!isKnown(roleNames)) {
    return [`'${prop}' must be a list of known length, got a token; list the entries, which may be tokens`];
  }
  if (roleNames.length === 0) {
    return [`'${prop}' must have at least one role, got []; use PullConsumer.account(${show(account)}) for all roles`];
  }
  return roleNames.flatMap((name, index) => roleNameProblems(`${prop}[${index}]`, name, account));
}

function roleNameProblems(prop: string, name: string, account: string): string[] {
  if (!isKnown(name)) {
    return [];
  }
  if (ONLY_WILDCARDS.test(name)) {
    return [`'${prop}' must restrict the roles, got ${show(name)}; use PullConsumer.account(${show(account)}) for all roles of the account`];
  }
  const unprefixed = /^(?:arn:[^/]*:)?\/?role\/(.+)$/.exec(name)?.[1];
  if (unprefixed !== undefined) {
    return [`'${prop}' must be the name of a role without 'role/', got ${show(name)}; write ${show(unprefixed)}`];
  }
  return [
    ...lengthProblems(prop, name, LIMITS.rolePattern),
    ...ROLE_PATTERN.test(name) ? [] : [
      `'${prop}' must be the name of a role, such as 'ecs-*' or with its path 'teams/api/*': letters, digits, '_+=,.@-', '*' and '?', got ${show(name)}`,
    ],
  ];
}

function projectNameProblems(prop: string, name: string): string[] {
  return isKnown(name) && !PROJECT_PATTERN.test(name)
    ? [`'${prop}' must be the name of a CodeBuild project, such as 'build-*': letters, digits, '_', '-', '*' and '?', got ${show(name)}`]
    : [];
}

/**
 * The descriptions of the principals of a consumer, equal for equal permissions.
 */
function namesOf(permission: PullPermission): string[] {
  switch (permission.kind) {
    case 'accounts':
      return permission.accounts.map(account => `account ${show(account)}`);
    case 'roles':
      return permission.roleNames.map(name => `the roles ${show(name)} of account ${show(permission.account)}`);
    case 'organization':
      return [`organization ${show(permission.organizationId)}`];
    case 'organizationalUnit':
      return [`organizational unit ${show(permission.organizationPath)}`];
    case 'lambda':
      return [`the Lambda functions of account ${show(permission.account)}`];
    case 'codeBuild':
      return [`the CodeBuild projects ${show(permission.projectName)} of account ${show(permission.account)} in ${regionName(permission.region)}`];
  }
}

function regionName(region: string | undefined): string {
  return region === undefined ? 'the Region of the repository' : `the Region ${show(region)}`;
}

function emptyFindings(permissions: readonly PullPermission[]): PullFinding[] {
  return permissions.length > 0 ? [] : [{
    id: 'noConsumers',
    message: "no other account can pull, because 'consumers' is empty: the deployment removes all statements of this construct; add consumers, or remove it",
  }];
}

function ownAccountFindings(ownAccount: string, permissions: readonly PullPermission[]): PullFinding[] {
  const named = [
    ...ofKind(permissions, 'accounts').flatMap(({ accounts }) => accounts),
    ...ofKind(permissions, 'roles').map(({ account }) => account),
  ];
  return isKnown(ownAccount) && named.includes(ownAccount) ? [{
    id: 'ownAccount',
    message: `the consumer ${ownAccount} has no effect on the pulls of its roles, because it is the account of the repositories, in which an identity policy is enough; remove it and use the grants of the repository`,
  }] : [];
}

function redundancyFindings(permissions: readonly PullPermission[]): PullFinding[] {
  const accounts = ofKind(permissions, 'accounts').flatMap(permission => permission.accounts);
  const organizations = ofKind(permissions, 'organization').map(({ organizationId }) => organizationId);
  const roles = ofKind(permissions, 'roles').filter(({ account }) => accounts.includes(account)).map(permission => ({
    id: 'consumerWithoutEffect',
    message: `the consumer ${namesOf(permission).join(' and ')} has no effect, because the whole account may pull; remove one of the two`,
  }));
  const units = ofKind(permissions, 'organizationalUnit')
    .filter(({ organizationPath }) => organizations.includes(organizationOf(organizationPath)))
    .map(permission => ({
      id: 'consumerWithoutEffect',
      message: `the consumer ${namesOf(permission).join()} has no effect, because its whole organization may pull; remove one of the two`,
    }));
  return [...roles, ...units];
}

// https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ProjectEnvironment.html
function codeBuildFindings(ownAccount: string, permissions: readonly PullPermission[]): PullFinding[] {
  const foreign = ofKind(permissions, 'codeBuild').map(({ account }) => account)
    .filter(account => areDifferent(account, ownAccount))
    .filter(account => !permissions.some(permission => mayCover(permission, account)));
  return [...new Set(foreign)].map(account => ({
    id: 'codeBuildCredentials',
    message: `the CodeBuild projects of ${account} cannot pull, because that is not the account of the repositories, `
      + `and AWS requires projects of other accounts to pull with their service role; add PullConsumer.roles(${show(account)}, [the name of that role])`,
  }));
}
