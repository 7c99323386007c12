/**
 * A use of repository creation templates: a case in which Amazon ECR creates a repository.
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
   * A principal that may push and has `ecr:CreateRepository` can then create repositories below the prefix.
   */
  CREATE_ON_PUSH = 'CREATE_ON_PUSH',
}
