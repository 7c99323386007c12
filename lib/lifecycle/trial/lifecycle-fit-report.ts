/**
 * A promise, and what a policy makes of it.
 */
export interface LifecycleFitPromise {
  /** The tag. */
  readonly tag: string;

  /** What is promised: `days of rollback` or `images`. */
  readonly unit: string;

  /** The amount that is promised. */
  readonly promised: number;

  /** The amount on the worst day, from the day on which the repository is old enough, with pushes at equal intervals. */
  readonly reached: number;

  /** How much more is reached than promised; negative when the promise is broken. */
  readonly margin: number;

  /**
   * The amount on the worst day of the worst simulated run.
   *
   * @default - no runs
   */
  readonly worstReached?: number;

  /** Whether the promise holds on every day of every run. */
  readonly isKept: boolean;
}

/**
 * A rule of a policy that was found, and why it is so.
 */
export interface LifecycleFitRule {
  /** The priority of the rule. */
  readonly priority: number;

  /** The rule in words. */
  readonly rule: string;

  /** Why the rule keeps so much, and not less. */
  readonly reason: string;
}
