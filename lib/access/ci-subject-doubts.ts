import { isKnown } from '../private/core/values';
import type { GitHubSubjectOptions, GitLabSubjectOptions } from './ci-subject-options';

/**
 * A reason why other jobs than the intended ones can push: a warning of the role.
 */
export interface SubjectDoubt {
  readonly id: string;
  readonly message: string;
}

/**
 * Risks of jobs of GitHub Actions. A pinned reusable workflow determines the jobs that push, on every branch.
 *
 * @param options the jobs
 * @param hasIds whether this GitHub server sends the ids of owner and repository
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
      message: `another user can push after taking over the name ${names}, because the role trusts the name only, and repositories created, renamed or transferred since 15 July 2026 do not send it; `
        + `set 'ownerId' and 'repoId' if 'gh api repos/${names}/actions/oidc/customization/sub' shows that the repository sends them, or acknowledge this if it does not`,
    }] : [],
    ...openBranches.length > 0 && !environments && !reusableWorkflows ? [anyBranch(names, openBranches[0])] : [],
    ...environments && !reusableWorkflows && tags.length === 0 && branches.length === openBranches.length ? [{
      id: 'cdk-secure-ecr:CiPushRole.environmentOfAnyBranch',
      message: `a job on any branch of ${names}, also of a pull request, can use the environments ${environments.map(name => `'${name}'`).join(', ')} and push images unless they are protected; `
        + "add 'branches' or 'tags', or acknowledge this for environments with deployment branches or reviewers",
    }] : [],
    ...openWorkflows.map(workflow => ({
      id: 'cdk-secure-ecr:CiPushRole.workflowOfAnyBranch',
      message: `anyone who can push a branch to the repository of the reusable workflow '${workflow}' can change the images that it pushes; end it with a protected branch such as '@refs/heads/main', or a commit`,
    })),
  ];
}

/**
 * Risks of jobs of GitLab CI/CD.
 *
 * @param options the jobs
 * @param isShared whether other organizations use this GitLab server
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
      message: `another user can push after taking over the path of the GitLab project ${projectPath}, which becomes available when the project or a group is deleted or renamed, and AWS documents no condition for its id; `
        + 'acknowledge this if your organization keeps the group',
    }] : [],
    ...openBranches.length > 0 && !protectedRefsOnly ? [anyBranch(projectPath, openBranches[0])] : [],
  ];
}

function anyBranch(names: string, branch: string): SubjectDoubt {
  return {
    id: 'cdk-secure-ecr:CiPushRole.anyBranch',
    message: `anyone who can push a branch to ${names} can push images, because 'branches' has '${branch}'; name protected branches such as 'main'`,
  };
}

/** Whether a pattern matches every branch. */
function isAny(pattern: string): boolean {
  return isKnown(pattern) && /^[*?]*\*[*?]*$/.test(pattern);
}
