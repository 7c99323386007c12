import { ECR_TYPES } from '../core/resource-types';
import type { Finding } from '../findings/finding';
import { propFor } from './advice';

/** The rules of `diff`. */
export type ChangeRule = 'replacement' | 'possibleReplacement' | 'deletion' | 'possibleDeletion' | 'removalFromStack' | 'newName';

/**
 * A change of a resource that an update would make.
 */
export interface ChangedResource {
  readonly logicalId: string;
  readonly type: string;
  /** The name in the old template; undefined if it is generated. */
  readonly name?: unknown;
  /** What CloudFormation does with the old resource: `Delete` unless the template says otherwise. */
  readonly policy: string;
}

/**
 * Whether a type is one of Amazon ECR or of a key.
 */
export function isWatched(type: string | undefined, isKey: boolean): type is string {
  return type !== undefined && (type in ECR_TYPES || isKey);
}

/**
 * The finding for a property whose change replaces the resource.
 */
export function replacementOf(resource: ChangedResource, property: string, values: { old: unknown; new: unknown }, certain: boolean): Omit<Finding, 'file' | 'position'> {
  const { logicalId, type, name } = resource;
  const isName = property === (ECR_TYPES[type]?.name ?? (type === 'AWS::KMS::Alias' ? 'AliasName' : undefined));
  const rule: ChangeRule = isName ? 'newName' : certain ? 'replacement' : 'possibleReplacement';
  const consequence = isName
    ? `a new ${nounOf(type)} takes its place`
    : name === undefined ? `a new ${nounOf(type)} with a new name takes its place` : `the deployment fails if the name ${shown(name)} stays the same, as it is taken`;
  return {
    rule,
    severity: certain ? 'error' : 'warning',
    message: `${certain ? 'CloudFormation replaces' : 'CloudFormation may replace'} the ${nounOf(type)}: '${property}' changes from ${shown(values.old)} to ${shown(values.new)}. ${
      capital(consequence)}; ${fateOf(resource)}`,
    fix: propFor(type, property, values.old) ?? `keep the value of '${property}' in the old template`,
    replaces: true,
    controls: {},
    resource: logicalId,
    type,
    property,
  };
}

/**
 * The finding for a resource that the new template lacks.
 *
 * @param successor the logical id of a new resource of the same type and name
 */
export function removalOf(resource: ChangedResource, successor?: string): Omit<Finding, 'file' | 'position'> {
  const { logicalId, type, name } = resource;
  const deleted = resource.policy !== 'Retain';
  const noun = nounOf(type);
  const consequence = successor === undefined ? '' : name === undefined && ECR_TYPES[type]?.name !== undefined
    ? `. '${successor}' becomes a new ${noun}`
    : `. '${successor}' takes its place: its creation fails while the old ${noun} exists${deleted ? ', or the deletion of the old one removes its settings' : ''}`;
  return {
    rule: deleted ? 'deletion' : 'removalFromStack',
    severity: deleted ? 'error' : 'warning',
    message: `${deleted ? `CloudFormation deletes the ${noun}` : `The ${noun} is retained, but no longer belongs to the stack`}: the new template has no '${logicalId}'${consequence}`,
    fix: successor === undefined
      ? `keep the construct with its id${deleted ? "; to give the resource up, set 'removalPolicy' to RETAIN and deploy that first" : ''}`
      : `keep the logical id: give the construct its old id and scope, or call overrideLogicalId('${logicalId}') on its L1 resource`,
    replaces: false,
    controls: {},
    resource: logicalId,
    type,
    property: '',
  };
}

/**
 * The finding for a resource that gets a condition.
 */
export function conditionOf({ logicalId, type }: ChangedResource, condition: unknown): Omit<Finding, 'file' | 'position'> {
  return {
    rule: 'possibleDeletion',
    severity: 'warning',
    message: `CloudFormation deletes the ${nounOf(type)} when the new condition ${shown(condition)} is false`,
    fix: "leave 'Condition' as it is in the old template",
    replaces: false,
    controls: {},
    resource: logicalId,
    type,
    property: 'Condition',
  };
}

/** What happens to the old resource, and to the images in a repository. */
function fateOf({ type, policy }: ChangedResource): string {
  const images = /Repository$/.test(type) ? ' with its images' : '';
  return policy === 'Retain' ? `the old one${images} is retained outside of the stack` : `CloudFormation then tries to delete the old one${images}`;
}

export function nounOf(type: string): string {
  return ECR_TYPES[type]?.noun ?? (type === 'AWS::KMS::Alias' ? 'alias of the key' : 'KMS key');
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
