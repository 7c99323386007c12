import { isKnown } from '../../private/core/values';
import { EXAMPLE_AT } from '../findings/example-images';
import type { FindingDraft, Rewrite } from '../findings/finding-draft';
import type { LifecycleFinding } from '../lifecycle-finding';
import { renderRules, type RuleModel } from '../rule-model';
import { policyProblems, policyTextProblems } from '../rule-problems';
import { shortTag } from './image-name';
import { LifecycleAction } from './lifecycle-action';
import { PreviewRun } from './preview-run';
import { ImageStorageClass, type RegistryImage } from './registry-image';

/**
 * A finding that a preview has confirmed, with a rewritten policy that a preview has tried; nothing if it was a false alarm.
 */
export function confirm(draft: FindingDraft, rules: readonly RuleModel[]): LifecycleFinding[] {
  const { id, problem, images = [], lost, onlyIfLost, rewrites, advice } = draft;
  const evaluable = rules.every(rule => isKnown(rule.countNumber) && rule.tags.entries.every(isKnown));
  const index = evaluable && lost ? images.indexOf(lost) : -1;
  const action = index === -1 ? LifecycleAction.KEEP : actionOn(rules, images, index);
  const isLost = action !== LifecycleAction.KEEP;
  if (onlyIfLost && !isLost) {
    return [];
  }

  const keeps = (rewrite: Rewrite) => {
    const kept = isLost ? actionOn(rewrite.rules, images, index) : LifecycleAction.KEEP;
    return kept === LifecycleAction.KEEP || (kept === LifecycleAction.ARCHIVE && action === LifecycleAction.EXPIRE);
  };
  const rewrite = evaluable ? rewrites.map(renumber).find(candidate => isPolicy(candidate.rules) && keeps(candidate)) : undefined;
  const example = isLost ? `for example, ${describeLost(lost!)} is ${action === LifecycleAction.EXPIRE ? 'deleted' : 'archived'}` : undefined;
  return [{
    id,
    message: [problem, ...example ? [example] : [], rewrite?.advice ?? advice].join('; '),
    ...isLost ? { loss: { images: [...images], at: EXAMPLE_AT, digest: lost!.digest } } : {},
    ...rewrite ? { rewrittenPolicy: renderRules(rewrite.rules) } : {},
  }];
}

function actionOn(rules: readonly RuleModel[], images: readonly RegistryImage[], index: number): LifecycleAction {
  return new PreviewRun(rules, images, EXAMPLE_AT.getTime()).actionOf(index);
}

function renumber({ rules, advice }: Rewrite): Rewrite {
  return { rules: rules.map((rule, index) => ({ ...rule, path: `rules[${index}]`, priority: index + 1 })), advice };
}

function isPolicy(rules: readonly RuleModel[]): boolean {
  return rules.length > 0 && policyProblems(rules).length === 0 && policyTextProblems('rules', renderRules(rules)).length === 0;
}

/** `an image tagged 'prod' and 'sha-1', pushed 31 days ago,`. */
function describeLost(image: RegistryImage): string {
  const tags = image.tags!.map(tag => `'${shortTag(tag)}'`).join(' and ');
  const since = image.storageClass === ImageStorageClass.ARCHIVE ? image.archivedAt! : image.pushedAt;
  const hours = Math.floor((EXAMPLE_AT.getTime() - since.getTime()) / 3_600_000);
  const [amount, unit] = hours < 48 ? [Math.max(1, hours), 'hour'] : [Math.floor(hours / 24), 'day'];
  const event = image.storageClass === ImageStorageClass.ARCHIVE ? 'archived' : 'pushed';
  return `${tags === '' ? 'an untagged image' : `an image tagged ${tags}`}, ${event} ${amount} ${unit}${amount === 1 ? '' : 's'} ago,`;
}
