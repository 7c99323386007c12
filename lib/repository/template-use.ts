/**
 * An occasion on which Amazon ECR creates a repository by itself and looks for a template.
 */
export enum TemplateUse {
  /**
   * The first pull of an image through a cache.
   */
  PULL_THROUGH_CACHE = 'PULL_THROUGH_CACHE',

  /**
   * The first image that another Region or account replicates into this registry.
   */
  REPLICATION = 'REPLICATION',

  /**
   * A push to a repository that does not exist.
   *
   * Whoever may push and has `ecr:CreateRepository` can then make repositories below the prefix.
   */
  CREATE_ON_PUSH = 'CREATE_ON_PUSH',
}
