/**
 * Something legal in a lifecycle policy that is surely not meant.
 */
export interface LifecycleFinding {
  /**
   * A stable id in camelCase.
   */
  readonly id: string;

  /**
   * What is wrong and the way out.
   */
  readonly message: string;
}
