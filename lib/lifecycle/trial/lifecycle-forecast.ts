import { BRAND } from '../../private/core/brand';
import { failUnscopedIfAny } from '../../private/core/errors';
import { show } from '../../private/core/values';
import { publicClass } from '../../private/input/public-class';
import type { RuleModel } from '../rule-model';
import { ForecastRuns, monthlyCostOf, simulateEvenly, storageOf } from './forecast-runs';
import { SIGNATURE_TAG, type Simulation } from './forecast-simulation';
import { historyReport } from './history-report';
import type { LifecycleForecastBand } from './lifecycle-forecast-band';
import type { LifecycleForecastProps } from './lifecycle-forecast-props';
import type { LifecycleHistory } from './lifecycle-history';
import { PushPlan } from './push-plan';
import type { PushSource } from './push-schedule';
import { steadyFrom } from './steady';
import { textTable } from './text-table';

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
  /** The tag, as given in the input; `sha256-*` for signatures that have a tag. */
  readonly tag: string;

  /** Images pushed in all days. */
  readonly pushed: number;

  /** Images deleted in all days. */
  readonly expired: number;

  /** Images in standard storage on the last day that still have the tag. */
  readonly images: number;

  /** Images in the archive on the last day that still have the tag. */
  readonly archivedImages: number;

  /**
   * How far back you can roll back on the last day: the age in days of the oldest image with the tag, of those since which every image with
   * the tag can be pulled.
   *
   * 0 when only one image has the tag, because there is no image before it.
   */
  readonly rollbackDays: number;

  /**
   * The rollback in the simulated runs, in days.
   *
   * @default - no runs
   */
  readonly simulatedRollback?: LifecycleForecastBand;

  /**
   * The first day from which on the number of images with the tag no longer changes, but for the ups and downs of a push.
   *
   * @default - the number still changes at the end, or did not hold still for 30 days and some pushes of the tag
   */
  readonly steadyFromDay?: number;
}

/**
 * How a repository grows under a lifecycle policy.
 *
 * A simulation, day by day: images are pushed, then the policy is applied, as in a preview. The repository is empty at the beginning.
 * Images are not pulled, so rules by last pull count from the push. Pushes beyond 100,000 images, the default quota of a repository, are
 * refused.
 *
 * Pushes come at equal intervals. With `runs`, the same year is simulated with pushes at random moments too, which shows how much the
 * figures depend on luck.
 */
export class LifecycleForecast {
  static {
    publicClass(this, 'LifecycleForecast');
  }

  /**
   * @internal
   */
  public static _of(rules: readonly RuleModel[], props: LifecycleForecastProps): LifecycleForecast {
    const plan = PushPlan.of('InvalidLifecycleForecast', props, { rules });
    return LifecycleForecast._from(plan, simulateEvenly(rules, plan), plan.runs > 0 ? new ForecastRuns(rules, plan) : undefined);
  }

  /**
   * @internal
   */
  public static _from(plan: PushPlan, simulation: Simulation, runs: ForecastRuns | undefined): LifecycleForecast {
    return new LifecycleForecast(plan, simulation, runs);
  }

  /**
   * The repository at the end of each day.
   */
  public readonly days: LifecycleForecastDay[];

  /**
   * What became of the images of each tag, by name.
   */
  public readonly tags: LifecycleForecastTag[];

  /**
   * The first day from which on neither the number of images nor that of any tag changes any more, but for the ups and downs of pushes.
   *
   * Not set when the repository or a tag still grows at the end, or did not hold still for 30 days and some pushes of the rarest tag.
   */
  public readonly steadyFromDay?: number;

  /**
   * The first day on which pushes are refused because the repository is full.
   *
   * Not set when it never is.
   */
  public readonly fullFromDay?: number;

  /**
   * What the storage of the last day costs in a month, in `currency`.
   */
  public readonly monthlyCost: number;

  /**
   * The currency of costs.
   */
  public readonly currency: string;

  /**
   * What sizes and costs rest on, in sentences.
   */
  public readonly assumptions: string[];

  /**
   * The number of images on the last day of the simulated runs, archived ones included.
   *
   * Not set without runs.
   */
  public readonly simulatedImages?: LifecycleForecastBand;

  /**
   * The monthly cost on the last day of the simulated runs, in `currency`.
   *
   * Not set without runs.
   */
  public readonly simulatedMonthlyCost?: LifecycleForecastBand;

  /**
   * What was learned from the inventory, and how well it fits the past.
   *
   * Not set without `inventory`.
   */
  public readonly history?: LifecycleHistory;

  private declare readonly [BRAND]: 'LifecycleForecast';
  private readonly runs: number;

  private constructor(plan: PushPlan, simulation: Simulation, runs: ForecastRuns | undefined) {
    this.runs = plan.runs;
    this.days = simulation.days.map(({ pushed, expired, archived, images, untaggedImages, archivedImages }, index) => ({
      day: index + 1, pushed, expired, archived, images, untaggedImages, archivedImages, ...storageOf(simulation.days[index], plan),
    }));
    this.tags = tagsOf(simulation, plan, runs);
    this.steadyFromDay = allSteadyFrom(simulation, this.tags, plan);
    const full = simulation.days.findIndex(day => day.refused > 0);
    this.fullFromDay = full === -1 ? undefined : full + 1;
    this.monthlyCost = monthlyCostOf(this.days.at(-1)!, plan);
    this.currency = plan.currency;
    this.assumptions = plan.assumptions;
    this.history = plan.history;
    this.simulatedImages = runs?.images;
    this.simulatedMonthlyCost = runs?.monthlyCost;
  }

  /**
   * What became of the images of a tag. Throws when no push has such a tag.
   *
   * @param tag as given in the input
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
    return `After ${this.days.length} days: ${images} images (${gigabytes.toFixed(1)} GB)${archive}, ${growth}${full}, ${this.monthlyCost.toFixed(2)} ${this.currency} a month.`;
  }

  /**
   * The forecast as text tables: some of its days, all tags, what the figures rest on, and what was learned from an inventory.
   */
  public toTable(): string {
    const chosen = this.days.filter(({ day }) => [1, 7, 30, 90, 180, 365, 730, 1095, 1460, this.days.length].includes(day));
    const bands = this.runs > 0 ? ['MEDIAN', 'WORST'] : [];
    return [
      textTable([
        ['DAY', 'IMAGES', 'GB', 'ARCHIVED', 'ARCHIVED GB'],
        ...chosen.map(day => [`${day.day}`, `${day.images}`, day.gigabytes.toFixed(1), `${day.archivedImages}`, day.archivedGigabytes.toFixed(1)]),
      ]),
      '',
      textTable([
        ['TAG', 'PUSHED', 'EXPIRED', 'IMAGES', 'ARCHIVED', 'ROLLBACK DAYS', ...bands],
        ...this.tags.map(({ tag, pushed, expired, images, archivedImages, rollbackDays, simulatedRollback }) => [
          tag, `${pushed}`, `${expired}`, `${images}`, `${archivedImages}`, rollbackDays.toFixed(1),
          ...simulatedRollback ? [simulatedRollback.median.toFixed(1), simulatedRollback.worst.toFixed(1)] : [],
        ]),
      ]),
      '',
      this.summary(),
      ...this.simulatedMonthlyCost ? [this.runsSummary(this.simulatedMonthlyCost)] : [],
      ...this.assumptions,
      ...this.history ? ['', ...historyReport(this.history)] : [],
    ].join('\n');
  }

  private runsSummary({ median, worst }: LifecycleForecastBand): string {
    return `In ${this.runs} runs with pushes at random moments: ${median.toFixed(2)} ${this.currency} a month in the median, ${worst.toFixed(2)} ${this.currency} in the worst.`;
  }
}

function tagsOf(simulation: Simulation, plan: PushPlan, runs: ForecastRuns | undefined): LifecycleForecastTag[] {
  return [...simulation.tags].map(([tag, { pushed, expired, images, archivedImages, imagesByDay, rollbackByDay }]) => {
    const sources = plan.sources.filter(({ tags, signatureTagsPerPush }) =>
      tags.includes(tag) || (tag === SIGNATURE_TAG && signatureTagsPerPush > 0));
    const perPush = tag === SIGNATURE_TAG ? Math.max(...sources.map(({ signatureTagsPerPush }) => Math.ceil(signatureTagsPerPush))) : 1;
    return {
      tag,
      pushed,
      expired,
      images,
      archivedImages,
      rollbackDays: rollbackByDay.at(-1)!,
      simulatedRollback: runs?.rollbackOf(tag),
      steadyFromDay: steadyFrom(imagesByDay, sources.reduce((sum, { perDay }) => sum + perDay, 0), perPush),
    };
  });
}

/** Steady only when each tag and the images of each kind of push are, untagged ones included. */
function allSteadyFrom({ imagesOfSourceByDay }: Simulation, tags: readonly LifecycleForecastTag[], { sources }: PushPlan): number | undefined {
  const days = [
    ...tags.map(tag => tag.steadyFromDay),
    ...sources.map((source, index) => steadyFrom(imagesOfSourceByDay[index], source.perDay, imagesPerPush(source))),
  ];
  return days.every(day => day !== undefined) ? Math.max(...days) : undefined;
}

function imagesPerPush({ manifestsPerPush, referrersPerPush, signatureTagsPerPush }: PushSource): number {
  return Math.ceil(manifestsPerPush) + Math.ceil(referrersPerPush) + Math.ceil(signatureTagsPerPush);
}
