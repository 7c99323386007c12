import { isKnown, show } from '../private/core/values';
import { lengthProblems } from '../private/ecr/names';
import type { GitHubSubjectOptions, GitLabSubjectOptions } from './ci-subject-options';

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html
const ISSUER_CHARACTERS = { min: 1, max: 255 };
const ISSUER = /^https:\/\/[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?:\/[A-Za-z0-9._~-]+)*$/;

// The issuers of which AWS supports other claims than `sub` and `aud`.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
const GITHUB_WITH_CLAIMS = /^https:\/\/token\.actions\.(?:githubusercontent\.com|[^./]+\.ghe\.com)(?:\/|$)/;
const GITLAB_WITH_CLAIMS = 'https://gitlab.com';

const OWNER = /^[A-Za-z0-9][A-Za-z0-9_-]{0,38}$/;
const REPO = /^[A-Za-z0-9._-]{1,100}$/;
const REPO_PATTERN = /^[A-Za-z0-9._*?-]{1,100}$/;
const NUMBER = /^[0-9]{1,20}$/;
const PROJECT_PATH = /^[A-Za-z0-9_][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9_.][A-Za-z0-9_.-]*)+$/;
const WORKFLOW = /^[^/@*?\s:$]+\/[^/@*?\s:$]+[/]\.github[/]workflows[/][^/@*?\s:$]+\.ya?ml@(?:refs\/(?:heads|tags)\/[^\s:$]+|[0-9a-f]{40})$/;

// The characters that git allows in names, without ':', which separates the parts of a subject, and '$', which begins a policy variable.
const REF = /^(?!refs\/)[^\s:$~^\\[\]/][^\s:$~^\\[\]]*$/;
const ENVIRONMENT = /^(?=.*[^*?])[^$]{1,255}$/u;

// Control characters, which are invalid in names, and unpaired surrogates, which JSON parsers reject.
const NEVER = /[\p{Cc}\p{Surrogate}]/u;

type Complete<T> = T & { readonly issuer: string; readonly audience: string };

/** The part of a GitHub subject that names the repository. */
export type GitHubNames = Pick<GitHubSubjectOptions, 'owner' | 'ownerId' | 'repo' | 'repoId'>;

/**
 * Problems with jobs of GitHub Actions.
 */
export function gitHubProblems(options: Complete<GitHubSubjectOptions>): string[] {
  const { owner, ownerId, repo, repoId, branches, tags, environments, reusableWorkflows, issuer } = options;
  const anyRepo = isKnown(repo) && mayBePattern(repo);
  const problems = [
    ...issuerProblems(options),
    ...patternProblems('owner', owner, OWNER, "be the name of an organization or user such as 'octo', without wildcards"),
    ...patternProblems('repo', repo, anyRepo ? REPO_PATTERN : REPO, "be the name of a repository without its owner, such as 'api'"),
    ...patternProblems('ownerId', ownerId, NUMBER, "be a number, from 'gh api repos/OWNER/REPO --jq .owner.id'"),
    ...patternProblems('repoId', repoId, NUMBER, "be a number, from 'gh api repos/OWNER/REPO --jq .id'"),
    ...refProblems('branches', branches),
    ...refProblems('tags', tags),
    ...listProblems('environments', environments, ENVIRONMENT, "be the name of an environment such as 'production', with more than wildcards"),
    ...listProblems('reusableWorkflows', reusableWorkflows, WORKFLOW,
      "be a workflow file and its ref such as 'octo/ci/.github/workflows/push.yml@refs/heads/main', with wildcards in the ref only"),
  ];
  if (!branches && !tags && !environments) {
    problems.push("'branches', 'tags' or 'environments' must restrict the jobs that may push, got none, which includes pull requests; use the branch 'main'");
  }
  if (anyRepo && repoId !== undefined) {
    problems.push(`'repoId' must not be set for the pattern ${show(repo)}; use the name of one repository`);
  } else if (!anyRepo && (ownerId === undefined) !== (repoId === undefined)) {
    problems.push(`'${ownerId === undefined ? 'ownerId' : 'repoId'}' must also be set, because GitHub sends both ids or none`);
  }
  if (anyRepo && !reusableWorkflows) {
    problems.push(`'repo' must be one repository, got ${show(repo)}, with which anyone who creates a repository could push; `
      + "use a CiSubject for each repository, or set 'reusableWorkflows'");
  }
  if (isKnown(issuer) && !GITHUB_WITH_CLAIMS.test(issuer)) {
    problems.push(...(reusableWorkflows ? [`'reusableWorkflows' must not be set for ${issuer}, AWS supports this claim for github.com and GHE.com only`] : []));
    if (environments && (branches ?? tags)) {
      problems.push(`'environments' must not be used with 'branches' or 'tags' for ${issuer}, for which AWS supports one claim only; restrict the refs in the environment`);
    }
  }
  return problems;
}

/**
 * Problems with jobs of GitLab CI/CD.
 */
export function gitLabProblems(options: Complete<GitLabSubjectOptions>): string[] {
  const { projectPath, branches, tags, protectedRefsOnly, issuer } = options;
  const problems = [
    ...issuerProblems(options),
    ...patternProblems('projectPath', projectPath, PROJECT_PATH, "be the path of one project with its groups, such as 'group/api', without wildcards"),
    ...refProblems('branches', branches),
    ...refProblems('tags', tags),
  ];
  if (!branches && !tags) {
    problems.push("'branches' or 'tags' must have at least one entry, got none; use the branch 'main'");
  }
  if (protectedRefsOnly && isKnown(issuer) && issuer !== GITLAB_WITH_CLAIMS) {
    problems.push(`'protectedRefsOnly' must not be set for ${issuer}, AWS supports this claim for gitlab.com only; protect the refs there`);
  }
  return problems;
}

/**
 * Whether a known text has a wildcard.
 */
function mayBePattern(text: string): boolean {
  return /[*?]/.test(text);
}

function issuerProblems({ issuer, audience }: Complete<object>): string[] {
  if (!isKnown(issuer)) {
    return ["'issuer' must not be a token, because the names of the conditions begin with it"];
  }
  const problems = lengthProblems('issuer', issuer, ISSUER_CHARACTERS);
  if (!ISSUER.test(issuer)) {
    problems.push(`'issuer' must be a URL such as 'https://gitlab.example.com', without port, query and '/' at the end, got ${show(issuer)}`);
  }
  return isKnown(audience)
    ? [...problems, ...lengthProblems('audience', audience, ISSUER_CHARACTERS), ...patternProblems('audience', audience, /^[^*?$\s]*$/, 'be one text without wildcards')]
    : problems;
}

function refProblems(prop: string, refs: string[] | undefined): string[] {
  return listProblems(prop, refs, REF, `be the name of a ${prop === 'tags' ? "tag such as 'v*', without 'refs/tags/'" : "branch such as 'main', without 'refs/heads/'"}`);
}

function listProblems(prop: string, values: string[] | undefined, pattern: RegExp, rule: string): string[] {
  if (values === undefined) {
    return [];
  }
  if (!isKnown(values)) {
    return [`'${prop}' must be a list of known length, got a token; list the entries, which may be tokens`];
  }
  return values.length > 0
    ? values.flatMap((value, index) => patternProblems(`${prop}[${index}]`, value, pattern, rule))
    : [`'${prop}' must have at least one entry, got []; omit it for none`];
}

function patternProblems(prop: string, value: string | undefined, pattern: RegExp, rule: string): string[] {
  return isKnown(value) && (!pattern.test(value) || NEVER.test(value)) ? [`'${prop}' must ${rule}, got ${show(value)}`] : [];
}
