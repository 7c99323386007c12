import { CommandError } from '../core/command-error';
import { isObject, type JsonObject, listAt, stringAt, valueAt } from '../core/json';
import { ECR_TYPES } from '../core/resource-types';
import type { Finding } from '../findings/finding';
import { isWatched, nounOf, removalOf, replacementOf } from './change';

/**
 * Whether a value is the output of `aws cloudformation describe-change-set`.
 */
export function isChangeSet(value: unknown): value is JsonObject {
  return isObject(value) && Array.isArray(value.Changes);
}

/**
 * The changes of a change set that replace, delete or rename a resource of Amazon ECR, or a KMS key.
 *
 * A change set does not say which keys encrypt repositories: each change of a key that replaces or deletes it counts.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html
 */
export function changeSetFindings(json: JsonObject, file: string): Finding[] {
  if (json.NextToken) {
    throw new CommandError(`${file} must have all changes, got a part that ends with a NextToken; leave out --max-items and --no-paginate`);
  }
  return listAt(json, 'Changes').flatMap((change, index) => {
    const resource = valueAt(change, 'ResourceChange');
    if (!isObject(resource)) {
      return [];
    }
    const type = stringAt(resource, 'ResourceType');
    const watched = isWatched(type, type === 'AWS::KMS::Key' || type === 'AWS::KMS::Alias');
    return watched ? findingsOf(resource, type, `${file}: Changes[${index}]`).map(finding => ({ ...finding, file })) : [];
  });
}

function findingsOf(change: JsonObject, type: string, path: string): Array<Omit<Finding, 'file' | 'position'>> {
  const logicalId = stringAt(change, 'LogicalResourceId') ?? stringAt(change, 'PhysicalResourceId');
  const action = stringAt(change, 'Action');
  if (logicalId === undefined || action === undefined) {
    throw new CommandError(`${path}.ResourceChange must have an 'Action' and a 'LogicalResourceId', as 'aws cloudformation describe-change-set' prints them`);
  }
  const policy = /Retain/.test(stringAt(change, 'PolicyAction') ?? '') ? 'Retain' : 'Delete';
  const resource = { logicalId, type, policy, name: stringAt(change, 'PhysicalResourceId') };
  if (action === 'Remove') {
    return [removalOf(resource)];
  }
  const replacement = stringAt(change, 'Replacement');
  if (action === 'Dynamic') {
    return [{ ...replacementOf(resource, 'Dynamic', { old: undefined, new: undefined }, false), message: `CloudFormation knows only at deployment what it does to the ${nounOf(type)}`, fix: 'read the change set of the nested stack' }];
  }
  if (action !== 'Modify' || (replacement !== 'True' && replacement !== 'Conditional')) {
    return [];
  }
  const details = listAt(change, 'Details').filter(detail => ['Always', 'Conditionally'].includes(stringAt(detail, 'Target', 'RequiresRecreation') ?? ''));
  const byProperty = new Map(details.map(detail => [stringAt(detail, 'Target', 'Name') ?? 'Properties', detail]));
  return byProperty.size === 0
    ? [replacementOf(nameless(resource), 'Properties', { old: undefined, new: undefined }, replacement === 'True')]
    : [...byProperty].map(([property, detail]) => replacementOf(
      property === ECR_TYPES[type]?.name ? resource : nameless(resource), property, valuesOf(change, property, detail), replacement === 'True' && stringAt(detail, 'Evaluation') !== 'Dynamic'));
}

/** A change set has the physical id, also where the name is generated: what becomes of it is not known. */
function nameless<T extends object>(resource: T): Omit<T, 'name'> & { name: undefined } {
  return { ...resource, name: undefined };
}

/** The old and new value, from the contexts or from the details. */
function valuesOf(change: JsonObject, property: string, detail: unknown): { old: unknown; new: unknown } {
  const from = (context: string, value: string): unknown => (
    valueAt(parsed(stringAt(change, context)), 'Properties', property) ?? parsed(stringAt(detail, 'Target', value)) ?? stringAt(detail, 'Target', value)
  );
  return { old: from('BeforeContext', 'BeforeValue'), new: from('AfterContext', 'AfterValue') };
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
