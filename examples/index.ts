export * from './development-repository';
export * from './production-repository';
export * from './quick-start';
