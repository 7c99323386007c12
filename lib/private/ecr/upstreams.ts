import { isKnown, show } from '../core/values';

/**
 * A registry that Amazon ECR can cache.
 */
export interface Upstream {
  /** The value of `UpstreamRegistry`. */
  readonly kind: string;
  /** The host. */
  readonly url: string;
  /** The prefix of its cache by default. */
  readonly defaultPrefix: string;
  /** Whether a pull needs the credentials of an account at the registry. */
  readonly takesCredentials: boolean;
}

/**
 * The registries with one host.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-creating-rule.html
 */
export const UPSTREAMS = {
  dockerHub: { kind: 'docker-hub', url: 'registry-1.docker.io', defaultPrefix: 'docker-hub', takesCredentials: true },
  github: { kind: 'github-container-registry', url: 'ghcr.io', defaultPrefix: 'github', takesCredentials: true },
  gitLab: { kind: 'gitlab-container-registry', url: 'registry.gitlab.com', defaultPrefix: 'gitlab', takesCredentials: true },
  chainguard: { kind: 'chainguard', url: 'cgr.dev', defaultPrefix: 'chainguard', takesCredentials: true },
  ecrPublic: { kind: 'ecr-public', url: 'public.ecr.aws', defaultPrefix: 'ecr-public', takesCredentials: false },
  kubernetes: { kind: 'k8s', url: 'registry.k8s.io', defaultPrefix: 'kubernetes', takesCredentials: false },
  quay: { kind: 'quay', url: 'quay.io', defaultPrefix: 'quay', takesCredentials: false },
} as const satisfies { readonly [name: string]: Upstream };

// The login server of Azure Container Registry: https://learn.microsoft.com/azure/container-registry/container-registry-get-started-portal
export const AZURE_URL = /^([^.]+)\.azurecr\.io$/;
export const ECR_URL = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com$/;
const DOCKER_HUB_NAMES = new Set(['docker.io', 'www.docker.io', 'hub.docker.com', 'index.docker.io', 'registry.docker.io', 'registry.hub.docker.com']);

/**
 * The host of a URL.
 */
export function hostOf(url: string): string {
  return url.replace(/^https?:\/\//, '').replace(/\/$/, '').toLowerCase();
}

/**
 * The registry at a URL, if Amazon ECR can cache it.
 */
export function upstreamAt(url: string): Upstream | undefined {
  const host = hostOf(url);
  const [azure, ecr] = [AZURE_URL.exec(host), ECR_URL.exec(host)];
  if (azure) {
    return { kind: 'azure-container-registry', url: host, defaultPrefix: `azure-${azure[1]}`, takesCredentials: true };
  }
  return ecr ? { kind: 'ecr', url: host, defaultPrefix: `${ecr[2]}/${ecr[1]}`, takesCredentials: false } : Object.values<Upstream>(UPSTREAMS).find(fixed => fixed.url === host);
}

/**
 * Problems with a host in which `*` stands for any text, of registries to cache.
 */
export function upstreamPatternProblems(prop: string, pattern: string): string[] {
  const isOfMany = /\.azurecr\.io$|\.amazonaws\.com$/.test(pattern);
  return pattern.includes('*') && (isOfMany || pattern === '*') ? [] : upstreamUrlProblems(prop, pattern);
}

/**
 * Problems with the URL of a registry to cache.
 */
export function upstreamUrlProblems(prop: string, url: string): string[] {
  if (!isKnown(url) || upstreamAt(url)) {
    return [];
  }
  const fix = DOCKER_HUB_NAMES.has(hostOf(url))
    ? `for Docker Hub, use the URL ${UPSTREAMS.dockerHub.url}, use UpstreamRegistry.DOCKER_HUB`
    : `it caches ${Object.values(UPSTREAMS).map(upstream => upstream.url).join(', ')}, <name>.azurecr.io and <account>.dkr.ecr.<region>.amazonaws.com`;
  return [`'${prop}' must be a registry that Amazon ECR can cache, got ${show(url)}; ${fix}`];
}
