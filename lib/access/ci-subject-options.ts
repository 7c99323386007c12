/**
 * Options for `CiSubject.github`.
 */
export interface GitHubSubjectOptions {
  /**
   * The organization or user that owns the repository, spelled as on GitHub: capital letters count.
   */
  readonly owner: string;

  /**
   * The name of the repository, spelled as on GitHub. With wildcards, `reusableWorkflows` must say which alone may push.
   */
  readonly repo: string;

  /**
   * The number of the owner, from `gh api repos/OWNER/REPO --jq .owner.id`; with `repoId`, unless `repo` has wildcards.
   *
   * @default - names only, which is a warning on github.com
   */
  readonly ownerId?: string;

  /**
   * The number of the repository, from `gh api repos/OWNER/REPO --jq .id`.
   *
   * Repositories that were created, renamed or transferred since 15 July 2026, and those that opted in, send both numbers
   * (`repo:octo@1/api@2:…`), others neither: see `gh api repos/OWNER/REPO/actions/oidc/customization/sub`.
   *
   * @see https://docs.github.com/en/actions/reference/security/oidc#immutable-subject-claims
   * @default - names only, which is a warning on github.com
   */
  readonly repoId?: string;

  /**
   * Branches such as `main` or `release/*`, without `refs/heads/`. All of them, `*`, are a warning.
   *
   * @default - none; with `environments` and no `tags`, any ref
   */
  readonly branches?: string[];

  /**
   * Tags such as `v*`, without `refs/tags/`.
   *
   * @default - none; with `environments` and no `branches`, any ref
   */
  readonly tags?: string[];

  /**
   * Environments that the job must name. Without `branches` or `tags` a warning, because the job of a pull request can name one that is not
   * protected.
   *
   * @default - the job must name none
   */
  readonly environments?: string[];

  /**
   * Reusable workflows, one of which the job must be part of, such as `octo/ci/.github/workflows/push.yml@refs/heads/main`; wildcards
   * in the name of the ref only. One at any branch is a warning.
   *
   * @default - any workflow
   */
  readonly reusableWorkflows?: string[];

  /**
   * Who issues the tokens: another URL on GHE.com and GitHub Enterprise Server.
   *
   * @default 'https://token.actions.githubusercontent.com'
   */
  readonly issuer?: string;

  /**
   * For whom the tokens are issued.
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
   * The path of the project with its groups, such as `group/subgroup/api`, spelled as on GitLab: capital letters count.
   *
   * A warning on gitlab.com, because somebody else may get the path, and AWS documents no condition for the id of a project.
   */
  readonly projectPath: string;

  /**
   * Branches such as `main` or `release/*`. All of them, `*`, are a warning unless they must be protected.
   *
   * @default - no branch
   */
  readonly branches?: string[];

  /**
   * Tags such as `v*`.
   *
   * @default - no tag
   */
  readonly tags?: string[];

  /**
   * Whether the branch or tag must be protected, which AWS reads for gitlab.com only.
   *
   * @default - true for gitlab.com
   */
  readonly protectedRefsOnly?: boolean;

  /**
   * The URL of the GitLab, which AWS must reach.
   *
   * @default 'https://gitlab.com'
   */
  readonly issuer?: string;

  /**
   * The `aud` of the `id_tokens` in the job.
   *
   * @default - the `issuer`
   */
  readonly audience?: string;
}
