/**
 * What Amazon ECR asks of the secret of a pull through cache rule.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-creating-secret.html
 */

/** How its name begins. */
export const SECRET_PREFIX = 'ecr-pullthroughcache/';

/** The only key that may encrypt it. */
export const SECRET_KEY = 'alias/aws/secretsmanager';
