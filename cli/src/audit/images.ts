import { ImageStorageClass, LifecycleAction, LifecyclePolicy, type RegistryImage } from 'cdk-secure-ecr';
import { messageOf } from '../core/command-error';
import { stringAt } from '../core/json';
import type { RepositoryDump } from '../dump/dump';
import type { CliDate, ImageDetail } from '../dump/outputs';
import { type Call, valueOf } from '../dump/read-call';

const DAY = 86_400_000;

/** The bounds of the age groups in days. */
export const AGE_GROUPS = [7, 30, 90, 180, 365, Infinity] as const;

/** A repository is unused if nobody pulled from it for so many days. */
export const UNUSED_DAYS = 90;

/**
 * A number of images and their size.
 */
export interface Volume {
  readonly images: number;
  readonly bytes: number;
}

/**
 * The facts about the images of a repository.
 */
export interface ImageFacts extends Volume {
  readonly untagged: number;
  readonly archived: number;
  /** Images that a scan could find something in, but that have no result. */
  readonly unscanned: number;
  readonly newestPush?: Date;
  readonly lastPull?: Date;
  readonly ages: readonly number[];
  /** The images that run, as far as Amazon Inspector knows; undefined if it is not known. */
  readonly inUse?: number;
  /** What the policy of the repository deletes and archives now; undefined if the policy is not known or cannot be previewed. */
  readonly today?: Volume;
  readonly standard?: Volume;
  readonly production?: Volume;
  /** The images that no rule of the policy ever deletes or archives. */
  readonly neverRemoved?: Volume;
  /** Why there is no preview. */
  readonly previewProblem?: string;
}

/**
 * Reads the images of a repository; unknown if the dump does not have them.
 */
export function imageFacts(repository: RepositoryDump, at: Date): Call<ImageFacts> {
  const call = repository.call('describe-images');
  if (call.state !== 'read') {
    return call;
  }
  const { imageDetails } = call.value;
  const pushed = imageDetails.map(({ imagePushedAt }) => millisecondsOf(imagePushedAt)!);
  const pulled = imageDetails.map(({ lastRecordedPullTime }) => millisecondsOf(lastRecordedPullTime)).filter(time => time !== undefined);
  const ages = AGE_GROUPS.map(() => 0);
  for (const time of pushed) {
    ages[AGE_GROUPS.findIndex(days => at.getTime() - time < days * DAY)] += 1;
  }
  const isArchived = ({ imageStatus }: ImageDetail): boolean => imageStatus === 'ARCHIVED' || imageStatus === 'ACTIVATING';
  return { state: 'read', value: {
    ...volumeOf(imageDetails),
    untagged: imageDetails.filter(({ imageTags }) => !imageTags?.length).length,
    archived: imageDetails.filter(isArchived).length,
    unscanned: imageDetails.filter(detail => isScannable(detail) && !isArchived(detail) && !isScanned(detail)).length,
    newestPush: latest(pushed),
    lastPull: latest(pulled),
    ages,
    inUse: inUse(repository),
    ...previews(repository, imageDetails, at),
  } };
}

function previews(repository: RepositoryDump, details: readonly ImageDetail[], at: Date): Partial<ImageFacts> {
  const policy = repository.call('get-lifecycle-policy');
  try {
    const images = registryImages(repository, details);
    const removed = (of: LifecyclePolicy): Volume => (
      volume(of.preview({ images, at }).decisions.filter(({ action }) => action !== LifecycleAction.KEEP).map(({ image }) => image))
    );
    const presets = { standard: removed(LifecyclePolicy.standard()), production: removed(LifecyclePolicy.production()) };
    if (policy.state === 'unknown') {
      return { ...presets, previewProblem: policy.reason };
    }
    if (policy.state === 'none') {
      return { ...presets, today: { images: 0, bytes: 0 }, neverRemoved: volume(images) };
    }
    const { decisions } = LifecyclePolicy.fromJson(policy.value.lifecyclePolicyText).preview({ images, at });
    return {
      ...presets,
      today: volume(decisions.filter(({ action }) => action !== LifecycleAction.KEEP).map(({ image }) => image)),
      neverRemoved: volume(decisions
        .filter(({ action, claimedBy }) => action === LifecycleAction.KEEP && claimedBy === undefined)
        .map(({ image }) => image)),
    };
  } catch (error) {
    return { previewProblem: messageOf(error) };
  }
}

function registryImages(repository: RepositoryDump, details: readonly ImageDetail[]): RegistryImage[] {
  const manifests = valueOf(repository.call('batch-get-image'))?.images ?? [];
  const references = new Map(manifests.map(({ imageId, imageManifest }) => [imageId.imageDigest, childrenOf(imageManifest)]));
  return details.map(detail => ({
    digest: detail.imageDigest,
    pushedAt: dateOf(detail.imagePushedAt)!,
    tags: detail.imageTags as string[] | undefined,
    lastPulledAt: dateOf(detail.lastRecordedPullTime),
    storageClass: detail.imageStatus === 'ARCHIVED' || detail.imageStatus === 'ACTIVATING' ? ImageStorageClass.ARCHIVE : ImageStorageClass.STANDARD,
    archivedAt: dateOf(detail.lastArchivedAt),
    activatedAt: dateOf(detail.lastActivatedAt),
    sizeInBytes: detail.imageSizeInBytes,
    references: references.get(detail.imageDigest),
    subject: detail.subjectManifestDigest,
  }));
}

function childrenOf(manifest: string): string[] | undefined {
  const { manifests } = JSON.parse(manifest) as { manifests?: unknown[] };
  return manifests?.flatMap(child => stringAt(child, 'digest') ?? []);
}

function inUse(repository: RepositoryDump): number | undefined {
  const call = repository.call('list-findings');
  const images = (valueOf(call)?.findings ?? []).flatMap(({ resources }) => (resources ?? []).map(({ details }) => details?.awsEcrContainerImage));
  const known = images.filter(image => image?.inUseCount !== undefined);
  return known.length === 0 ? undefined : new Set(known.filter(image => image!.inUseCount! > 0).map(image => image!.imageHash)).size;
}

/** Indexes and referrers, such as signatures, hold no packages. */
function isScannable({ imageManifestMediaType = '', subjectManifestDigest, artifactMediaType = '' }: ImageDetail): boolean {
  return subjectManifestDigest === undefined && !/index|manifest\.list/.test(imageManifestMediaType)
    && !/helm|cosign|notary|signature|sbom|spdx|in-toto/.test(artifactMediaType);
}

function isScanned({ imageScanStatus, imageScanFindingsSummary }: ImageDetail): boolean {
  return imageScanFindingsSummary !== undefined || ['ACTIVE', 'COMPLETE'].includes(imageScanStatus?.status ?? '');
}

function volumeOf(details: readonly ImageDetail[]): Volume {
  return { images: details.length, bytes: details.reduce((sum, { imageSizeInBytes = 0 }) => sum + imageSizeInBytes, 0) };
}

function volume(images: readonly RegistryImage[]): Volume {
  return { images: images.length, bytes: images.reduce((sum, { sizeInBytes = 0 }) => sum + sizeInBytes, 0) };
}

export function dateOf(value: CliDate | undefined): Date | undefined {
  const time = millisecondsOf(value);
  return time === undefined ? undefined : new Date(time);
}

function millisecondsOf(value: CliDate | undefined): number | undefined {
  return value === undefined || value === null ? undefined : typeof value === 'number' ? value * 1000 : Date.parse(value);
}

function latest(times: readonly number[]): Date | undefined {
  return times.length === 0 ? undefined : new Date(times.reduce((a, b) => Math.max(a, b)));
}
