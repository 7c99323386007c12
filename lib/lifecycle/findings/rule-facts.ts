import { countTypeFacts } from '../../private/ecr/count-types';
import { SIGNATURE_TAG_PATTERN } from '../../private/ecr/signature-tags';
import type { RuleModel, TagModel } from '../rule-model';
import { tagsTest } from '../tag-pattern';

/** A rule that keeps images for so long, or so many of them, is written to protect them. Many policies use 999 or 9999. */
const PROTECTING_COUNT = 999;

const SIGNATURE_TAG = SIGNATURE_TAG_PATTERN.replace('*', `${'0'.repeat(64)}.sig`);

/** A policy of 50 rules asks thousands of times. */
const TESTS = new WeakMap<TagModel, (tags: readonly string[]) => boolean>();

/** Every tagged image. */
export const ALL_TAGGED: TagModel = { status: 'tagged', list: 'tagPatternList', entries: ['*'] };

/**
 * Whether a rule keeps a number of images, and not images up to an age.
 */
export function isByCount({ countType }: RuleModel): boolean {
  return countTypeFacts(countType).since === undefined;
}

/**
 * Whether a rule selects at most one image: a tag is on one image, and a pattern without a wildcard is one tag.
 */
export function selectsOneImage({ tags }: RuleModel): boolean {
  return tags.list === 'tagPatternList' && tags.entries.some(entry => !entry.includes('*'));
}

/**
 * Whether a rule never acts in practice, so that it protects the images that it selects.
 */
export function isProtection(rule: RuleModel): boolean {
  return rule.countNumber >= PROTECTING_COUNT || (isByCount(rule) && selectsOneImage(rule));
}

/**
 * Whether a rule selects every tagged image.
 */
export function selectsAllTagged({ tags }: RuleModel): boolean {
  return tags.status === 'any' || (tags.list === 'tagPatternList' && tags.entries.every(entry => /^\*+$/.test(entry)));
}

/**
 * Whether a rule has a list of several tags that nobody asked for by name: it reads like "any of them" and means "all of them".
 */
export function isUnnamedList({ tags, allOfByName }: RuleModel): boolean {
  return tags.entries.length > 1 && !allOfByName;
}

/**
 * Whether tags are those of signatures. A signature has no tag of an image, and an image none of a signature.
 */
export function isForSignatures(tags: TagModel): boolean {
  return tags.entries.some(entry => /[^*]/.test(entry)) && tags.status === 'tagged' && tagsTest(tags)([SIGNATURE_TAG]);
}

/**
 * The verb for the action of a rule: `expires` or `archives`.
 */
export function verbOf({ action }: RuleModel): string {
  return action === 'expire' ? 'expires' : 'archives';
}

/**
 * The first rule that selects an image with these tags, among rules of one storage class.
 */
export function claimant(peers: readonly RuleModel[], tags: readonly string[]): RuleModel | undefined {
  return peers.find(rule => {
    const test = TESTS.get(rule.tags) ?? tagsTest(rule.tags);
    TESTS.set(rule.tags, test);
    return test(tags);
  });
}

/**
 * The largest number of images of an example. Rules that keep more hardly ever act.
 */
export const MOST_IMAGES = 5000;
