/**
 * Options for `CiSubject.github`.
 */
export interface GitHubSubjectOptions {
  /**
   * The organization or user that owns the repository, spelled as on GitHub: it is case-sensitive.
   */
  readonly owner: string;

  /**
   * The name of the repository, spelled as on GitHub. With wildcards, `reusableWorkflows` is required.
   */
  readonly repo: string;

  /**
   * The number of the owner, from `gh api repos/OWNER/REPO --jq .owner.id`. Requires `repoId`, unless `repo` has wildcards.
   *
   * @default - the role trusts the names only, which is a warning on github.com
   */
  readonly ownerId?: string;

  /**
   * The number of the repository, from `gh api repos/OWNER/REPO --jq .id`.
   *
   * Repositories that were created, renamed or transferred since 15 July 2026, and repositories that opted in, send both
   * ids (`repo:octo@1/api@2:…`). Other repositories send none. See `gh api repos/OWNER/REPO/actions/oidc/customization/sub`.
   *
   * @see https://docs.github.com/en/actions/reference/security/oidc#immutable-subject-claims
   * @default - the role trusts the names only, which is a warning on github.com
   */
  readonly repoId?: string;

  /**
   * The branches, such as `main` or `release/*`, without `refs/heads/`. All branches, `*`, are a warning.
   *
   * @default - none; with `environments` and no `tags`, any ref
   */
  readonly branches?: string[];

  /**
   * The tags, such as `v*`, without `refs/tags/`.
   *
   * @default - none; with `environments` and no `branches`, any ref
   */
  readonly tags?: string[];

  /**
   * The environments that the job must use. Without `branches` or `tags` they are a warning, because the job of a pull request can use an
   * environment that is not protected.
   *
   * @default - the job must not use an environment
   */
  readonly environments?: string[];

  /**
   * The reusable workflows, of which the job must use one, such as `octo/ci/.github/workflows/push.yml@refs/heads/main`; wildcards
   * are valid in the name of the ref only. A workflow at any branch is a warning.
   *
   * @default - any workflow
   */
  readonly reusableWorkflows?: string[];

  /**
   * The issuer of the tokens. GHE.com and GitHub Enterprise Server have other URLs.
   *
   * @default 'https://token.actions.githubusercontent.com'
   */
  readonly issuer?: string;

  /**
   * The audience of the tokens.
   *
   * @default 'sts.amazonaws.com', for aws-actions/configure-aws-credentials
   */
  readonly audience?: string;
}

/**
 * Options for `CiSubject.gitlab`.
 */
export interface GitLabSubjectOptions {
  /**
   * The path of the project with its groups, such as `group/subgroup/api`, spelled as on GitLab: it is case-sensitive.
   *
   * It is a warning on gitlab.com, because another user can take over the path, and AWS documents no condition for the id of a project.
   */
  readonly projectPath: string;

  /**
   * The branches, such as `main` or `release/*`. All branches, `*`, are a warning unless they must be protected.
   *
   * @default - no branch
   */
  readonly branches?: string[];

  /**
   * The tags, such as `v*`.
   *
   * @default - no tag
   */
  readonly tags?: string[];

  /**
   * Whether the branch or tag must be protected. AWS supports this claim for gitlab.com only.
   *
   * @default - true for gitlab.com
   */
  readonly protectedRefsOnly?: boolean;

  /**
   * The URL of the GitLab server. It must be reachable from AWS.
   *
   * @default 'https://gitlab.com'
   */
  readonly issuer?: string;

  /**
   * The audience: the `aud` of the `id_tokens` in the job.
   *
   * @default - the `issuer`
   */
  readonly audience?: string;
}
