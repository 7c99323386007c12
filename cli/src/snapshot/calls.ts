/**
 * A call of the AWS API that a snapshot makes.
 */
export interface ApiCall {
  /** The service and the operation, as `aws` names them in kebab-case. */
  readonly service: 'ecr' | 'kms' | 'sts' | 'inspector2';
  readonly operation: string;
  /** The IAM action, which differs from the operation for some; undefined if the call needs no permission. */
  readonly action?: string;
  /** Whether IAM can limit the action to repositories. */
  readonly onRepositories: boolean;
  /** Whether only `--findings` makes the call. */
  readonly findings?: boolean;
}

/**
 * Every call that a snapshot makes. All of them read.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
 */
export const CALLS = {
  getCallerIdentity: { service: 'sts', operation: 'GetCallerIdentity', onRepositories: false },
  describeRepositories: { service: 'ecr', operation: 'DescribeRepositories', action: 'ecr:DescribeRepositories', onRepositories: true },
  describeImages: { service: 'ecr', operation: 'DescribeImages', action: 'ecr:DescribeImages', onRepositories: true },
  batchGetImage: { service: 'ecr', operation: 'BatchGetImage', action: 'ecr:BatchGetImage', onRepositories: true },
  getLifecyclePolicy: { service: 'ecr', operation: 'GetLifecyclePolicy', action: 'ecr:GetLifecyclePolicy', onRepositories: true },
  getRepositoryPolicy: { service: 'ecr', operation: 'GetRepositoryPolicy', action: 'ecr:GetRepositoryPolicy', onRepositories: true },
  listTagsForResource: { service: 'ecr', operation: 'ListTagsForResource', action: 'ecr:ListTagsForResource', onRepositories: true },
  describeRegistry: { service: 'ecr', operation: 'DescribeRegistry', action: 'ecr:DescribeRegistry', onRepositories: false },
  getRegistryPolicy: { service: 'ecr', operation: 'GetRegistryPolicy', action: 'ecr:GetRegistryPolicy', onRepositories: false },
  getRegistryScanningConfiguration: {
    service: 'ecr', operation: 'GetRegistryScanningConfiguration', action: 'ecr:GetRegistryScanningConfiguration', onRepositories: false,
  },
  getSigningConfiguration: { service: 'ecr', operation: 'GetSigningConfiguration', action: 'ecr:GetSigningConfiguration', onRepositories: false },
  getAccountSetting: { service: 'ecr', operation: 'GetAccountSetting', action: 'ecr:GetAccountSetting', onRepositories: false },
  describePullThroughCacheRules: {
    service: 'ecr', operation: 'DescribePullThroughCacheRules', action: 'ecr:DescribePullThroughCacheRules', onRepositories: false,
  },
  describeRepositoryCreationTemplates: {
    service: 'ecr', operation: 'DescribeRepositoryCreationTemplates', action: 'ecr:DescribeRepositoryCreationTemplates', onRepositories: false,
  },
  listPullTimeUpdateExclusions: {
    service: 'ecr', operation: 'ListPullTimeUpdateExclusions', action: 'ecr:ListPullTimeUpdateExclusions', onRepositories: false,
  },
  describeKey: { service: 'kms', operation: 'DescribeKey', action: 'kms:DescribeKey', onRepositories: false },
  listFindings: { service: 'inspector2', operation: 'ListFindings', action: 'inspector2:ListFindings', onRepositories: false, findings: true },
} as const satisfies { readonly [name: string]: ApiCall };

export type CallName = keyof typeof CALLS;

/**
 * The IAM policy that allows a snapshot and nothing else.
 */
export function policyFor({ findings }: { readonly findings: boolean }): object {
  const calls = Object.values<ApiCall>(CALLS).filter(call => call.action !== undefined && (findings || !call.findings));
  const actions = (chosen: readonly ApiCall[]): string[] => chosen.map(({ action }) => action!).sort();
  return {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'Repositories', Effect: 'Allow', Action: actions(calls.filter(call => call.onRepositories)), Resource: 'arn:*:ecr:*:*:repository/*' },
      { Sid: 'Registry', Effect: 'Allow', Action: actions(calls.filter(call => call.service === 'ecr' && !call.onRepositories)), Resource: '*' },
      { Sid: 'Keys', Effect: 'Allow', Action: actions(calls.filter(call => call.service === 'kms')), Resource: '*' },
      ...findings ? [{ Sid: 'Findings', Effect: 'Allow', Action: actions(calls.filter(call => call.service === 'inspector2')), Resource: '*' }] : [],
    ],
  };
}
