import { BRAND } from '../private/core/brand';
import { publicClass } from '../private/input/public-class';
/**
 * A registry that images are replicated to: one account in one Region.
 *
 * Both accounts must have the Region enabled, and all of them must be in the same AWS partition.
 */
export class ReplicationTarget {
  static {
    publicClass(this, 'ReplicationTarget');
  }

  /**
   * The registry of the same account in another Region.
   *
   * @param region such as `eu-central-1`
   */
  public static region(region: string): ReplicationTarget {
    return new ReplicationTarget(region);
  }

  /**
   * The registry of another account, which must allow it: see `ReplicationDestination`.
   *
   * @param account the account id, 12 digits
   * @param region such as `eu-central-1`; the Region of the source works as well
   */
  public static account(account: string, region: string): ReplicationTarget {
    return new ReplicationTarget(region, account);
  }

  private declare readonly [BRAND]: 'ReplicationTarget';

  private constructor(
    /**
     * The Region of the registry.
     */
    public readonly registryRegion: string,
    /**
     * The account of the registry.
     *
     * @default - the account that replicates
     */
    public readonly registryAccount?: string,
  ) {}
}
