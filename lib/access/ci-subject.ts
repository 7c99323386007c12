import { failUnscopedIfAny } from '../private/errors';
import { gitHubProblems, gitLabProblems, type GitHubNames } from './ci-subject-problems';

const GITHUB = 'https://token.actions.githubusercontent.com';
const GITLAB = 'https://gitlab.com';

/**
 * Options for `CiSubject.gitHub`.
 */
export interface GitHubSubjectOptions {
  /**
   * The organization or user that owns the repository, spelled as GitHub shows it: capital letters count.
   */
  readonly owner: string;

  /**
   * The name of the repository without its owner, spelled as GitHub shows it. With wildcards (`*`, `?`) `reusableWorkflows` must
   * say which workflows alone may push.
   */
  readonly repo: string;

  /**
   * The number of the owner, from `gh api repos/OWNER/REPO --jq .owner.id`; comes with `repoId`, unless `repo` has wildcards.
   *
   * @default - the subject has names only; a warning on github.com
   */
  readonly ownerId?: string;

  /**
   * The number of the repository, from `gh api repos/OWNER/REPO --jq .id`.
   *
   * Repositories that were created, renamed or transferred since 15 July 2026, and those that opted in, send both numbers in their
   * subject (`repo:octo@1/api@2:ref:refs/heads/main`), the others neither:
   * `gh api repos/OWNER/REPO/actions/oidc/customization/sub` says which.
   *
   * @see https://docs.github.com/en/actions/reference/security/oidc#immutable-subject-claims
   * @default - the subject has names only; a warning on github.com
   */
  readonly repoId?: string;

  /**
   * Branches such as `main` or `release/*`, without `refs/heads/`.
   *
   * @default - no branch, or any ref if `environments` are given without `tags`
   */
  readonly branches?: string[];

  /**
   * Tags such as `v*`, without `refs/tags/`.
   *
   * @default - no tag, or any ref if `environments` are given without `branches`
   */
  readonly tags?: string[];

  /**
   * Deployment environments that the job must name. Protect them, or give `branches` or `tags` as well, which then must hold too:
   * the job of a pull request can name an environment.
   *
   * @default - the job must name no environment
   */
  readonly environments?: string[];

  /**
   * Reusable workflows, one of which the job must be part of, such as
   * `octo/ci/.github/workflows/push.yml@refs/heads/main`; wildcards only behind `@refs/heads/` or `@refs/tags/`.
   *
   * @default - any workflow
   */
  readonly reusableWorkflows?: string[];

  /**
   * Who issues the tokens: another one on GHE.com and GitHub Enterprise Server.
   *
   * @default 'https://token.actions.githubusercontent.com'
   */
  readonly issuer?: string;

  /**
   * For whom the tokens are issued.
   *
   * @default 'sts.amazonaws.com', as the action aws-actions/configure-aws-credentials asks for
   */
  readonly audience?: string;
}

/**
 * Options for `CiSubject.gitLab`.
 */
export interface GitLabSubjectOptions {
  /**
   * The path of the project with all its groups, such as `group/subgroup/api`, spelled as GitLab shows it: capital letters count.
   */
  readonly projectPath: string;

  /**
   * Branches such as `main` or `release/*`.
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
   * Whether the branch or tag must be protected in GitLab. AWS can tell for gitlab.com only: on a GitLab of your own, protect what
   * `branches` and `tags` name.
   *
   * @default - true for gitlab.com
   */
  readonly protectedRefsOnly?: boolean;

  /**
   * The URL of the GitLab instance, which AWS must reach.
   *
   * @default 'https://gitlab.com'
   */
  readonly issuer?: string;

  /**
   * The `aud` of the `id_tokens` in the job.
   *
   * @default - the URL of the instance
   */
  readonly audience?: string;
}

interface Trust {
  readonly subjects: string[];
  readonly claims: Readonly<Record<string, string[] | undefined>>;
  /** The names of a repository, if the subject has no numbers where it could. */
  readonly recyclable?: string;
}

/**
 * The jobs of a CI system that may push, by the `sub` claim of their OIDC tokens and a few claims more.
 *
 * Lists are alternatives; different props must all hold. A pull or merge request from a fork matches none of them. Wildcards are `*`
 * for any text and `?` for any one character. The `sub` is the one that the CI system sends unless it was customized.
 */
export class CiSubject {
  /**
   * Jobs of GitHub Actions in a repository: on branches, on tags, or in environments, at least one of which must be named.
   *
   * Together with `branches` or `tags`, `environments` and `reusableWorkflows` are checked by claims of their own, which AWS reads
   * for github.com and GHE.com. Never check out the code of a pull request in a workflow that `pull_request_target` starts.
   *
   * @see https://docs.github.com/en/actions/reference/security/oidc
   * @param options which jobs
   */
  public static gitHub(options: GitHubSubjectOptions): CiSubject {
    const { issuer = GITHUB, audience = 'sts.amazonaws.com', reusableWorkflows } = options;
    failUnscopedIfAny('InvalidCiSubject', gitHubProblems({ ...options, issuer, audience }));

    const { branches = [], tags = [], environments } = options;
    const refs = [...branches.map(branch => `refs/heads/${branch}`), ...tags.map(tag => `refs/tags/${tag}`)];
    const contexts = environments ? environments.map(name => `environment:${name.replace(/:/g, '%3A')}`) : refs.map(ref => `ref:${ref}`);
    return new CiSubject(issuer, audience, {
      subjects: contexts.map(context => `repo:${gitHubPath(options)}:${context}`),
      claims: { job_workflow_ref: reusableWorkflows, ref: environments && refs.length > 0 ? refs : undefined },
      recyclable: issuer === GITHUB && options.ownerId === undefined ? `${options.owner}/${options.repo}` : undefined,
    });
  }

  /**
   * Jobs of GitLab CI/CD in a project: on branches or on tags, at least one of which must be named.
   *
   * The environment of a job is in no claim that AWS reads: deploy to protected environments from protected branches.
   *
   * @see https://docs.gitlab.com/ci/cloud_services/aws/
   * @param options which jobs
   */
  public static gitLab(options: GitLabSubjectOptions): CiSubject {
    const { issuer = GITLAB, audience = issuer } = options;
    failUnscopedIfAny('InvalidCiSubject', gitLabProblems({ ...options, issuer, audience }));

    const { projectPath, branches = [], tags = [], protectedRefsOnly = issuer === GITLAB } = options;
    return new CiSubject(issuer, audience, {
      subjects: [...branches.map(branch => `branch:ref:${branch}`), ...tags.map(tag => `tag:ref:${tag}`)]
        .map(ref => `project_path:${projectPath}:ref_type:${ref}`),
      claims: { ref_protected: protectedRefsOnly ? ['true'] : undefined },
    });
  }

  private constructor(
    /**
     * Who issues the tokens.
     */
    public readonly issuer: string,
    /**
     * For whom the tokens are issued.
     */
    public readonly audience: string,
    /** @internal */
    public readonly _trust: Trust,
  ) {}
}

function gitHubPath({ owner, ownerId, repo, repoId }: GitHubNames): string {
  const [ownerPart, repoPart] = [[owner, ownerId], [repo, repoId]].map(parts => parts.filter(part => part !== undefined).join('@'));
  return `${ownerPart}/${repoPart}`;
}
