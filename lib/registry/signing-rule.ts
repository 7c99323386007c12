import type * as signer from 'aws-cdk-lib/aws-signer';

/**
 * A signing rule: the repositories to sign, and the signing profile.
 */
export interface SigningRule {
  /**
   * The signing profile of AWS Signer, of this account or another one, in the Region of the registry and of the platform
   * `Notation-OCI-SHA384-ECDSA`.
   *
   * `ImageSigning.signingProfileFromArn` imports one.
   *
   * @default - the profile that `ImageSigning` creates
   */
  readonly profile?: signer.ISigningProfileRef;

  /**
   * The repositories whose images are signed: 1 to 100 names of up to 256 characters, in which `*` matches any text.
   *
   * A filter is compared with the whole name: `prod` matches `prod` only, `prod/*` matches the repositories in the namespace.
   * `a__b` and `a--b` are not valid; use `a*b` to match them.
   *
   * @default - all repositories of the registry
   */
  readonly repositoryFilters?: string[];
}
