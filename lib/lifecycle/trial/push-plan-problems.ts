import { duplicatesOf, show } from '../../private/core/values';
import { LIMITS } from '../../private/ecr/limits';
import { canMatchTag } from '../tag-pattern';
import type { ImagePushes, PushContents } from './image-pushes';
import type { LifecycleForecastProps } from './lifecycle-forecast-props';
import type { LifecycleHistory } from './lifecycle-history';

export const DEFAULT_CURRENCY = 'USD';

/** The problems of the input of a forecast. */
export function planProblems(props: LifecycleForecastProps): string[] {
  const { pushesPerDay, pushes, inventory, at, currency, pricePerGbMonth, archivePricePerGbMonth, days, runs, seed, uniqueShare } = props;
  const given = Object.entries({ pushesPerDay, pushes, inventory }).filter(([, value]) => value !== undefined).map(([name]) => name);
  if (given.length !== 1) {
    return [`'pushesPerDay', 'pushes' or 'inventory' must be given, and only one of them, got ${given.length === 0 ? 'none' : given.join(' and ')}`];
  }

  const entries: Array<[string, ImagePushes]> = pushes
    ? pushes.map((entry, index) => [`pushes[${index}]`, entry])
    : Object.entries(pushesPerDay ?? {}).map(([tag, perDay]) => [`pushesPerDay[${show(tag)}]`, { tags: [tag], perDay }]);
  const problems = entries.flatMap(([path, entry]) => [...pushesProblems(path, entry, pushes ? `${path}.perDay` : path), ...contentsProblems(`${path}.`, entry)]);
  const [source] = given;
  const sum = entries.reduce((total, [, { perDay }]) => total + perDay, 0);
  if (sum <= 0 && inventory === undefined) {
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
  if (at !== undefined && inventory === undefined) {
    problems.push("'at' must be left out without 'inventory', because it is the moment of the inventory");
  }
  if (currency !== undefined && currency !== DEFAULT_CURRENCY && (pricePerGbMonth === undefined || archivePricePerGbMonth === undefined)) {
    problems.push(`'pricePerGbMonth' and 'archivePricePerGbMonth' must be given with currency ${show(currency)}, because their defaults are in ${DEFAULT_CURRENCY}`);
  }
  return problems;
}

/** The problems of pushes that were learned. */
export function historyProblems({ pushes }: LifecycleHistory): string[] {
  const sum = pushes.reduce((total, { perDay }) => total + perDay, 0);
  if (sum <= 0) {
    return ["'inventory' must have images of one kind that were pushed at different moments, got none; give 'pushesPerDay'"];
  }
  return sum <= LIMITS.forecastPushesPerDay
    ? []
    : [`'inventory' must have at most ${LIMITS.forecastPushesPerDay} pushes a day, got ${Number(sum.toFixed(1))}; give 'pushesPerDay' of a smaller repository`];
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
