import { isKnown, show } from '../private/core/values';
import { LIMITS } from '../private/ecr/limits';
import type { LifecycleFinding } from './lifecycle-finding';
import { describeRule, describeTags, type RuleModel } from './rule-model';
import { canMatchTag, covers } from './tag-pattern';

/**
 * What is legal in a policy but surely not meant.
 *
 * @param rules the rules, sorted by priority
 */
export function findingsOf(rules: readonly RuleModel[]): LifecycleFinding[] {
  const readable = rules.filter(rule => rule.tags.entries.every(isKnown));
  return [
    ...readable.flatMap(rule => [...impossibleTags(rule), ...andLists(rule)]),
    ...['standard', 'archive'].flatMap(storageClass => {
      const peers = readable.filter(rule => rule.storageClass === storageClass);
      return peers.flatMap((rule, index) => {
        const higher = peers.slice(0, index);
        return [...unreachableRules(rule, higher), ...sharedTags(rule, higher), ...countsOfProtected(rule, higher)];
      });
    }),
    ...endsOfProtection(readable),
    ...archiveCosts(rules),
    ...pulls(rules),
  ];
}

function impossibleTags(rule: RuleModel): LifecycleFinding[] {
  const { list, entries } = rule.tags;
  return entries.filter(entry => !canMatchTag(list, entry)).map(entry => {
    const wayOut = list === 'tagPrefixList' && entry.includes('*')
      ? "a prefix takes '*' literally, use a pattern"
      : `a tag is 1 to ${LIMITS.imageTagCharacters} letters, digits, '_', '.' and '-' and does not begin with '.' or '-'`;
    return { id: 'impossibleTag', message: `rule ${rule.priority} selects no image because no tag can match ${show(entry)}: ${wayOut}` };
  });
}

function andLists(rule: RuleModel): LifecycleFinding[] {
  return rule.tags.entries.length < 2 || rule.allOfByName ? [] : [{
    id: 'andList',
    message: `rule ${rule.priority} selects only images that carry tags for each of ${describeTags(rule.tags)}; write one rule for each to select any of them`,
  }];
}

function unreachableRules(rule: RuleModel, higher: readonly RuleModel[]): LifecycleFinding[] {
  const tagged = higher.find(other => covers(other.tags, { status: 'tagged', list: 'tagPatternList', entries: ['*'] }));
  const untagged = higher.find(other => other.tags.status === 'untagged');
  const claiming = rule.tags.status === 'any'
    ? [tagged, untagged].filter(other => other !== undefined)
    : higher.filter(other => covers(other.tags, rule.tags)).slice(0, 1);
  return claiming.length < (rule.tags.status === 'any' ? 2 : 1) ? [] : [{
    id: 'unreachableRule',
    message: `${describeRule(rule)} never acts because all its images belong to ${claiming.map(describeRule).join(' and ')} above; remove it or move it up`,
  }];
}

function sharedTags(rule: RuleModel, higher: readonly RuleModel[]): LifecycleFinding[] {
  return higher.filter(other => other.tags.list === rule.tags.list).flatMap(other => {
    const shared = rule.tags.entries.filter(entry => other.tags.entries.includes(entry));
    return shared.length === 0 ? [] : [{
      id: 'sharedTag',
      message: `rule ${other.priority} and rule ${rule.priority} both list ${show(shared[0])}, and ECR wants the tags of all rules to be different; `
        + 'list it in one of them',
    }];
  });
}

function countsOfProtected(rule: RuleModel, higher: readonly RuleModel[]): LifecycleFinding[] {
  if (rule.countType !== 'imageCountMoreThan') {
    return [];
  }

  const counts = (other: RuleModel) => other.countType === 'imageCountMoreThan' && isKnown(other.countNumber);
  const holders = higher.filter(other => counts(other) && covers(rule.tags, other.tags));
  const held = holders.reduce((sum, other) => sum + other.countNumber, 0);
  return !isKnown(rule.countNumber) || held < rule.countNumber ? [] : [{
    id: 'countIncludesProtected',
    message: `${describeRule(rule)} keeps the newest ${rule.countNumber} and counts up to ${held} images held by ${holders.map(describeRule).join(' and ')}, `
      + 'so there may be no place for any other image; select other tags, expire by age, or keep more',
  }];
}

/** Rules for the standard class do not shield images once they are archived. */
function endsOfProtection(rules: readonly RuleModel[]): LifecycleFinding[] {
  const end = rules.find(rule => rule.storageClass === 'archive' && rule.tags.status === 'any');
  const own = (tags: RuleModel['tags']) => rules.some(rule => rule !== end && rule.storageClass === 'archive' && covers(rule.tags, tags));
  return rules.filter(rule => end && rule.action === 'transition' && rule.tags.status === 'tagged' && !own(rule.tags)).map(rule => ({
    id: 'anyEndsProtection',
    message: `${describeRule(end!)} deletes every archived image, also those that ${describeRule(rule)} archives; `
      + `give archived images of ${describeTags(rule.tags)} a rule of their own above it`,
  }));
}

function archiveCosts(rules: readonly RuleModel[]): LifecycleFinding[] {
  const archiving = rules.filter(rule => rule.action === 'transition');
  const early = archiving.filter(rule => rule.countType === 'sinceImagePushed' && isKnown(rule.countNumber) && rule.countNumber < LIMITS.archiveDays);
  return [
    ...archiving.length === 0 ? [] : [{
      id: 'archiveSavesNothing',
      message: `images archived by ${archiving.map(describeRule).join(' and ')} cost as much as in standard storage below 150 TB a Region; `
        + 'delete them unless you archive more or must keep them',
    }],
    ...early.map(rule => ({
      id: 'archiveBelowMinimum',
      message: `${describeRule(rule)} archives images after ${rule.countNumber} days, and each is then charged for ${LIMITS.archiveDays} days more; `
        + `delete such images, or archive after ${LIMITS.archiveDays} days or later`,
    })),
  ];
}

function pulls(rules: readonly RuleModel[]): LifecycleFinding[] {
  return rules.filter(rule => rule.countType === 'sinceImagePulled').map(rule => ({
    id: 'scannersCountAsPulls',
    message: `rule ${rule.priority} archives what nobody pulled for a while, but scanners that pull keep an image in use; `
      + 'name their roles in PullTimeExclusions',
  }));
}
