export {
  type IPullThroughCache, PullThroughCache, type PullThroughCacheAttributes, type PullThroughCacheProps,
} from './pull-through-cache';
export { type CachePullOptions, PullThroughCacheGrants } from './pull-through-cache-grants';
export { UpstreamAccess, type UpstreamAccessProps } from './upstream-access';
export { type EcrUpstreamOptions, UpstreamRegistry } from './upstream-registry';
