import type { RepositoryNaming } from '../repository/repository-naming';

/**
 * Properties for defining `EcrChecks`.
 */
export interface EcrChecksProps {
  /**
   * The rules whose findings fail the synthesis, such as `mutableTags`; all others are warnings.
   *
   * For an existing app, start with `[]` and add rules one at a time. Throws if a name is not a rule.
   *
   * @default - the severity of each rule in the documentation
   */
  readonly errors?: string[];

  /**
   * The naming convention for repositories. Another name, or none, is a finding of `namingConvention`, with the nearest valid name.
   *
   * @default - any name
   */
  readonly naming?: RepositoryNaming;

  /**
   * The keys of the tags that repositories and creation templates must have, with the values that each may have; `[]` is for any value.
   * Tags of the stack count for repositories. Others are findings of `missingTag`.
   *
   * @default - no tags
   */
  readonly requiredTags?: { [key: string]: string[] };

  /**
   * The hosts of the registries that pull through caches may have as upstreams, such as `public.ecr.aws` or, with `*` for any text,
   * `111122223333.dkr.ecr.*.amazonaws.com`. Others are findings of `forbiddenUpstream`; `[]` allows no cache.
   *
   * @default - all upstreams
   */
  readonly allowedUpstreams?: string[];
}
