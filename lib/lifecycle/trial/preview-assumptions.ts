import { countTypeFacts } from '../../private/ecr/count-types';
import { describeRule } from '../rule-model';
import { keepingIndexes, OUTCOME } from './dependents';
import { NONE } from './evaluation';
import { outcomeOf, type PreviewRun } from './preview-run';

/**
 * The choices of the preview that decide about an image, where AWS documents none.
 */
export function assumptionsFor(run: PreviewRun, image: number): string[] {
  const { claimedBy, actedOnBy, tiedAt, place, referencedUpTo } = run.evaluation;
  const outcome = run.outcomes[image];
  const rule = run.rules[claimedBy[image]];
  const acts = run.actingRuleOf(image) !== NONE;
  const byCount = rule !== undefined && countTypeFacts(rule.countType).since === undefined;
  const assumptions: string[] = [];

  if (rule && run.table.pushed[image] === tiedAt[claimedBy[image]]) {
    const otherwise = outcomeWith(run, image, actedOnBy[image] === NONE ? outcomeOf(rule) : OUTCOME.keep);
    if (otherwise !== outcome) {
      assumptions.push(`AWS does not say which of several images pushed at the same moment ${describeRule(rule)} counts as newer: here the digest that sorts first`);
    }
  }

  const referenced = referencedUpTo[image] ?? 0;
  if (acts && byCount && (run.links.indexesOf.has(image) || (referenced > 0 && place[image] - referenced <= rule.countNumber))) {
    assumptions.push(`AWS does not say whether images that an index refers to count: here ${describeRule(rule)} counts ${referenced} of them`);
  }

  const subject = run.links.subjectOf.get(image);
  if (acts && subject !== undefined && run.outcomes[subject] < outcome) {
    const stays = run.outcomes[subject] === OUTCOME.keep ? 'stays' : 'is only archived';
    assumptions.push(`AWS does not say whether a rule acts on a referrer whose subject ${stays}: here it does`);
  }

  if (outcome === OUTCOME.expire && run.links.indexesOf.get(image)?.some(index => run.outcomes[index] !== OUTCOME.expire)) {
    assumptions.push('AWS says that an image may expire or be archived after its index was archived, but not whether it may be deleted then: here it may');
  }
  return assumptions;
}

/**
 * The outcome of an image if its rules did something else to it, and the outcomes of all other images were the same. The image is in
 * standard storage: only there do rules count images.
 */
function outcomeWith(run: PreviewRun, image: number, own: number): number {
  if (keepingIndexes(run.images, run.links, run.outcomes, image).length > 0) {
    return OUTCOME.keep;
  }
  const subject = run.links.subjectOf.get(image);
  const followed = subject === undefined ? OUTCOME.keep : run.outcomes[subject];
  return Math.max(own, followed);
}
