import { isKnown } from '../private/core/values';
import { archiveCosts, archivedIndexes, pulls } from './findings/archive-findings';
import { usedUpCounts } from './findings/count-findings';
import type { FindingDraft } from './findings/finding-draft';
import { agesWithoutFloor, protectionsBelow } from './findings/retention-findings';
import { andLists, impossibleTags, sharedTags, unreachableRules } from './findings/tag-findings';
import type { LifecycleFinding, LifecycleFindingsOptions } from './lifecycle-finding';
import type { RuleModel } from './rule-model';

/**
 * Parts of a policy that are legal but probably unintended.
 *
 * Rules with tokens are ignored where their values matter.
 *
 * @param rules the rules, sorted by priority
 */
export function findingsOf(rules: readonly RuleModel[], options: LifecycleFindingsOptions = {}): LifecycleFinding[] {
  const readable = rules.filter(rule => rule.tags.entries.every(isKnown));
  const known = readable.filter(rule => isKnown(rule.countNumber));
  const drafts = [
    ...impossibleTags(readable),
    ...andLists(readable),
    ...['standard', 'archive'].flatMap(storageClass => {
      const peers = readable.filter(rule => rule.storageClass === storageClass);
      const knownPeers = known.filter(rule => rule.storageClass === storageClass);
      return [
        ...unreachableRules(peers, readable),
        ...sharedTags(peers),
        ...protectionsBelow(knownPeers, known),
        ...agesWithoutFloor(knownPeers),
        ...usedUpCounts(knownPeers, known, options.mutableTags),
        ...storageClass === 'standard' ? archivedIndexes(knownPeers, known) : [],
      ];
    }),
    ...archiveCosts(rules),
    ...pulls(rules),
  ];
  return drafts.length === 0 ? [] : confirmed(drafts, rules);
}

function confirmed(drafts: readonly FindingDraft[], rules: readonly RuleModel[]): LifecycleFinding[] {
  // Most policies have no finding: the preview is loaded with the first one.
  const { confirm } = require('./trial/confirmed-finding') as typeof import('./trial/confirmed-finding');
  return drafts.flatMap(draft => confirm(draft, rules));
}
