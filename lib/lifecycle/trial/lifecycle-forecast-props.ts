import type { ImagePushes, PushContents } from './image-pushes';
import type { RegistryImage } from './registry-image';

/**
 * What a repository is used for. Exactly one of `pushesPerDay`, `pushes` and `inventory` is needed.
 */
export interface LifecycleForecastProps extends PushContents {
  /**
   * The number of pushes a day, by tag: `{ 'release-*': 0.5, 'pr-*': 20, 'latest': 1 }`.
   *
   * Each push gets a number in the place of `*`; a tag without `*` moves to each new image, and the image that had it becomes
   * untagged. Fractions add up to a push over days. At most 1,000 pushes a day in all. The order of the tags does not matter.
   *
   * @default - given by `pushes` or `inventory`
   */
  readonly pushesPerDay?: { [tag: string]: number };

  /**
   * The pushes of images with several tags, or with contents that differ: up to 100.
   *
   * What an entry leaves out is taken from the options beside it. The order of the entries does not matter.
   *
   * @default - given by `pushesPerDay` or `inventory`
   */
  readonly pushes?: ImagePushes[];

  /**
   * The images of a repository, from which pushes are learned: rates, sizes, tag patterns, manifests, referrers, signatures and
   * burstiness. `LifecycleForecast.history` has the result, and how well it fits the past.
   *
   * Only images that are still there can be learned from, so each kind of pushes has its own history: from its oldest image until `at`.
   * Tags are described by the patterns of the rules, or the tags in `keep`, that they match, and otherwise by a pattern with `*` in the
   * place of a number, version or hash. Options beside it, such as `imageSize`, replace what is learned.
   *
   * @default - given by `pushesPerDay` or `pushes`
   */
  readonly inventory?: RegistryImage[];

  /**
   * The moment at which the inventory was read; no image may be younger.
   *
   * @default - now
   */
  readonly at?: Date;

  /**
   * How many days to look ahead: 1 to 1,825.
   *
   * @default 365
   */
  readonly days?: number;

  /**
   * The share of a push that no other push has, from 0 to 1: layers that images have in common are stored once.
   *
   * @default 1
   */
  readonly uniqueShare?: number;

  /**
   * The price of storage for a GB and month; AWS bills GB of 2^30 bytes.
   *
   * @default 0.1 - US dollars in us-east-1, in June 2026
   */
  readonly pricePerGbMonth?: number;

  /**
   * The price of archive storage for a GB and month.
   *
   * @default 0.1 - US dollars in us-east-1 for the first 150 TB, in June 2026
   */
  readonly archivePricePerGbMonth?: number;

  /**
   * The currency of the prices, as reports show it. With another one than `USD`, the prices must be given.
   *
   * @default USD
   */
  readonly currency?: string;

  /**
   * How many runs with pushes at random moments to simulate beside the even one: 0 to 1,000.
   *
   * @default - 50, or 10 for a fit, when `burstiness` or `inventory` is set, otherwise 0
   */
  readonly runs?: number;

  /**
   * The seed of the random moments: a whole number from 0 to 2,147,483,647. The same seed gives the same runs.
   *
   * @default 1
   */
  readonly seed?: number;
}
