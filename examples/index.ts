export * from './development-repository';
export * from './eks-nodes';
export * from './fargate-without-nat';
export * from './production-repository';
export * from './quick-start';
