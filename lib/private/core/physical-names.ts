import { CfnResource, Intrinsic, Stack, Tokenization } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { isKnown } from './values';

/**
 * The CloudFormation resource that a construct of this app creates; an import has none.
 */
export function ownResource(construct: IConstruct): CfnResource | undefined {
  const { defaultChild } = construct.node;
  if (defaultChild === undefined || CfnResource.isCfnResource(defaultChild)) {
    return defaultChild;
  }
  return ownResource(defaultChild);
}

/**
 * The name of a resource of this app, if it is known before deployment.
 */
export function knownNameOf(construct: IConstruct): string | undefined {
  const resource = ownResource(construct);
  const name = resource && nameOf(resource);
  return isKnown(name) ? name : undefined;
}

/**
 * Whether another account can refer to a resource: its name is known, or the CDK generates one on demand.
 *
 * The name of an unnamed resource is the intrinsic `undefined`, and a parameter is an intrinsic too;
 * `PhysicalName.GENERATE_IF_NEEDED` is a token of another kind. An import has the name that it was imported with.
 */
export function isNameable(construct: IConstruct): boolean {
  const resource = ownResource(construct);
  if (resource === undefined) {
    return true;
  }
  const name = nameOf(resource);
  return isKnown(name) || (name !== undefined && !(Tokenization.reverseString(name).firstToken instanceof Intrinsic));
}

/**
 * Whether CloudFormation generates the name of a resource. A name that is known only at deployment, such as a parameter, is not generated.
 */
export function isUnnamed(construct: IConstruct): boolean {
  const resource = ownResource(construct);
  return resource !== undefined && !isNameable(construct) && Stack.of(resource).resolve(nameOf(resource)) === undefined;
}

function nameOf(resource: CfnResource): string | undefined {
  const { repositoryName, roleName, userName } = resource as { repositoryName?: string; roleName?: string; userName?: string };
  return repositoryName ?? roleName ?? userName;
}
