import { BRAND } from '../private/core/brand';
import { failUnscopedIfAny } from '../private/core/errors';
import { orUntilLookup } from '../private/core/values';
import { publicClass } from '../private/input/public-class';
import { gitHubDoubts, gitLabDoubts, type SubjectDoubt } from './ci-subject-doubts';
import type { GitHubSubjectOptions, GitLabSubjectOptions } from './ci-subject-options';
import { gitHubProblems, gitLabProblems, type GitHubNames } from './ci-subject-problems';

const GITHUB = 'https://token.actions.githubusercontent.com';
const GITLAB = 'https://gitlab.com';

interface Trust {
  readonly subjects: string[];
  readonly claims: Readonly<Record<string, string[] | undefined>>;
  /** The reasons why other jobs than the intended ones can push. */
  readonly doubts: SubjectDoubt[];
}

/**
 * The jobs of a CI system that may push, by the standard `sub` claim of their OIDC tokens. A customized `sub` claim never matches.
 *
 * The entries of a list are alternatives; a job must match all props. `*` matches any text and `?` matches any one character. A
 * pull or merge request of a fork never matches.
 */
export class CiSubject {
  static {
    publicClass(this, 'CiSubject');
  }

  /**
   * Jobs of GitHub Actions on branches or tags, or in environments, of which at least one is required.
   *
   * AWS supports `environments` together with `branches` or `tags`, and `reusableWorkflows`, for github.com and GHE.com only. Do
   * not check out a pull request in a workflow that `pull_request_target` starts.
   *
   * @see https://docs.github.com/en/actions/reference/security/oidc
   * @param options the jobs
   */
  public static github(options: GitHubSubjectOptions): CiSubject {
    const issuer = orUntilLookup(options.issuer, undefined) ?? GITHUB;
    const { audience = 'sts.amazonaws.com', reusableWorkflows } = options;
    failUnscopedIfAny('InvalidCiSubject', gitHubProblems({ ...options, issuer, audience }));

    const { branches = [], tags = [], environments } = options;
    const refs = [...branches.map(branch => `refs/heads/${branch}`), ...tags.map(tag => `refs/tags/${tag}`)];
    const contexts = environments ? environments.map(name => `environment:${name.replace(/:/g, '%3A')}`) : refs.map(ref => `ref:${ref}`);
    return new CiSubject(issuer, audience, {
      subjects: contexts.map(context => `repo:${gitHubPath(options)}:${context}`),
      claims: { job_workflow_ref: reusableWorkflows, ref: environments && refs.length > 0 ? refs : undefined },
      doubts: gitHubDoubts(options, issuer === GITHUB),
    });
  }

  /**
   * Jobs of GitLab CI/CD on branches or tags, of which at least one is required. AWS does not support environments of GitLab.
   *
   * @see https://docs.gitlab.com/ci/cloud_services/aws/
   * @param options the jobs
   */
  public static gitlab(options: GitLabSubjectOptions): CiSubject {
    const issuer = orUntilLookup(options.issuer, undefined) ?? GITLAB;
    const { audience = issuer } = options;
    failUnscopedIfAny('InvalidCiSubject', gitLabProblems({ ...options, issuer, audience }));

    const { projectPath, branches = [], tags = [], protectedRefsOnly = issuer === GITLAB } = options;
    return new CiSubject(issuer, audience, {
      subjects: [...branches.map(branch => `branch:ref:${branch}`), ...tags.map(tag => `tag:ref:${tag}`)]
        .map(ref => `project_path:${projectPath}:ref_type:${ref}`),
      claims: { ref_protected: protectedRefsOnly ? ['true'] : undefined },
      doubts: gitLabDoubts(options, issuer === GITLAB, protectedRefsOnly),
    });
  }

  private declare readonly [BRAND]: 'CiSubject';

  private constructor(
    /**
     * The issuer of the tokens.
     */
    public readonly issuer: string,
    /**
     * The audience of the tokens.
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
