export { PullThroughCache, type PullThroughCacheAttributes, type PullThroughCacheProps } from './pull-through-cache';
export { type CachePullOptions, type IPullThroughCache, PullThroughCacheGrants } from './pull-through-cache-grants';
export { UpstreamAccess, type UpstreamAccessProps } from './upstream-access';
export { type EcrUpstreamOptions, UpstreamRegistry } from './upstream-registry';
