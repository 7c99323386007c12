export * from './image-selection';
export * from './lifecycle-decision';
export * from './lifecycle-finding';
export * from './lifecycle-policy';
export * from './lifecycle-preview';
export * from './lifecycle-rule';
export * from './registry-image';
