import { countTypeFacts } from '../../private/ecr/count-types';
import { describeRule, type RuleModel } from '../rule-model';
import { keepingIndexes, OUTCOME } from './dependents';
import { DAY_IN_MS, NONE } from './evaluation';
import type { PreviewRun } from './preview-run';
import { ImageStorageClass, type RegistryImage } from './registry-image';

const DONE = { expire: 'expired', transition: 'archived' };

/**
 * Why an image stays or goes, in one sentence.
 */
export function reasonFor(run: PreviewRun, image: number): string {
  const { claimedBy, actedOnBy, shieldedFrom } = run.evaluation;
  const own = run.rules[actedOnBy[image]];
  const outcome = run.outcomes[image];
  if (outcome !== OUTCOME.keep) {
    const done = outcome === OUTCOME.expire ? 'expired' : 'archived';
    return run.actingRuleOf(image) === NONE
      ? `${done}: goes with its subject ${imageName(run.images[run.links.subjectOf.get(image)!])}`
      : `${done}: ${describeRule(own)} ${limitPassed(run, image, own)}`;
  }

  const [index] = keepingIndexes(run.images, run.links, run.outcomes, image).map(position => run.images[position]).sort(byDigest);
  const subject = run.links.subjectOf.get(image);
  if (index && (own || (subject !== undefined && run.outcomes[subject] !== OUTCOME.keep))) {
    const otherwise = own ? `${describeRule(own)} would have ${DONE[own.action]} it` : 'it would have gone with its subject';
    return `kept: index ${imageName(index)} refers to it and stays; ${otherwise}`;
  }
  if (claimedBy[image] === NONE) {
    return `kept: no rule ${run.images[image].storageClass === ImageStorageClass.ARCHIVE ? 'for archived images ' : ''}selects it`;
  }

  const holder = run.rules[claimedBy[image]];
  const shielded = run.rules[shieldedFrom[image]];
  const otherwise = shielded ? `; ${describeRule(shielded)} would have ${DONE[shielded.action]} it` : '';
  return `kept: ${describeRule(holder)} holds it, ${limitKept(run, image, holder)}${otherwise}`;
}

/**
 * What a decision rests on although AWS does not document it.
 */
export function assumptionsFor(run: PreviewRun, image: number): string[] {
  const { claimedBy, tiedAt, countedReferenced } = run.evaluation;
  const rule = run.rules[claimedBy[image]];
  const assumptions: string[] = [];
  if (rule && run.table.pushed[image] === tiedAt[claimedBy[image]]) {
    assumptions.push(`AWS does not say which of several images pushed at the same moment ${describeRule(rule)} counts as newer: here the digest that sorts first`);
  }

  const children = countedReferenced[claimedBy[image]];
  if (run.actingRuleOf(image) !== NONE && rule.countType === 'imageCountMoreThan' && children > 0) {
    assumptions.push(`AWS does not say whether images that an index refers to count: here ${describeRule(rule)} counts ${children} of them`);
  }
  if (run.actingRuleOf(image) !== NONE && run.links.subjectOf.has(image) && run.outcomes[run.links.subjectOf.get(image)!] === OUTCOME.keep) {
    assumptions.push('AWS does not say whether a rule acts on a referrer whose subject stays: here it does');
  }
  if (run.outcomes[image] === OUTCOME.expire && run.links.indexesOf.get(image)?.some(index => run.outcomes[index] !== OUTCOME.expire)) {
    assumptions.push('AWS says that an image may go after its index was archived, but not whether it may be deleted then: here it may');
  }
  return assumptions;
}

/**
 * The shortest name by which people know an image.
 */
export function imageName({ tags, digest }: RegistryImage): string {
  const [tag] = tags ?? [];
  return tag ?? (digest.length > 20 ? `${digest.slice(0, 19)}…` : digest);
}

/** So that the same images give the same text in any order. */
function byDigest(a: RegistryImage, b: RegistryImage): number {
  return a.digest < b.digest ? -1 : 1;
}

function limitKept(run: PreviewRun, image: number, { countType, countNumber }: RuleModel): string {
  return countType === 'imageCountMoreThan'
    ? `${run.evaluation.place[image]} of at most ${countNumber}`
    : `${event(run, image, countType)} of at most ${days(countNumber)}`;
}

function limitPassed(run: PreviewRun, image: number, { countType, countNumber }: RuleModel): string {
  return countType === 'imageCountMoreThan'
    ? `keeps the newest ${countNumber}, this is number ${run.evaluation.place[image]}`
    : `holds it for ${days(countNumber)}, ${event(run, image, countType)}`;
}

/** What the age of an image is counted from: `pushed 12 days 3 hours ago`. */
function event(run: PreviewRun, image: number, countType: RuleModel['countType']): string {
  const time = run.table[countTypeFacts(countType).since!][image];
  const { activatedAt, lastPulledAt } = run.images[image];
  const ago = `${elapsed(run.at - time)} ago`;
  if (countType === 'sinceImageTransitioned') {
    return `archived ${ago}`;
  }
  if (countType === 'sinceImagePulled' && lastPulledAt?.getTime() === time) {
    return `last pulled ${ago}`;
  }
  return activatedAt ? `restored ${ago}` : `pushed ${ago}`;
}

/** The two largest units, such as `30 days 5 minutes`: enough to see on which side of a limit an image is. */
function elapsed(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const units = [
    [Math.floor(milliseconds / DAY_IN_MS), 'day'],
    [Math.floor(seconds / 3600) % 24, 'hour'],
    [Math.floor(seconds / 60) % 60, 'minute'],
    [seconds % 60, 'second'],
  ] as const;
  const text = units.filter(([amount]) => amount > 0).slice(0, 2).map(([amount, unit]) => plural(amount, unit)).join(' ');
  return text === '' ? 'less than a second' : text;
}

function days(count: number): string {
  return plural(count, 'day');
}

function plural(amount: number, unit: string): string {
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`;
}
