import { LIMITS } from '../../private/ecr/limits';
import type { RuleModel } from '../rule-model';
import { Simulation } from './forecast-simulation';
import { promiseResult, type TagPromise } from './promises';
import type { PushPlan } from './push-plan';
import { PushSchedule, type PushSource } from './push-schedule';
import { groupsOf, mayOverlap, numbered, optionsFor, orderOfRules, ruleFor, type TagOptions, type UnnumberedRule, untaggedRule } from './search-space';

/** The pushes that a search looks at. */
interface SearchPlan extends Pick<PushPlan, 'days' | 'runs' | 'seed' | 'sources'> {
  /** The positions of the sources among all, so that they have the pushes that a forecast gives them. */
  readonly positions: readonly number[];
}

/** Rules with what they leave in the repository. */
interface Candidate {
  readonly rules: readonly UnnumberedRule[];
  readonly bytes: number;
}

/**
 * The cheapest rules of a search space that keep promises, with the evaluator as the judge.
 *
 * Tags whose rules cannot select the same images are searched one group after the other. Within a group, rules are chosen from the first
 * to the last. What the first rules do to the images that they select does not depend on later rules, so a choice is dropped with all that
 * would follow when it breaks a promise or must cost more than the best rules so far. A rule with a larger number of images or days keeps
 * at least as many images, so the first value that keeps the promises is found by halving.
 *
 * @param tagsWithRules tags that may have a rule
 * @param protectedTags tags of which nothing may expire
 */
export function cheapestRules(
  plan: PushPlan, promises: readonly TagPromise[], tagsWithRules: readonly string[], protectedTags: readonly string[], keepUntagged: number,
): RuleModel[] {
  const groups = groupsOf(plan.sources, tagsWithRules);
  const search = (last: readonly UnnumberedRule[], atMost: readonly number[]) => groups.map(({ tags, sources }, group) => {
    const ofGroup = { days: plan.days, runs: plan.runs, seed: plan.seed, sources: sources.map(index => plan.sources[index]), positions: sources };
    return new GroupSearch(ofGroup, promises, tags, protectedTags, last, atMost[group]).best;
  });
  const untagged = [untaggedRule(keepUntagged)];
  const cleaning = search(untagged, groups.map(() => Infinity));
  // Without a rule for untagged images nothing takes up less storage: only the number of rules may be smaller.
  const plain = search([], cleaning.map(({ bytes }) => bytes));
  const rules = plain.flatMap(candidate => candidate.rules);
  const isEqual = plain.every(({ bytes }, group) => bytes <= cleaning[group].bytes);
  return numbered(isEqual && rules.length > 0 && plain.every(isFound) && rules.length <= cleaning.flatMap(candidate => candidate.rules).length
    ? rules
    : [...cleaning.flatMap(candidate => candidate.rules), ...untagged]);
}

/** Longer than any rules, which are better even when they leave as much. */
const NOT_FOUND: readonly UnnumberedRule[] = new Array<UnnumberedRule>(LIMITS.lifecycleRules + 1);

/** A rule for each of the first tags, or none. */
type Choice = ReadonlyArray<UnnumberedRule | undefined>;

class GroupSearch {
  public best: Candidate;
  private readonly options: TagOptions[];
  private readonly promises: TagPromise[];
  private readonly least: number[];
  private readonly judged = new Map<string, Judgement>();

  constructor(
    private readonly plan: SearchPlan, promises: readonly TagPromise[], tags: readonly string[], protectedTags: readonly string[],
    private readonly last: readonly UnnumberedRule[], atMost: number,
  ) {
    this.best = { rules: NOT_FOUND, bytes: atMost };
    this.promises = promises.filter(({ tag }) => tags.includes(tag));
    this.options = orderOfRules(tags, promises).map(tag => protectedTags.includes(tag)
      ? { tag, ages: [], counts: [] }
      : optionsFor(tag, promises, rateOf(tag, plan.sources)));
    this.least = plan.sources.map(source => leastBytes(source, plan, this.promises));
    this.choose([]);
  }

  private choose(chosen: Choice): void {
    const options = this.options[chosen.length] as TagOptions | undefined;
    if (!options) {
      const judgement = this.judge(chosen);
      const candidate = { rules: rulesOf(chosen), bytes: judgement.bytesOf([...this.plan.sources.keys()]) };
      this.best = isBetter(candidate, this.best) && judgement.keeps(this.promises) ? candidate : this.best;
      return;
    }

    const { tag, ages, counts } = options;
    this.chooseFrom(chosen, counts.map(count => ruleFor(tag, 'count', count)));
    this.chooseFrom(chosen, ages.map(age => ruleFor(tag, 'age', age)));
    this.chooseOne([...chosen, undefined]);
    this.chooseOne([...chosen, ruleFor(tag, 'protect', 0)]);
  }

  /** Tries rules of one kind that keep more and more, from the first one that keeps the promises. */
  private chooseFrom(chosen: Choice, rules: readonly UnnumberedRule[]): void {
    let low = 0;
    let high = rules.length;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const next = [...chosen, rules[middle]];
      if (this.judge(next).keeps(this.decidedPromises(next))) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    const isLast = chosen.length + 1 === this.options.length;
    let isPromising = low < rules.length;
    for (let index = low; isPromising && index < rules.length; index++) {
      isPromising = this.chooseOne([...chosen, rules[index]]) && !isLast;
    }
  }

  /** Goes on with a choice, unless it must cost more than the best rules so far. */
  private chooseOne(chosen: Choice): boolean {
    const decided = this.decidedSources(chosen);
    const open = this.least.reduce((sum, bytes, source) => decided.includes(source) ? sum : sum + bytes, 0);
    const isPromising = isBetter({ rules: rulesOf(chosen), bytes: this.judge(chosen).bytesOf(decided) + open }, this.best);
    if (isPromising) {
      this.choose(chosen);
    }
    return isPromising;
  }

  /** Promises about images that later rules cannot select. */
  private decidedPromises(chosen: Choice): TagPromise[] {
    return chosen.length === this.options.length
      ? this.promises
      : this.promises.filter(({ tag }) => this.options.some((options, index) => options.tag === tag && chosen[index]));
  }

  /** Sources with images that later rules cannot select. */
  private decidedSources(chosen: Choice): number[] {
    const isDecided = ({ tags }: PushSource) =>
      this.options.some(({ tag }, index) => chosen[index] && tag.includes('*') && tags.includes(tag))
      || this.options.slice(chosen.length).every(({ tag }) => !tags.some(other => mayOverlap(tag, other)));
    return [...this.plan.sources.keys()].filter(source => isDecided(this.plan.sources[source]));
  }

  private judge(chosen: Choice): Judgement {
    const rules = numbered([...rulesOf(chosen), ...this.last]);
    const key = JSON.stringify(rules);
    const judgement = this.judged.get(key) ?? new Judgement(rules, this.plan, this.promises);
    this.judged.set(key, judgement);
    return judgement;
  }
}

/** What a policy does to a repository without a quota: evenly, and, as far as asked and needed, at random. */
class Judgement {
  private readonly bytesOfSource: readonly number[];
  private readonly broken = new Set<TagPromise>();
  private run = 0;

  constructor(private readonly rules: readonly RuleModel[], private readonly plan: SearchPlan, private readonly promises: readonly TagPromise[]) {
    this.bytesOfSource = this.simulate(PushSchedule.even(plan.sources)).bytesOfSource;
  }

  public bytesOf(sources: readonly number[]): number {
    return sources.reduce((sum, source) => sum + this.bytesOfSource[source], 0);
  }

  public keeps(promises: readonly TagPromise[]): boolean {
    while (promises.length > 0 && this.run < this.plan.runs && !promises.some(promise => this.broken.has(promise))) {
      this.simulate(PushSchedule.random(this.plan.sources, this.plan.seed, this.run++, this.plan.positions));
    }
    return !promises.some(promise => this.broken.has(promise));
  }

  private simulate(schedule: PushSchedule): Simulation {
    const simulation = new Simulation(this.rules, this.plan.sources, schedule, this.plan.days, Infinity);
    this.promises.filter(promise => !promiseResult(simulation, promise).kept).forEach(promise => this.broken.add(promise));
    return simulation;
  }
}

/** What any rules leave at least of the images of a source when they keep its promises, so that a search can end early. */
function leastBytes({ tags, perDay, untaggedShare, bytes }: PushSource, { days, sources }: SearchPlan, promises: readonly TagPromise[]): number {
  const needed = promises.filter(({ tag }) => tag.includes('*') && tags.includes(tag)).map(({ tag, kind, amount }) => {
    const pushedIn = (period: number) => Math.floor(period * perDay * (1 - untaggedShare)) - 1;
    const isAlone = sources.filter(source => source.tags.includes(tag)).length === 1;
    return kind === 'rollback' ? pushedIn(amount) : isAlone ? Math.min(amount, pushedIn(days)) : 0;
  });
  return Math.max(0, ...needed) * bytes;
}

function rulesOf(chosen: Choice): UnnumberedRule[] {
  return chosen.filter(rule => rule !== undefined);
}

function isFound({ rules }: Candidate): boolean {
  return rules !== NOT_FOUND;
}

function isBetter(a: Candidate, b: Candidate): boolean {
  return a.bytes < b.bytes || (a.bytes === b.bytes && a.rules.length < b.rules.length);
}

function rateOf(tag: string, sources: readonly PushSource[]): number {
  return sources.filter(({ tags }) => tags.includes(tag)).reduce((sum, { perDay }) => sum + perDay, 0);
}
