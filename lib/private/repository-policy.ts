import { Token } from 'aws-cdk-lib';
import type { PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { LIMITS } from './limits';
import { policyLength } from './policy-length';
import { show } from './values';

// Keys that tie an otherwise public principal to an organization, an account, an ARN or a network.
const NARROWING_KEYS = new Set([
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceorgid',
  'aws:sourceorgpaths',
  'aws:sourcevpc',
  'aws:sourcevpce',
]);

// Actions that have no resource type, so that a repository policy cannot give them.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
const REGISTRY_ACTIONS = new Set([
  'ecr:CreatePullThroughCacheRule',
  'ecr:CreateRepositoryCreationTemplate',
  'ecr:DeletePullThroughCacheRule',
  'ecr:DeleteRegistryPolicy',
  'ecr:DeleteRepositoryCreationTemplate',
  'ecr:DeleteSigningConfiguration',
  'ecr:DeregisterPullTimeUpdateExclusion',
  'ecr:DescribePullThroughCacheRules',
  'ecr:DescribeRegistry',
  'ecr:DescribeRepositoryCreationTemplates',
  'ecr:GetAccountSetting',
  'ecr:GetAuthorizationToken',
  'ecr:GetRegistryPolicy',
  'ecr:GetRegistryScanningConfiguration',
  'ecr:GetSigningConfiguration',
  'ecr:ListPullTimeUpdateExclusions',
  'ecr:PutAccountSetting',
  'ecr:PutRegistryPolicy',
  'ecr:PutRegistryScanningConfiguration',
  'ecr:PutReplicationConfiguration',
  'ecr:PutSigningConfiguration',
  'ecr:RegisterPullTimeUpdateExclusion',
  'ecr:UpdatePullThroughCacheRule',
  'ecr:UpdateRepositoryCreationTemplate',
  'ecr:ValidatePullThroughCacheRule',
].map(action => action.toLowerCase()));

interface StatementJson {
  readonly Effect?: string;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Action?: string | string[];
  readonly Condition?: Record<string, Record<string, unknown>>;
}

/**
 * Problems with a statement of a repository policy: what would make images public, or do nothing.
 *
 * @param prop what the user set
 * @param statement its value
 */
export function repositoryStatementProblems(prop: string, statement: PolicyStatement): string[] {
  const json = statement.toStatementJson() as StatementJson;
  const problems: string[] = [];

  const actions = [json.Action ?? []].flat().filter(action => !Token.isUnresolved(action));
  for (const action of actions.filter(name => REGISTRY_ACTIONS.has(name.toLowerCase()))) {
    problems.push(`'${prop}' must leave out ${show(action)}: it belongs to the registry and has no effect in a repository policy; give it in an identity policy`);
  }
  if (json.Effect === 'Allow' && json.NotPrincipal !== undefined) {
    problems.push(`'${prop}' must not allow everybody but a 'NotPrincipal'; name who may in 'principals'`);
  }
  if (json.Effect === 'Allow' && isPublic(json.Principal) && !isNarrowed(json.Condition)) {
    problems.push(
      `'${prop}' must not allow the principal '*' without a condition on its organization, account or ARN: any AWS account could use the images; `
      + 'use CrossAccountPull with an account or an organization',
    );
  }
  return problems;
}

/**
 * Problems with the size of a repository policy. Values that are only known at deployment make it a lower bound.
 */
export function repositoryPolicySizeProblems(scope: IConstruct, document: PolicyDocument): string[] {
  const length = policyLength(scope, document);
  const max = LIMITS.repositoryPolicyCharacters;
  return length > max
    ? [`the repository policy must be at most ${max} characters long, got ${length}; grant to an organization with CrossAccountPull in place of single accounts`]
    : [];
}

function isPublic(principal: unknown): boolean {
  if (principal === '*') {
    return true;
  }
  const aws = (principal as { AWS?: unknown } | undefined)?.AWS;
  return [aws].flat().includes('*');
}

function isNarrowed(conditions: StatementJson['Condition']): boolean {
  return Object.entries(conditions ?? {}).some(([operator, keys]) =>
    !/Not|Null|IfExists|^ForAllValues/.test(operator)
    && Object.entries(keys).some(([key, value]) => NARROWING_KEYS.has(key.toLowerCase()) && ![value].flat().includes('*')));
}
