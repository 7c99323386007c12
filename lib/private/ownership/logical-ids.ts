import { createHash } from 'crypto';
import { type CfnResource, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { deployedStackOf } from '../core/environment';
import { isKnown } from '../core/values';

/**
 * Creates the resource of a setting that a registry has once, with a logical ID that does not depend on the id of its construct. It
 * belongs to the outermost stack, so that renaming the construct, or moving it to a nested stack, does not delete or reset the setting.
 *
 * @param owner the construct that the user wrote
 * @param logicalId the logical ID
 * @param make creates the resource
 */
export function makeRegistrySetting<T extends CfnResource>(owner: Construct, logicalId: string, make: (scope: Construct, id: string) => T): T {
  const stack = deployedStackOf(owner);
  const resource = stack === Stack.of(owner) ? make(owner, 'Resource') : make(stack, logicalId);
  resource.overrideLogicalId(logicalId);
  owner.node.defaultChild = resource;
  return resource;
}

/**
 * Derives the logical ID of a resource from its physical name, if that is known: CloudFormation creates the resource with the new
 * logical ID before it deletes the old one, which fails for two resources of one name when a construct is renamed.
 *
 * @param resource the resource
 * @param noun the beginning of the logical ID
 * @param name the physical name
 */
export function keepLogicalId(resource: CfnResource, noun: string, name: string | undefined): void {
  if (isKnown(name)) {
    const readable = name.replace(/[^A-Za-z0-9]/g, '').slice(0, 100);
    const hash = createHash('sha256').update(name).digest('hex').slice(0, 8).toUpperCase();
    resource.overrideLogicalId(`SecureEcr${noun}${readable}${hash}`);
  }
}
