/**
 * The settings of an organization that rules read.
 */
export interface CheckOptions {
  /** Whether only errors are wanted. */
  readonly errorsOnly?: boolean;
}
