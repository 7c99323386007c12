import { isObject } from '../core/json';
import type { RegistryDump } from '../dump/dump';
import { valueOf } from '../dump/read-call';
import type { Omission } from './unit';

/** The fields that AWS returns and that the app has, or that are no settings. */
const FIELDS = {
  repository: [
    'createdAt', 'encryptionConfiguration', 'imageScanningConfiguration', 'imageTagMutability', 'imageTagMutabilityExclusionFilters',
    'registryId', 'repositoryArn', 'repositoryName', 'repositoryUri',
  ],
  registry: ['registryId', 'replicationConfiguration'],
  scanning: ['rules', 'scanType'],
  scanningRule: ['repositoryFilters', 'scanFrequency'],
  replicationRule: ['destinations', 'repositoryFilters'],
  signingRule: ['repositoryFilters', 'signingProfileArn'],
  cache: [
    'createdAt', 'credentialArn', 'customRoleArn', 'ecrRepositoryPrefix', 'registryId', 'updatedAt', 'upstreamRegistry', 'upstreamRegistryUrl',
    'upstreamRepositoryPrefix',
  ],
  template: [
    'appliedFor', 'createdAt', 'customRoleArn', 'description', 'encryptionConfiguration', 'imageTagMutability', 'imageTagMutabilityExclusionFilters',
    'lifecyclePolicy', 'prefix', 'repositoryPolicy', 'resourceTags', 'updatedAt',
  ],
} as const;

/**
 * Settings that AWS returned and that this version does not know.
 */
export function unknownFields(registry: RegistryDump): Omission[] {
  const omissions: Omission[] = [];
  const check = (kind: keyof typeof FIELDS, subject: string, of: unknown): void => {
    const fields = isObject(of) ? Object.keys(of).filter(field => !(FIELDS[kind] as readonly string[]).includes(field)) : [];
    omissions.push(...fields.map(field => ({ subject, reason: `'${field}' is not known to this version of the command; it stays as it is in AWS` })));
  };
  const scanning = valueOf(registry.call('get-registry-scanning-configuration'))?.scanningConfiguration;
  const replication = valueOf(registry.call('describe-registry'));
  registry.repositories.forEach(({ name, description }) => check('repository', name, description));
  check('registry', 'the registry', replication);
  check('scanning', 'registry scanning', scanning);
  scanning?.rules.forEach(rule => check('scanningRule', 'registry scanning', rule));
  replication?.replicationConfiguration?.rules?.forEach(rule => check('replicationRule', 'replication', rule));
  valueOf(registry.call('get-signing-configuration'))?.signingConfiguration.rules.forEach(rule => check('signingRule', 'image signing', rule));
  valueOf(registry.call('describe-pull-through-cache-rules'))?.pullThroughCacheRules.forEach(rule => check('cache', `cache ${rule.ecrRepositoryPrefix}`, rule));
  valueOf(registry.call('describe-repository-creation-templates'))?.repositoryCreationTemplates.forEach(template => check('template', `template ${template.prefix}`, template));
  return omissions;
}
