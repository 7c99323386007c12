export * from './image-selection';
export * from './lifecycle-finding';
export * from './lifecycle-policy';
export * from './lifecycle-rule';
