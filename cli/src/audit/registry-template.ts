import { type JsonObject, parsed } from '../core/json';
import type { RegistryDump, RepositoryDump } from '../dump/dump';
import type { CreationTemplate, Tag } from '../dump/outputs';
import { cacheRuleProperties, encryptionProperty, exclusionFilterProperty, repositoryFilterProperty } from '../dump/properties';
import { type Call, valueOf } from '../dump/read-call';

/**
 * A registry as a CloudFormation template, so that the rules for templates apply to it.
 */
export interface RegistryTemplate {
  readonly json: JsonObject;
  /** The repository, prefix or call that a logical id stands for. */
  readonly names: ReadonlyMap<string, string>;
}

/** A value that is not known: rules ignore it, as they ignore a parameter without a default. */
export const UNKNOWN = { Ref: 'Unknown' };

/**
 * Describes a registry as a template. Settings that the dump does not know are tokens.
 */
export function templateOf(registry: RegistryDump): RegistryTemplate {
  const resources: Record<string, JsonObject> = {};
  const names = new Map<string, string>();
  const add = (id: string, name: string, type: string, properties: object): void => {
    resources[id] = { Type: `AWS::ECR::${type}`, Properties: properties };
    names.set(id, name);
  };
  registry.repositories.forEach((repository, index) => add(`Repository${index}`, repository.name, 'Repository', repositoryProperties(repository)));
  valueOf(registry.call('describe-repository-creation-templates'))?.repositoryCreationTemplates.forEach((template, index) => (
    add(`Template${index}`, template.prefix, 'RepositoryCreationTemplate', templateProperties(registry, template))
  ));
  valueOf(registry.call('describe-pull-through-cache-rules'))?.pullThroughCacheRules.forEach((rule, index) => (
    add(`Cache${index}`, rule.ecrRepositoryPrefix, 'PullThroughCacheRule', cacheRuleProperties(rule))
  ));
  const policy = valueOf(registry.call('get-registry-policy'));
  if (policy) {
    add('RegistryPolicy', 'registry policy', 'RegistryPolicy', { PolicyText: parsed(policy.policyText) });
  }
  add('Scanning', 'registry scanning', 'RegistryScanningConfiguration', scanningProperties(registry));
  return { json: { Parameters: { Unknown: { Type: 'String' } }, Resources: resources }, names };
}

function repositoryProperties(repository: RepositoryDump): object {
  const { description, registry, name } = repository;
  return {
    RepositoryName: name,
    ImageTagMutability: description.imageTagMutability ?? UNKNOWN,
    ImageTagMutabilityExclusionFilters: description.imageTagMutabilityExclusionFilters?.map(exclusionFilterProperty),
    ImageScanningConfiguration: description.imageScanningConfiguration
      ? { ScanOnPush: description.imageScanningConfiguration.scanOnPush ?? false } : UNKNOWN,
    EncryptionConfiguration: encryptionProperty(registry, description.encryptionConfiguration),
    LifecyclePolicy: known(repository.call('get-lifecycle-policy'), ({ lifecyclePolicyText }) => ({ LifecyclePolicyText: lifecyclePolicyText })),
    RepositoryPolicyText: known(repository.call('get-repository-policy'), ({ policyText }) => parsed(policyText)),
    Tags: known(repository.call('list-tags-for-resource'), ({ tags }) => tags),
  };
}

function templateProperties(registry: RegistryDump, template: CreationTemplate): object {
  return {
    Prefix: template.prefix,
    AppliedFor: template.appliedFor,
    Description: template.description,
    ImageTagMutability: template.imageTagMutability ?? 'MUTABLE',
    ImageTagMutabilityExclusionFilters: template.imageTagMutabilityExclusionFilters?.map(exclusionFilterProperty),
    EncryptionConfiguration: encryptionProperty(registry, template.encryptionConfiguration),
    LifecyclePolicy: template.lifecyclePolicy,
    RepositoryPolicy: template.repositoryPolicy,
    ResourceTags: template.resourceTags as Tag[] | undefined,
    CustomRoleArn: template.customRoleArn,
  };
}

/** Without the permission to read the configuration, nobody knows what the registry scans. */
function scanningProperties(registry: RegistryDump): object {
  const configuration = valueOf(registry.call('get-registry-scanning-configuration'))?.scanningConfiguration;
  return configuration === undefined ? { ScanType: UNKNOWN, Rules: UNKNOWN } : {
    ScanType: configuration.scanType,
    Rules: configuration.rules.map(({ scanFrequency, repositoryFilters }) => ({
      ScanFrequency: scanFrequency,
      RepositoryFilters: repositoryFilters.map(repositoryFilterProperty),
    })),
  };
}

function known<T>(call: Call<T>, property: (value: T) => unknown): unknown {
  return call.state === 'read' ? property(call.value) : call.state === 'none' ? undefined : UNKNOWN;
}
