import { Stack } from 'aws-cdk-lib';
import type { CfnRepository } from 'aws-cdk-lib/aws-ecr';
import type { IKeyRef } from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import { BRAND } from '../private/core/brand';
import { dualLayerProblems } from '../private/ecr/encryption-types';
import { publicClass } from '../private/input/public-class';
import { keyProblems } from './key-problems';

/**
 * The encryption at rest of the images of a repository.
 *
 * The encryption of an existing repository cannot be changed: CloudFormation replaces the repository.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
 */
export class RepositoryEncryption {
  static {
    publicClass(this, 'RepositoryEncryption');
  }

  /**
   * Keys that Amazon S3 manages (`AES256`), the default of the service; free of charge, but not enough for AWS Security Hub ECR.5.
   *
   * The template of the repository then has no `EncryptionConfiguration`, like the template of an `ecr.Repository` of the CDK without
   * `encryption`. CloudFormation replaces a repository to which the block is added, even if its value is `AES256`.
   *
   * @see https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2502
   */
  public static readonly AES_256 = new RepositoryEncryption('AES256');

  /**
   * `AES_256` with an `EncryptionConfiguration` in the template: for repositories whose template already has one, such as a `CfnRepository`.
   * CloudFormation replaces a repository from which the block is removed.
   */
  public static readonly AES_256_DECLARED = new RepositoryEncryption('AES256', undefined, true);

  /**
   * The AWS managed key `aws/ecr` of the account (`KMS`), whose policy cannot be changed.
   */
  public static readonly AWS_MANAGED_KEY = new RepositoryEncryption('KMS');

  /**
   * Two layers of encryption (`KMS_DSSE`) with the AWS managed key; available in the AWS GovCloud (US) Regions only.
   */
  public static readonly DUAL_LAYER = new RepositoryEncryption('KMS_DSSE');

  /**
   * A customer managed key (`KMS`) of the same Region.
   *
   * @param key the key; the principal that creates the repository needs `kms:CreateGrant` and `kms:DescribeKey` on it, principals
   * that pull need no permissions on it
   */
  public static customerManagedKey(key: IKeyRef): RepositoryEncryption {
    return new RepositoryEncryption('KMS', key);
  }

  /**
   * Two layers of encryption (`KMS_DSSE`) with a customer managed key of the same Region; available in the AWS GovCloud (US) Regions only.
   *
   * @param key the key; the principal that creates the repository needs `kms:CreateGrant` and `kms:DescribeKey` on it, principals
   * that pull need no permissions on it
   */
  public static dualLayer(key: IKeyRef): RepositoryEncryption {
    return new RepositoryEncryption('KMS_DSSE', key);
  }

  private declare readonly [BRAND]: 'RepositoryEncryption';

  private constructor(
    /**
     * The value in CloudFormation: `AES256`, `KMS` or `KMS_DSSE`.
     */
    public readonly encryptionType: string,
    /**
     * The customer managed key, if there is one.
     *
     * @default - no customer managed key
     */
    public readonly key?: IKeyRef,
    /**
     * Whether the template of a repository has an `EncryptionConfiguration`.
     *
     * @internal
     */
    public readonly _isDeclared = encryptionType !== 'AES256',
  ) {}
}

/**
 * The `EncryptionConfiguration` of a repository; none for the default of the service.
 */
export function renderEncryption(
  { encryptionType, key, _isDeclared }: RepositoryEncryption,
): CfnRepository.EncryptionConfigurationProperty | undefined {
  return _isDeclared ? { encryptionType, kmsKey: key?.keyRef.keyArn } : undefined;
}

/**
 * Problems with the encryption of a repository in a Region.
 *
 * @param scope the repository, or the template for repositories
 * @param prop the prop that the user set
 * @param encryption its value
 */
export function encryptionProblems(scope: IConstruct, prop: string, encryption: RepositoryEncryption | undefined): string[] {
  if (encryption === undefined) {
    return [];
  }

  const { region } = Stack.of(scope);
  const problems = dualLayerProblems(prop, encryption.encryptionType, region);
  return [...problems, ...encryption.key ? keyProblems(scope, prop, encryption.key) : []];
}
