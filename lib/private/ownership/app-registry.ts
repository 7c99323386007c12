import { type CfnResource, Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import type { IConstruct } from 'constructs';
import { deployedStackOf, type Environment, registryRelation, type Relation } from '../core/environment';
import { ownResource } from '../core/physical-names';
import { isKnown } from '../core/values';
import { normalPrefix, ROOT } from '../ecr/prefixes';

/**
 * The resources of an app in the registry of a construct, or that may be in it as far as the environments are known.
 *
 * @param scope the construct
 * @param isResource whether a construct is one of the resources
 * @param relations the accepted relations between their registry and that of the construct
 * @param registry the registry, if it is not that of the stack of the construct
 */
export function inRegistry<T extends CfnResource>(
  scope: IConstruct,
  isResource: (construct: unknown) => construct is T,
  relations: readonly Relation[] = ['same'],
  registry?: Environment,
): T[] {
  const own = deployedStackOf(scope);
  return scope.node.root.node.findAll().filter(node => isResource(node)).filter(resource => {
    const stack = deployedStackOf(resource);
    const relation = stack === own && !registry ? 'same' : registryRelation(stack, registry ?? own);
    return relations.includes(relation);
  });
}

/**
 * Whether the app deploys stacks to a registry, and none of them has a registry policy.
 */
export function lacksRegistryPolicy(scope: IConstruct, registry: Environment): boolean {
  const deploysThere = scope.node.root.node.findAll().some(node => Stack.isStack(node) && registryRelation(node, registry) === 'same');
  return deploysThere && inRegistry(scope, it => ecr.CfnRegistryPolicy.isCfnRegistryPolicy(it), ['same', 'unknown'], registry).length === 0;
}

/**
 * Whether an imported repository is below the prefix of a pull through cache that the app has defined so far in its registry.
 */
export function isOfCache(repository: ecr.IRepository): boolean {
  const { repositoryName: name, env } = repository;
  return ownResource(repository) === undefined && isKnown(name)
    && inRegistry(repository, it => ecr.CfnPullThroughCacheRule.isCfnPullThroughCacheRule(it), ['same'], env)
      .some(({ ecrRepositoryPrefix: prefix }) => isKnown(prefix) && prefix !== ROOT && name.startsWith(`${normalPrefix(prefix)}/`));
}

/**
 * The name of a repository, if it is known before deployment.
 */
export function nameOf(repository: ecr.CfnRepository): string | undefined {
  const name: unknown = repository.stack.resolve(repository.repositoryName);
  return typeof name === 'string' && isKnown(name) ? name : undefined;
}

/**
 * A property of a resource as it is in the template.
 */
export function rendered<T>(resource: CfnResource, property: unknown): T | undefined {
  return resource.stack.resolve(property) as T | undefined;
}
