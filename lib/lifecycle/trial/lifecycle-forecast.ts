import { Size, SizeRoundingBehavior } from 'aws-cdk-lib';
import { BRAND, brand } from '../../private/core/brand';
import { failUnscopedIfAny } from '../../private/core/errors';
import { show } from '../../private/core/values';
import { LIMITS } from '../../private/ecr/limits';
import type { RuleModel } from '../rule-model';
import { canMatchTag } from '../tag-pattern';
import { Simulation, type SimulatedDay } from './forecast-simulation';
import { lineChart } from './line-chart';
import { textTable } from './text-table';

/** Storage in us-east-1 in June 2026; archive storage costs the same for the first 150 TB. https://aws.amazon.com/ecr/pricing/ */
const PRICE_PER_GB_MONTH = 0.1;

/**
 * What a repository will be used for.
 */
export interface LifecycleForecastProps {
  /**
   * Images pushed each day, by tag: `{ 'release-*': 0.5, 'pr-*': 20, 'latest': 1 }`.
   *
   * Each push gets a number in the place of `*`; a tag without `*` moves to each new image, and the image that had it becomes
   * untagged. Fractions add up to a push over days. At most 1,000 pushes a day in all.
   */
  readonly pushesPerDay: { [tag: string]: number };

  /**
   * How many days to look ahead: 1 to 1,825.
   *
   * @default 365
   */
  readonly days?: number;

  /**
   * The compressed size of an image.
   *
   * @default - 500 MiB
   */
  readonly imageSize?: Size;

  /**
   * The share of an image that no other image has, from 0 to 1: layers that images have in common are stored once.
   *
   * @default 1
   */
  readonly uniqueShare?: number;

  /**
   * The share of the pushes that leave an image without a tag, from 0 to 1, such as failed builds and platforms of an index.
   *
   * @default 0
   */
  readonly untaggedShare?: number;

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
}

/**
 * A repository at the end of a day, after the policy was applied.
 */
export interface LifecycleForecastDay {
  /** The number of the day, from 1. */
  readonly day: number;

  /** Images pushed on this day. */
  readonly pushed: number;

  /** Images deleted on this day. */
  readonly expired: number;

  /** Images archived on this day. */
  readonly archived: number;

  /** Images in standard storage. */
  readonly images: number;

  /** Images in standard storage that have no tag. */
  readonly untaggedImages: number;

  /** Images in the archive. */
  readonly archivedImages: number;

  /** Standard storage in GB of 2^30 bytes. */
  readonly gigabytes: number;

  /** Archive storage in GB of 2^30 bytes. */
  readonly archivedGigabytes: number;
}

/**
 * What became of the images that were pushed under a tag.
 */
export interface LifecycleForecastTag {
  /** The tag, as given in `pushesPerDay`. */
  readonly tag: string;

  /** Images pushed in all days. */
  readonly pushed: number;

  /** Images deleted in all days. */
  readonly expired: number;

  /** Images in standard storage on the last day that still have the tag. */
  readonly images: number;

  /** Images in the archive on the last day that still have the tag. */
  readonly archivedImages: number;

  /** How far back you can roll back: the age in days of the oldest image with the tag that can be pulled on the last day. */
  readonly rollbackDays: number;
}

/**
 * How a repository grows under a lifecycle policy.
 *
 * A simulation, day by day: images are pushed, then the policy is applied, as in a preview. Images are not pulled, so rules by last
 * pull count from the push. Pushes beyond 100,000 images, the default quota of a repository, are refused.
 */
export class LifecycleForecast {
  static {
    brand(this, 'LifecycleForecast');
  }

  /**
   * @internal
   */
  public static _of(rules: readonly RuleModel[], props: LifecycleForecastProps): LifecycleForecast {
    failUnscopedIfAny('InvalidLifecycleForecast', forecastProblems(props));
    return new LifecycleForecast(rules, props);
  }

  /**
   * The repository at the end of each day.
   */
  public readonly days: LifecycleForecastDay[];

  /**
   * What became of the images of each tag.
   */
  public readonly tags: LifecycleForecastTag[];

  /**
   * The first day from which on the number of images no longer changes, but for the ups and downs of a day.
   *
   * Not set when the repository still grows at the end, or did not hold still for 30 days and some pushes of the rarest tag.
   */
  public readonly steadyFromDay?: number;

  /**
   * The first day on which pushes are refused because the repository is full.
   *
   * Not set when it never is.
   */
  public readonly fullFromDay?: number;

  /**
   * What the storage of the last day costs in a month.
   */
  public readonly monthlyCost: number;
  private declare readonly [BRAND]: 'LifecycleForecast';

  private constructor(rules: readonly RuleModel[], props: LifecycleForecastProps) {
    const { pushesPerDay, untaggedShare = 0, days = 365 } = props;
    const simulation = new Simulation(rules, { pushesPerDay, untaggedShare, days });
    const last = simulation.days[days - 1];
    this.days = simulation.days.map((day, index) => forecastDay(day, index + 1, props));
    this.tags = [...simulation.tags].map(([tag, { oldest, ...counts }]) => ({ tag, ...counts, rollbackDays: oldest }));
    this.steadyFromDay = steadyFrom(simulation.days, Object.values(pushesPerDay));
    this.fullFromDay = last.refused === 0 ? undefined : simulation.days.findIndex(day => day.refused > 0) + 1;

    const { gigabytes, archivedGigabytes } = this.days[days - 1];
    const { pricePerGbMonth = PRICE_PER_GB_MONTH, archivePricePerGbMonth = PRICE_PER_GB_MONTH } = props;
    this.monthlyCost = gigabytes * pricePerGbMonth + archivedGigabytes * archivePricePerGbMonth;
  }

  /**
   * What became of the images of a tag. Throws when `pushesPerDay` has no such tag.
   *
   * @param tag as given in `pushesPerDay`
   */
  public forTag(tag: string): LifecycleForecastTag {
    const found = this.tags.find(entry => entry.tag === tag);
    const known = this.tags.map(entry => show(entry.tag)).join(', ');
    failUnscopedIfAny('UnknownForecastTag', found ? [] : [`'tag' must be one of ${known}, got ${show(tag)}`]);
    return found!;
  }

  /**
   * The forecast in a sentence.
   */
  public summary(): string {
    const { images, archivedImages, gigabytes, archivedGigabytes } = this.days.at(-1)!;
    const archive = archivedImages > 0 ? ` and ${archivedImages} archived ones (${archivedGigabytes.toFixed(1)} GB)` : '';
    const growth = this.steadyFromDay === undefined ? 'not steady yet' : `steady from day ${this.steadyFromDay}`;
    const full = this.fullFromDay === undefined ? '' : `, full from day ${this.fullFromDay}`;
    return `After ${this.days.length} days: ${images} images (${gigabytes.toFixed(1)} GB)${archive}, ${growth}${full}, ${this.monthlyCost.toFixed(2)} a month.`;
  }

  /**
   * The forecast as text tables: some of its days, and all tags.
   */
  public toTable(): string {
    const chosen = this.days.filter(({ day }) => [1, 7, 30, 90, 180, 365, 730, 1095, 1460, this.days.length].includes(day));
    return [
      textTable([
        ['DAY', 'IMAGES', 'GB', 'ARCHIVED', 'ARCHIVED GB'],
        ...chosen.map(day => [`${day.day}`, `${day.images}`, day.gigabytes.toFixed(1), `${day.archivedImages}`, day.archivedGigabytes.toFixed(1)]),
      ]),
      '',
      textTable([
        ['TAG', 'PUSHED', 'EXPIRED', 'IMAGES', 'ARCHIVED', 'ROLLBACK DAYS'],
        ...this.tags.map(tag => [tag.tag, `${tag.pushed}`, `${tag.expired}`, `${tag.images}`, `${tag.archivedImages}`, tag.rollbackDays.toFixed(1)]),
      ]),
      '',
      this.summary(),
    ].join('\n');
  }

  /**
   * The storage of each day, archived images included, as an SVG image.
   *
   * @param title the heading of the image
   */
  public toSvg(title: string): string {
    return lineChart(title, 'GB', [{ name: 'storage', values: this._storage() }]);
  }

  /**
   * @internal
   */
  public _storage(): number[] {
    return this.days.map(day => day.gigabytes + day.archivedGigabytes);
  }
}

function forecastDay(day: SimulatedDay, number: number, props: LifecycleForecastProps): LifecycleForecastDay {
  const { imageSize = Size.mebibytes(500), uniqueShare = 1 } = props;
  const { pushed, expired, archived, images, untaggedImages, archivedImages } = day;
  const gigabytes = imageSize.toGibibytes({ rounding: SizeRoundingBehavior.NONE });
  const shared = images + archivedImages > 0 ? gigabytes * (1 - uniqueShare) : 0;
  return {
    day: number,
    pushed,
    expired,
    archived,
    images,
    untaggedImages,
    archivedImages,
    gigabytes: images * gigabytes * uniqueShare + (images > 0 ? shared : 0),
    archivedGigabytes: archivedImages * gigabytes * uniqueShare + (images > 0 ? 0 : shared),
  };
}

/** Fractions of a push let the number of images swing by one for each tag; growth must be able to leave that range before it is ruled out. */
function steadyFrom(days: readonly SimulatedDay[], rates: readonly number[]): number | undefined {
  const total = ({ images, archivedImages }: SimulatedDay) => images + archivedImages;
  const last = total(days.at(-1)!);
  const tolerance = rates.length + 1;
  const needed = Math.max(30, (tolerance + 1) / Math.min(...rates.filter(rate => rate > 0)));
  const lastMove = [...days].reverse().findIndex(day => Math.abs(total(day) - last) > tolerance);
  const still = lastMove === -1 ? days.length : lastMove;
  return still >= needed ? days.length - still + 1 : undefined;
}

function forecastProblems(props: LifecycleForecastProps): string[] {
  const problems: string[] = [];
  const check = (prop: string, value: number | undefined, min: number, max: number, whole = false) => {
    if (value !== undefined && !(value >= min && value <= max && (!whole || Number.isInteger(value)))) {
      problems.push(`'${prop}' must be a ${whole ? 'whole ' : ''}number from ${min} to ${max}, got ${value}`);
    }
  };

  const pushes = Object.entries(props.pushesPerDay);
  for (const [tag, rate] of pushes) {
    if (!canMatchTag('tagPatternList', tag)) {
      problems.push(`'pushesPerDay' must have tags such as 'latest' or, with '*' for a number, 'release-*', got ${show(tag)}`);
    }
    check(`pushesPerDay[${show(tag)}]`, rate, 0, LIMITS.forecastPushesPerDay);
  }
  const sum = pushes.reduce((total, [, rate]) => total + rate, 0);
  if (sum <= 0) {
    problems.push("'pushesPerDay' must push something, got no pushes at all");
  }
  check('pushesPerDay', sum > LIMITS.forecastPushesPerDay ? sum : undefined, 0, LIMITS.forecastPushesPerDay);

  const { days, imageSize, uniqueShare, untaggedShare, pricePerGbMonth, archivePricePerGbMonth } = props;
  check('days', days, 1, LIMITS.forecastDays, true);
  if (imageSize && (imageSize.isUnresolved() || imageSize.toBytes() === 0)) {
    problems.push(`'imageSize' must be a known size of more than 0, got ${imageSize.isUnresolved() ? 'a token' : '0 bytes'}`);
  }
  check('uniqueShare', uniqueShare, 0, 1);
  check('untaggedShare', untaggedShare, 0, 1);
  check('pricePerGbMonth', pricePerGbMonth, 0, Number.MAX_VALUE);
  check('archivePricePerGbMonth', archivePricePerGbMonth, 0, Number.MAX_VALUE);
  return problems;
}
