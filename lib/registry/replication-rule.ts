import type { ReplicationTarget } from './replication-target';

/**
 * Which repositories are replicated, and where to.
 */
export interface ReplicationRule {
  /**
   * The registries that get a copy of every image: at least one, each once, up to 25 different ones over all rules of a registry.
   */
  readonly destinations: ReplicationTarget[];

  /**
   * How the names of the replicated repositories begin: 1 to 100 prefixes of 2 to 256 characters, without wildcards.
   *
   * A prefix is compared letter by letter: `prod` also matches `production/api`, `prod/` does not.
   *
   * @default - all repositories of the registry
   */
  readonly repositoryPrefixes?: string[];
}
