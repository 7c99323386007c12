/**
 * The requirements of Amazon ECR for the secret of a pull through cache rule.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-creating-secret.html
 */

/** The prefix of its name. */
export const SECRET_PREFIX = 'ecr-pullthroughcache/';

/** The only key that may encrypt it. */
export const SECRET_KEY = 'alias/aws/secretsmanager';
