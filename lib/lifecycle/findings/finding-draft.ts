import type { RuleModel } from '../rule-model';
import type { RegistryImage } from '../trial/registry-image';

/**
 * A rewritten policy, and the advice that describes the change.
 */
export interface Rewrite {
  readonly rules: readonly RuleModel[];
  readonly advice: string;
}

/**
 * A finding before a preview has confirmed it.
 */
export interface FindingDraft {
  readonly id: string;
  /** The consequence. */
  readonly problem: string;
  /** The images of an example. */
  readonly images?: readonly RegistryImage[];
  /** The image among them that is lost. */
  readonly lost?: RegistryImage;
  /** Whether the finding is only true if a preview loses the image. */
  readonly onlyIfLost: boolean;
  /** The first one that keeps the image is recommended. */
  readonly rewrites: readonly Rewrite[];
  /** The advice if none does. */
  readonly advice: string;
}
