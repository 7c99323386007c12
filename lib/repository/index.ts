export * from './repository-encryption';
