import { Size } from 'aws-cdk-lib';
import { failUnscopedIfAny } from '../../private/core/errors';
import type { RuleModel } from '../rule-model';
import type { ImagePushes, PushContents } from './image-pushes';
import { learnPushes } from './learned-pushes';
import type { LifecycleForecastProps } from './lifecycle-forecast-props';
import type { LifecycleHistory } from './lifecycle-history';
import { DEFAULT_CURRENCY, historyProblems, planProblems } from './push-plan-problems';
import type { PushSource } from './push-schedule';

/** Storage in us-east-1 in June 2026; archive storage costs the same for the first 150 TB. https://aws.amazon.com/ecr/pricing/ */
const DEFAULT_PRICE = 0.1;
const DEFAULT_SIZE = Size.mebibytes(500);
const DEFAULT_RUNS = 50;

/**
 * How to complete the input of a forecast.
 */
interface PushPlanOptions {
  /** The number of runs where pushes come in bursts, unless the input has one. */
  readonly burstRuns?: number;
  /** Tags that describe the images of an inventory first. */
  readonly tags?: readonly string[];
  /** The rules that the forecast applies, whose tags describe the images of an inventory first. */
  readonly rules?: readonly RuleModel[];
}

/**
 * The input of a forecast, checked and complete.
 */
export class PushPlan {
  /**
   * Throws with every problem at once.
   *
   * @param code the error code
   * @param options for the search of a policy
   */
  public static of(code: string, props: LifecycleForecastProps, options: PushPlanOptions = {}): PushPlan {
    const { burstRuns = DEFAULT_RUNS, tags = [], rules = [] } = options;
    failUnscopedIfAny(code, planProblems(props));
    const { inventory, at = new Date() } = props;
    const history = inventory && learnPushes(inventory, at.getTime(), [...tags, ...rules.flatMap(patternsIn)], rules);
    failUnscopedIfAny(code, history ? historyProblems(history) : []);
    const learned = history && { pushes: history.pushes.map(pushes => ({ ...pushes, ...contentsIn(props) })) };
    return new PushPlan({ ...props, ...learned }, burstRuns, history);
  }

  /** In an order that does not depend on the order of the input. */
  public readonly sources: PushSource[];
  public readonly days: number;
  public readonly runs: number;
  public readonly seed: number;
  public readonly uniqueShare: number;
  public readonly price: number;
  public readonly archivePrice: number;
  public readonly currency: string;

  private constructor(props: LifecycleForecastProps, burstRuns: number, public readonly history: LifecycleHistory | undefined) {
    const { days = 365, seed = 1, uniqueShare = 1, pricePerGbMonth = DEFAULT_PRICE, archivePricePerGbMonth = DEFAULT_PRICE } = props;
    const pushes = pushesIn(props);
    this.sources = pushes.map(entry => sourceOf(entry, props)).sort(bySource);
    this.days = days;
    const isRandom = [props, ...pushes].some(({ burstiness }) => burstiness !== undefined); // learned pushes have it
    this.runs = props.runs ?? (isRandom ? burstRuns : 0);
    this.seed = seed;
    this.uniqueShare = uniqueShare;
    this.price = pricePerGbMonth;
    this.archivePrice = archivePricePerGbMonth;
    this.currency = props.currency ?? DEFAULT_CURRENCY;
  }

  /** What costs and sizes rest on, in sentences. */
  public get assumptions(): string[] {
    const sizes = [...new Set(this.sources.map(({ bytes }) => bytes))].sort((a, b) => a - b).map(bytes => `${Number((bytes / 2 ** 20).toPrecision(4))} MiB`);
    const size = sizes.length > 1 ? `${sizes[0]} to ${sizes.at(-1)!}` : sizes[0];
    return [
      `A push has ${size}, of which ${Number((this.uniqueShare * 100).toPrecision(3))} % are layers that no other push has.`,
      `A GB and month costs ${this.price} ${this.currency}, in the archive ${this.archivePrice} ${this.currency}; transfer and scans are not included.`,
    ];
  }
}

function pushesIn({ pushesPerDay = {}, pushes }: LifecycleForecastProps): readonly ImagePushes[] {
  return pushes ?? Object.entries(pushesPerDay).map(([tag, perDay]) => ({ tags: [tag], perDay }));
}

function sourceOf(pushes: ImagePushes, props: PushContents): PushSource {
  const { tags = [], perDay } = pushes;
  const {
    imageSize = DEFAULT_SIZE, untaggedShare = 0, manifestsPerPush = 1, referrersPerPush = 0, signatureTagsPerPush = 0, burstiness = 1,
  } = { ...props, ...withoutUndefined(pushes) };
  const bytes = imageSize.toBytes();
  return { tags: [...tags].sort(), perDay, bytes, untaggedShare, manifestsPerPush, referrersPerPush, signatureTagsPerPush, burstiness };
}

function withoutUndefined<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}

function bySource(a: PushSource, b: PushSource): number {
  const [first, second] = [JSON.stringify(a), JSON.stringify(b)];
  return first < second ? -1 : 1;
}

/** The tags of a rule as patterns, without those for every tag, which describe nothing. */
function patternsIn({ tags }: RuleModel): string[] {
  return tags.entries.map(entry => tags.list === 'tagPrefixList' ? `${entry}*` : entry).filter(pattern => /[^*]/.test(pattern));
}

/** Contents that replace what is learned. */
function contentsIn({ imageSize, untaggedShare, manifestsPerPush, referrersPerPush, signatureTagsPerPush, burstiness }: PushContents): PushContents {
  return withoutUndefined({ imageSize, untaggedShare, manifestsPerPush, referrersPerPush, signatureTagsPerPush, burstiness });
}
