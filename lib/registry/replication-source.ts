import { BRAND } from '../private/core/brand';
import { publicClass } from '../private/input/public-class';
import type { IReplicationSetup } from './replication-setup';

/**
 * A source of a `ReplicationDestination`.
 */
export class ReplicationSource {
  static {
    publicClass(this, 'ReplicationSource');
  }

  /**
   * The images that a `ReplicationSetup` of this app replicates to the registry of the `ReplicationDestination`.
   *
   * Rules for other registries are ignored, so that one setup can have many destinations.
   *
   * @param setup the replication of the source; its stack needs a known account if it is not the account of the destination
   */
  public static setup(setup: IReplicationSetup): ReplicationSource {
    return new ReplicationSource(setup);
  }

  /**
   * The images that another app replicates from another account or from another Region of this account.
   *
   * @param account the account id of the source, 12 digits
   * @param repositoryPrefixes the prefixes of the repository names, the same as in the source; defaults to all repositories
   */
  public static account(account: string, repositoryPrefixes?: string[]): ReplicationSource {
    return new ReplicationSource(undefined, account, repositoryPrefixes);
  }

  private declare readonly [BRAND]: 'ReplicationSource';

  private constructor(
    /**
     * The replication of the source.
     *
     * @default - not in this app
     */
    public readonly replicationSetup?: IReplicationSetup,
    /**
     * The account of the source.
     *
     * @default - the account of `replicationSetup`
     */
    public readonly sourceAccount?: string,
    /**
     * The prefixes of the repository names.
     *
     * @default - all repositories, or those of `replicationSetup`
     */
    public readonly repositoryPrefixes?: string[],
  ) {}
}
