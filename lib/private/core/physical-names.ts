import { CfnResource, Intrinsic, Stack, Tokenization } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { isKnown } from './values';

/**
 * The CloudFormation resource that a construct of this app makes; an import has none.
 */
export function ownResource(construct: IConstruct): CfnResource | undefined {
  const { defaultChild } = construct.node;
  if (defaultChild === undefined || CfnResource.isCfnResource(defaultChild)) {
    return defaultChild;
  }
  return ownResource(defaultChild);
}

/**
 * The name that a resource of this app was given, if it can be read before deployment.
 */
export function knownNameOf(construct: IConstruct): string | undefined {
  const resource = ownResource(construct);
  const name = resource && nameOf(resource);
  return isKnown(name) ? name : undefined;
}

/**
 * Whether another account can refer to a resource: its name is known, or the CDK makes one up when somebody asks.
 *
 * A resource that nobody named has the intrinsic `undefined` for its name, and a parameter is an intrinsic too;
 * `PhysicalName.GENERATE_IF_NEEDED` is a token of another kind. An import has the name that its importer gave.
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
 * Whether CloudFormation makes up the name of a resource. One that comes at deployment, such as a parameter, is a name.
 */
export function isUnnamed(construct: IConstruct): boolean {
  const resource = ownResource(construct);
  return resource !== undefined && !isNameable(construct) && Stack.of(resource).resolve(nameOf(resource)) === undefined;
}

function nameOf(resource: CfnResource): string | undefined {
  const { repositoryName, roleName, userName } = resource as { repositoryName?: string; roleName?: string; userName?: string };
  return repositoryName ?? roleName ?? userName;
}
