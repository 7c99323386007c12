export * from './codebuild-push';
export * from './development-repository';
export * from './eks-nodes';
export * from './fargate-without-nat';
export * from './lambda-from-another-account';
export * from './organization-pull';
export * from './production-repository';
export * from './quick-start';
