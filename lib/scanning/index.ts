export * from './registry-scanning';
export * from './scan-type';
