import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { templateOf } from '../src/audit/registry-template';
import { violationsIn } from '../src/check/engine';
import { openDump, type RegistryDump } from '../src/dump/dump';
import { valueOf } from '../src/dump/read-call';
import { compile, synthesize, type SynthesizedStack } from './adopted-app';
import { folderOf, invoke } from './harness';
import { randomRegistry } from './random-registry';
import { ACCOUNT, dumpOf, REGION } from './registry';

/** Random registries; more with `ADOPT_RUNS=1000 npm run test:cli -- adopt-round-trip`. */
const numRuns = Number(process.env.ADOPT_RUNS ?? 25);

interface Found {
  readonly logicalId: string;
  readonly stack: SynthesizedStack;
  readonly properties: any;
}

class App {
  private readonly resources: Found[] = [];
  readonly stacks: SynthesizedStack[];

  constructor(folder: string) {
    this.stacks = synthesize(folder);
    for (const stack of this.stacks) {
      for (const [logicalId, resource] of Object.entries<any>(stack.template.Resources ?? {})) {
        expect(resource.DeletionPolicy).toMatch(/^Retain(?:ExceptOnCreate)?$/);
        this.resources.push({ logicalId, stack, properties: { ...resource.Properties, Type: resource.Type } });
      }
    }
    const mappings = this.stacks.flatMap(({ name }) => (
      Object.entries<any>(mappingOf(folder, name)).map(([logicalId, identifier]) => [name, logicalId, identifier] as const)
    ));
    expect(mappings).toHaveLength(this.resources.length);
    for (const [name, logicalId, identifier] of mappings) {
      const found = this.resources.find(it => it.stack.name === name && it.logicalId === logicalId)!;
      const [[key, value]] = Object.entries(identifier);
      expect(key === 'RegistryId' ? ACCOUNT : found.properties[key]).toBe(value);
    }
  }

  count(): number {
    return this.resources.length;
  }

  /** The properties of the one resource of a type with a property. */
  get(type: string, key?: string, value?: string): any {
    const found = this.resources.filter(({ properties }) => properties.Type === `AWS::ECR::${type}` && (key === undefined || properties[key] === value));
    expect(found).toHaveLength(1);
    return found[0].properties;
  }
}

function mappingOf(folder: string, stack: string): object {
  const files = readdirSync(join(folder, 'import')).filter(file => file.split('.')[0] === stack);
  return Object.assign({}, ...files.map(file => JSON.parse(readFileSync(join(folder, 'import', file), 'utf8')) as object));
}

const json = (text: any): unknown => typeof text === 'string' ? JSON.parse(text) : text;
const byKey = (tags: any[] = []): any[] => [...tags].sort((a, b) => a.Key < b.Key ? -1 : 1);
const filtersOf = (filters: any[] = []): any[] => filters.map(({ filter, filterType }) => ({ Filter: filter, FilterType: filterType }));

/** What the settings that repositories and templates share are in a template. */
function expectShared(registry: RegistryDump, properties: any, live: any): void {
  expect(properties.ImageTagMutability ?? 'MUTABLE').toBe(live.imageTagMutability ?? 'MUTABLE');
  const filters = (properties.ImageTagMutabilityExclusionFilters ?? []) as any[];
  expect(filters.map(filter => [filter.ImageTagMutabilityExclusionFilterType, filter.ImageTagMutabilityExclusionFilterValue]).sort())
    .toEqual((live.imageTagMutabilityExclusionFilters ?? []).map((filter: any) => [filter.filterType, filter.filter]).sort());
  const { encryptionType, kmsKey } = live.encryptionConfiguration;
  const isManaged = kmsKey !== undefined && valueOf(registry.named('describe-key', kmsKey))?.KeyMetadata.KeyManager === 'AWS';
  expect(properties.EncryptionConfiguration ?? { EncryptionType: 'AES256' }).toEqual({
    EncryptionType: encryptionType, ...kmsKey === undefined || isManaged ? {} : { KmsKey: kmsKey },
  });
}

function expectEqual(app: App, registry: RegistryDump): void {
  let count = 0;
  for (const repository of registry.repositories) {
    const properties = app.get('Repository', 'RepositoryName', repository.name);
    expectShared(registry, properties, repository.description);
    expect(properties.ImageScanningConfiguration.ScanOnPush).toBe(repository.description.imageScanningConfiguration!.scanOnPush);
    expect(json(properties.LifecyclePolicy?.LifecyclePolicyText)).toEqual(json(valueOf(repository.call('get-lifecycle-policy'))?.lifecyclePolicyText));
    expect(json(properties.RepositoryPolicyText)).toEqual(json(valueOf(repository.call('get-repository-policy'))?.policyText));
    expect(byKey(properties.Tags)).toEqual(byKey([...valueOf(repository.call('list-tags-for-resource'))!.tags]));
    count += 1;
  }
  for (const template of valueOf(registry.call('describe-repository-creation-templates'))!.repositoryCreationTemplates) {
    const properties = app.get('RepositoryCreationTemplate', 'Prefix', template.prefix);
    expectShared(registry, properties, template);
    expect([...properties.AppliedFor].sort()).toEqual([...template.appliedFor!].sort());
    expect([properties.Description, properties.CustomRoleArn]).toEqual([template.description, template.customRoleArn]);
    expect(json(properties.LifecyclePolicy)).toEqual(json(template.lifecyclePolicy));
    expect(json(properties.RepositoryPolicy)).toEqual(json(template.repositoryPolicy));
    expect(byKey(properties.ResourceTags)).toEqual(byKey([...template.resourceTags!]));
    count += 1;
  }
  for (const rule of valueOf(registry.call('describe-pull-through-cache-rules'))!.pullThroughCacheRules) {
    const properties = app.get('PullThroughCacheRule', 'EcrRepositoryPrefix', rule.ecrRepositoryPrefix);
    expect(properties).toEqual({
      Type: 'AWS::ECR::PullThroughCacheRule',
      EcrRepositoryPrefix: rule.ecrRepositoryPrefix,
      UpstreamRegistryUrl: rule.upstreamRegistryUrl,
      UpstreamRegistry: rule.upstreamRegistry,
      UpstreamRepositoryPrefix: rule.upstreamRepositoryPrefix,
      CredentialArn: rule.credentialArn,
      CustomRoleArn: rule.customRoleArn,
    });
    count += 1;
  }
  for (const arn of valueOf(registry.call('list-pull-time-update-exclusions'))!.pullTimeUpdateExclusions) {
    app.get('PullTimeUpdateExclusion', 'PrincipalArn', arn);
    count += 1;
  }
  const policy = valueOf(registry.call('get-registry-policy'));
  if (policy) {
    expect(json(app.get('RegistryPolicy').PolicyText)).toEqual(json(policy.policyText));
    count += 1;
  }
  const { scanType, rules } = valueOf(registry.call('get-registry-scanning-configuration'))!.scanningConfiguration;
  if (scanType !== 'BASIC' || rules.length > 0) {
    const properties = app.get('RegistryScanningConfiguration');
    expect(properties.ScanType).toBe(scanType);
    expect(properties.Rules ?? []).toEqual(rules.map(({ scanFrequency, repositoryFilters }) => ({
      ScanFrequency: scanFrequency, RepositoryFilters: filtersOf([...repositoryFilters]),
    })));
    count += 1;
  }
  const replication = valueOf(registry.call('describe-registry'))!.replicationConfiguration!.rules!;
  if (replication.length > 0) {
    expect(app.get('ReplicationConfiguration').ReplicationConfiguration.Rules).toEqual(replication.map(({ destinations, repositoryFilters }) => ({
      Destinations: destinations.map(({ region, registryId }) => ({ Region: region, RegistryId: registryId })),
      ...repositoryFilters === undefined ? {} : { RepositoryFilters: filtersOf([...repositoryFilters]) },
    })));
    count += 1;
  }
  const signing = valueOf(registry.call('get-signing-configuration'))?.signingConfiguration;
  if (signing) {
    expect(app.get('SigningConfiguration').Rules).toEqual(signing.rules.map(({ signingProfileArn, repositoryFilters }) => ({
      SigningProfileArn: signingProfileArn, ...repositoryFilters === undefined ? {} : { RepositoryFilters: filtersOf([...repositoryFilters]) },
    })));
    count += 1;
  }
  expect(app.count()).toBe(count);
}

/** The findings of templates, by rule and by what they are about. */
function findingsIn(templates: ReadonlyArray<{ json: any; account: string; region: string }>): string[] {
  return [...new Set(violationsIn(templates).map(({ template, logicalId, rule, property }) => {
    const { Type, Properties = {} } = templates[template].json.Resources[logicalId] ?? {};
    return `${rule} ${Type} ${Properties.RepositoryName ?? Properties.Prefix ?? Properties.EcrRepositoryPrefix ?? ''} ${property.split('.')[0]}`;
  }))].sort();
}

async function adopt(files: Record<string, unknown>): Promise<{ folder: string; registry: RegistryDump }> {
  const path = dumpOf({ [`${ACCOUNT}/${REGION}`]: files });
  const folder = join(folderOf(), 'app');
  const { code, stderr } = await invoke('adopt', path, '--out', folder);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return { folder, registry: openDump(path)[0] };
}

test('the generated app equals the registry, property by property, and has no finding that the registry did not have', async () => {
  await fc.assert(fc.asyncProperty(randomRegistry, async files => {
    const { folder, registry } = await adopt(files);
    const app = new App(folder);
    expectEqual(app, registry);
    const live = findingsIn([{ json: templateOf(registry).json, account: ACCOUNT, region: REGION }]);
    const adopted = findingsIn(app.stacks.map(({ template, account, region }) => ({ json: template, account, region })));
    expect(adopted.filter(finding => !live.includes(finding))).toEqual([]);
  }), { numRuns });
}, 600_000);

test('the generated app compiles strictly', async () => {
  const folders: string[] = [];
  for (const files of fc.sample(randomRegistry, numRuns)) {
    folders.push((await adopt(files)).folder);
  }
  expect(compile(folders)).toEqual([]);
}, 600_000);
