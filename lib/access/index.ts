export { CiPushRole, type CiPushRoleProps } from './ci-push-role';
export { CiSubject } from './ci-subject';
export type { GitHubSubjectOptions, GitLabSubjectOptions } from './ci-subject-options';
export { CrossAccountPull, type CrossAccountPullAttributes, type CrossAccountPullProps } from './cross-account-pull';
export { CrossAccountPullGrants, type ICrossAccountPull } from './cross-account-pull-grants';
export { type CodeBuildPullOptions, PullConsumer } from './pull-consumer';
