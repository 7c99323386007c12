/**
 * A lifecycle policy of Amazon ECR.
 */
export class LifecyclePolicy {
  /**
   * Expires untagged images after 7 days and keeps the newest 500 images.
   */
  public static standard(): LifecyclePolicy {
    return new LifecyclePolicy('{"rules":[{"rulePriority":1,"selection":{"tagStatus":"untagged","countType":"sinceImagePushed","countUnit":"days","countNumber":7},"action":{"type":"expire"}},{"rulePriority":2,"selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":500},"action":{"type":"expire"}}]}');
  }

  private constructor(private readonly text: string) {}

  /**
   * The policy as minified JSON.
   */
  public toJson(): string {
    return this.text;
  }

  /**
   * What is legal in the policy but surely not meant.
   */
  public findings(): LifecycleFinding[] {
    return [];
  }
}

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
