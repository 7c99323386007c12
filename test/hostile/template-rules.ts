/**
 * What Amazon ECR and CloudFormation refuse in a template, written from the API model and not from the library.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_Operations.html
 */
interface ReplicationRule {
  readonly Destinations: unknown[];
  readonly RepositoryFilters?: Array<{ readonly Filter: unknown }>;
}

interface SigningRule {
  readonly SigningProfileArn: unknown;
  readonly RepositoryFilters?: Array<{ readonly Filter: unknown }>;
}

interface Resource { readonly Type: string; readonly Properties?: Record<string, unknown> }

const NAME = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;
const PREFIX = /^([a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*\/?|ROOT)$/;
const GLOB = /^(?:[a-z0-9*]+(?:[._-][a-z0-9*]+)*\/)*[a-z0-9*]+(?:[._-][a-z0-9*]+)*$/;
const PROFILE = /^arn:aws(-[a-z]+)*:signer:[a-z0-9-]+:[0-9]{12}:\/signing-profiles\/[a-zA-Z0-9_]{2,}$/;
const FILTER = /^(?:[a-z0-9]+(?:[._-][a-z0-9]*)*\/)*[a-z0-9]*(?:[._-][a-z0-9]*)*$/;

type Rule = (properties: Record<string, never>) => Array<string | false | undefined>;

const text = (value: unknown, pattern: RegExp, min: number, max: number): boolean =>
  typeof value !== 'string' || (pattern.test(value) && value.length >= min && value.length <= max);
const lifecycle = (value: unknown): boolean => {
  if (typeof value !== 'string') {
    return true; // an intrinsic: parts are known at deployment
  }
  const { rules } = JSON.parse(value) as { rules: Array<{ rulePriority: number; selection: { countNumber: number } }> };
  return value.length >= 100 && value.length <= 30_720 && rules.length <= 50
    && new Set(rules.map(({ rulePriority }) => rulePriority)).size === rules.length
    && rules.every(({ selection }) => Number.isInteger(selection.countNumber) && selection.countNumber > 0);
};
const filters = (value: unknown): boolean => value === undefined || (Array.isArray(value) && value.length >= 1 && value.length <= 5 && value.every(
  (filter: { ImageTagMutabilityExclusionFilterValue: unknown }) => text(filter.ImageTagMutabilityExclusionFilterValue, /^[0-9a-zA-Z._*-]+$/, 1, 128)));

/** A policy as it is deployed: what is put together from the partition becomes one text. */
const policyText = (value: unknown): string => JSON.stringify(value ?? '').replace(/\{"Fn::Join":\["",\["arn:",\{"Ref":"AWS::Partition"\},"([^"]*)"\]\]\}/g, '"arn:aws$1"');

const RULES: Record<string, Rule> = {
  'AWS::ECR::Repository': properties => [
    !text(properties.RepositoryName, NAME, 2, 256) && 'RepositoryName',
    !filters(properties.ImageTagMutabilityExclusionFilters) && 'ImageTagMutabilityExclusionFilters',
    !lifecycle((properties.LifecyclePolicy as { LifecyclePolicyText?: unknown } | undefined)?.LifecyclePolicyText) && 'LifecyclePolicyText',
    policyText(properties.RepositoryPolicyText).length > 10_240 && 'RepositoryPolicyText',
    JSON.stringify(properties.RepositoryPolicyText ?? '').includes('"Resource"') && 'RepositoryPolicyText.Resource',
  ],
  'AWS::ECR::RepositoryCreationTemplate': properties => [
    !text(properties.Prefix, PREFIX, 1, 256) && 'Prefix',
    !text(properties.Description, /^[^]*$/, 0, 256) && 'Description',
    !filters(properties.ImageTagMutabilityExclusionFilters) && 'ImageTagMutabilityExclusionFilters',
    !lifecycle(properties.LifecyclePolicy) && 'LifecyclePolicy',
    ((properties.ResourceTags as unknown[] | undefined)?.length ?? 0) > 50 && 'ResourceTags',
    properties.ResourceTags !== undefined && properties.CustomRoleArn === undefined && 'CustomRoleArn',
  ],
  'AWS::ECR::PublicRepository': properties => {
    const { AboutText: about, UsageText: usage, RepositoryDescription: line, Architectures: architectures, OperatingSystems: systems } = (
      (properties.RepositoryCatalogData ?? {}) as Record<string, unknown>
    );
    return [
      !text(properties.RepositoryName, /^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/, 2, 205) && 'RepositoryName',
      [[about, 10_240], [usage, 10_240], [line, 1024]].some(([it, max]) => !text(it, /^[^]*$/, 1, max as number)) && 'RepositoryCatalogData',
      [architectures, systems].some(list => list !== undefined && !(Array.isArray(list) ? list : [{}]).every(it => text(it, /^[^]*$/, 1, 50))) && 'RepositoryCatalogData',
      [architectures, systems].some(list => Array.isArray(list) && (list.length < 1 || list.length > 50)) && 'RepositoryCatalogData',
    ];
  },
  'AWS::ECR::PullTimeUpdateExclusion': properties => [
    !text(properties.PrincipalArn, /^arn:aws(-[a-z]+)*:iam::[0-9]{12}:(role|user)\/[\w+=,.@-]+(\/[\w+=,.@-]+)*$/, 1, 200) && 'PrincipalArn',
  ],
  'AWS::ECR::PullThroughCacheRule': properties => [
    !text(properties.EcrRepositoryPrefix, PREFIX, 2, 30) && 'EcrRepositoryPrefix',
    !text(properties.UpstreamRepositoryPrefix, PREFIX, 2, 30) && 'UpstreamRepositoryPrefix',
    !text(properties.UpstreamRegistryUrl, /^[a-z0-9.-]+\.[a-z]+$/, 4, 200) && 'UpstreamRegistryUrl',
  ],
  'AWS::ECR::ReplicationConfiguration': properties => {
    const { Rules: rules } = properties.ReplicationConfiguration as { Rules: ReplicationRule[] };
    const unique = new Set(rules.flatMap(({ Destinations: destinations }) => destinations.map(it => JSON.stringify(it))));
    return [
      rules.length > 10 && 'Rules',
      (unique.size < 1 || unique.size > 25) && 'Destinations',
      rules.some(({ Destinations: it }) => it.some(to => !text((to as { RegistryId: unknown }).RegistryId, /^\d{12}$/, 12, 12))) && 'RegistryId',
      rules.some(({ Destinations: it }) => it.some(to => !text((to as { Region: unknown }).Region, /^[0-9a-z-]{2,25}$/, 2, 25))) && 'Region',
      rules.some(({ RepositoryFilters: it }) => it && (it.length < 1 || it.length > 100 || it.some(({ Filter }) => !text(Filter, FILTER, 2, 256)))) && 'RepositoryFilters',
    ];
  },
  'AWS::ECR::SigningConfiguration': ({ Rules }) => {
    const rules = Rules as SigningRule[];
    return [
      (rules.length < 1 || rules.length > 10) && 'Rules',
      rules.some(({ SigningProfileArn: arn }) => !text(arn, PROFILE, 1, 200)) && 'SigningProfileArn',
      rules.some(({ RepositoryFilters: it }) => it && (it.length < 1 || it.length > 100 || it.some(({ Filter }) => !text(Filter, GLOB, 1, 256)))) && 'RepositoryFilters',
    ];
  },
  'AWS::Signer::SigningProfile': ({ ProfileName: name, SignatureValidityPeriod: period }) => [
    name !== undefined && !text(name, /^[0-9a-zA-Z_]+$/, 2, 64) && 'ProfileName',
    period !== undefined && ((period as { Value: number }).Value < 1 || (period as { Value: number }).Value > 4109) && 'SignatureValidityPeriod',
  ],
};

/**
 * The properties of a template that would be refused, with the logical ids of their resources.
 */
export function templateProblems(template: object): string[] {
  const { Resources: resources = {} } = template as { Resources?: Record<string, Resource> };
  return Object.entries(resources).flatMap(([id, { Type: type, Properties: properties = {} }]) =>
    (RULES[type]?.(properties as Record<string, never>) ?? []).filter(Boolean).map(problem => `${id}.${String(problem)}`));
}
