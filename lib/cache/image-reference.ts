import { isKnown, show } from '../private/core/values';
import { repositoryNameProblems } from '../private/ecr/names';
import { ROOT } from '../private/ecr/prefixes';
import type { UpstreamRegistry } from './upstream-registry';

// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/**
 * An image of an upstream, and its repository in a cache.
 */
export interface CachedImage {
  /** The upstream. */
  readonly upstream: UpstreamRegistry;
  /** The prefix of the cache. */
  readonly prefix: string;
  /** The prefix in the upstream that the prefix of the cache replaces. */
  readonly upstreamPrefix: string;
  /** The image that the user specified. */
  readonly image: string;
  /** The tag or digest, if any. */
  readonly tagOrDigest?: string;
}

/**
 * The path of an image below the prefix of a cache.
 */
export function imagePath({ upstream, upstreamPrefix, image }: CachedImage): string {
  const name = upstream.repositoryName(image);
  return upstreamPrefix === ROOT ? name : name.slice(upstreamPrefix.length + 1);
}

/**
 * The part after the name of an image in its URI.
 */
export function imageReference({ tagOrDigest }: CachedImage): string {
  if (tagOrDigest === undefined) {
    return '';
  }
  return isKnown(tagOrDigest) && DIGEST.test(tagOrDigest) ? `@${tagOrDigest}` : `:${tagOrDigest}`;
}

/**
 * Problems with the name, the tag and the digest of an image.
 */
export function imageProblems(cached: CachedImage): string[] {
  return [...nameProblems(cached), ...referenceProblems(cached.tagOrDigest)];
}

function nameProblems(cached: CachedImage): string[] {
  const { image, upstream, upstreamPrefix } = cached;
  if (upstreamPrefix !== ROOT && !(isKnown(image) && isKnown(upstreamPrefix))) {
    return ["'image' and 'upstreamRepositoryPrefix' must not be tokens for an image of a part of the upstream, got a token; "
      + "omit 'upstreamRepositoryPrefix', or use text for both"];
  }
  if (!isKnown(image)) {
    return [];
  }
  if (/[:@]/.test(image)) {
    return [`'image' must be a name without a tag or digest, got ${show(image)}; pass the tag or digest as 'tagOrDigest'`];
  }
  if (image.startsWith(`${upstream.url}/`) || image.startsWith('docker.io/')) {
    return [`'image' must be a name without the host of the registry, got ${show(image)}; omit the host`];
  }
  const name = upstream.repositoryName(image);
  if (upstreamPrefix !== ROOT && !name.startsWith(`${upstreamPrefix}/`)) {
    return [`'image' must be below ${show(`${upstreamPrefix}/`)}, the part of ${upstream.url} that is cached, got ${show(name)}`];
  }
  const prefix = isKnown(cached.prefix) && cached.prefix !== ROOT ? `${cached.prefix.replace(/\/$/, '')}/` : '';
  return repositoryNameProblems('image', `${prefix}${imagePath(cached)}`);
}

function referenceProblems(tagOrDigest: string | undefined): string[] {
  return !isKnown(tagOrDigest) || TAG.test(tagOrDigest) || DIGEST.test(tagOrDigest)
    ? []
    : [`'tagOrDigest' must be a tag such as '1.27' or a digest such as 'sha256:' and 64 hexadecimal digits, got ${show(tagOrDigest)}`];
}
