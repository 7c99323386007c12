import { BRAND, brand } from '../../private/core/brand';
import type { LifecycleAction } from './lifecycle-action';
import { assumptionsFor } from './preview-assumptions';
import { reasonFor } from './preview-reason';
import type { PreviewRun } from './preview-run';
import type { RegistryImage } from './registry-image';

/**
 * The action of a lifecycle policy on one image, and the reason.
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

  // Getters, because there may be a million decisions.
  readonly #run: PreviewRun;
  readonly #index: number;
  private declare readonly [BRAND]: 'LifecycleDecision';

  private constructor(run: PreviewRun, index: number) {
    this.#run = run;
    this.#index = index;
  }

  /**
   * The image.
   */
  public get image(): RegistryImage {
    return this.#run.images[this.#index];
  }

  /**
   * The action of the policy on the image.
   */
  public get action(): LifecycleAction {
    return this.#run.actionOf(this.#index);
  }

  /**
   * The priority of the rule that acts on the image.
   *
   * Not set when the image is kept, and when it only follows its subject.
   */
  public get rule(): number | undefined {
    return this.#run.rules[this.#run.actingRuleOf(this.#index)]?.priority;
  }

  /**
   * The priority of the first rule that selects the image. No rule below can act on the image, even when this one keeps it.
   *
   * Not set when no rule selects the image.
   */
  public get claimedBy(): number | undefined {
    return this.#run.rules[this.#run.evaluation.claimedBy[this.#index]]?.priority;
  }

  /**
   * The reason in one sentence: the rule, the tag that it matches, the age or place of the image, and the limit.
   */
  public get reason(): string {
    return reasonFor(this.#run, this.#index);
  }

  /**
   * Choices of the preview that decide about the image where AWS documents none; mostly empty.
   */
  public get assumptions(): string[] {
    return assumptionsFor(this.#run, this.#index);
  }
}
