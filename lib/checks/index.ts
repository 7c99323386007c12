export * from './check-finding';
export * from './ecr-checks';
