import { isKnown } from '../core/values';

/**
 * How Amazon ECR encrypts images at rest.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_EncryptionConfiguration.html
 */
export const ENCRYPTION_TYPES = ['AES256', 'KMS', 'KMS_DSSE'] as const;

/**
 * Problems with an encryption type in a Region: only the AWS GovCloud (US) Regions offer dual-layer encryption.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
 */
export function dualLayerProblems(prop: string, encryptionType: string, region: string | undefined): string[] {
  return encryptionType !== 'KMS_DSSE' || !isKnown(region) || region.startsWith('us-gov-') ? [] : [
    `'${prop}' must not be dual-layer (KMS_DSSE) in ${region}: only the AWS GovCloud (US) Regions offer it; use a customer managed key (KMS)`,
  ];
}
