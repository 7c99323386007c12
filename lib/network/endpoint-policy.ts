import { Stack } from 'aws-cdk-lib';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { areDifferent } from '../private/core/environment';
import { duplicatesOf, isKnown, show } from '../private/core/values';
import { IMPORT_ACTIONS, LOGIN_ACTIONS, PULL_ACTIONS } from '../private/ecr/actions';
import { LIMITS } from '../private/ecr/limits';
import { accountProblems, organizationProblems } from '../private/ecr/names';
import { policyLength } from '../private/policy/policy-length';

/**
 * The scope of the policy of the two ECR endpoints: actions, identities and repositories.
 */
export interface EndpointScope {
  readonly trustedAccounts?: string[];
  readonly trustedOrganization?: string;
  readonly reachableRegistries?: string[];
  readonly reachableOrganization?: string;
  readonly reachableRepositories?: ecr.IRepositoryRef[];
  readonly pullOnly?: boolean;
}

const SCOPE_PROPS = [
  'trustedAccounts', 'trustedOrganization', 'reachableRegistries', 'reachableOrganization', 'reachableRepositories', 'pullOnly',
] as const satisfies ReadonlyArray<keyof EndpointScope>;

/**
 * The props of the scope that are set.
 */
export function scopePropsIn(scope: EndpointScope): string[] {
  return SCOPE_PROPS.filter(prop => scope[prop] !== undefined).map(prop => `'${prop}'`);
}

/**
 * Problems with the scope of the endpoint policy.
 */
export function endpointScopeProblems(owner: IConstruct, scope: EndpointScope): string[] {
  return [
    ...accountsProblems('trustedAccounts', scope.trustedAccounts, 'omit it to trust the account of the stack'),
    ...organizationProblems('trustedOrganization', scope.trustedOrganization),
    ...(scope.reachableRegistries && !isKnown(scope.reachableRegistries)
      ? ["'reachableRegistries' must be a list of known length, got a token; list the entries, which may be tokens"]
      : accountsProblems('reachableRegistries', scope.reachableRegistries, 'omit it to allow every registry')),
    ...organizationProblems('reachableOrganization', scope.reachableOrganization),
    ...repositoriesProblems(owner, scope.reachableRepositories),
  ];
}

/**
 * The statements of the policy: one for each combination of trusted identities and reachable repositories.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
 */
export function endpointPolicyStatements(owner: IConstruct, scope: EndpointScope): iam.PolicyStatement[] {
  const pull = [...PULL_ACTIONS, ...IMPORT_ACTIONS].sort();
  const reach = reachOf(owner, scope);

  if (reach.length === 0) {
    const actions = scope.pullOnly ? [...LOGIN_ACTIONS, ...pull].sort() : ['ecr:*'];
    return trustOf(owner, scope).map(trust => allow(actions, ['*'], trust));
  }

  const actions = scope.pullOnly ? pull : ['ecr:*'];
  return trustOf(owner, scope).flatMap(trust => [
    allow(LOGIN_ACTIONS, ['*'], trust), // has no resource, so the statements below do not match it
    ...reach.map(({ resources, conditions }) => allow(actions, resources, trust, conditions)),
  ]);
}

/**
 * Problems with the size of the policy. With tokens, the size is a lower bound.
 */
export function endpointPolicySizeProblems(owner: IConstruct, statements: readonly iam.PolicyStatement[]): string[] {
  const length = policyLength(owner, new iam.PolicyDocument({ statements: statements.map(statement => statement.copy()) }));
  const max = LIMITS.endpointPolicyCharacters;
  return length > max
    ? [`the endpoint policy must be at most ${max} characters long, got ${length}; name accounts in 'reachableRegistries' or use an organization instead of single entries`]
    : [];
}

/**
 * Only allows reading the layers of images. It has no condition, because ECR signs the URL of a layer.
 */
export function layersStatement(owner: IConstruct): iam.PolicyStatement {
  const stack = Stack.of(owner);
  return allow(['s3:GetObject'], [stack.formatArn({
    service: 's3',
    region: '',
    account: '',
    resource: `prod-${stack.region}-starport-layer-bucket`,
    resourceName: '*',
  })]);
}

type Conditions = Record<string, Record<string, string | string[]>>;

function allow(actions: string[], resources: string[], ...conditions: Conditions[]): iam.PolicyStatement {
  const statement = new iam.PolicyStatement({ principals: [new iam.StarPrincipal()], actions, resources });
  conditions.forEach(condition => statement.addConditions(condition));
  return statement;
}

function trustOf(owner: IConstruct, scope: EndpointScope): Conditions[] {
  const trust: Conditions[] = [];
  const accounts = scope.trustedAccounts ?? (scope.trustedOrganization ? undefined : [Stack.of(owner).account]);
  if (accounts) {
    trust.push({ StringEquals: { 'aws:PrincipalAccount': isKnown(accounts) && accounts.length === 1 ? accounts[0] : accounts } });
  }
  if (scope.trustedOrganization) {
    trust.push({ StringEquals: { 'aws:PrincipalOrgID': scope.trustedOrganization } });
  }
  return trust;
}

function reachOf(owner: IConstruct, scope: EndpointScope): Array<{ resources: string[]; conditions: Conditions }> {
  const arns = [
    ...(scope.reachableRegistries ?? []).map(account => Stack.of(owner).formatArn({
      service: 'ecr',
      account,
      resource: 'repository',
      resourceName: '*',
    })),
    ...(scope.reachableRepositories ?? []).map(repository => repository.repositoryRef.repositoryArn),
  ];
  return [
    ...(arns.length > 0 ? [{ resources: arns, conditions: {} }] : []),
    ...(scope.reachableOrganization
      ? [{ resources: ['*'], conditions: { StringEquals: { 'aws:ResourceOrgID': scope.reachableOrganization } } }]
      : []),
  ];
}

function accountsProblems(prop: string, accounts: string[] | undefined, fix: string): string[] {
  if (!isKnown(accounts)) {
    return [];
  }
  return [
    ...(accounts.length === 0 ? [`'${prop}' must have at least one AWS account, got []; ${fix}`] : []),
    ...accounts.flatMap((account, index) => accountProblems(`${prop}[${index}]`, account)),
    ...duplicatesOf(accounts).map(twice => `'${prop}' must not have duplicates, got ${show(twice)} twice`),
  ];
}

function repositoriesProblems(owner: IConstruct, repositories: ecr.IRepositoryRef[] | undefined): string[] {
  const prop = 'reachableRepositories';
  const { region } = Stack.of(owner);
  return [
    ...(repositories?.length === 0 ? [`'${prop}' must have at least one repository, got []; omit it to allow every repository`] : []),
    ...(repositories ?? []).flatMap((repository, index) => areDifferent(repository.env.region, region)
      ? [`'${prop}[${index}]' must be in ${show(region)}, the Region of the endpoints, got ${show(repository.env.region)}; replicate it or pull it over the internet`]
      : []),
  ];
}
