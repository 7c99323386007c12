import { SIGNATURE_TAG_KINDS, SIGNATURE_TAG_PATTERN } from '../../private/ecr/signature-tags';
import { describeRule, type RuleModel } from '../rule-model';
import { covers } from '../tag-pattern';
import { DAY_IN_MS } from '../trial/evaluation';
import { EXAMPLE_AT, ExampleImages, exampleTags } from './example-images';
import type { FindingDraft } from './finding-draft';
import { ALL_TAGGED, isByCount, isForSignatures, isProtection, isUnnamedList, MOST_IMAGES, selectsAllTagged, selectsOneImage } from './rule-facts';
import { replace } from './tag-findings';

/** A repository with so many pushes a day is busy: rules by age then hold this many images for each of their days. */
const BUSY_PUSHES = 10;

/** A tag that moves with each build can move this often a day. */
const BUSY_MOVES = 100;

/** Rules that keep this many images keep enough of them even if each has signatures. */
const ENOUGH_IMAGES = 200;

/** Untagged images are deleted after so many days by the presets. */
const UNTAGGED_DAYS = 7;

/**
 * Rules by number whose places are taken by images that higher rules hold. ECR counts every image that a rule selects.
 *
 * @param mutableTags the mutable tags, if they are known
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html#lp_evaluation_rules
 */
export function usedUpCounts(peers: readonly RuleModel[], rules: readonly RuleModel[], mutableTags?: readonly string[]): FindingDraft[] {
  const moves = (mutableTags ?? []).some(tag => tag !== SIGNATURE_TAG_PATTERN);
  return peers.flatMap((rule, index) => {
    if (!isByCount(rule) || rule.countNumber > MOST_IMAGES || selectsOneImage(rule)) {
      return [];
    }
    const holders = peers.slice(0, index).filter(other => covers(rule.tags, other.tags));
    const untagged = holders.filter(other => other.tags.status === 'untagged');
    const tagged = holders.filter(other => other.tags.status === 'tagged' && !isUnnamedList(other) && exampleTags(other.tags, 1));
    const signatures = tagged.filter(other => isForSignatures(other.tags));
    return [
      ...heldTagged(rule, tagged.filter(other => !signatures.includes(other)), peers, rules),
      ...heldUntagged(rule, untagged[0], moves, peers, rules),
      ...heldSignatures(rule, signatures.length > 0 || (mutableTags ?? []).some(isSignatureFilter), peers, rules),
    ];
  });
}

function heldTagged(rule: RuleModel, holders: readonly RuleModel[], peers: readonly RuleModel[], rules: readonly RuleModel[]): FindingDraft[] {
  const capacities = holders.map(capacityOf);
  const held = capacities.reduce((sum, capacity) => sum + capacity, 0);
  const example = new ExampleImages(peers);
  const tags = example.tagsFor(rule, 1);
  if (held < rule.countNumber || !tags) {
    return [];
  }

  holders.forEach((holder, index) => {
    for (let number = 0; number < capacities[index] && example.images.length < rule.countNumber; number++) {
      example.add(isByCount(holder) ? number / 1000 : (number + 0.5) / BUSY_PUSHES, exampleTags(holder.tags, 1000 * (index + 1) + number)!);
    }
  });
  const oldest = Math.max(...example.images.map(({ pushedAt }) => ageOf(pushedAt)));
  const bounded = holders.every(holder => isByCount(holder) && !(isProtection(holder) && !selectsOneImage(holder)));
  return [{
    id: 'countIncludesProtected',
    problem: `${describeRule(rule)} keeps the newest ${rule.countNumber} and counts the images that ${holders.map(describeRule).join(' and ')} `
      + `${holders.length === 1 ? 'holds' : 'hold'}, so that there may be no place for any other image`,
    images: example.images,
    lost: example.add(oldest + 1 / 24, tags),
    onlyIfLost: true,
    rewrites: bounded ? [{ rules: replace(rules, rule, { countNumber: rule.countNumber + held }), advice: `keep ${rule.countNumber + held}` }] : [],
    advice: 'ECR cannot count only the other images; select them by a tag pattern of their own, or keep more',
  }];
}

function heldUntagged(
  rule: RuleModel,
  holder: RuleModel | undefined,
  moves: boolean,
  peers: readonly RuleModel[],
  rules: readonly RuleModel[],
): FindingDraft[] {
  const places = moves ? BUSY_MOVES / BUSY_PUSHES : 1;
  const capacity = holder ? capacityOf(holder) * (isByCount(holder) ? 1 : places) : Infinity;
  const example = new ExampleImages(peers);
  const tags = example.tagsFor(rule, 1);
  if (rule.tags.status !== 'any' || !(holder || moves) || capacity < rule.countNumber || !tags || tags.length === 0) {
    return [];
  }

  const perDay = BUSY_PUSHES * places;
  for (let number = 0; number < rule.countNumber; number++) {
    example.add((number + 0.5) / perDay, []);
  }
  const isNew = !rules.some(({ storageClass, tags: { status } }) => storageClass === 'standard' && status === 'untagged');
  const expireUntagged: RuleModel = { ...rule, tags: { status: 'untagged', entries: [] }, countType: 'sinceImagePushed', countNumber: UNTAGGED_DAYS, action: 'expire' };
  const counted = { ...rule, tags: ALL_TAGGED };
  return [{
    id: 'countIncludesUntagged',
    problem: `${describeRule(rule)} keeps the newest ${rule.countNumber} and counts untagged images, which every move of a tag and every platform of an index adds`,
    images: example.images,
    lost: example.add((rule.countNumber + 1) / perDay, tags),
    onlyIfLost: true,
    rewrites: [{
      rules: rules.flatMap(entry => entry !== rule ? [entry] : [...isNew ? [expireUntagged] : [], counted]),
      advice: `count only tagged images with the pattern '*'${isNew ? `, and expire untagged images after ${UNTAGGED_DAYS} days` : ''}`,
    }],
    advice: "count only tagged images with the pattern '*'",
  }];
}

function heldSignatures(rule: RuleModel, signed: boolean, peers: readonly RuleModel[], rules: readonly RuleModel[]): FindingDraft[] {
  const example = new ExampleImages(peers);
  if (!signed || !selectsAllTagged(rule) || rule.countNumber >= ENOUGH_IMAGES || !example.tagsFor(rule, 1)?.length) {
    return [];
  }

  const lost = Array.from({ length: rule.countNumber }, (_, number) => {
    const age = number + 1;
    const image = example.add(age, example.tagsFor(rule, number)!);
    SIGNATURE_TAG_KINDS.forEach((kind, order) => example.add(age - (order + 1) / 24, [`${image.digest.replace(':', '-')}.${kind}`]));
    return image;
  }).at(-1)!;
  const enough = Math.max(ENOUGH_IMAGES, rule.countNumber * (1 + SIGNATURE_TAG_KINDS.length));
  return [{
    id: 'countIncludesSignatures',
    problem: `${describeRule(rule)} keeps the newest ${rule.countNumber} and counts signatures and attestations, up to ${SIGNATURE_TAG_KINDS.length} for each image, `
      + `so that it keeps as few as ${Math.ceil(rule.countNumber / (1 + SIGNATURE_TAG_KINDS.length))} signed images`,
    images: example.images,
    lost,
    onlyIfLost: true,
    rewrites: [{
      rules: replace(rules, rule, { countNumber: enough }),
      advice: `keep ${enough}, or count only your images: LifecyclePolicy.keepLatest(${rule.countNumber}, { tagPatterns })`,
    }],
    advice: 'count only your images with a tag pattern of their own',
  }];
}

/** How many images a rule can hold in a busy repository. */
function capacityOf(holder: RuleModel): number {
  if (selectsOneImage(holder)) {
    return 1;
  }
  return isByCount(holder) ? holder.countNumber : holder.countNumber * BUSY_PUSHES;
}

/** Whether a filter of mutable tags is written for signatures. */
function isSignatureFilter(filter: string): boolean {
  return isForSignatures({ status: 'tagged', list: 'tagPatternList', entries: [filter] });
}

function ageOf(pushedAt: Date): number {
  return (EXAMPLE_AT.getTime() - pushedAt.getTime()) / DAY_IN_MS;
}
