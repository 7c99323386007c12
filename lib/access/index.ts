export { CrossAccountPull, type CrossAccountPullAttributes, type CrossAccountPullProps, type ICrossAccountPull } from './cross-account-pull';
export { CrossAccountPullGrants } from './cross-account-pull-grants';
export { type CodeBuildPullOptions, PullConsumer } from './pull-consumer';
