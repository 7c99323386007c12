import { LIMITS } from '../../private/ecr/limits';
import type { RuleModel } from '../rule-model';
import { covers } from '../tag-pattern';
import type { TagPromise } from './promises';

const AGES = [1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 90, 120, 150, 180, 270, 365, 540, 730, 1095, 1460, 1825];
const COUNTS = [1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000, 1500, 2000, 3000, 5000, 7000, 10_000];
/** How many intervals between pushes a promised age may be exceeded by, and how many times the pushes of a promised age. */
const INTERVALS = [0, 1, 2, 3, 5, 7, 10, 15, 20];
const TIMES = [1, 1.1, 1.2, 1.3, 1.5, 1.75, 2];

/** A rule that does not have its place in a policy yet. */
export type UnnumberedRule = Omit<RuleModel, 'path' | 'priority'>;

/**
 * What the search may do with a tag. Options of one kind are in the order in which they keep more.
 */
export interface TagOptions {
  readonly tag: string;
  readonly ages: readonly number[];
  readonly counts: readonly number[];
}

/**
 * The values that the search tries for a tag: a fixed grid, and values around those that the promises need.
 *
 * @param perDay the number of pushes of the tag a day
 */
export function optionsFor(tag: string, promises: readonly TagPromise[], perDay: number): TagOptions {
  if (!tag.includes('*')) {
    return { tag, ages: [], counts: [] };
  }
  const ages = [...AGES];
  const counts = [...COUNTS];
  for (const { kind, amount } of promises.filter(promise => promise.tag === tag)) {
    if (kind === 'images') {
      counts.push(amount);
    } else {
      ages.push(...INTERVALS.map(interval => Math.ceil(amount + interval / perDay)));
      counts.push(...TIMES.flatMap(times => [Math.ceil(amount * perDay * times), Math.ceil(amount * perDay * times) + 1]));
    }
  }
  return { tag, ages: ascending(ages, LIMITS.forecastDays), counts: ascending(counts, LIMITS.imagesPerRepository - 1) };
}

/**
 * The order of the rules: tags without a wildcard, then the longest promise first, but a narrower pattern always before a wider one.
 */
export function orderOfRules(tags: readonly string[], promises: readonly TagPromise[]): string[] {
  const rollbackOf = (tag: string) =>
    Math.max(0, ...promises.filter(promise => promise.tag === tag && promise.kind === 'rollback').map(({ amount }) => amount));
  const isPattern = (tag: string) => tag.includes('*') ? 1 : 0;
  const sorted = [...tags].sort().sort((a, b) => isPattern(a) - isPattern(b) || rollbackOf(b) - rollbackOf(a));
  const ordered: string[] = [];
  for (const tag of sorted) {
    const wider = ordered.findIndex(other => covers(patternTags(other), patternTags(tag)));
    ordered.splice(wider === -1 ? ordered.length : wider, 0, tag);
  }
  return ordered;
}

/** Positions of sources, and tags whose rules may select their images. */
interface TagGroup {
  readonly tags: readonly string[];
  readonly sources: readonly number[];
}

/**
 * Tags whose rules may select the same images, and the sources of these images. Groups do not influence each other: no rule counts images
 * of another group.
 */
export function groupsOf(sources: ReadonlyArray<{ readonly tags: readonly string[] }>, tags: readonly string[]): TagGroup[] {
  let groups: TagGroup[] = [];
  sources.forEach((source, index) => {
    const matching = tags.filter(tag => source.tags.some(other => mayOverlap(tag, other)));
    const joined = groups.filter(group => group.tags.some(tag => matching.includes(tag)));
    groups = [...groups.filter(group => !joined.includes(group)), {
      tags: [...new Set([...joined.flatMap(group => group.tags), ...matching])],
      sources: [...joined.flatMap(group => group.sources), index],
    }];
  });
  return groups;
}

/** A rule that expires images of a tag, or, without a limit, keeps them. */
export function ruleFor(tag: string, kind: 'age' | 'count' | 'protect', amount: number): UnnumberedRule {
  return {
    tags: patternTags(tag),
    storageClass: 'standard',
    countType: kind === 'age' ? 'sinceImagePushed' : 'imageCountMoreThan',
    countNumber: kind === 'protect' ? LIMITS.imagesPerRepository : amount,
    action: 'expire',
    allOfByName: false,
  };
}

/** A rule that expires untagged images. */
export function untaggedRule(days: number): UnnumberedRule {
  return { ...ruleFor('', 'age', days), tags: { status: 'untagged', entries: [] } };
}

/** Rules in their order as a policy has them. */
export function numbered(rules: ReadonlyArray<UnnumberedRule>): RuleModel[] {
  return rules.map((rule, index) => ({ ...rule, path: `rules[${index}]`, priority: index + 1 }));
}

/** Whether a tag may be described by both patterns. Wrong only in the direction that makes groups larger. */
export function mayOverlap(a: string, b: string): boolean {
  const [headA, headB] = [a.split('*')[0], b.split('*')[0]];
  const [tailA, tailB] = [a.split('*').at(-1)!, b.split('*').at(-1)!];
  return (headA.startsWith(headB) || headB.startsWith(headA)) && (tailA.endsWith(tailB) || tailB.endsWith(tailA));
}

function patternTags(tag: string): RuleModel['tags'] {
  return { status: 'tagged', list: 'tagPatternList', entries: [tag] };
}

function ascending(values: readonly number[], most: number): number[] {
  return [...new Set(values)].filter(value => value <= most).sort((a, b) => a - b);
}
