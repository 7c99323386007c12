import { countTypeFacts } from '../../private/ecr/count-types';
import { describeRule, type RuleModel } from '../rule-model';
import { tagsTest } from '../tag-pattern';
import { keepingIndexes, OUTCOME } from './dependents';
import { elapsedTime, plural } from './elapsed-time';
import { NONE } from './evaluation';
import { imageName, shortTag } from './image-name';
import type { PreviewRun } from './preview-run';
import { ImageStorageClass, type RegistryImage } from './registry-image';

const DO = { expire: 'expire', transition: 'archive' };

/** The first word of each reason, by outcome. */
const DONE = ['kept', 'archived', 'expired'];

/**
 * The reason why an image is kept, archived or expired, in one sentence.
 */
export function reasonFor(run: PreviewRun, image: number): string {
  const { claimedBy, actedOnBy, shieldedFrom } = run.evaluation;
  const own = run.rules[actedOnBy[image]];
  const outcome = run.outcomes[image];
  const subject = run.links.subjectOf.get(image)!;
  if (outcome !== OUTCOME.keep) {
    return run.actingRuleOf(image) === NONE
      ? `${DONE[outcome]}: its subject ${imageName(run.images[subject])} is ${DONE[outcome]}`
      : `${DONE[outcome]}: ${ruleAndLimit(run, image, own)}`;
  }

  const [index] = keepingIndexes(run.images, run.links, run.outcomes, image).map(position => run.images[position]).sort(byDigest);
  if (index && (own || (subject !== undefined && run.outcomes[subject] !== OUTCOME.keep))) {
    const otherwise = own ? `${describeRule(own)} would ${DO[own.action]} it` : `it would follow its subject ${imageName(run.images[subject])}`;
    return `kept: index ${imageName(index)} refers to it and is kept; otherwise ${otherwise}`;
  }
  if (claimedBy[image] === NONE) {
    return `kept: no rule ${run.images[image].storageClass === ImageStorageClass.ARCHIVE ? 'for archived images ' : ''}selects it`;
  }

  const shielded = run.rules[shieldedFrom[image]];
  const otherwise = shielded ? `; otherwise ${describeRule(shielded)} would ${DO[shielded.action]} it` : '';
  return `kept: ${ruleAndLimit(run, image, run.rules[claimedBy[image]])}${otherwise}`;
}

/** So that the same images give the same text in any order. */
function byDigest(a: RegistryImage, b: RegistryImage): number {
  return Number(a.digest > b.digest) - Number(a.digest < b.digest);
}

/** `rule 2 'pr-*' (tag pr-7): pushed 51 days ago, limit 30 days`. */
function ruleAndLimit(run: PreviewRun, image: number, rule: RuleModel): string {
  const tags = matchedTags(rule, run.images[image].tags ?? []);
  const matched = tags.length === 0 ? '' : ` (${tags.length === 1 ? 'tag' : 'tags'} ${tags.map(shortTag).join(' and ')})`;
  return `${describeRule(rule)}${matched}: ${measured(run, image, rule)}`;
}

/** The tags that a rule selects an image by, one for each of its prefixes and patterns; none if the rule names them in full. */
function matchedTags({ tags }: RuleModel, imageTags: readonly string[]): string[] {
  const matched = tags.entries.map(entry => {
    const test = tagsTest({ ...tags, entries: [entry] });
    return imageTags.find(tag => test([tag]))!;
  });
  const inFull = tags.list === 'tagPatternList' && matched.every((tag, index) => tag === tags.entries[index]);
  return inFull ? [] : [...new Set(matched)];
}

/** The age or the place of an image, and the limit of the rule. */
function measured(run: PreviewRun, image: number, { countType, countNumber }: RuleModel): string {
  const { since } = countTypeFacts(countType);
  const { activatedAt, lastPulledAt } = run.images[image];
  if (since === undefined) {
    const restored = activatedAt ? ` (restored ${elapsedTime(run.at - activatedAt.getTime())} ago)` : '';
    return `number ${run.evaluation.place[image]} from the newest${restored}, limit ${countNumber}`;
  }

  const time = run.table[since][image];
  const pushed = activatedAt ? 'restored' : 'pushed';
  const event = { archived: 'archived', pushed, pulled: lastPulledAt?.getTime() === time ? 'last pulled' : pushed }[since];
  return `${event} ${elapsedTime(run.at - time, countNumber)} ago, limit ${plural(countNumber, 'day')}`;
}
