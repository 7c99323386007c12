import { violationsIn } from '../check/engine';
import type { RegistryDump, RepositoryDump } from '../dump/dump';
import { type Call, valueOf } from '../dump/read-call';
import type { Finding } from '../findings/finding';
import { shown } from '../template/discover';
import { type Access, accessTo } from './access';
import { gapsOf } from './gaps';
import { AGE_GROUPS, dateOf, type ImageFacts, imageFacts, UNUSED_DAYS, type Volume } from './images';
import { templateOf } from './registry-template';

const DAY = 86_400_000;
export const GIGABYTE = 2 ** 30;

/** A finding of a registry, before its file is known. */
export type AuditFinding = Pick<Finding, 'rule' | 'severity' | 'resource' | 'message' | 'fix'>
  & Partial<Pick<Finding, 'replaces' | 'controls' | 'property'>> & { readonly call: string };

/**
 * The facts about a repository.
 */
export interface RepositoryAudit {
  readonly name: string;
  readonly mutability: string;
  readonly encryption: string;
  readonly lifecycle: Call<unknown>['state'];
  readonly images?: ImageFacts;
}

/**
 * Something that the audit could not see.
 */
export interface Unseen {
  /** The call, with the repository if it is for one. */
  readonly call: string;
  readonly reason: string;
  /** How many repositories it is about. */
  readonly count: number;
}

/**
 * The facts about a registry, and its findings.
 */
export interface RegistryAudit {
  readonly account: string;
  readonly region: string;
  readonly totals: Totals;
  readonly repositories: readonly RepositoryAudit[];
  readonly access: readonly Access[];
  readonly unseen: readonly Unseen[];
  readonly findings: readonly Finding[];
}

export interface Totals extends Volume {
  readonly repositories: number;
  readonly untagged: number;
  readonly archived: number;
  readonly unscanned: number;
  readonly unused: number;
  readonly ages: readonly number[];
  readonly today: Volume;
  readonly standard: Volume;
  readonly production: Volume;
  readonly neverRemoved: Volume;
  /** The images that run; undefined if Amazon Inspector knows of none of the repositories. */
  readonly inUse?: number;
}

const NOTHING: Volume = { images: 0, bytes: 0 };

/**
 * Audits a registry of a dump.
 *
 * @param all the registries of the dump
 * @param progress is called for each repository
 */
export function auditRegistry(registry: RegistryDump, all: readonly RegistryDump[], at: Date, progress: () => void = () => undefined): RegistryAudit {
  const unseen = new UnseenCalls(registry);
  const findings: AuditFinding[] = [...ruleFindings(registry), ...gapsOf(registry, all)];
  const repositories = registry.repositories.map(repository => {
    const images = imageFacts(repository, at);
    unseen.addRepository(repository, images);
    findings.push(...imageFindings(repository, valueOf(images), at));
    progress();
    return {
      name: repository.name,
      mutability: repository.description.imageTagMutability ?? 'not known',
      encryption: encryptionOf(repository),
      lifecycle: repository.call('get-lifecycle-policy').state,
      images: valueOf(images),
    };
  });
  return {
    account: registry.account,
    region: registry.region,
    totals: totalsOf(registry, repositories, at),
    repositories,
    access: accessTo(registry),
    unseen: unseen.all(),
    findings: findings.map(({ call, ...finding }) => ({
      replaces: false,
      controls: {},
      property: '',
      ...finding,
      file: shown(`${registry.path}/${call}.json`),
    })),
  };
}

/** The rules for templates. */
function ruleFindings(registry: RegistryDump): AuditFinding[] {
  const { json, names } = templateOf(registry);
  return violationsIn([{ json, account: registry.account, region: registry.region }])
    .map(({ template: _, logicalId, ...violation }) => ({ ...violation, resource: names.get(logicalId) ?? 'registry scanning', call: 'describe-repositories' }));
}

function imageFindings({ name, description }: RepositoryDump, images: ImageFacts | undefined, at: Date): AuditFinding[] {
  if (!images || images.images === 0) {
    return [];
  }
  const common = { resource: name, call: 'describe-images' };
  const days = (date: Date): number => Math.floor((at.getTime() - date.getTime()) / DAY);
  const unused = isUnused(images, dateOf(description.createdAt), at);
  return [
    ...images.neverRemoved && images.neverRemoved.images > 0 ? [{
      ...common,
      rule: 'imagesNeverRemoved',
      severity: 'warning' as const,
      message: `no lifecycle rule ever removes ${images.neverRemoved.images} of ${images.images} images (${gigabytes(images.neverRemoved)})`,
      fix: 'add a rule that selects them; preview it first',
    }] : [],
    ...unused ? [{
      ...common,
      rule: 'unusedRepository',
      severity: 'warning' as const,
      message: `no image of the repository was pulled in ${UNUSED_DAYS} days: ${images.lastPull ? `the last pull was ${days(images.lastPull)} days ago` : 'no pull is recorded'}`,
      fix: 'ask its owners whether it is needed',
    }] : [],
    ...images.unscanned > 0 ? [{
      ...common,
      rule: 'unscannedImages',
      severity: 'warning' as const,
      message: `${images.unscanned} of ${images.images} images have no result of a scan`,
      fix: 'scan the repository, on push or continuously; basic scanning scans existing images with StartImageScan',
    }] : [],
  ];
}

function isUnused(images: ImageFacts, createdAt: Date | undefined, at: Date): boolean {
  const since = at.getTime() - UNUSED_DAYS * DAY;
  const isOld = (createdAt ?? images.newestPush ?? at).getTime() < since;
  return images.images > 0 && isOld && (images.lastPull === undefined || images.lastPull.getTime() < since);
}

function totalsOf(registry: RegistryDump, repositories: readonly RepositoryAudit[], at: Date): Totals {
  const facts = repositories.map(({ images }) => images);
  const known = facts.filter(images => images !== undefined);
  const sum = (of: (images: ImageFacts) => number): number => known.reduce((total, images) => total + of(images), 0);
  const volumes = (of: (images: ImageFacts) => Volume | undefined): Volume => ({
    images: sum(images => (of(images) ?? NOTHING).images), bytes: sum(images => (of(images) ?? NOTHING).bytes),
  });
  return {
    repositories: repositories.length,
    ...volumes(images => images),
    untagged: sum(images => images.untagged),
    archived: sum(images => images.archived),
    unscanned: sum(images => images.unscanned),
    unused: facts.filter((images, index) => images && isUnused(images, dateOf(registry.repositories[index].description.createdAt), at)).length,
    ages: AGE_GROUPS.map((_, group) => sum(images => images.ages[group])),
    today: volumes(images => images.today),
    standard: volumes(images => images.standard),
    production: volumes(images => images.production),
    neverRemoved: volumes(images => images.neverRemoved),
    inUse: known.some(images => images.inUse !== undefined) ? sum(images => images.inUse ?? 0) : undefined,
  };
}

function encryptionOf({ registry, description: { encryptionConfiguration } }: RepositoryDump): string {
  const { encryptionType = 'not known', kmsKey } = encryptionConfiguration ?? {};
  const key = kmsKey === undefined ? undefined : valueOf(registry.named('describe-key', kmsKey));
  return kmsKey === undefined ? encryptionType : `${encryptionType}, ${key === undefined ? 'key not known' : key.KeyMetadata.KeyManager === 'AWS' ? 'AWS managed key' : 'customer managed key'}`;
}

export function gigabytes({ bytes }: Volume): string {
  return `${(bytes / GIGABYTE).toFixed(1)} GB`;
}

/** Collects the calls that the dump does not know, by call and reason. */
class UnseenCalls {
  private readonly counts = new Map<string, { call: string; reason: string; count: number }>();

  constructor(registry: RegistryDump) {
    registry.problems.forEach(reason => this.add('describe-repositories', reason));
    for (const call of [
      'describe-registry', 'get-registry-policy', 'get-registry-scanning-configuration', 'get-signing-configuration', 'describe-pull-through-cache-rules',
      'describe-repository-creation-templates', 'list-pull-time-update-exclusions',
    ] as const) {
      this.addCall(call, registry.call(call));
    }
  }

  addRepository(repository: RepositoryDump, images: Call<ImageFacts>): void {
    this.addCall('describe-images', images);
    for (const call of ['get-lifecycle-policy', 'get-repository-policy', 'list-tags-for-resource'] as const) {
      this.addCall(call, repository.call(call));
    }
    const problem = valueOf(images)?.previewProblem;
    if (problem !== undefined && repository.call('get-lifecycle-policy').state !== 'unknown') {
      this.add('lifecycle preview', problem);
    }
    const key = repository.description.encryptionConfiguration?.kmsKey;
    if (key !== undefined) {
      this.addCall('describe-key', repository.registry.named('describe-key', key));
    }
  }

  all(): Unseen[] {
    return [...this.counts.values()];
  }

  private addCall(name: string, call: Call<unknown>): void {
    if (call.state === 'unknown') {
      this.add(name, call.reason);
    }
  }

  private add(call: string, reason: string): void {
    const key = `${call} ${reason}`;
    const entry = this.counts.get(key) ?? { call, reason, count: 0 };
    this.counts.set(key, { ...entry, count: entry.count + 1 });
  }
}
