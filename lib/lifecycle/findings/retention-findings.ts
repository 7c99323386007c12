import { countTypeFacts } from '../../private/ecr/count-types';
import { describeRule, type RuleModel } from '../rule-model';
import { covers } from '../tag-pattern';
import { actingAge, ExampleImages, exampleTags } from './example-images';
import type { FindingDraft } from './finding-draft';
import { isByCount, isForSignatures, isProtection, isUnnamedList, selectsAllTagged, verbOf } from './rule-facts';
import { claimingRules, moveAbove } from './tag-findings';

/**
 * Rules that protect images, below rules that take the same images when they carry one more tag.
 *
 * A narrower rule above a protection is an exception that somebody wrote on purpose.
 *
 * @see https://github.com/aws/containers-roadmap/issues/1738
 */
export function protectionsBelow(peers: readonly RuleModel[], rules: readonly RuleModel[]): FindingDraft[] {
  return peers.flatMap((rule, index) => {
    const higher = peers.slice(0, index);
    if (rule.tags.status !== 'tagged' || !isProtection(rule) || isUnnamedList(rule) || isForSignatures(rule.tags) || claimingRules(rule, higher).length > 0) {
      return [];
    }
    const takers = higher.filter(other => other.tags.status === 'tagged' && !isProtection(other) && !isForSignatures(other.tags) && !covers(rule.tags, other.tags));
    for (const taker of takers) {
      const example = bothTags(peers, rule, taker);
      if (example.lost) {
        return [{
          id: 'protectionBelow',
          problem: `${describeRule(rule)} does not protect images that ${describeRule(taker)} above it ${verbOf(taker)}`,
          ...example,
          onlyIfLost: true,
          rewrites: [{ rules: moveAbove(rules, rule, taker), advice: `move rule ${rule.priority} above rule ${taker.priority}` }],
          advice: `move rule ${rule.priority} above rule ${taker.priority}`,
        }];
      }
    }
    return [];
  });
}

/**
 * Rules that expire any tagged image by age, although nothing keeps the newest ones.
 *
 * @see https://github.com/aws/containers-roadmap/issues/1078
 */
export function agesWithoutFloor(peers: readonly RuleModel[]): FindingDraft[] {
  return peers.flatMap((rule, index) => {
    const higher = peers.slice(0, index);
    const hasFloor = higher.some(other => other.tags.status === 'tagged' && (isByCount(other) || isProtection(other)));
    if (rule.action !== 'expire' || countTypeFacts(rule.countType).since !== 'pushed' || !selectsAllTagged(rule) || isProtection(rule) || hasFloor) {
      return [];
    }
    const example = new ExampleImages(peers);
    const tags = example.tagsFor(rule, 1);
    return !tags?.length ? [] : [{
      id: 'ageWithoutFloor',
      problem: `${describeRule(rule)} expires the only image, which may be running, when nothing is pushed for ${rule.countNumber} days`,
      images: example.images,
      lost: example.add(actingAge(rule), tags),
      onlyIfLost: true,
      rewrites: [],
      advice: 'ECR cannot keep the newest images and expire the others by age; '
        + 'keep images by number with keepNewest, or protect the tags that you run with a rule above it',
    }];
  });
}

/** An image with tags for both rules that the higher one takes. */
function bothTags(peers: readonly RuleModel[], rule: RuleModel, taker: RuleModel): Partial<FindingDraft> {
  const example = new ExampleImages(peers);
  const tags = example.tagsFor(taker, 2, exampleTags(rule.tags, 1));
  if (!tags || !example.addNewer(taker)) {
    return {};
  }
  const age = actingAge(taker);
  const lost = rule.storageClass === 'archive' ? example.addArchived(age, tags) : example.add(age, tags);
  return { images: example.images, lost };
}
