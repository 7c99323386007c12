export * from './check-finding';
export * from './ecr-checks';
export * from './ecr-checks-props';
