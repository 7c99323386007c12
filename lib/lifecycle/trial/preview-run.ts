import type { RuleModel } from '../rule-model';
import { compileRules, type CompiledRule } from './compiled-rule';
import { linkImages, OUTCOME, settle, type ImageLinks } from './dependents';
import { evaluate, NONE, type Evaluation } from './evaluation';
import { readImages, type ImageTable } from './image-table';
import { LifecycleAction } from './lifecycle-action';
import type { RegistryImage } from './registry-image';

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
    this.table = readImages(this.rules, images, at);
    this.links = linkImages(this.table.linked ? images : []);
    this.evaluation = evaluate(this.rules, this.table, at, this.links.indexesOf);
    this.own = new Uint8Array(images.length);
    const outcomes = Uint8Array.from([undefined, ...this.rules], outcomeOf); // the first one is for no rule
    const { actedOnBy } = this.evaluation;
    for (let image = 0; image < images.length; image++) {
      this.own[image] = outcomes[actedOnBy[image] - NONE];
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
}

/**
 * The outcome for an image on which a rule acts.
 */
export function outcomeOf(rule: RuleModel | undefined): number {
  if (!rule) {
    return OUTCOME.keep;
  }
  return rule.action === 'expire' ? OUTCOME.expire : OUTCOME.archive;
}
