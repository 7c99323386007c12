import { canonicalJson, isObject, type JsonObject, parsed } from '../core/json';
import type { RegistryDump } from '../dump/dump';
import type { EncryptionConfiguration, ExclusionFilter, Tag } from '../dump/outputs';
import { encryptionProperty, exclusionFilterProperty } from '../dump/properties';

/**
 * A resource as it exists, in the form of a template.
 */
export interface LiveResource {
  readonly type: string;
  readonly properties: JsonObject;
  /** The property that identifies the resource for an import, and its value. */
  readonly identifier: { readonly [property: string]: string };
}

/** The properties of a template that are texts with JSON in them, or may be. */
const JSON_TEXTS = ['LifecyclePolicy', 'LifecyclePolicyText', 'PolicyText', 'RepositoryPolicy', 'RepositoryPolicyText'];

/** What Amazon ECR takes for a property that a template does not have. */
const DEFAULTS: JsonObject = {
  EncryptionConfiguration: { EncryptionType: 'AES256' },
  ImageTagMutability: 'MUTABLE',
  ImageScanningConfiguration: { ScanOnPush: false },
};

/** Lists whose order has no meaning. */
const UNORDERED = ['Tags', 'ResourceTags', 'AppliedFor', 'ImageTagMutabilityExclusionFilters'];

/**
 * The text of properties in which those with the same effect are equal: policies as JSON, without empty parts and defaults, and without
 * the order of tags and lifecycle rules.
 */
export function normalText(properties: unknown): string {
  return canonicalJson(normal(properties));
}

function normal(properties: unknown): JsonObject {
  const entries = Object.entries(properties ?? {}).map(([key, part]) => [key, normalPart(key, part)] as const);
  return Object.fromEntries(entries.filter(([key, part]) => part !== undefined && canonicalJson(part) !== canonicalJson(DEFAULTS[key])));
}

function normalPart(key: string, part: unknown): unknown {
  if (JSON_TEXTS.includes(key)) {
    const document = typeof part === 'string' ? parsed(part) : part;
    return isObject(document) && 'LifecyclePolicyText' in document ? normalPart(key, document.LifecyclePolicyText) : withSortedRules(document);
  }
  if (Array.isArray(part)) {
    const items = part.map(item => isObject(item) ? normal(item) : item as unknown);
    return items.length === 0 ? undefined : UNORDERED.includes(key) ? items.sort((a, b) => canonicalJson(a) < canonicalJson(b) ? -1 : 1) : items;
  }
  return isObject(part) ? normal(part) : part ?? undefined;
}

/** Amazon ECR evaluates rules by priority, and takes 'standard' for a storage class that is not given. */
function withSortedRules(document: unknown): unknown {
  if (!isObject(document) || !Array.isArray(document.rules) || !document.rules.every(isObject)) {
    return document;
  }
  const rules = document.rules.map((rule: JsonObject): JsonObject => {
    const { storageClass, ...selection } = isObject(rule.selection) ? rule.selection : {};
    return { ...rule, selection: storageClass === 'standard' ? selection : rule.selection };
  });
  return { ...document, rules: rules.sort((a, b) => Number(a.rulePriority) - Number(b.rulePriority)) };
}

/** Tags of the user. AWS reserves those that begin with `aws:`, which no template can write. */
export function ownTags(tags: readonly Tag[] | undefined): Tag[] {
  return (tags ?? []).filter(({ Key }) => !Key.toLowerCase().startsWith('aws:')).map(({ Key, Value }) => ({ Key, Value }));
}

/** The encryption in the form of a template; undefined for the default of the service. */
export function chosenEncryption(registry: RegistryDump, encryption: EncryptionConfiguration | undefined): JsonObject | undefined {
  return encryption?.encryptionType === 'AES256' ? undefined : encryptionProperty(registry, encryption);
}

export function exclusionFilters(filters: readonly ExclusionFilter[] = []): JsonObject[] | undefined {
  return filters.length === 0 ? undefined : filters.map(exclusionFilterProperty);
}
