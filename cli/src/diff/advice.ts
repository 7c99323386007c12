import { isObject, stringAt, valueAt } from '../core/json';

/**
 * How to keep the old value of a create-only property: the prop of the construct of this library, or undefined if there is none.
 *
 * @param old the value in the old template; undefined if it has none
 */
export function propFor(type: string, property: string, old: unknown): string | undefined {
  const choose = PROPS[type]?.[property];
  return choose?.(old);
}

const PROPS: { readonly [type: string]: { readonly [property: string]: (old: unknown) => string } } = {
  'AWS::ECR::Repository': {
    RepositoryName: name => nameProp('repositoryName', name),
    EncryptionConfiguration: encryption => encryptionProp(encryption),
  },
  'AWS::ECR::PublicRepository': { RepositoryName: name => nameProp('repositoryName', name) },
  'AWS::ECR::RepositoryCreationTemplate': { Prefix: prefix => nameProp('prefix', prefix) },
  'AWS::ECR::PullThroughCacheRule': {
    EcrRepositoryPrefix: prefix => nameProp('prefix', prefix),
    UpstreamRepositoryPrefix: prefix => nameProp('upstreamRepositoryPrefix', prefix),
    UpstreamRegistry: upstream => `set 'upstream' to the upstream registry of the old template, ${shown(upstream)}`,
    UpstreamRegistryUrl: url => `set 'upstream' to the upstream registry of the old template, ${shown(url)}`,
    CredentialArn: arn => arn === undefined ? "leave out 'credentials'" : `pass the existing secret as 'credentials', ${shown(arn)}`,
    CustomRoleArn: arn => arn === undefined ? "leave out 'role'" : `pass the existing role as 'role', ${shown(arn)}`,
  },
  'AWS::ECR::PullTimeUpdateExclusion': { PrincipalArn: arn => `keep ${shown(arn)} in 'roles' or 'users'` },
};

function nameProp(prop: string, old: unknown): string {
  return old === undefined ? `leave out '${prop}': the resource has a generated name` : `set '${prop}' to ${shown(old)}`;
}

function encryptionProp(old: unknown): string {
  const type = stringAt(old, 'EncryptionType');
  const key = valueAt(old, 'KmsKey');
  if (old === undefined) {
    return "set 'encryption' to RepositoryEncryption.AES_256, which writes no 'EncryptionConfiguration'";
  }
  if (!isObject(old) || type === undefined) {
    return "keep the 'EncryptionConfiguration' of the old template";
  }
  switch (type) {
    case 'KMS':
      return key === undefined ? "set 'encryption' to RepositoryEncryption.AWS_MANAGED_KEY"
        : `set 'encryption' to RepositoryEncryption.customerManagedKey(key) with the key of the old template, ${shown(key)}`;
    case 'KMS_DSSE':
      return key === undefined ? "set 'encryption' to RepositoryEncryption.DUAL_LAYER"
        : `set 'encryption' to RepositoryEncryption.dualLayer(key) with the key of the old template, ${shown(key)}`;
    case 'AES256':
      return "set 'encryption' to RepositoryEncryption.AES_256_DECLARED, which writes the 'EncryptionConfiguration' of the old template";
    default:
      return `keep the explicit 'EncryptionConfiguration' with ${shown(type)}: CloudFormation takes its removal for a change`;
  }
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
}
