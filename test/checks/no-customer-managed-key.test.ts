import { foundIn, foundInTemplate, KEY } from './fixtures';

describe('noCustomerManagedKey', () => {
  test('passes a choice that only the deployment knows', () => {
    expect(foundIn({ EncryptionConfiguration: { EncryptionType: { Ref: 'Parameter' } } })).toEqual([]);
  });

  test.each([undefined, {}, { EncryptionType: 'AES256' }, { EncryptionType: 'KMS' }, { EncryptionType: 'AES256', KmsKey: KEY }, { EncryptionType: 'KMS', KmsKey: '' }, { EncryptionType: 'KMS', KmsKey: 'alias/aws/ecr' }])('finds %j', EncryptionConfiguration => {
    expect(foundIn({ EncryptionConfiguration })).toEqual([expect.stringMatching(/^noCustomerManagedKey/)]);
    expect(foundInTemplate({ EncryptionConfiguration })).toEqual([expect.stringMatching(/^noCustomerManagedKey/)]);
  });

  test.each(['KMS', 'KMS_DSSE'])('lets a key with %s pass', EncryptionType => {
    expect(foundIn({ EncryptionConfiguration: { EncryptionType, KmsKey: { Ref: 'Parameter' } } })).toEqual([]);
  });
});
