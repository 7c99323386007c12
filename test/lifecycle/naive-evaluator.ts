import { ImageStorageClass, LifecycleAction, type RegistryImage } from '../../lib';

/**
 * What ECR documents about the evaluation of a lifecycle policy, sentence by sentence, with no thought of speed. Shares nothing with
 * the library but the description of an image, so that both can be held against each other.
 */
export interface NaiveDecision {
  readonly action: LifecycleAction;
  readonly rule?: number;
  readonly claimedBy?: number;
}

export interface PolicyRule {
  readonly rulePriority: number;
  readonly selection: {
    readonly tagStatus: string;
    readonly tagPatternList?: string[];
    readonly tagPrefixList?: string[];
    readonly storageClass?: string;
    readonly countType: string;
    readonly countNumber: number;
  };
  readonly action: { readonly type: string };
}

const STRENGTH = [LifecycleAction.KEEP, LifecycleAction.ARCHIVE, LifecycleAction.EXPIRE];
const DAY = 24 * 60 * 60 * 1000;

export function evaluateNaively(policyText: string, images: RegistryImage[], at: Date): Record<string, NaiveDecision> {
  const rules = (JSON.parse(policyText) as { rules: PolicyRule[] }).rules.sort((a, b) => a.rulePriority - b.rulePriority);

  // "The lifecycle policy evaluator goes through all of the rules and marks the images that each rule affects": each on its own.
  const marked = new Map(rules.map(rule => [rule, affectedBy(rule, images, at)]));

  // "An image is expired or archived by exactly one or zero rules." "An image that matches the tagging requirements of a rule
  // cannot be expired or archived by a rule with a lower priority."
  const claims = new Map(images.map(image => [image.digest, rules.find(rule => matches(rule, image))]));
  const actors = new Map(images.map(image => {
    const rule = claims.get(image.digest);
    return [image.digest, rule && marked.get(rule)!.includes(image) ? rule : undefined];
  }));

  // "An image that is referenced by a manifest list cannot be expired or archived without the manifest list being expired or archived
  // first." Found by holding more and more images until no index that stays refers to one that goes.
  let held = new Set<string>();
  for (;;) {
    const next = new Set(images.filter(index => !isArchived(index) && actionOn(index, held) === LifecycleAction.KEEP)
      .flatMap(index => index.references ?? []));
    if ([...next].every(digest => held.has(digest))) {
      break;
    }
    held = new Set([...held, ...next]);
  }

  return Object.fromEntries(images.map(image => {
    const action = actionOn(image, held);
    const actor = actors.get(image.digest);
    const rule = actor && actionOf(actor) === action ? actor.rulePriority : undefined;
    return [image.digest, { action, rule, claimedBy: claims.get(image.digest)?.rulePriority }];
  }));

  // "Reference artifacts are expired or archived within 24 hours after their subject image": the stronger of both.
  function actionOn(image: RegistryImage, holding: Set<string>, seen: RegistryImage[] = []): LifecycleAction {
    if (holding.has(image.digest)) {
      return LifecycleAction.KEEP;
    }
    const actor = actors.get(image.digest);
    const own = actor ? actionOf(actor) : LifecycleAction.KEEP;
    const subject = images.find(other => other.digest === image.subject);
    if (!subject || seen.includes(subject)) {
      return own;
    }
    const followed = actionOn(subject, holding, [...seen, image]);
    return stronger(own, followed === LifecycleAction.ARCHIVE && isArchived(image) ? LifecycleAction.KEEP : followed);
  }
}

function affectedBy(rule: PolicyRule, images: RegistryImage[], at: Date): RegistryImage[] {
  const { countType, countNumber } = rule.selection;
  const matching = images.filter(image => matches(rule, image));
  // "Images are sorted from youngest to oldest based on pushed_at_time and then all images greater than the specified count are
  // expired or archived." Ties by digest: our choice.
  if (countType === 'imageCountMoreThan') {
    return [...matching].sort((a, b) => pushTime(b) - pushTime(a) || (a.digest < b.digest ? -1 : 1)).slice(countNumber);
  }
  // "All images whose pushed_at_time is older than the specified number of days", and so on.
  return matching.filter(image => at.getTime() - startOfAge(countType, image) > countNumber * DAY);
}

/** "The image's last_recorded_pulltime; pushed_at_time if it was never pulled; last_activated_at if restored and not pulled since." */
function startOfAge(countType: string, image: RegistryImage): number {
  if (countType === 'sinceImageTransitioned') {
    return image.archivedAt!.getTime();
  }
  if (countType === 'sinceImagePushed' || !image.lastPulledAt) {
    return pushTime(image);
  }
  return Math.max(image.lastPulledAt.getTime(), image.activatedAt?.getTime() ?? -Infinity);
}

/** "If an image was ever restored, last_activated_at is used instead of pushed_at_time." */
function pushTime(image: RegistryImage): number {
  return (image.activatedAt ?? image.pushedAt).getTime();
}

function matches({ selection }: PolicyRule, image: RegistryImage): boolean {
  const { tagStatus, tagPatternList, tagPrefixList, storageClass = 'standard' } = selection;
  const tags = image.tags ?? [];
  if ((storageClass === 'archive') !== isArchived(image)) {
    return false;
  }
  if (tagStatus !== 'tagged') {
    return tagStatus === 'any' || tags.length === 0;
  }
  // "An image is matched if all of the tags in the list are matched against any of the image's tags."
  return tagPatternList
    ? tagPatternList.every(pattern => tags.some(tag => glob(pattern, tag)))
    : tagPrefixList!.every(prefix => tags.some(tag => tag.slice(0, prefix.length) === prefix));
}

/** Letter by letter. */
function glob(pattern: string, tag: string): boolean {
  if (pattern === '') {
    return tag === '';
  }
  return pattern[0] === '*'
    ? glob(pattern.slice(1), tag) || (tag !== '' && glob(pattern, tag.slice(1)))
    : pattern[0] === tag[0] && glob(pattern.slice(1), tag.slice(1));
}

function isArchived(image: RegistryImage): boolean {
  return image.storageClass === ImageStorageClass.ARCHIVE;
}

function actionOf(rule: PolicyRule): LifecycleAction {
  return rule.action.type === 'expire' ? LifecycleAction.EXPIRE : LifecycleAction.ARCHIVE;
}

function stronger(a: LifecycleAction, b: LifecycleAction): LifecycleAction {
  return STRENGTH.indexOf(a) > STRENGTH.indexOf(b) ? a : b;
}
