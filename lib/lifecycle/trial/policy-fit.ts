import { failUnscopedIfAny } from '../../private/core/errors';
import { show } from '../../private/core/values';
import { LIMITS } from '../../private/ecr/limits';
import { describeRule, type RuleModel } from '../rule-model';
import { countProblems, dayProblems } from '../rule-problems';
import { ForecastRuns, simulateEvenly } from './forecast-runs';
import { Simulation } from './forecast-simulation';
import type { LifecycleFitProps } from './lifecycle-fit-props';
import type { LifecycleFitPromise, LifecycleFitRule } from './lifecycle-fit-report';
import { LifecycleForecast } from './lifecycle-forecast';
import { cheapestRules } from './policy-search';
import { promiseResult, type PromiseResult, type TagPromise } from './promises';
import { PushPlan } from './push-plan';
import { PushSchedule } from './push-schedule';
import { groupsOf, optionsFor } from './search-space';
import { textTable } from './text-table';

const DEFAULT_DAYS = 365;
const DEFAULT_UNTAGGED_DAYS = 7;
/** Of bursts. Each one is simulated for each policy that the search tries. */
const DEFAULT_RUNS = 10;
/** Tags that were learned and have no promise get rules as long as no more tags than this may select the same images: a search takes seconds. */
const LEARNED_TAGS_OF_GROUP = 2;

/**
 * The outcome of a search for a policy.
 */
export class PolicyFit {
  public readonly rules: RuleModel[];
  public readonly forecast: LifecycleForecast;
  public readonly promises: LifecycleFitPromise[];
  public readonly explanations: LifecycleFitRule[];
  public readonly problems: string[];
  private readonly plan: PushPlan;
  private readonly kept: TagPromise[];

  constructor(props: LifecycleFitProps) {
    failUnscopedIfAny('InvalidLifecycleFit', fitProblems(props));
    const promises = promisesIn(props);
    const days = props.days ?? Math.min(LIMITS.forecastDays, Math.max(DEFAULT_DAYS, ...promises.filter(isRollback).map(({ amount }) => 2 * amount)));
    this.plan = PushPlan.of('InvalidLifecycleFit', { ...props, days }, { burstRuns: DEFAULT_RUNS, tags: Object.keys(props.keep) });
    const searched = searchedTags(this.plan, promises);
    failUnscopedIfAny('InvalidLifecycleFit', promiseProblems(promises, this.plan, searched));

    const unlimited = new Simulation([], this.plan.sources, PushSchedule.even(this.plan.sources), days, Infinity);
    this.kept = promises.filter(promise => promiseResult(unlimited, promise).reached !== undefined);
    const impossible = promises.filter(promise => !this.kept.includes(promise));
    const untaggedDays = props.keepUntagged?.toDays() ?? DEFAULT_UNTAGGED_DAYS;
    this.rules = cheapestRules(this.plan, this.kept, searched, impossible.map(({ tag }) => tag), untaggedDays);
    const even = simulateEvenly(this.rules, this.plan);
    const inRuns: PromiseResult[][] = [];
    const runs = this.plan.runs > 0
      ? new ForecastRuns(this.rules, this.plan, run => inRuns.push(promises.map(promise => promiseResult(run, promise))))
      : undefined;
    this.forecast = LifecycleForecast._from(this.plan, even, runs);
    this.promises = promises.map((promise, index) => this.resultOf(promise, promiseResult(even, promise), inRuns.map(results => results[index])));
    this.explanations = this.rules.map(rule => ({ priority: rule.priority, rule: describeLimit(rule), reason: this.reasonFor(rule, untaggedDays) }));
    this.problems = [
      ...this.promises.filter(({ isKept }) => !isKept).map(problemOf),
      ...this.forecast.fullFromDay === undefined ? [] : [
        `The repository is full from day ${this.forecast.fullFromDay}: it holds ${LIMITS.imagesPerRepository} images, and further pushes are refused.`,
      ],
      ...budgetProblems(props.budget, this.forecast),
    ];
  }

  private resultOf(promise: TagPromise, { last, reached = last, kept }: PromiseResult, runs: readonly PromiseResult[]): LifecycleFitPromise {
    const { tag, amount } = promise;
    return {
      tag,
      unit: unitOf(promise),
      promised: amount,
      reached,
      margin: reached - amount,
      worstReached: runs.length === 0 ? undefined : Math.min(...runs.map(result => result.reached ?? amount)),
      isKept: this.kept.includes(promise) && kept && runs.every(result => result.kept),
    };
  }

  private reasonFor(rule: RuleModel, untaggedDays: number): string {
    const [tag] = rule.tags.entries as Array<string | undefined>;
    if (tag === undefined) {
      return `untagged images stay for ${untaggedDays} days and take up storage after that`;
    }
    if (rule.countNumber === LIMITS.imagesPerRepository) {
      return 'later rules must not select its images';
    }

    const rate = this.plan.sources.filter(({ tags }) => tags.includes(tag)).reduce((sum, { perDay }) => sum + perDay, 0);
    const options = optionsFor(tag, this.kept, rate);
    const smaller = (rule.countType === 'sinceImagePushed' ? options.ages : options.counts).filter(value => value < rule.countNumber).at(-1);
    if (smaller === undefined) {
      return `nothing needs more images of '${tag}'`;
    }
    const rules = this.rules.map(other => other === rule ? { ...rule, countNumber: smaller } : other);
    const even = simulateEvenly(rules, this.plan);
    const broken = this.kept.find(promise => !promiseResult(even, promise).kept);
    if (broken) {
      return `with ${smaller}, '${broken.tag}' has ${Number(promiseResult(even, broken).reached!.toFixed(1))} ${unitOf(broken)} on the worst day, not ${broken.amount}`;
    }
    return `with ${smaller}, a run with pushes at random moments breaks a promise`;
  }
}

/** What a report shows of a fit. */
interface ReportedFit {
  readonly rules: readonly LifecycleFitRule[];
  readonly promises: readonly LifecycleFitPromise[];
  readonly problems: readonly string[];
  readonly forecast: LifecycleForecast;
}

export function fitTable({ rules, promises, problems, forecast }: ReportedFit): string {
  const amount = (value: number | undefined) => value === undefined ? '-' : `${Number(value.toFixed(1))}`;
  return [
    textTable([['RULE', 'WHY NOT LESS'], ...rules.map(({ rule, reason }) => [rule, reason])]),
    '',
    textTable([
      ['TAG', 'PROMISED', 'REACHED', 'MARGIN', 'WORST RUN', 'KEPT'],
      ...promises.map(({ tag, unit, promised, reached, margin, worstReached, isKept }) =>
        [tag, `${promised} ${unit}`, amount(reached), amount(margin), amount(worstReached), isKept ? 'yes' : 'no']),
    ]),
    '',
    forecast.summary(),
    ...problems,
  ].join('\n');
}

function isRollback({ kind }: TagPromise): boolean {
  return kind === 'rollback';
}

function unitOf(promise: TagPromise): string {
  return isRollback(promise) ? 'days of rollback' : 'images';
}

function describeLimit(rule: RuleModel): string {
  const limit = rule.countNumber === LIMITS.imagesPerRepository
    ? 'keep all'
    : rule.countType === 'sinceImagePushed' ? `expire after ${rule.countNumber} days` : `keep the newest ${rule.countNumber}`;
  return `${describeRule(rule)}: ${limit}`;
}

function problemOf({ tag, unit, promised, reached, worstReached = reached }: LifecycleFitPromise): string {
  const reason = tag.includes('*') ? '' : ` A tag without '*' is on one image at a time: promise the rollback of a pattern that the same images have.`;
  const worst = worstReached < reached ? `, ${Number(worstReached.toFixed(1))} in the worst run` : '';
  return `No policy can promise ${promised} ${unit} for '${tag}': the closest one gives ${Number(reached.toFixed(1))}${worst}.${reason}`;
}

function budgetProblems(budget: number | undefined, { monthlyCost, currency }: LifecycleForecast): string[] {
  return budget === undefined || monthlyCost <= budget
    ? []
    : [`The budget of ${budget} ${currency} a month is exceeded: the cheapest policy costs ${monthlyCost.toFixed(2)} ${currency}. Promise less, or make images smaller.`];
}

function promisesIn({ keep }: LifecycleFitProps): TagPromise[] {
  return Object.keys(keep).sort().flatMap(tag => {
    const { rollback, images } = keep[tag];
    return [
      ...rollback ? [{ tag, kind: 'rollback' as const, amount: rollback.toDays({ integral: false }) }] : [],
      ...images === undefined ? [] : [{ tag, kind: 'images' as const, amount: images }],
    ];
  });
}

function fitProblems({ keep, keepUntagged, budget }: LifecycleFitProps): string[] {
  const known = (prop: string, unresolved: boolean) => unresolved ? [`'${prop}' must be known, got a token`] : [];
  return [
    ...Object.keys(keep).length > 0 ? [] : ["'keep' must promise something for at least one tag, got {}"],
    ...Object.entries(keep).flatMap(([tag, { rollback, images }]) => {
      const path = `keep[${show(tag)}]`;
      return [
        ...rollback || images !== undefined ? [] : [`'${path}' must have 'rollback' or 'images', got none of them`],
        ...rollback ? [...dayProblems(`${path}.rollback`, rollback, 1), ...known(`${path}.rollback`, rollback.isUnresolved())] : [],
        ...countProblems(`${path}.images`, images),
      ];
    }),
    ...keepUntagged ? [...dayProblems('keepUntagged', keepUntagged, 1), ...known('keepUntagged', keepUntagged.isUnresolved())] : [],
    ...budget === undefined || (budget >= 0 && budget < Infinity) ? [] : [`'budget' must be a number from 0, got ${budget}`],
  ];
}

/**
 * The tags that may have rules. Real images often have more tags than a search can look at: of an inventory, these are the tags with
 * promises, and one tag of images that have none of them, a pattern if there is one, which the fewest kinds of images have.
 */
function searchedTags({ sources, history }: PushPlan, promises: readonly TagPromise[]): string[] {
  const all = [...new Set(sources.flatMap(source => source.tags))];
  if (!history) {
    return all;
  }
  const isPromised = (tag: string) => promises.some(promise => promise.tag === tag);
  const rank = (tag: string) => (tag.includes('*') ? 0 : 1e6) + 1e3 * sources.filter(({ tags }) => tags.includes(tag)).length - tag.length;
  const others = sources.filter(({ tags }) => tags.length > 0 && !tags.some(isPromised))
    .map(({ tags }) => [...tags].sort().sort((a, b) => rank(a) - rank(b))[0]);
  const rates = new Map(all.map(tag => [tag, sources.filter(({ tags }) => tags.includes(tag)).reduce((sum, { perDay }) => sum + perDay, 0)]));
  let chosen = all.filter(tag => isPromised(tag) || others.includes(tag));
  for (;;) {
    const large = groupsOf(sources, chosen).filter(({ tags }) => tags.length > LEARNED_TAGS_OF_GROUP).flatMap(({ tags }) => tags);
    const least = large.filter(tag => !isPromised(tag)).sort().sort((a, b) => rates.get(a)! - rates.get(b)!).at(0);
    if (least === undefined) {
      return chosen;
    }
    chosen = chosen.filter(tag => tag !== least);
  }
}

function promiseProblems(promises: readonly TagPromise[], { sources, days }: PushPlan, searched: readonly string[]): string[] {
  const tags = [...new Set(sources.flatMap(source => source.tags))];
  const unknown = [...new Set(promises.map(({ tag }) => tag))].filter(tag => !tags.includes(tag));
  const large = groupsOf(sources, searched).filter(group => group.tags.length > LIMITS.fitTagsOfGroup);
  return [
    ...large.map(group =>
      `'pushes' must have at most ${LIMITS.fitTagsOfGroup} tags whose rules may select the same images, got ${group.tags.map(show).join(', ')}; use fewer tags`),
    ...unknown.map(tag => `'keep' must name tags that are pushed, which are ${tags.map(show).join(', ')}, got ${show(tag)}`),
    ...promises.filter(promise => isRollback(promise) && promise.amount >= days)
      .map(({ tag, amount }) => `'keep[${show(tag)}].rollback' must be less than the ${days} days of the forecast, got ${amount}; set 'days' to more`),
  ];
}
