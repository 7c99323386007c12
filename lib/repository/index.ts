export type { ISecureRepository } from './i-secure-repository';
export { PublicRepository, type PublicRepositoryProps } from './public-repository';
export { type IPublicRepository, PublicRepositoryGrants } from './public-repository-grants';
export { RepositoryEncryption } from './repository-encryption';
export { FindingSeverity, type OnImagePushedOptions, type OnScanFindingsOptions } from './repository-events';
export { RepositoryGrants } from './repository-grants';
export { type IRepositoryTemplate, RepositoryTemplate, type RepositoryTemplateProps } from './repository-template';
export { SecureRepository, type SecureRepositoryProps } from './secure-repository';
export { TemplateUse } from './template-use';
