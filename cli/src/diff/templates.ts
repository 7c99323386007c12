import { fullDiff, ResourceImpact, type ResourceDifference, type TemplateDiff } from '@aws-cdk/cloudformation-diff';
import { CommandError, messageOf } from '../core/command-error';
import { canonicalJson, isObject, type JsonObject, stringAt, valueAt } from '../core/json';
import { ECR_TYPES } from '../core/resource-types';
import type { Finding } from '../findings/finding';
import type { Template } from '../template/template';
import { type ChangedResource, conditionOf, isWatched, removalOf, replacementOf } from './change';

/**
 * The changes between two templates of a stack that replace, delete or rename a resource of Amazon ECR or its key.
 *
 * @param after undefined if the stack is deleted
 */
export function templateFindings(before: Template, after: Template | undefined, file: string): Finding[] {
  const newJson = after?.json ?? {};
  const { resources } = compare(before.json, newJson, `${before.path} and ${file}`);
  const keys = new Set([...keysIn(before.json), ...keysIn(newJson)]);
  const changes = Object.entries(resources.changes);
  return changes
    .filter(([logicalId, { oldResourceType }]) => isWatched(oldResourceType, keys.has(logicalId)))
    .flatMap(([logicalId, change]) => findingsOf(logicalId, change, changes))
    .map(finding => {
      const { property, resource } = finding;
      const at = property === '' ? [] : property === 'Condition' ? [property] : ['Properties', property];
      return { ...finding, file, position: after?.resources.has(resource) ? after.locate(resource, ...at) : undefined };
    });
}

/** The library of the CDK changes its arguments, and throws at policies that are no objects. */
function compare(before: JsonObject, after: JsonObject, files: string): TemplateDiff {
  try {
    return fullDiff(structuredClone(before), structuredClone(after));
  } catch (error) {
    throw new CommandError(`cannot compare ${files}: one of them is not valid for CloudFormation (${messageOf(error)})`);
  }
}

type Changes = ReadonlyArray<readonly [string, ResourceDifference]>;

function findingsOf(logicalId: string, change: ResourceDifference, all: Changes): Array<Omit<Finding, 'file' | 'position'>> {
  const { oldValue, newValue } = change;
  const resource = changedResource(logicalId, oldValue as JsonObject, change.isRemoval ? 'DeletionPolicy' : 'UpdateReplacePolicy');
  if (change.isRemoval) {
    return [removalOf(resource, successorOf(change, resource, all))];
  }
  if (change.resourceTypeChanged) {
    return [replacementOf(resource, 'Type', { old: change.oldResourceType, new: change.newResourceType }, true)];
  }
  const replaced = Object.entries(change.propertyUpdates)
    .filter(([, { changeImpact }]) => changeImpact === ResourceImpact.WILL_REPLACE || changeImpact === ResourceImpact.MAY_REPLACE)
    .map(([property, { oldValue: old, newValue: value, changeImpact }]) => (
      replacementOf(resource, property, { old, new: value }, changeImpact === ResourceImpact.WILL_REPLACE)
    ));
  const condition = newValue?.Condition as unknown;
  return [...replaced, ...condition !== undefined && condition !== oldValue?.Condition ? [conditionOf(resource, condition)] : []];
}

function changedResource(logicalId: string, json: JsonObject, policy: string): ChangedResource {
  const type = stringAt(json, 'Type')!;
  const nameProperty = ECR_TYPES[type]?.name;
  return {
    logicalId,
    type,
    name: nameProperty === undefined ? undefined : valueAt(json, 'Properties', nameProperty),
    policy: stringAt(json, policy) ?? 'Delete',
  };
}

/** A new resource that looks like the removed one: of its type, with its name, or alone in its type where a registry has one. */
function successorOf(removed: ResourceDifference, { type, name }: ChangedResource, all: Changes): string | undefined {
  const added = all.filter(([, change]) => change.isAddition && change.newResourceType === type);
  const property = ECR_TYPES[type]?.name;
  if (property === undefined) {
    return added[0]?.[0];
  }
  const text = canonicalJson(name ?? null);
  const same = added.filter(([, change]) => canonicalJson(valueAt(change.newValue, 'Properties', property) ?? null) === text);
  return name === undefined && same.length > 1
    ? same.find(([, change]) => canonicalJson(change.newProperties ?? {}) === canonicalJson(removed.oldProperties ?? {}))?.[0]
    : same[0]?.[0];
}

/** The keys that encrypt repositories and templates, and their aliases. */
function keysIn(template: JsonObject): string[] {
  const entries = Object.entries(isObject(template.Resources) ? template.Resources : {});
  const keys = entries.filter(([, json]) => stringAt(json, 'Type') !== undefined && stringAt(json, 'Type')! in ECR_TYPES)
    .flatMap(([, json]) => referenceOf(valueAt(json, 'Properties', 'EncryptionConfiguration', 'KmsKey')) ?? []);
  const aliases = entries.filter(([, json]) => stringAt(json, 'Type') === 'AWS::KMS::Alias')
    .filter(([id, json]) => keys.includes(id) || keys.includes(referenceOf(valueAt(json, 'Properties', 'TargetKeyId')) ?? ''));
  const throughAlias = aliases.flatMap(([, json]) => referenceOf(valueAt(json, 'Properties', 'TargetKeyId')) ?? []);
  return [...keys, ...aliases.map(([id]) => id), ...throughAlias];
}

function referenceOf(value: unknown): string | undefined {
  const target = valueAt(value, 'Ref') ?? [valueAt(value, 'Fn::GetAtt')].flat()[0];
  return typeof target === 'string' ? target.split('.')[0] : undefined;
}
