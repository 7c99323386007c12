import { show } from '../../private/core/values';
import { LIMITS } from '../../private/ecr/limits';
import { describeRule, describeTags, type RuleModel, type TagModel } from '../rule-model';
import { canMatchTag, covers } from '../tag-pattern';
import { actingAge, ExampleImages, exampleTags } from './example-images';
import type { FindingDraft } from './finding-draft';
import { ALL_TAGGED, claimant, isByCount, isUnnamedList } from './rule-facts';

/**
 * Entries that no tag can match.
 */
export function impossibleTags(rules: readonly RuleModel[]): FindingDraft[] {
  return rules.flatMap(rule => {
    const { list, entries } = rule.tags;
    return entries.filter(entry => !canMatchTag(list, entry)).map(entry => {
      const literal = list === 'tagPrefixList' && entry.includes('*');
      const pattern: TagModel = { status: 'tagged', list: 'tagPatternList', entries: entries.map(text => text.endsWith('*') ? text : `${text}*`) };
      const possible = literal && pattern.entries.every(text => canMatchTag('tagPatternList', text) && text.split('*').length - 1 <= LIMITS.lifecyclePatternWildcards);
      return {
        id: 'impossibleTag',
        problem: `rule ${rule.priority} selects no image because no tag can match ${show(entry)}`,
        ...possible ? lostToOthers(rules, rule, exampleTags(pattern, 1)!) : {},
        onlyIfLost: false,
        rewrites: possible ? [{ rules: replace(rules, rule, { tags: pattern }), advice: "use a pattern, because a prefix takes '*' literally" }] : [],
        advice: literal
          ? "a prefix takes '*' literally, use a pattern"
          : `use a tag of 1 to ${LIMITS.imageTagCharacters} letters, digits, '_', '.' and '-' that does not begin with '.' or '-'`,
      };
    });
  });
}

/**
 * Lists of several tags that nobody asked for by name, all of them in one finding.
 */
export function andLists(rules: readonly RuleModel[]): FindingDraft[] {
  const lists = rules.filter(rule => isUnnamedList(rule) && rule.tags.entries.every(entry => canMatchTag(rule.tags.list, entry)));
  if (lists.length === 0) {
    return [];
  }
  const [first] = lists;
  const [tag] = exampleTags(first.tags, 1)!;
  const each = rules.flatMap(rule => lists.includes(rule)
    ? rule.tags.entries.map(entry => ({ ...rule, tags: { ...rule.tags, entries: [entry] } }))
    : [rule]);
  return [{
    id: 'andList',
    problem: lists.map(rule => `rule ${rule.priority} selects only images that carry tags for each of ${describeTags(rule.tags)}`).join('; '),
    ...lostToOthers(rules, first, [tag]),
    onlyIfLost: false,
    rewrites: [{ rules: each, advice: 'write one rule for each to select any of them' }],
    advice: 'write one rule for each to select any of them',
  }];
}

/**
 * Rules whose images all belong to higher rules.
 */
export function unreachableRules(peers: readonly RuleModel[], rules: readonly RuleModel[]): FindingDraft[] {
  return peers.flatMap((rule, index) => {
    const claiming = claimingRules(rule, peers.slice(0, index));
    const [first] = claiming;
    return claiming.length === 0 ? [] : [{
      id: 'unreachableRule',
      problem: `${describeRule(rule)} never acts because all its images belong to ${claiming.map(describeRule).join(' and ')} above`,
      ...earlierLoss(peers, rule, first),
      onlyIfLost: false,
      rewrites: [
        ...rule.tags.status === 'tagged' && !covers(rule.tags, first.tags) ? [{ rules: moveAbove(rules, rule, first), advice: `move it above rule ${first.priority}` }] : [],
        { rules: rules.filter(other => other !== rule), advice: 'remove it' },
        { rules: rules.filter(other => other !== first), advice: `remove rule ${first.priority}, which acts earlier` },
      ],
      advice: 'remove it or move it up',
    }];
  });
}

/**
 * Entries that several rules list, which ECR may refuse.
 */
export function sharedTags(peers: readonly RuleModel[]): FindingDraft[] {
  return peers.flatMap((rule, index) => peers.slice(0, index).filter(other => other.tags.list === rule.tags.list).flatMap(other => {
    const shared = rule.tags.entries.filter(entry => other.tags.entries.includes(entry));
    return shared.length === 0 ? [] : [{
      id: 'sharedTag',
      problem: `rule ${other.priority} and rule ${rule.priority} both list ${show(shared[0])}, and ECR may refuse the policy because the tags of all rules must be different`,
      onlyIfLost: false,
      rewrites: [],
      advice: 'list it in one of them',
    }];
  }));
}

/**
 * The rules with one rule moved directly above another one.
 */
export function moveAbove(rules: readonly RuleModel[], rule: RuleModel, other: RuleModel): RuleModel[] {
  return rules.flatMap(entry => entry === other ? [rule, entry] : [entry]).filter((entry, index, moved) => moved.indexOf(entry) === index);
}

/**
 * The rules with one rule changed.
 */
export function replace(rules: readonly RuleModel[], rule: RuleModel, change: Partial<RuleModel>): RuleModel[] {
  return rules.map(entry => entry === rule ? { ...entry, ...change } : entry);
}

export function claimingRules(rule: RuleModel, higher: readonly RuleModel[]): RuleModel[] {
  const tagged = higher.find(other => covers(other.tags, ALL_TAGGED));
  const untagged = higher.find(other => other.tags.status === 'untagged');
  if (rule.tags.status === 'any') {
    return tagged && untagged ? [tagged, untagged] : [];
  }
  return higher.filter(other => covers(other.tags, rule.tags)).slice(0, 1);
}

/** An image that was meant for a rule that does not select it, and that a lower rule takes. */
function lostToOthers(rules: readonly RuleModel[], rule: RuleModel, tags: readonly string[]): Partial<FindingDraft> {
  const peers = rules.filter(other => other.storageClass === rule.storageClass);
  const taker = claimant(peers, tags);
  const example = new ExampleImages(peers);
  return taker && peers.indexOf(taker) > peers.indexOf(rule) && example.addNewer(taker) ? lossOf(example, taker, tags) : {};
}

/** An image that a higher rule takes before the rule below would. */
function earlierLoss(peers: readonly RuleModel[], rule: RuleModel, taker: RuleModel): Partial<FindingDraft> {
  const example = new ExampleImages(peers);
  const tags = exampleTags(rule.tags, 1);
  const keepsLonger = isByCount(rule) ? rule.countNumber > (isByCount(taker) ? taker.countNumber : 0) : actingAge(taker) <= rule.countNumber;
  return tags && keepsLonger && example.addNewer(taker) ? lossOf(example, taker, tags) : {};
}

function lossOf(example: ExampleImages, taker: RuleModel, tags: readonly string[]): Partial<FindingDraft> {
  const age = actingAge(taker);
  const lost = taker.storageClass === 'archive' ? example.addArchived(age, tags) : example.add(age, tags);
  return { images: example.images, lost };
}
