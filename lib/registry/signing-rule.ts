import type * as signer from 'aws-cdk-lib/aws-signer';

/**
 * Whose images are signed, and with which signing profile.
 */
export interface SigningRule {
  /**
   * The signing profile of AWS Signer, of this account or another one, in the Region of the registry and of the platform
   * `Notation-OCI-SHA384-ECDSA`.
   *
   * `ImageSigning.signingProfileFromArn` imports one.
   *
   * @default - the profile that `ImageSigning` makes
   */
  readonly profile?: signer.ISigningProfileRef;

  /**
   * The repositories whose images are signed: 1 to 100 names of up to 256 characters, in which `*` stands for any text.
   *
   * A filter is compared with the whole name: `prod` matches `prod` only, `prod/*` what is inside. `a__b` and `a--b` cannot be
   * written, `a*b` matches them.
   *
   * @default - all repositories of the registry
   */
  readonly repositoryFilters?: string[];
}
