import { Intrinsic, type IResource, Resource, Token, Tokenization } from 'aws-cdk-lib';

/**
 * Whether another account or Region can refer to a resource: its name is known, or the CDK makes one up when somebody asks.
 *
 * A resource that nobody named has the intrinsic `undefined` for its physical name; `PhysicalName.GENERATE_IF_NEEDED` has a
 * token of another kind.
 */
export function isNameable(resource: IResource): boolean {
  if (!Resource.isOwnedResource(resource)) {
    return true; // whoever imported it gave the name
  }
  const { physicalName } = resource as unknown as { physicalName: string };
  return !Token.isUnresolved(physicalName) || !(Tokenization.reverseString(physicalName).firstToken instanceof Intrinsic);
}
