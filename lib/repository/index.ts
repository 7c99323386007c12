export { RepositoryEncryption } from './repository-encryption';
export { FindingSeverity, type OnImagePushedOptions, type OnScanFindingsOptions } from './repository-events';
export { RepositoryGrants } from './repository-grants';
export { type ISecureRepository, SecureRepository, type SecureRepositoryProps } from './secure-repository';
