import { show } from '../private/core/values';
import { identityArnProblems, pathlessRoleProblems, roleArnProblems, signingProfileArnProblems, templateKeyProblems } from '../private/ecr/arns';
import { dualLayerProblems, ENCRYPTION_TYPES } from '../private/ecr/encryption-types';
import { LIMITS } from '../private/ecr/limits';
import { accountProblems, freeTextProblems, oneOfProblems, regionProblems } from '../private/ecr/names';
import { repositoryPrefixProblems, signingFiltersProblems } from '../private/ecr/repository-filters';
import { repositoryTagListProblems, templateTagProblems } from '../private/ecr/resource-tags';
import { scanFilterProblems } from '../private/ecr/scan-filter-problems';
import { exclusionProblems, mutableTagsProblems, TAG_MUTABILITIES } from '../private/ecr/tag-mutability';
import { upstreamAt, upstreamUrlProblems } from '../private/ecr/upstreams';
import type { Check } from './check';
import { isIntrinsic, isObject, isUnknown, type Properties } from './template-json';
import { CACHE_RULE, PUBLIC_REPOSITORY, REPOSITORY, TEMPLATE, type TemplateResource, valueAt } from './template-resource';
import { tokenized } from './template-values';

/** A property with a problem, by its path. */
interface Problem {
  readonly property: string;
  readonly message: string;
}

type Rule = (read: Reader, resource: TemplateResource) => Problem[];

const SWITCH = ['true', 'false'];

const RULES: { readonly [type: string]: Rule } = {
  [REPOSITORY]: (read, { place }) => [
    ...settingsProblems(read, place.region),
    ...read.text('ImageScanningConfiguration.ScanOnPush', (prop, value) => oneOfProblems(prop, value.toLowerCase(), SWITCH)),
    ...read.text('EmptyOnDelete', (prop, value) => oneOfProblems(prop, value.toLowerCase(), SWITCH)),
    ...read.text('LifecyclePolicy.RegistryId', accountProblems),
    ...read.tags('Tags'),
  ],
  [TEMPLATE]: (read, { place }) => [
    ...settingsProblems(read, place.region),
    ...read.required('Prefix'),
    ...read.required('AppliedFor'),
    ...read.items('AppliedFor', (prop, value) => oneOfProblems(prop, value, ['PULL_THROUGH_CACHE', 'REPLICATION', 'CREATE_ON_PUSH'])),
    ...read.text('Description', (prop, value) => freeTextProblems(prop, value, { min: 0, max: LIMITS.templateDescription })),
    ...read.text('EncryptionConfiguration.KmsKey', templateKeyProblems),
    ...read.text('CustomRoleArn', pathlessRoleProblems),
    ...read.list('ResourceTags', (prop, entries) => templateTagProblems(prop, Object.fromEntries(tagsIn(entries)))),
    ...read.text('RepositoryPolicy', () => []),
    ...roleForTemplateProblems(read),
  ],
  [PUBLIC_REPOSITORY]: (read, { place }) => [
    ...place.region === undefined ? [] : oneOfProblems('Region', place.region, ['us-east-1']).map(message => ({ property: '', message: `${message}; public repositories are made there alone` })),
    ...read.text('RepositoryCatalogData.RepositoryDescription', (prop, value) => freeTextProblems(prop, value, LIMITS.catalogDescription)),
    ...read.text('RepositoryCatalogData.AboutText', (prop, value) => freeTextProblems(prop, value, LIMITS.catalogText)),
    ...read.text('RepositoryCatalogData.UsageText', (prop, value) => freeTextProblems(prop, value, LIMITS.catalogText)),
    ...['Architectures', 'OperatingSystems'].flatMap(name => [
      ...read.list(`RepositoryCatalogData.${name}`, (prop, { length }) => length > LIMITS.catalogList ? [`'${prop}' must have at most ${LIMITS.catalogList} entries, got ${length}`] : []),
      ...read.items(`RepositoryCatalogData.${name}`, (prop, value) => freeTextProblems(prop, value, LIMITS.catalogEntry)),
    ]),
    ...read.tags('Tags'),
  ],
  [CACHE_RULE]: read => [
    ...read.required('EcrRepositoryPrefix'),
    ...read.required('UpstreamRegistryUrl'),
    ...read.text('UpstreamRegistryUrl', upstreamUrlProblems),
    ...read.text('UpstreamRegistry', (prop, value) => {
      const url = read.valueOf('UpstreamRegistryUrl');
      const upstream = typeof url === 'string' ? upstreamAt(url) : undefined;
      return upstream === undefined ? [] : oneOfProblems(prop, value, [upstream.kind]);
    }),
    ...read.text('CustomRoleArn', roleArnProblems),
  ],
  'AWS::ECR::PullTimeUpdateExclusion': read => [
    ...read.required('PrincipalArn'),
    ...read.text('PrincipalArn', (prop, value) => identityArnProblems(prop, value, ['role', 'user'])),
  ],
  'AWS::ECR::RegistryPolicy': read => [
    ...read.required('PolicyText'),
    ...read.text('PolicyText', (prop, value) => [`'${prop}' must be an object, got ${show(value)}`]),
  ],
  'AWS::ECR::RegistryScanningConfiguration': read => [
    ...read.required('ScanType'),
    ...read.required('Rules'),
    ...read.text('ScanType', (prop, value) => oneOfProblems(prop, value, ['BASIC', 'ENHANCED'])),
    ...read.list('Rules', (prop, { length }) => length > LIMITS.scanRules ? [`'${prop}' must have at most ${LIMITS.scanRules} entries, got ${length}`] : []),
    ...read.each('Rules').flatMap(rule => [
      ...rule.text('ScanFrequency', (prop, value) => read.valueOf('ScanType') === 'BASIC'
        ? oneOfProblems(prop, value, ['SCAN_ON_PUSH']).map(problem => `${problem}; CONTINUOUS_SCAN requires ScanType ENHANCED`)
        : oneOfProblems(prop, value, ['SCAN_ON_PUSH', 'CONTINUOUS_SCAN'])),
      ...rule.filters('RepositoryFilters', 'WILDCARD', scanFilterProblems),
    ]),
  ],
  'AWS::ECR::ReplicationConfiguration': read => {
    const rules = read.each('ReplicationConfiguration.Rules');
    return [
      ...read.required('ReplicationConfiguration'),
      ...read.list('ReplicationConfiguration.Rules', (prop, { length }) => length > LIMITS.replicationRules ? [`'${prop}' must be at most ${LIMITS.replicationRules} in a registry, got ${length}`] : []),
      ...rules.flatMap(rule => [
        ...rule.required('Destinations'),
        ...rule.each('Destinations').flatMap(destination => [...destination.text('Region', regionProblems), ...destination.text('RegistryId', accountProblems)]),
        ...rule.filters('RepositoryFilters', 'PREFIX_MATCH', repositoryPrefixProblems),
      ]),
    ];
  },
  'AWS::ECR::SigningConfiguration': read => [
    ...read.list('Rules', (prop, { length }) => length > LIMITS.signingRules ? [`'${prop}' must be at most ${LIMITS.signingRules} in a registry, got ${length}`] : []),
    ...read.each('Rules').flatMap(rule => [
      ...rule.required('SigningProfileArn'),
      ...rule.text('SigningProfileArn', signingProfileArnProblems),
      ...rule.filters('RepositoryFilters', 'WILDCARD_MATCH', signingFiltersProblems),
    ]),
  ],
};

/**
 * The deployment fails, because CloudFormation or Amazon ECR rejects the value of a property.
 */
export const invalidProperty: Check = {
  id: 'invalidProperty',
  severity: 'error',
  fix: 'correct the value, or use the construct of this library, which reports it at construction',
  find: resources => resources.filter(({ type }) => Object.hasOwn(RULES, type)).flatMap(resource => (
    RULES[resource.type](new Reader(resource.properties), resource).map(problem => ({ resource, ...problem }))
  )),
};

/** The settings that repositories and templates share. */
function settingsProblems(read: Reader, region: string | undefined): Problem[] {
  const filters = 'ImageTagMutabilityExclusionFilters';
  const value = 'ImageTagMutabilityExclusionFilterValue';
  const list = read.valueOf(filters);
  const mutability = read.valueOf('ImageTagMutability') ?? 'MUTABLE';
  return [
    ...read.text('ImageTagMutability', (prop, text) => oneOfProblems(prop, text, TAG_MUTABILITIES)),
    ...typeof mutability === 'string' && (list === undefined || Array.isArray(list)) ? exclusionProblems(filters, mutability, (list ?? []).length).map(message => ({ property: filters, message })) : [],
    ...read.list(filters, (prop, entries) => mutableTagsProblems(prop, entries.map(entry => textIn(entry, value)))),
    ...read.each(filters).flatMap(filter => filter.text('ImageTagMutabilityExclusionFilterType', (prop, type) => oneOfProblems(prop, type, ['WILDCARD']))),
    ...read.text('EncryptionConfiguration.EncryptionType', (prop, type) => [
      ...oneOfProblems(prop, type, ENCRYPTION_TYPES),
      ...dualLayerProblems(prop, type, region),
      ...type === 'AES256' && read.valueOf('EncryptionConfiguration.KmsKey') !== undefined ? [`'${prop}' must be "KMS" with a KmsKey, got "AES256"`] : [],
    ]),
  ];
}

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html */
function roleForTemplateProblems(read: Reader): Problem[] {
  const [tags, type, role] = ['ResourceTags', 'EncryptionConfiguration.EncryptionType', 'CustomRoleArn'].map(path => read.valueOf(path));
  const needs = [...Array.isArray(tags) && tags.length > 0 ? ['ResourceTags'] : [], ...typeof type === 'string' && type.startsWith('KMS') ? [type] : []];
  return role === undefined && needs.length > 0
    ? [{ property: 'CustomRoleArn', message: `'CustomRoleArn' must be a role that trusts ecr.amazonaws.com for ${needs.join(' and ')}, got none: Amazon ECR cannot create the repositories` }]
    : [];
}

/** Reads properties of an object and judges those that are known. */
class Reader {
  constructor(private readonly properties: Properties, private readonly path = '') {}

  public valueOf(path: string): unknown {
    return valueAt(this.properties, ...path.split('.'));
  }

  public required(path: string): Problem[] {
    return this.valueOf(path) === undefined ? [this.problem(path, `'${this.path}${path}' must be set, got none`)] : [];
  }

  public text(path: string, problemsOf: (prop: string, value: string) => string[]): Problem[] {
    const value = this.valueOf(path);
    return typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean' || isUnknown(value) ? [] : problemsOf(`${this.path}${path}`, String(value)).map(message => this.problem(path, message));
  }

  public list(path: string, problemsOf: (prop: string, entries: unknown[]) => string[]): Problem[] {
    const value = this.valueOf(path);
    return Array.isArray(value) ? problemsOf(`${this.path}${path}`, value).map(message => this.problem(path, message)) : [];
  }

  /** Judges each text of a list. */
  public items(path: string, problemsOf: (prop: string, value: string) => string[]): Problem[] {
    return this.list(path, (prop, entries) => entries.map(tokenized).flatMap((entry, index) => typeof entry === 'string' ? problemsOf(`${prop}[${index}]`, entry) : []));
  }

  /** The objects of a list. */
  public each(path: string): Reader[] {
    const value = this.valueOf(path);
    return Array.isArray(value) ? value.flatMap((entry, index) => isObject(entry) && !isIntrinsic(entry) ? [new Reader(entry, `${this.path}${path}[${index}].`)] : []) : [];
  }

  /** Judges the filters of a rule. */
  public filters(path: string, type: string, problemsOf: (prop: string, filters: string[]) => string[]): Problem[] {
    return [
      ...this.list(path, (prop, entries) => entries.some(isIntrinsic) ? [] : problemsOf(prop, entries.map(entry => textIn(entry, 'Filter')))),
      ...this.each(path).flatMap(filter => filter.text('FilterType', (prop, value) => oneOfProblems(prop, value, [type]))),
    ];
  }

  public tags(path: string): Problem[] {
    return this.list(path, (_, entries) => repositoryTagListProblems(tagsIn(entries)));
  }

  private problem(path: string, message: string): Problem {
    return { property: `${this.path}${path}`, message };
  }
}

function tagsIn(entries: readonly unknown[]): Array<[string, string]> {
  return entries.filter(entry => isObject(entry) && !isIntrinsic(entry)).map(entry => [textIn(entry, 'Key'), textIn(entry, 'Value')]);
}

/** A member as text, which is a token if only the deployment knows it. */
function textIn(entry: unknown, name: string): string {
  return String(tokenized(isObject(entry) ? valueAt(entry, name) ?? '' : ''));
}
