import * as fc from 'fast-check';
import { ImageStorageClass, type RegistryImage } from '../../lib';
import type { PolicyRule } from './naive-evaluator';

/** The moment of every random preview. */
export const AT = new Date('2026-11-21T12:00:00Z');

const DAY = 86_400_000;
const STEMS = ['a', 'ab', 'abc', 'b', 'ba', 'bab', 'a-1', 'a-2', 'b-1', 'aXb', 'aba', 'abba', 'latest'];
const TAGS = STEMS.flatMap(stem => [stem, `${stem}1`, `x${stem}`, `${stem}b`]);
const PREFIXES = ['a', 'ab', 'b', 'ba', 'a-', 'lat', 'c'];
const PATTERNS = ['*', 'a*', 'ab*', '*b', '*a*', 'a*b', 'b*', '*a*b*', 'a', 'latest', '*-*', 'a-*', '*-1', 'c*', '*b*b*', 'a*b*b', 'ab*ba', 'ab*b'];

/** Few moments, so that images tie, and some a millisecond beside the edge of a day. */
const daysAgo = (most: number) => fc.tuple(fc.integer({ min: 0, max: most }), fc.constantFrom(0, 0, 1, -1, DAY / 2))
  .map(([days, more]) => new Date(Math.min(AT.getTime(), AT.getTime() - days * DAY - more)));

const tagged = fc.oneof(
  fc.record({ tagStatus: fc.constant('tagged'), tagPatternList: fc.uniqueArray(fc.constantFrom(...PATTERNS), { minLength: 1, maxLength: 2 }) }),
  fc.record({ tagStatus: fc.constant('tagged'), tagPrefixList: fc.uniqueArray(fc.constantFrom(...PREFIXES), { minLength: 1, maxLength: 2 }) }),
);
const tags = fc.oneof(
  { arbitrary: tagged, weight: 4 },
  fc.record({ tagStatus: fc.constant('untagged') }),
  fc.record({ tagStatus: fc.constant('any') }),
);
const few = fc.integer({ min: 1, max: 8 });
const days = fc.constant({ countUnit: 'days' });
const expire = fc.constant({ type: 'expire' });
const transition = fc.constant({ type: 'transition', targetStorageClass: 'archive' });

const body = fc.oneof(
  {
    arbitrary: fc.tuple(fc.record({ countType: fc.constant('imageCountMoreThan'), countNumber: few }), fc.constant({}), fc.oneof(expire, transition)),
    weight: 3,
  },
  { arbitrary: fc.tuple(fc.record({ countType: fc.constant('sinceImagePushed'), countNumber: few }), days, fc.oneof(expire, transition)), weight: 3 },
  fc.tuple(fc.record({ countType: fc.constant('sinceImagePulled'), countNumber: few }), days, transition),
  {
    arbitrary: fc.tuple(
      fc.record({ countType: fc.constant('sinceImageTransitioned'), countNumber: fc.integer({ min: 90, max: 92 }), storageClass: fc.constant('archive') }),
      days,
      expire,
    ),
    weight: 2,
  },
);

/** A rule without its priority. */
export const rule = fc.tuple(tags, body, fc.boolean()).map(([selection, [count, unit, action], described]) => ({
  ...described ? { description: 'a random rule' } : {},
  selection: { ...selection, ...count, ...unit },
  action,
}));

export type UnnumberedRule = Omit<PolicyRule, 'rulePriority'>;

/** Rules that ECR takes together: of those that exclude each other, the first one stays; rules for any image move to the end. */
export function compatible(rules: UnnumberedRule[]): UnnumberedRule[] {
  const isAny = ({ selection }: UnnumberedRule) => selection.tagStatus === 'any';
  const seen = new Set<string>();
  return [...rules.filter(entry => !isAny(entry)), ...rules.filter(isAny)].filter(({ selection }) => {
    const key = JSON.stringify([
      selection.storageClass,
      selection.tagStatus,
      [...selection.tagPatternList ?? []].sort(),
      [...selection.tagPrefixList ?? []].sort(),
    ]);
    return seen.size < seen.add(key).size;
  });
}

/** The text of a policy, with gaps between the priorities. */
export function policyText(rules: UnnumberedRule[]): string {
  return JSON.stringify({ rules: rules.map((entry, index) => ({ rulePriority: index * 3 + 1, ...entry })) });
}

export const rules = fc.array(rule, { minLength: 1, maxLength: 8 }).map(compatible);

/** Not in the order of their index, so that the order by digest is not the order of the input. */
const DIGESTS = Array.from({ length: 24 }, (_, index) => `sha256:${String((index * 7) % 24).padStart(2, '0')}`);

const image = fc.record({
  pushedAt: daysAgo(10),
  tags: fc.uniqueArray(fc.constantFrom(...TAGS), { maxLength: 3 }),
  lastPulledAt: fc.option(daysAgo(10), { nil: undefined, freq: 2 }),
  activatedAt: fc.option(daysAgo(6), { nil: undefined, freq: 5 }),
  archived: fc.option(fc.tuple(fc.integer({ min: 88, max: 94 }), fc.constantFrom(-1, 0, 1)), { nil: undefined, freq: 4 }),
  references: fc.option(fc.uniqueArray(fc.constantFrom(...DIGESTS), { maxLength: 3 }), { nil: undefined, freq: 4 }),
  subject: fc.option(fc.constantFrom(...DIGESTS), { nil: undefined, freq: 4 }),
});

/** The images of a repository: with ties, indexes, referrers, circles of both, references to nothing and an archive. */
export const registry = fc.array(image, { maxLength: DIGESTS.length }).map(images => images.map(({ archived, ...more }, index): RegistryImage => ({
  digest: DIGESTS[index],
  ...more,
  tags: more.tags.filter(tag => !images.slice(0, index).some(other => other.tags.includes(tag))),
  references: more.references?.filter(digest => digest !== DIGESTS[index]),
  subject: more.subject === DIGESTS[index] ? undefined : more.subject,
  ...archived ? { storageClass: ImageStorageClass.ARCHIVE, archivedAt: new Date(AT.getTime() - archived[0] * DAY - archived[1]) } : {},
})));
