import type { ReplicationTarget } from './replication-target';

/**
 * A replication rule: the repositories to replicate, and their destinations.
 */
export interface ReplicationRule {
  /**
   * The destination registries: at least one, without duplicates, up to 25 different registries in all rules of a registry.
   */
  readonly destinations: ReplicationTarget[];

  /**
   * The name prefixes of the repositories to replicate: 1 to 100 prefixes of 2 to 256 characters, without wildcards.
   *
   * A prefix is compared by character: `prod` also matches `production/api`, `prod/` does not.
   *
   * @default - all repositories of the registry
   */
  readonly repositoryPrefixes?: string[];
}
