import type { RepositoryNaming } from '../repository/repository-naming';

/**
 * What an organization asks for besides the rules for everybody.
 */
export interface OrganizationRules {
  readonly naming?: RepositoryNaming;
  /** The keys of the tags, and the values that they may have; none for any value. */
  readonly requiredTags?: { readonly [key: string]: readonly string[] };
  /** The hosts of the registries that caches may have as their upstreams. */
  readonly allowedUpstreams?: readonly string[];
}
