import { BRAND, brand } from '../../private/core/brand';
import type { LifecycleAction } from './lifecycle-action';
import { assumptionsFor, reasonFor } from './preview-reason';
import type { PreviewRun } from './preview-run';
import type { RegistryImage } from './registry-image';

/**
 * What a lifecycle policy does to one image, and why.
 */
export class LifecycleDecision {
  static {
    brand(this, 'LifecycleDecision');
  }

  /**
   * @internal
   */
  public static _of(run: PreviewRun, index: number): LifecycleDecision {
    return new LifecycleDecision(run, index);
  }

  /**
   * The image.
   */
  public readonly image: RegistryImage;

  /**
   * What happens to it.
   */
  public readonly action: LifecycleAction;

  /**
   * The priority of the rule that acts on the image.
   *
   * Not set when the image stays, and when it only goes because its subject goes.
   */
  public readonly rule?: number;

  /**
   * The priority of the first rule that selects the image. No rule below can act on the image, even when this one keeps it.
   *
   * Not set when no rule selects the image.
   */
  public readonly claimedBy?: number;

  readonly #run: PreviewRun;
  readonly #index: number;
  private declare readonly [BRAND]: 'LifecycleDecision';

  private constructor(run: PreviewRun, index: number) {
    this.image = run.images[index];
    this.action = run.actionOf(index);
    this.rule = run.rules[run.actingRuleOf(index)]?.priority;
    this.claimedBy = run.rules[run.evaluation.claimedBy[index]]?.priority;
    this.#run = run;
    this.#index = index;
  }

  /**
   * Why, in one sentence.
   */
  public get reason(): string {
    return reasonFor(this.#run, this.#index);
  }

  /**
   * What the decision rests on although AWS does not document it; mostly empty.
   */
  public get assumptions(): string[] {
    return assumptionsFor(this.#run, this.#index);
  }
}
