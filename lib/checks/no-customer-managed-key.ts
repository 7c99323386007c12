import { show } from '../private/core/values';
import type { Check } from './check';
import { isIntrinsic, type Properties } from './template-json';
import { ofType, REPOSITORY, TEMPLATE, textAt, valueAt } from './template-resource';

/**
 * The account cannot restrict, rotate or revoke the key of the images. It is a warning, because changing the key replaces the repository.
 */
export const noCustomerManagedKey: Check = {
  id: 'noCustomerManagedKey',
  severity: 'warning',
  fix: "set EncryptionConfiguration with EncryptionType 'KMS' and a KmsKey, or use SecureRepository; both replace the repository with a new, empty one: push or replicate its images first",
  fixReplaces: true,
  controls: { 'AWS Security Hub': 'ECR.5', 'checkov': 'CKV_AWS_136' },
  find: resources => ofType(resources, REPOSITORY, TEMPLATE).filter(({ properties }) => !hasKey(properties)).map(resource => ({
    resource,
    property: 'EncryptionConfiguration',
    message: `'EncryptionConfiguration' must name a customer managed key, got ${show(valueAt(resource.properties, 'EncryptionConfiguration', 'EncryptionType') ?? 'AES256')}`
      + ' without one: you cannot restrict, disable or revoke the key',
  })),
};

function hasKey(properties: Properties): boolean {
  const type = valueAt(properties, 'EncryptionConfiguration', 'EncryptionType');
  const key = textAt(properties, 'EncryptionConfiguration', 'KmsKey');
  return isIntrinsic(type) || (/^KMS/.test(String(type)) && key !== '' && !key.includes('alias/aws/'));
}
