import { createHash } from 'crypto';
import { type CfnResource, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { deployedStackOf } from '../core/environment';
import { isKnown } from '../core/values';

/**
 * Makes the resource of a setting of which a registry has one, with the same logical ID whatever its construct is called. It belongs
 * to the outermost stack, so that a construct that is renamed or moved to a nested stack neither deletes nor resets the setting.
 *
 * @param owner the construct that the user wrote
 * @param logicalId the logical ID
 * @param make makes the resource
 */
export function makeRegistrySetting<T extends CfnResource>(owner: Construct, logicalId: string, make: (scope: Construct, id: string) => T): T {
  const stack = deployedStackOf(owner);
  const resource = stack === Stack.of(owner) ? make(owner, 'Resource') : make(stack, logicalId);
  resource.overrideLogicalId(logicalId);
  owner.node.defaultChild = resource;
  return resource;
}

/**
 * Derives the logical ID of a resource from its physical name, if that is known: CloudFormation creates a resource before it deletes
 * one of another logical ID, which fails for two of one name when a construct is renamed.
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
