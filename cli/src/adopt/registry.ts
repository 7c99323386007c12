import { ScanType, UpstreamRegistry } from 'cdk-secure-ecr';
import { isObject, type JsonObject, parsed } from '../core/json';
import type { RegistryDump } from '../dump/dump';
import type { CacheRule, CreationTemplate, RegistryOutputs, RepositoryFilter, SigningRule } from '../dump/outputs';
import { cacheRuleProperties, keyOf, repositoryFilterProperty } from '../dump/properties';
import { type Call, valueOf } from '../dump/read-call';
import { call, type Expression, imported, list, member, object, value } from './expression';
import { chosenEncryption, exclusionFilters, type LiveResource, ownTags } from './live';
import { encryptionExpression, lifecycleExpression, mutableTags } from './repositories';
import { type ConstructCode, documentOf, mirrorProps, type Omission, type Plan, type Unit } from './unit';

/**
 * Plans the code of the settings of a registry.
 */
export function planRegistry(registry: RegistryDump): Plan {
  const omissions: Omission[] = [];
  const read = <O extends keyof RegistryOutputs>(operation: O, subject: string): RegistryOutputs[O] | undefined => {
    const result: Call<RegistryOutputs[O]> = registry.call(operation);
    if (result.state === 'unknown') {
      omissions.push({ subject, reason: `the dump does not know it: ${result.reason}` });
    }
    return valueOf(result);
  };
  const policy = read('get-registry-policy', 'the registry policy');
  const replication = read('describe-registry', 'the replication of the registry')?.replicationConfiguration?.rules ?? [];
  const scanning = read('get-registry-scanning-configuration', 'the scanning of the registry')?.scanningConfiguration;
  const signing = read('get-signing-configuration', 'the signing of images')?.signingConfiguration.rules ?? [];
  const caches = read('describe-pull-through-cache-rules', 'the pull through caches')?.pullThroughCacheRules ?? [];
  const templates = read('describe-repository-creation-templates', 'the repository creation templates')?.repositoryCreationTemplates ?? [];
  const exclusions = read('list-pull-time-update-exclusions', 'the pull time exclusions')?.pullTimeUpdateExclusions ?? [];

  const id = { RegistryId: registry.account };
  const units = [
    ...policy === undefined ? [] : [policyUnit(policy.policyText, id)],
    ...scanning === undefined || isDefaultScanning(scanning) ? [] : [scanningUnit(scanning, id)],
    ...replication.length === 0 ? [] : [replicationUnit(registry, replication, id)],
    ...signing.length === 0 ? [] : [signingUnit(signing, id)],
    ...cacheUnits(registry, caches, templates),
    ...exclusions.length === 0 ? [] : [exclusionsUnit(exclusions)],
  ];
  return { units, omissions: [...omissions, ...unknownKeys(registry, templates)] };
}

type Identifier = LiveResource['identifier'];

/** A unit of one resource, with the constructs that may say the same and the construct that mirrors the resource. */
function unitOf(subject: string, live: LiveResource, id: string, constructs: ReadonlyArray<Omit<ConstructCode, 'id'>>): Unit {
  const name = live.type.slice(live.type.lastIndexOf(':') + 1);
  const mirrored = (asText: boolean): ConstructCode => ({ class: `ecr.Cfn${name}`, id, props: mirrorProps(live.properties, subject, asText) });
  const candidates = [...constructs.map(construct => [{ ...construct, id }]), [mirrored(false)], [mirrored(true)]];
  return { subject, live: [live], tags: [], candidates };
}

function policyUnit(text: string, identifier: Identifier): Unit {
  const props = object({ existingPolicy: call('ExistingPolicy.fromJson', documentOf(parsed(text), 'registry policy')) });
  const live = { type: 'AWS::ECR::RegistryPolicy', properties: { PolicyText: parsed(text) }, identifier };
  return unitOf('registry policy', live, 'Policy', [{ class: 'RegistryPolicy', props }]);
}

type Scanning = RegistryOutputs['get-registry-scanning-configuration']['scanningConfiguration'];

/** A registry that nobody has configured: there is nothing to keep. */
function isDefaultScanning({ scanType, rules }: Scanning): boolean {
  return scanType === 'BASIC' && rules.length === 0;
}

function scanningUnit({ scanType, rules }: Scanning, identifier: Identifier): Unit {
  const of = (frequency: string): string[] | undefined => (
    rules.find(({ scanFrequency }) => scanFrequency === frequency)?.repositoryFilters.map(({ filter }) => filter)
  );
  const [onPush, continuous] = [of('SCAN_ON_PUSH'), of('CONTINUOUS_SCAN')];
  const props = object({
    scanType: scanType === 'BASIC' ? undefined : member(`ScanType.${Object.entries(ScanType).find(([, type]) => type === scanType as ScanType)?.[0] ?? scanType}`),
    scanOnPush: onPush !== undefined && !isEverything(onPush) ? value(onPush) : undefined,
    continuousScan: continuous === undefined ? undefined : value(continuous),
  });
  const explicit = object({ ...Object.fromEntries(props.entries.map(entry => [entry.key, entry.value])), scanOnPush: value(onPush ?? []) });
  const live = {
    type: 'AWS::ECR::RegistryScanningConfiguration',
    identifier,
    properties: {
      ScanType: scanType,
      Rules: rules.map(({ scanFrequency, repositoryFilters }) => ({ ScanFrequency: scanFrequency, RepositoryFilters: filtersOf(repositoryFilters) })),
    },
  };
  return unitOf('registry scanning', live, 'Scanning', [{ class: 'RegistryScanning', props }, { class: 'RegistryScanning', props: explicit }]);
}

function isEverything(filters: readonly string[]): boolean {
  return filters.length === 1 && filters[0] === '*';
}

function filtersOf(filters: readonly RepositoryFilter[] = []): JsonObject[] | undefined {
  return filters.length === 0 ? undefined : filters.map(repositoryFilterProperty);
}

function filterTexts(filters: readonly RepositoryFilter[] = []): Expression | undefined {
  return filters.length === 0 ? undefined : value(filters.map(({ filter }) => filter));
}

type ReplicationRules = NonNullable<NonNullable<RegistryOutputs['describe-registry']['replicationConfiguration']>['rules']>;

function replicationUnit(registry: RegistryDump, rules: ReplicationRules, identifier: Identifier): Unit {
  const written = rules.map(({ destinations, repositoryFilters }) => object({
    destinations: list(destinations.map(({ region, registryId }) => registryId === registry.account
      ? call('ReplicationTarget.region', value(region))
      : call('ReplicationTarget.account', value(registryId), value(region)))),
    repositoryPrefixes: filterTexts(repositoryFilters),
  }));
  const live = {
    type: 'AWS::ECR::ReplicationConfiguration',
    identifier,
    properties: { ReplicationConfiguration: { Rules: rules.map(({ destinations, repositoryFilters }) => ({
      Destinations: destinations.map(({ region, registryId }) => ({ Region: region, RegistryId: registryId })),
      RepositoryFilters: filtersOf(repositoryFilters),
    })) } },
  };
  const props = written.length === 1 ? written[0] : object({ rules: list(written) });
  return unitOf('replication', live, 'Replication', [{ class: 'ReplicationSetup', props }]);
}

function signingUnit(rules: readonly SigningRule[], identifier: Identifier): Unit {
  const props = object({ rules: list(rules.map(({ signingProfileArn, repositoryFilters }) => object({
    profile: imported('profile', signingProfileArn), repositoryFilters: filterTexts(repositoryFilters),
  }))) });
  const live = {
    type: 'AWS::ECR::SigningConfiguration',
    identifier,
    properties: { Rules: rules.map(({ signingProfileArn, repositoryFilters }) => ({
      SigningProfileArn: signingProfileArn, RepositoryFilters: filtersOf(repositoryFilters),
    })) },
  };
  return unitOf('image signing', live, 'Signing', [{ class: 'ImageSigning', props }]);
}

function exclusionsUnit(arns: readonly string[]): Unit {
  const isUser = (arn: string): boolean => arn.includes(':user/');
  const principals = (type: 'role' | 'user'): Expression | undefined => {
    const chosen = arns.filter(arn => isUser(arn) === (type === 'user'));
    return chosen.length === 0 ? undefined : list(chosen.map(arn => imported(type, arn)));
  };
  return {
    subject: 'pull time exclusions',
    live: arns.map(arn => ({ type: 'AWS::ECR::PullTimeUpdateExclusion', properties: { PrincipalArn: arn }, identifier: { PrincipalArn: arn } })),
    tags: [],
    candidates: [
      [{ class: 'PullTimeExclusions', id: 'PullTimeExclusions', props: object({ roles: principals('role'), users: principals('user') }) }],
      arns.map(arn => ({
        class: 'ecr.CfnPullTimeUpdateExclusion', id: `Exclusion ${arn.slice(arn.lastIndexOf('/') + 1)}`, props: object({ principalArn: value(arn) }),
      })),
    ],
  };
}

/** Caches and templates; a cache whose template is that of `PullThroughCache` is one construct. */
function cacheUnits(registry: RegistryDump, caches: readonly CacheRule[], templates: readonly CreationTemplate[]): Unit[] {
  const paired = new Set<CreationTemplate>();
  const units = caches.map((rule): Unit => {
    const template = templates.find(it => it.prefix === rule.ecrRepositoryPrefix && it.description === `Images cached from ${rule.upstreamRegistryUrl}`);
    const cache = cacheUnit(rule);
    if (template === undefined) {
      return cache;
    }
    paired.add(template);
    const own = templateUnit(registry, template);
    return {
      ...cache,
      live: [...own.live, ...cache.live],
      candidates: [
        [{ class: 'PullThroughCache', id: cacheId(rule), props: cacheProps(registry, rule, template) }],
        ...own.candidates.map(constructs => [...constructs, ...cache.candidates[0]]),
      ],
    };
  });
  return [...units, ...templates.filter(template => !paired.has(template)).map(template => templateUnit(registry, template))];
}

const cacheId = (rule: CacheRule): string => `${rule.ecrRepositoryPrefix} cache`;

function cacheUnit(rule: CacheRule): Unit {
  return unitOf(`cache ${rule.ecrRepositoryPrefix}`, {
    type: 'AWS::ECR::PullThroughCacheRule',
    identifier: { EcrRepositoryPrefix: rule.ecrRepositoryPrefix },
    properties: cacheRuleProperties(rule),
  }, cacheId(rule), []);
}

function cacheProps(registry: RegistryDump, rule: CacheRule, template: CreationTemplate): Expression & { kind: 'object' } {
  const { entries } = templateProps(registry, template);
  const own = ['prefix', 'appliedFor', 'description', 'role'];
  const shared = Object.fromEntries(entries.filter(({ key }) => !own.includes(key)).map(entry => [entry.key, entry.value]));
  const { defaultPrefix, expression } = upstreamOf(rule.upstreamRegistryUrl);
  return object({
    upstream: expression,
    prefix: defaultPrefix === rule.ecrRepositoryPrefix ? undefined : value(rule.ecrRepositoryPrefix),
    upstreamRepositoryPrefix: rule.upstreamRepositoryPrefix === undefined ? undefined : value(rule.upstreamRepositoryPrefix),
    credentials: rule.credentialArn === undefined ? undefined : imported('secret', rule.credentialArn),
    role: rule.customRoleArn === undefined ? undefined : imported('role', rule.customRoleArn),
    ...shared,
  });
}

function upstreamOf(url: string): { expression: Expression; defaultPrefix?: string } {
  const upstream = knownUpstream(url);
  if (upstream === undefined) {
    return { expression: call('UpstreamRegistry.fromUrl', value(url)) };
  }
  const { defaultPrefix, ecrRegistry } = upstream;
  const constants = Object.entries(UpstreamRegistry) as Array<[string, unknown]>;
  const [name] = constants.find(([, constant]) => constant instanceof UpstreamRegistry && constant.url === upstream.url) ?? [];
  if (name !== undefined) {
    return { expression: member(`UpstreamRegistry.${name}`), defaultPrefix };
  }
  return {
    expression: ecrRegistry === undefined ? call('UpstreamRegistry.azure', value(upstream.url.split('.')[0])) : call('UpstreamRegistry.ecr', value({ ...ecrRegistry })),
    defaultPrefix,
  };
}

/** The upstream at a URL, if this version of the library knows it. */
function knownUpstream(url: string): UpstreamRegistry | undefined {
  try {
    return UpstreamRegistry.fromUrl(url);
  } catch {
    return undefined;
  }
}

function templateUnit(registry: RegistryDump, template: CreationTemplate): Unit {
  const { prefix, appliedFor, description, imageTagMutability, imageTagMutabilityExclusionFilters, customRoleArn } = template;
  const tags = ownTags(template.resourceTags);
  return unitOf(`template ${prefix}`, {
    type: 'AWS::ECR::RepositoryCreationTemplate',
    identifier: { Prefix: prefix },
    properties: {
      Prefix: prefix,
      AppliedFor: appliedFor,
      Description: description,
      ImageTagMutability: imageTagMutability,
      ImageTagMutabilityExclusionFilters: exclusionFilters(imageTagMutabilityExclusionFilters),
      EncryptionConfiguration: chosenEncryption(registry, template.encryptionConfiguration),
      LifecyclePolicy: emptyIsNone(template.lifecyclePolicy),
      RepositoryPolicy: emptyIsNone(template.repositoryPolicy),
      ResourceTags: tags.length === 0 ? undefined : tags,
      CustomRoleArn: customRoleArn,
    },
  }, `${prefix} template`, [{ class: 'RepositoryTemplate', props: templateProps(registry, template) }]);
}

function templateProps(registry: RegistryDump, template: CreationTemplate): Expression & { kind: 'object' } {
  const { prefix, appliedFor = [], description } = template;
  const policy = emptyIsNone(template.repositoryPolicy);
  const tags = ownTags(template.resourceTags);
  return object({
    prefix: value(prefix),
    appliedFor: list(appliedFor.map(use => member(`TemplateUse.${use}`))),
    description: description === undefined || description === '' ? undefined : value(description),
    encryption: encryptionExpression(chosenEncryption(registry, template.encryptionConfiguration) as Parameters<typeof encryptionExpression>[0]),
    lifecycle: lifecycleExpression(emptyIsNone(template.lifecyclePolicy), `${prefix} template lifecycle`),
    mutableTags: mutableTags(template, appliedFor.includes('PULL_THROUGH_CACHE')),
    repositoryPolicy: policy === undefined ? undefined : call('ExistingPolicy.fromJson', documentOf(parsed(policy), `${prefix} template policy`)),
    resourceTags: tags.length === 0 ? undefined : value(Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]))),
    role: template.customRoleArn === undefined ? undefined : imported('role', template.customRoleArn),
  });
}

/** A policy that a template does not have is an empty text. */
function emptyIsNone(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text;
}

function unknownKeys(registry: RegistryDump, templates: readonly CreationTemplate[]): Omission[] {
  return templates.filter(template => keyOf(registry, template.encryptionConfiguration).isUnknown).map(({ prefix }) => ({
    subject: `template ${prefix}`, reason: 'the dump does not know who manages its key; the app names the key, as a customer managed one',
  }));
}

/** The settings of an account that CloudFormation has no resource for. */
export function accountSettings(registry: RegistryDump): Omission[] {
  return ['BASIC_SCAN_TYPE_VERSION', 'BLOB_MOUNTING', 'REGISTRY_POLICY_SCOPE'].flatMap(name => {
    const setting = valueOf(registry.named('get-account-setting', name));
    return isObject(setting) ? [{ subject: `account setting ${name}`, reason: `CloudFormation has no resource for it; it is ${setting.value}, and stays so` }] : [];
  });
}
