import { isKnown } from '../private/core/values';
import type { GitHubSubjectOptions, GitLabSubjectOptions } from './ci-subject-options';

/**
 * A reason to doubt that only the intended jobs can push: a warning of the role.
 */
export interface SubjectDoubt {
  readonly id: string;
  readonly message: string;
}

/**
 * Doubts about jobs of GitHub Actions. A pinned reusable workflow decides which jobs push, on whatever branch they run.
 *
 * @param options the jobs
 * @param hasIds whether this GitHub sends the numbers of owner and repository
 */
export function gitHubDoubts(
  { owner, ownerId, repo, branches = [], tags = [], environments, reusableWorkflows }: GitHubSubjectOptions,
  hasIds: boolean,
): SubjectDoubt[] {
  const names = `${owner}/${repo}`;
  const openBranches = branches.filter(isAny);
  const openWorkflows = (reusableWorkflows ?? []).filter(workflow => isKnown(workflow) && /@refs\/heads\/[*?]+$/.test(workflow));
  return [
    ...hasIds && ownerId === undefined ? [{
      id: 'cdk-secure-ecr:CiPushRole.recyclableName',
      message: `${names} is trusted by name, which somebody else may get, and which no repository created, renamed or transferred since 15 July 2026 sends; `
        + `set 'ownerId' and 'repoId' if 'gh api repos/${names}/actions/oidc/customization/sub' shows that it sends them, acknowledge this if it sends none`,
    }] : [],
    ...openBranches.length > 0 && !environments && !reusableWorkflows ? [anyBranch(names, openBranches[0])] : [],
    ...environments && !reusableWorkflows && tags.length === 0 && branches.length === openBranches.length ? [{
      id: 'cdk-secure-ecr:CiPushRole.environmentOfAnyBranch',
      message: `a job on any branch of ${names}, also of a pull request, can name the environments ${environments.map(name => `'${name}'`).join(', ')} and push images unless they are protected; `
        + "add 'branches' or 'tags', or acknowledge this for environments with deployment branches or reviewers",
    }] : [],
    ...openWorkflows.map(workflow => ({
      id: 'cdk-secure-ecr:CiPushRole.workflowOfAnyBranch',
      message: `anybody who can push a branch to the repository of the reusable workflow '${workflow}' can change what it pushes; end it with a protected branch such as '@refs/heads/main', or a commit`,
    })),
  ];
}

/**
 * Doubts about jobs of GitLab CI/CD.
 *
 * @param options the jobs
 * @param isShared whether other organizations use this GitLab
 * @param protectedRefsOnly whether the branch must be protected
 */
export function gitLabDoubts(
  { projectPath, branches = [] }: GitLabSubjectOptions,
  isShared: boolean,
  protectedRefsOnly: boolean,
): SubjectDoubt[] {
  const openBranches = branches.filter(isAny);
  return [
    ...isShared ? [{
      id: 'cdk-secure-ecr:CiPushRole.recyclablePath',
      message: `the GitLab project ${projectPath} is trusted by its path, which somebody else gets when the project or a group is deleted or renamed, and AWS documents no condition for its id; `
        + 'acknowledge this where your organization keeps the group',
    }] : [],
    ...openBranches.length > 0 && !protectedRefsOnly ? [anyBranch(projectPath, openBranches[0])] : [],
  ];
}

function anyBranch(names: string, branch: string): SubjectDoubt {
  return {
    id: 'cdk-secure-ecr:CiPushRole.anyBranch',
    message: `anybody who can push a branch to ${names} can push images, because 'branches' has '${branch}'; name protected branches such as 'main'`,
  };
}

/** Whether a pattern matches every branch. */
function isAny(pattern: string): boolean {
  return isKnown(pattern) && /^[*?]*\*[*?]*$/.test(pattern);
}
