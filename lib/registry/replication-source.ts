import { BRAND } from '../private/core/brand';
import { publicClass } from '../private/input/public-class';
import type { IReplicationSetup } from './replication-setup';

/**
 * Whose images a `ReplicationDestination` takes.
 */
export class ReplicationSource {
  static {
    publicClass(this, 'ReplicationSource');
  }

  /**
   * What a `ReplicationSetup` of this app replicates to the registry of the `ReplicationDestination`.
   *
   * The rules for other registries are left out, so that one setup can serve many destinations.
   *
   * @param setup the replication of the source; its stack needs a known account if that is not the account of the destination
   */
  public static setup(setup: IReplicationSetup): ReplicationSource {
    return new ReplicationSource(setup);
  }

  /**
   * What another app replicates, from another account or from another Region of this account.
   *
   * @param account the account id of the source, 12 digits
   * @param repositoryPrefixes how the names of the repositories begin, the same as on the other side; all repositories if left out
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
     * How the names of the repositories begin.
     *
     * @default - all repositories, or those of `replicationSetup`
     */
    public readonly repositoryPrefixes?: string[],
  ) {}
}
