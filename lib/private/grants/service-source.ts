import { isKnown, show } from '../core/values';
import { areOpen } from '../policy/outsiders';
import type { Conditions, Grantee } from './grantee';

// https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
const SOURCE_KEY = /^aws:Source(Account|Arn|OrgID|OrgPaths)$/i;

/** The services whose sources are resources of the same service. */
const SOURCES: Readonly<Record<string, string>> = { 'lambda.amazonaws.com': 'lambda', 'codebuild.amazonaws.com': 'codebuild' };

/**
 * Services that pull images with a role of the user, so that a statement for the service itself has no effect.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ECR_on_EKS.html
 * @see https://docs.aws.amazon.com/apprunner/latest/dg/service-source-image.html
 * @see https://docs.aws.amazon.com/batch/latest/userguide/execution-IAM-role.html
 */
const PULL_WITH_ROLE: Readonly<Record<string, string>> = {
  'batch.amazonaws.com': 'the execution role of the job definition, or the instance role of the compute environment',
  'build.apprunner.amazonaws.com': 'the access role of the service',
  'ec2.amazonaws.com': 'the role of the instance profile',
  'ecs.amazonaws.com': 'the execution role of the task definition',
  'ecs-tasks.amazonaws.com': 'the execution role of the task definition',
  'eks.amazonaws.com': 'the role of the nodes',
  'eks-fargate-pods.amazonaws.com': 'the pod execution role',
  'tasks.apprunner.amazonaws.com': 'the access role of the service',
};

/**
 * Whether conditions restrict the resources that a service acts for.
 */
export function hasSource(conditions: Conditions): boolean {
  return sourcesIn(conditions).length > 0;
}

/**
 * Problems with the source that a service may act for: a pattern that matches every account.
 */
export function sourceProblems(prop: string, { kind, conditions }: Grantee): string[] {
  return kind !== 'service' || !areOpen(conditions) ? [] : sourcesIn(conditions).map(({ key, values }) =>
    `'${prop}' must have a condition that names the account of the source, got ${show(values.length === 1 ? values[0] : values)} for '${key}'; `
    + 'omit the condition to allow the account of the stack');
}

/**
 * The role that a service pulls with, if it does not pull as a service principal.
 */
export function roleThatPulls({ service }: Grantee): string | undefined {
  return service === undefined ? undefined : PULL_WITH_ROLE[service];
}

/**
 * The source of a service that belongs to another service, so that no request has it.
 */
export function sourceOfAnotherService({ service, conditions }: Grantee): string | undefined {
  const expected = SOURCES[service ?? ''];
  const arns = sourcesIn(conditions).filter(({ key }) => /arn$/i.test(key)).flatMap(({ values }) => values).filter(isKnown);
  return expected === undefined ? undefined : arns.find(arn => {
    const actual = arn.split(':')[2];
    return actual !== undefined && !/[*?$]/.test(actual) && actual !== expected;
  });
}

function sourcesIn(conditions: Conditions): Array<{ key: string; values: string[] }> {
  return Object.values(conditions).filter(isKnown).flatMap(keys => Object.entries(keys)
    .filter(([key]) => SOURCE_KEY.test(key))
    .map(([key, values]) => ({ key, values: [values].flat().map(String) })));
}
