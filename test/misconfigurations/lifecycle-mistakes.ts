import { Duration } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { type ExpireImagesOptions, ImageSelection, LifecyclePolicy, LifecycleRule, SecureRepository } from '../../lib';
import type { Mistake } from './mistake';

const REFUSED = 'PutLifecyclePolicy: InvalidParameterException';

/** A mistake in the typed rules, against the rules of the L2. */
function rules(mistake: string, names: string, ours: () => LifecycleRule[], core: ecr.LifecycleRule[], atAws = REFUSED): Mistake {
  return {
    mistake,
    atAws,
    names,
    ours: stack => new SecureRepository(stack, 'Api', { lifecycle: LifecyclePolicy.of(...ours()) }),
    core: stack => new ecr.Repository(stack, 'Api', { lifecycleRules: core }),
  };
}

/** A mistake in policy text, against the text of the L1. */
function text(mistake: string, names: string, policy: unknown, atAws = REFUSED): Mistake {
  const lifecyclePolicyText = typeof policy === 'string' ? policy : JSON.stringify({ rules: policy });
  return {
    mistake,
    atAws,
    names,
    ours: stack => new SecureRepository(stack, 'Api', { lifecycle: LifecyclePolicy.fromJson(lifecyclePolicyText) }),
    core: stack => new ecr.CfnRepository(stack, 'Api', { lifecyclePolicy: { lifecyclePolicyText } }),
  };
}

const { ANY, UNTAGGED } = ImageSelection;
const expire = (options: ExpireImagesOptions): LifecycleRule => LifecycleRule.expire(options);
const untagged = { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 7 };
const any = { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 100 };
const tagged = (tagPatternList: string[]): object => ({ ...any, tagStatus: 'tagged', tagPatternList });
const rule = (selection: object, rulePriority = 1, more: object = {}): object => ({ rulePriority, selection, action: { type: 'expire' }, ...more });
const moved = { type: 'transition', targetStorageClass: 'archive' };

export const LIFECYCLE_MISTAKES: Mistake[] = [
  rules('a count of 0 images', "keepNewest'", () => [expire({ images: ANY, keepNewest: 0 })], [{ maxImageCount: 0 }]),
  rules('a count of -1 images', "keepNewest'", () => [expire({ images: ANY, keepNewest: -1 })], [{ maxImageCount: -1 }]),
  rules('a count of 1.5 images', "keepNewest'", () => [expire({ images: ANY, keepNewest: 1.5 })], [{ maxImageCount: 1.5 }]),
  rules('an age of 0 days', "olderThan'", () => [expire({ images: ANY, olderThan: Duration.days(0) })], [{ maxImageAge: Duration.days(0) }]),
  rules('an age of 12 hours', "olderThan'", () => [expire({ images: ANY, olderThan: Duration.hours(12) })], [{ maxImageAge: Duration.hours(12) }]),
  rules('a rule with both an age and a count', "keepNewest'",
    () => [expire({ images: ANY, keepNewest: 3, olderThan: Duration.days(3) })], [{ maxImageCount: 3, maxImageAge: Duration.days(3) }]),
  rules('two rules for untagged images', "'rules[1]'",
    () => [expire({ images: UNTAGGED, keepNewest: 1 }), expire({ images: UNTAGGED, keepNewest: 2 })],
    [{ tagStatus: ecr.TagStatus.UNTAGGED, maxImageCount: 1 }, { tagStatus: ecr.TagStatus.UNTAGGED, maxImageCount: 2 }]),
  rules('two rules for any image', "'rules[0]'",
    () => [expire({ images: ANY, keepNewest: 1 }), expire({ images: ANY, keepNewest: 2 })], [{ maxImageCount: 1 }, { maxImageCount: 2 }]),
  rules('a rule for any image before the last', "'rules[0]'",
    () => [expire({ images: ANY, keepNewest: 1 }), expire({ images: UNTAGGED, keepNewest: 2 })],
    [{ rulePriority: 1, maxImageCount: 1 }, { rulePriority: 2, tagStatus: ecr.TagStatus.UNTAGGED, maxImageCount: 2 }]),
  rules('a pattern with five wildcards', "'rules[0].images'",
    () => [expire({ images: ImageSelection.tagPattern('a*b*c*d*e*'), keepNewest: 1 })],
    [{ tagStatus: ecr.TagStatus.TAGGED, tagPatternList: ['a*b*c*d*e*'], maxImageCount: 1 }]),
  rules('an empty tag prefix', "'prefix'",
    () => [expire({ images: ImageSelection.tagPrefix(''), keepNewest: 1 })],
    [{ tagStatus: ecr.TagStatus.TAGGED, tagPrefixList: [''], maxImageCount: 1 }]),
  rules('a list of no prefixes', "'rules[0].images'",
    () => [expire({ images: ImageSelection.anyOfTagPrefixes(), keepNewest: 1 })],
    [{ tagStatus: ecr.TagStatus.TAGGED, tagPrefixList: [], maxImageCount: 1 }]),
  rules('the same tags in two rules', "'rules[1]'",
    () => [expire({ images: ImageSelection.tagPrefix('pr-'), keepNewest: 1 }), expire({ images: ImageSelection.tagPrefix('pr-'), keepNewest: 9 })],
    [1, 9].map(maxImageCount => ({ tagStatus: ecr.TagStatus.TAGGED, tagPrefixList: ['pr-'], maxImageCount }))),
  rules('51 rules', "'rules'",
    () => Array.from({ length: 51 }, (_, index) => expire({ images: ImageSelection.tagPrefix(`p${index}-`), keepNewest: 1 })),
    Array.from({ length: 51 }, (_, index) => ({ tagStatus: ecr.TagStatus.TAGGED, tagPrefixList: [`p${index}-`], maxImageCount: 1 }))),
  rules('a policy of more than 30,720 characters', '30720',
    () => Array.from({ length: 40 }, (_, index) => expire({ images: ImageSelection.tagPrefix(`p${index}-${'x'.repeat(800)}`), keepNewest: 1 })),
    Array.from({ length: 40 }, (_, index) => ({ tagStatus: ecr.TagStatus.TAGGED, tagPrefixList: [`p${index}-${'x'.repeat(800)}`], maxImageCount: 1 }))),
  rules('archived images deleted after 30 days', "archivedFor'",
    () => [LifecycleRule.expireArchived({ images: ANY, archivedFor: Duration.days(30) })], []),

  text('no rules', 'rules', []),
  text('text that is not JSON', 'text', '{"rules":[{"rulePriority":1,"selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":1},'),
  text('a rule with a key that is null', 'countUnit', [rule({ ...any, countUnit: null })]),
  text('a rule with an unknown key', 'tagStatuses', [rule({ ...any, tagStatuses: 'any' })]),
  text('countUnit with a count', 'countUnit', [rule({ ...any, countUnit: 'days' })]),
  text('an age without countUnit', 'countUnit', [rule({ ...untagged, countUnit: undefined })]),
  text('an age in weeks', 'countUnit', [rule({ ...untagged, countUnit: 'weeks' })]),
  text('the same rulePriority twice', 'rulePriority', [rule(untagged, 1), rule(any, 1)]),
  text('rulePriority 0', 'rulePriority', [rule(any, 0)]),
  text('tags for untagged images', 'tagPatternList', [rule({ ...untagged, tagPatternList: ['a'] })]),
  text('prefixes and patterns in one rule', 'tagPatternList', [rule({ ...tagged(['a']), tagPrefixList: ['b'] })]),
  text('a rule for tagged images without tags', 'tagPatternList', [rule({ ...any, tagStatus: 'tagged' })]),
  text('a rule that deletes what was not pulled', 'action', [rule({ ...untagged, countType: 'sinceImagePulled' })]),
  text('an archive age for images in standard storage', 'storageClass', [rule({ ...any, countType: 'sinceImageTransitioned', countUnit: 'days', countNumber: 365 })]),
  text('archived images deleted after 89 days', 'countNumber',
    [rule({ tagStatus: 'any', storageClass: 'archive', countType: 'sinceImageTransitioned', countUnit: 'days', countNumber: 89 })]),
  text('a transition without its storage class', 'targetStorageClass', [rule(untagged, 1, { action: { type: 'transition' } })]),
  text('a storage class for a deletion', 'targetStorageClass', [rule(untagged, 1, { action: { ...moved, type: 'expire' } })]),
  text('a list of tags that was meant as a choice', 'cdk-secure-ecr:SecureRepository.lifecycle', [rule(tagged(['latest', 'main', 'cache'])), rule(any, 2)],
    'nothing matches, as no image has all the tags, and the next rule deletes everything'),
];
