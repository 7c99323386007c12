import { linkImages, OUTCOME, settle, type ImageLinks } from './dependents';
import { compileRules, evaluate, NONE, type CompiledRule, type Evaluation, type ImageTable } from './evaluation';
import { LifecycleAction } from './lifecycle-decision';
import { newestFirst } from './newest-first';
import { assumptionsFor, reasonFor } from './preview-reason';
import { ImageStorageClass, type RegistryImage } from './registry-image';
import type { RuleModel } from './rule-model';

const UNTAGGED: string[] = [];

/** By outcome. */
const ACTIONS = [LifecycleAction.KEEP, LifecycleAction.ARCHIVE, LifecycleAction.EXPIRE];

/**
 * One evaluation of a policy over the images of a repository, with all that its explanations need.
 */
export class PreviewRun {
  public readonly rules: CompiledRule[];
  public readonly table: ImageTable;
  public readonly links: ImageLinks;
  public readonly evaluation: Evaluation;
  public readonly outcomes: Uint8Array;
  private readonly own: Uint8Array;

  constructor(rules: readonly RuleModel[], public readonly images: readonly RegistryImage[], public readonly at: number) {
    this.rules = compileRules(rules);
    this.links = linkImages(images);
    this.table = tableOf(this.rules, images, this.links);
    this.evaluation = evaluate(this.rules, this.table, at);
    this.own = new Uint8Array(images.length);
    for (let image = 0; image < images.length; image++) {
      this.own[image] = outcomeOf(this.rules[this.evaluation.actedOnBy[image]]);
    }
    this.outcomes = settle(images, this.links, this.own);
  }

  public actionOf(image: number): LifecycleAction {
    return ACTIONS[this.outcomes[image]];
  }

  /** The rule that acts on an image, or `NONE` when it stays or only follows its subject. */
  public actingRuleOf(image: number): number {
    return this.outcomes[image] === this.own[image] ? this.evaluation.actedOnBy[image] : NONE;
  }

  public reasonFor(image: number): string {
    return reasonFor(this, image);
  }

  public assumptionsFor(image: number): string[] {
    return assumptionsFor(this, image);
  }
}

function outcomeOf(rule: RuleModel | undefined): number {
  if (!rule) {
    return OUTCOME.keep;
  }
  return rule.action === 'expire' ? OUTCOME.expire : OUTCOME.archive;
}

function tableOf(rules: readonly CompiledRule[], images: readonly RegistryImage[], links: ImageLinks): ImageTable {
  const size = images.length;
  const pushed = new Float64Array(size);
  const pulled = new Float64Array(size);
  const archived = new Float64Array(size);
  for (let index = 0; index < size; index++) {
    const { pushedAt, activatedAt, lastPulledAt, archivedAt } = images[index];
    pushed[index] = (activatedAt ?? pushedAt).getTime();
    pulled[index] = lastPulledAt && !(activatedAt && activatedAt > lastPulledAt) ? lastPulledAt.getTime() : pushed[index];
    archived[index] = archivedAt?.getTime() ?? 0;
  }

  const standardRules = rulesOf(rules, 'standard');
  const archiveRules = rulesOf(rules, 'archive');
  const selected: number[] = [];
  const rulesFor = (index: number) => {
    const { tags = UNTAGGED, storageClass } = images[index];
    selected.length = 0;
    for (const rule of storageClass === ImageStorageClass.ARCHIVE ? archiveRules : standardRules) {
      if (rules[rule].selects(tags)) {
        selected.push(rule);
      }
    }
    return selected;
  };
  const order = newestFirst(pushed, index => images[index].digest);
  return { newestFirst: order, pushed, pulled, archived, rulesFor, isReferenced: index => links.indexesOf.has(index) };
}

function rulesOf(rules: readonly RuleModel[], storageClass: RuleModel['storageClass']): number[] {
  return [...rules.keys()].filter(index => rules[index].storageClass === storageClass);
}
