export { CiPushRole, type CiPushRoleProps } from './ci-push-role';
export { CiSubject, type GitHubSubjectOptions, type GitLabSubjectOptions } from './ci-subject';
export { CrossAccountPull, type CrossAccountPullAttributes, type CrossAccountPullProps, type ICrossAccountPull } from './cross-account-pull';
export { CrossAccountPullGrants } from './cross-account-pull-grants';
export { type CodeBuildPullOptions, PullConsumer } from './pull-consumer';
