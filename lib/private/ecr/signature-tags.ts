/**
 * The pattern of tags that carry signatures, attestations and SBOMs: `sha256-`, the digest of the image, and a suffix. Cosign writes
 * them, and registry clients write them if a registry has no referrers API.
 *
 * @see https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#referrers-tag-schema
 */
export const SIGNATURE_TAG_PATTERN = 'sha256-*';

/** The kinds of tags that Cosign writes for one image: a signature, an attestation and an SBOM. */
export const SIGNATURE_TAG_KINDS = ['sig', 'att', 'sbom'] as const;
