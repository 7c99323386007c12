export * from './access';
export * from './cache';
export * from './checks';
export * from './lifecycle';
export * from './network';
export * from './registry';
export * from './repository';
export * from './scanning';
