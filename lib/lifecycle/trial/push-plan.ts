import { Size } from 'aws-cdk-lib';
import { failUnscopedIfAny } from '../../private/core/errors';
import { duplicatesOf, show } from '../../private/core/values';
import { LIMITS } from '../../private/ecr/limits';
import { canMatchTag } from '../tag-pattern';
import type { ImagePushes, PushContents } from './image-pushes';
import type { LifecycleForecastProps } from './lifecycle-forecast-props';
import type { PushSource } from './push-schedule';

const DEFAULT_CURRENCY = 'USD';
/** Storage in us-east-1 in June 2026; archive storage costs the same for the first 150 TB. https://aws.amazon.com/ecr/pricing/ */
const DEFAULT_PRICE = 0.1;
const DEFAULT_SIZE = Size.mebibytes(500);
const DEFAULT_RUNS = 50;

/**
 * The input of a forecast, checked and complete.
 */
export class PushPlan {
  /**
   * Throws with every problem at once.
   *
   * @param code the error code
   * @param burstRuns the number of runs where pushes come in bursts, unless the input has one
   */
  public static of(code: string, props: LifecycleForecastProps, burstRuns = DEFAULT_RUNS): PushPlan {
    failUnscopedIfAny(code, planProblems(props));
    return new PushPlan(props, burstRuns);
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

  private constructor(props: LifecycleForecastProps, burstRuns: number) {
    const { days = 365, seed = 1, uniqueShare = 1, pricePerGbMonth = DEFAULT_PRICE, archivePricePerGbMonth = DEFAULT_PRICE } = props;
    const pushes = pushesIn(props);
    this.sources = pushes.map(entry => sourceOf(entry, props)).sort(bySource);
    this.days = days;
    this.runs = props.runs ?? (props.burstiness !== undefined || pushes.some(({ burstiness }) => burstiness !== undefined) ? burstRuns : 0);
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

function withoutUndefined(pushes: ImagePushes): ImagePushes {
  return Object.fromEntries(Object.entries(pushes).filter(([, value]) => value !== undefined)) as unknown as ImagePushes;
}

function bySource(a: PushSource, b: PushSource): number {
  const [first, second] = [JSON.stringify(a), JSON.stringify(b)];
  return first < second ? -1 : 1;
}

function planProblems(props: LifecycleForecastProps): string[] {
  const { pushesPerDay, pushes, currency, pricePerGbMonth, archivePricePerGbMonth, days, runs, seed, uniqueShare } = props;
  const given = Object.entries({ pushesPerDay, pushes }).filter(([, value]) => value !== undefined).map(([name]) => name);
  if (given.length !== 1) {
    return [`'pushesPerDay' or 'pushes' must be given, and only one of them, got ${given.length === 0 ? 'none' : given.join(' and ')}`];
  }

  const entries: Array<[string, ImagePushes]> = pushes
    ? pushes.map((entry, index) => [`pushes[${index}]`, entry])
    : Object.entries(pushesPerDay!).map(([tag, perDay]) => [`pushesPerDay[${show(tag)}]`, { tags: [tag], perDay }]);
  const problems = entries.flatMap(([path, entry]) => [...pushesProblems(path, entry, pushes ? `${path}.perDay` : path), ...contentsProblems(`${path}.`, entry)]);
  const source = given[0];
  const sum = entries.reduce((total, [, { perDay }]) => total + perDay, 0);
  if (sum <= 0) {
    problems.push(`'${source}' must push something, got no pushes at all`);
  }
  problems.push(
    ...numberProblems(source, sum > LIMITS.forecastPushesPerDay ? sum : undefined, 0, LIMITS.forecastPushesPerDay),
    ...numberProblems(source, entries.length > LIMITS.forecastSources ? entries.length : undefined, 1, LIMITS.forecastSources),
    ...contentsProblems('', props),
    ...numberProblems('days', days, 1, LIMITS.forecastDays, true),
    ...numberProblems('uniqueShare', uniqueShare, 0, 1),
    ...numberProblems('pricePerGbMonth', pricePerGbMonth, 0, Number.MAX_VALUE),
    ...numberProblems('archivePricePerGbMonth', archivePricePerGbMonth, 0, Number.MAX_VALUE),
    ...numberProblems('runs', runs, 0, LIMITS.forecastRuns, true),
    ...numberProblems('seed', seed, 0, 2_147_483_647, true),
  );
  if (currency !== undefined && currency !== DEFAULT_CURRENCY && (pricePerGbMonth === undefined || archivePricePerGbMonth === undefined)) {
    problems.push(`'pricePerGbMonth' and 'archivePricePerGbMonth' must be given with currency ${show(currency)}, because their defaults are in ${DEFAULT_CURRENCY}`);
  }
  return problems;
}

function pushesProblems(path: string, { tags = [], perDay }: ImagePushes, rate: string): string[] {
  return [
    ...tags.filter(tag => !canMatchTag('tagPatternList', tag))
      .map(tag => `'${path}' must have tags such as 'latest' or, with '*' for a number, 'release-*', got ${show(tag)}`),
    ...duplicatesOf(tags).map(tag => `'${path}.tags' must name each tag once, got ${show(tag)} twice`),
    ...numberProblems(rate, perDay, 0, LIMITS.forecastPushesPerDay),
  ];
}

function contentsProblems(path: string, contents: PushContents): string[] {
  const { imageSize, untaggedShare, manifestsPerPush, referrersPerPush, signatureTagsPerPush, burstiness } = contents;
  const size = imageSize && (imageSize.isUnresolved() || imageSize.toBytes() === 0)
    ? [`'${path}imageSize' must be a known size of more than 0, got ${imageSize.isUnresolved() ? 'a token' : '0 bytes'}`]
    : [];
  return [
    ...size,
    ...numberProblems(`${path}untaggedShare`, untaggedShare, 0, 1),
    ...numberProblems(`${path}manifestsPerPush`, manifestsPerPush, 1, LIMITS.forecastImagesPerPush),
    ...numberProblems(`${path}referrersPerPush`, referrersPerPush, 0, LIMITS.forecastImagesPerPush),
    ...numberProblems(`${path}signatureTagsPerPush`, signatureTagsPerPush, 0, LIMITS.forecastImagesPerPush),
    ...numberProblems(`${path}burstiness`, burstiness, 1, LIMITS.forecastBurstiness),
  ];
}

function numberProblems(prop: string, value: number | undefined, min: number, max: number, whole = false): string[] {
  return value === undefined || (value >= min && value <= max && (!whole || Number.isInteger(value)))
    ? []
    : [`'${prop}' must be a ${whole ? 'whole ' : ''}number from ${min} to ${max}, got ${value}`];
}
