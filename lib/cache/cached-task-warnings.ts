import { CfnResource, type IResource, type Stack } from 'aws-cdk-lib';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { warnAtSynthesis } from '../private/core/late-warnings';
import { isKnown } from '../private/core/values';
import { normalPrefix, ROOT } from '../private/ecr/prefixes';
import { rendered } from '../private/ownership/app-registry';

/** What allows an import: the action, or a managed policy that has it. `AmazonECSTaskExecutionRolePolicy` has not. */
const IMPORTS = /"(?:ecr:BatchImportUpstreamImage|ecr:Batch\*|ecr:\*|\*)"|ContainerRegistryPullOnly|ContainerRegistryFullAccess/;

/**
 * Warns about tasks of Amazon ECS with an image of a cache whose execution role may not import it: they start only while somebody else has
 * pulled the image before.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html
 * @param owner the cache
 * @param rule its resource
 * @param prefix its prefix
 */
export function warnOfTasks(owner: IResource, rule: ecr.CfnPullThroughCacheRule, prefix: string): void {
  if (prefix === ROOT) {
    return;
  }
  warnAtSynthesis(owner, rule, 'cdk-secure-ecr:PullThroughCache.taskWithoutGrant', () => {
    const resources = owner.node.root.node.findAll().filter(CfnResource.isCfnResource);
    const tasks = resources.filter((it): it is ecs.CfnTaskDefinition => it.cfnResourceType === 'AWS::ECS::TaskDefinition')
      .filter(task => usesCache(task, owner, rule, prefix) && !mayImport(task, resources));
    return tasks.length === 0 ? undefined
      : `${tasks.map(({ node }) => `'${node.path.replace(/\/Resource$/, '')}'`).join(', ')} cannot start with an image that is not in the cache yet, because the execution role may not import it; `
        + 'use containerImage() of the cache, or grants.pull with the execution role';
  });
}

function usesCache(task: ecs.CfnTaskDefinition, cache: IResource, rule: ecr.CfnPullThroughCacheRule, prefix: string): boolean {
  const { account, region } = cache.env;
  const images = (rendered<Array<{ image?: unknown }>>(task, task.containerDefinitions) ?? []).map(({ image }) => JSON.stringify([image]));
  const registry = isKnown(account) && isKnown(region) ? `${account}.dkr.ecr.${region}.` : '.dkr.ecr.';
  const reference = `{"Ref":${JSON.stringify(rule.stack.resolve(rule.logicalId))}}`;
  return images.some(image => image.includes(registry)
    && (image.includes(`/${normalPrefix(prefix)}/`) || (task.stack === rule.stack && image.includes(reference))));
}

/** Whether the execution role of a task has a policy of the app that allows imports, or may have one that the app does not know. */
function mayImport(task: ecs.CfnTaskDefinition, resources: readonly CfnResource[]): boolean {
  const role = rendered<{ 'Fn::GetAtt'?: string[] } | string>(task, task.executionRoleArn);
  const logicalId = typeof role === 'object' ? role['Fn::GetAtt']?.[0] : undefined;
  if (role !== undefined && logicalId === undefined) {
    return true;
  }
  return resources.filter(it => it.stack === task.stack && allows(it, task.stack, logicalId)).length > 0;
}

function allows(resource: CfnResource, stack: Stack, logicalId: string | undefined): boolean {
  switch (resource.cfnResourceType) {
    case 'AWS::IAM::Policy':
    case 'AWS::IAM::ManagedPolicy': {
      const policy = resource as iam.CfnPolicy;
      return JSON.stringify([stack.resolve(policy.roles)]).includes(`"Ref":"${logicalId}"`) && IMPORTS.test(JSON.stringify(stack.resolve(policy.policyDocument)));
    }
    case 'AWS::IAM::Role': {
      const role = resource as iam.CfnRole;
      return stack.resolve(role.logicalId) === logicalId && IMPORTS.test(JSON.stringify(stack.resolve([role.managedPolicyArns, role.policies])));
    }
    default:
      return false;
  }
}
