import { show } from '../private/core/values';
import type { Check } from './check';
import { isIntrinsic, ofType, type Properties, REPOSITORY, TEMPLATE, textAt, valueAt } from './template-resource';

/**
 * Nobody can see in AWS CloudTrail who decrypts the images, or take the key away.
 */
export const noCustomerManagedKey: Check = {
  id: 'noCustomerManagedKey',
  severity: 'error',
  fix: "set EncryptionConfiguration with EncryptionType 'KMS' and a KmsKey, or use SecureRepository; both make a new repository",
  controls: { 'AWS Security Hub': 'ECR.5', 'checkov': 'CKV_AWS_136' },
  find: resources => ofType(resources, REPOSITORY, TEMPLATE).filter(({ properties }) => !hasKey(properties)).map(resource => ({
    resource,
    property: 'EncryptionConfiguration',
    message: `'EncryptionConfiguration' must name a customer managed key, got ${show(valueAt(resource.properties, 'EncryptionConfiguration', 'EncryptionType') ?? 'AES256')}`
      + ' without one: nobody sees who uses the key, or can take it away',
  })),
};

function hasKey(properties: Properties): boolean {
  const type = valueAt(properties, 'EncryptionConfiguration', 'EncryptionType');
  const key = textAt(properties, 'EncryptionConfiguration', 'KmsKey');
  return isIntrinsic(type) || (/^KMS/.test(String(type)) && key !== '' && !key.includes('alias/aws/'));
}
