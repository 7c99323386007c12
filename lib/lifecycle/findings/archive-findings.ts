import { isKnown } from '../../private/core/values';
import { countTypeFacts } from '../../private/ecr/count-types';
import { LIMITS } from '../../private/ecr/limits';
import { describeRule, type RuleModel } from '../rule-model';
import { actingAge, ExampleImages } from './example-images';
import type { FindingDraft } from './finding-draft';
import { claimant, isByCount, isProtection } from './rule-facts';
import { replace } from './tag-findings';

/**
 * Rules that archive an index although another rule expires its platforms, which are untagged images. An archived index no longer
 * keeps them, so that the index cannot be used after it was restored.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html#lp_evaluation_rules
 */
export function archivedIndexes(peers: readonly RuleModel[], rules: readonly RuleModel[]): FindingDraft[] {
  const expiring = claimant(peers, []);
  if (!expiring || expiring.action !== 'expire' || isProtection(expiring)) {
    return [];
  }
  const example = new ExampleImages(peers);
  const archiving = peers.find(rule => rule.action === 'transition' && !isProtection(rule) && example.tagsFor(rule, 1)?.length);
  if (!archiving || !example.addNewer(archiving) || !example.addNewer(expiring)) {
    return [];
  }

  const age = Math.max(actingAge(archiving), actingAge(expiring));
  const platform = example.add(age, []);
  example.add(age, example.tagsFor(archiving, 1)!, { references: [platform.digest] });
  const archiveUntagged: RuleModel = { ...expiring, tags: { status: 'untagged', entries: [] }, action: 'transition' };
  return [{
    id: 'archivedIndexLosesPlatforms',
    problem: `${describeRule(expiring)} deletes the platforms of an index after ${describeRule(archiving)} archives the index, so that the index is useless after it is restored`,
    images: example.images,
    lost: platform,
    onlyIfLost: true,
    rewrites: [{
      rules: expiring.tags.status === 'untagged'
        ? replace(rules, expiring, { action: 'transition' })
        : rules.flatMap(rule => rule === expiring ? [archiveUntagged, rule] : [rule]),
      advice: 'archive untagged images too',
    }],
    advice: 'archive untagged images too, or keep the index in standard storage',
  }];
}

/**
 * What the archive costs.
 *
 * @see https://aws.amazon.com/ecr/pricing/
 */
export function archiveCosts(rules: readonly RuleModel[]): FindingDraft[] {
  const archiving = rules.filter(rule => rule.action === 'transition');
  if (archiving.length === 0) {
    return [];
  }
  return [
    {
      id: 'archiveSavesNothing',
      problem: `images archived by ${archiving.map(describeRule).join(' and ')} cost as much as in standard storage below 150 TB a Region, and cannot be pulled`,
      ...archivedImage(rules, archiving[0]),
      onlyIfLost: false,
      rewrites: [{ rules: rules.filter(rule => !archiving.includes(rule)), advice: 'keep them in standard storage unless you archive more' }],
      advice: 'keep them in standard storage or expire them unless you archive more',
    },
    ...archiving.filter(isEarly).map(rule => ({
      id: 'archiveBelowMinimum',
      problem: `${describeRule(rule)} archives images ${whenArchived(rule)}, and each is charged for ${LIMITS.archiveDays} days from then on, `
        + 'also when it is restored or deleted earlier',
      ...archivedImage(rules, rule),
      onlyIfLost: false,
      rewrites: [{ rules: rules.filter(other => other !== rule), advice: 'keep such images in standard storage, or expire them' }],
      advice: `expire such images, or archive only images that you keep for ${LIMITS.archiveDays} days more`,
    })),
  ];
}

/**
 * Rules by pull, which scanners that pull images keep from acting.
 */
export function pulls(rules: readonly RuleModel[]): FindingDraft[] {
  return rules.filter(rule => countTypeFacts(rule.countType).since === 'pulled').map(rule => ({
    id: 'scannersCountAsPulls',
    problem: `rule ${rule.priority} archives images that are not pulled, but scanners that pull keep an image in use`,
    onlyIfLost: false,
    rewrites: [],
    advice: 'name their roles in PullTimeExclusions',
  }));
}

/** At one push a day, a rule by number archives images of as many days. */
function isEarly(rule: RuleModel): boolean {
  return isKnown(rule.countNumber) && rule.countNumber < LIMITS.archiveDays;
}

function whenArchived(rule: RuleModel): string {
  if (isByCount(rule)) {
    return `that may be younger than ${rule.countNumber + 1} days`;
  }
  return `${rule.countNumber} days after their last ${countTypeFacts(rule.countType).since === 'pulled' ? 'pull' : 'push'}`;
}

function archivedImage(rules: readonly RuleModel[], rule: RuleModel): Partial<FindingDraft> {
  const example = new ExampleImages(rules.filter(({ storageClass }) => storageClass === 'standard'));
  const tags = isKnown(rule.countNumber) ? example.tagsFor(rule, 1) : undefined;
  return tags && example.addNewer(rule) ? { images: example.images, lost: example.add(actingAge(rule), tags) } : {};
}
