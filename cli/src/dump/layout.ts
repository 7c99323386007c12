import { join } from 'node:path';

/**
 * The files of a dump. Each holds what the AWS CLI prints for one call, complete, without a `NextToken`; the call that failed has a
 * file with the error message instead.
 *
 * ```
 * <dump>/<account>/<region>/describe-repositories.json
 *                           describe-registry.json
 *                           get-registry-policy.error.txt
 *                           get-account-setting/BLOB_MOUNTING.json
 *                           describe-key/<key id>.json
 *                           repositories/team%2Fweb/describe-images.json
 *                                                   get-lifecycle-policy.json
 * ```
 */
export const layout = {
  registry: (dump: string, account: string, region: string): string => join(dump, account, region),
  repository: (registry: string, name: string): string => join(registry, 'repositories', encoded(name)),
  named: (registry: string, operation: string, name: string): string => join(registry, operation, encoded(name)),
  output: (path: string, operation: string): string => `${join(path, operation)}.json`,
  error: (path: string, operation: string): string => `${join(path, operation)}.error.txt`,
};

/** A name as one part of a path: in the name of a repository, only `/` is encoded. */
function encoded(name: string): string {
  return name.replace(/[^a-zA-Z0-9._-]/g, character => encodeURIComponent(character));
}
