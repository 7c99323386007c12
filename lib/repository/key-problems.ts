import { CfnDeletionPolicy, Stack, Validations } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import { areDifferent } from '../private/core/environment';
import { isKnown, show } from '../private/core/values';

/**
 * Problems with a key that cannot encrypt images or messages, wherever a construct takes one. Call it at construction and at synthesis, when
 * Aspects have changed keys of the app.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
 * @param scope the construct that takes the key
 * @param prop the prop that the user set
 * @param key its value
 */
export function keyProblems(scope: IConstruct, prop: string, key: kms.IKeyRef): string[] {
  const { region } = Stack.of(scope);
  const got = `got ${show(key.node.path)}`;
  const { keySpec, keyUsage, enabled } = keyResourceOf(key) ?? {};
  return [
    ...areDifferent(key.env.region, region)
      ? [`'${prop}' must use a key of the repository's Region ${region}, got a key of ${key.env.region}; use a key or a multi-Region replica key there`]
      : [],
    ...isKnown(keySpec) && keySpec !== 'SYMMETRIC_DEFAULT'
      ? [`'${prop}' must use a symmetric key, ${got} with the key spec ${show(keySpec)}; leave 'keySpec' of the key out`]
      : [],
    ...isKnown(keyUsage) && keyUsage !== 'ENCRYPT_DECRYPT'
      ? [`'${prop}' must use a key that encrypts, ${got} with the key usage ${show(keyUsage)}; leave 'keyUsage' of the key out`]
      : [],
    ...enabled === false
      ? [`'${prop}' must use an enabled key, ${got} with 'enabled' false: neither pushes nor pulls work; enable it`]
      : [],
  ];
}

/**
 * Whether a key is an alias of another one.
 */
export function isAlias(key: kms.IKeyRef): boolean {
  return 'aliasRef' in key || (isKnown(key.keyRef.keyArn) && key.keyRef.keyArn.includes(':alias/'));
}

/**
 * Warns about a key of another account, whose policy this app cannot change.
 *
 * @param scope the construct that takes the key
 * @param className its class
 * @param key the key
 * @param needs who needs what on the key
 */
export function warnOfForeignKey(scope: IConstruct, className: string, key: kms.IKeyRef, needs: string): void {
  if (areDifferent(key.env.account, Stack.of(scope).account)) {
    Validations.of(scope).addWarning(
      `cdk-secure-ecr:${className}.foreignKey`,
      `the key ${show(key.node.path)} belongs to account ${key.env.account}: its policy must allow ${needs}`,
    );
  }
}

/**
 * What happens to a key of the app when it leaves its stack; undefined for a key that this app does not make.
 */
export function keyDeletionPolicyOf(key: kms.IKeyRef): CfnDeletionPolicy | undefined {
  const resource = keyResourceOf(key);
  return resource && (resource.cfnOptions.deletionPolicy ?? CfnDeletionPolicy.DELETE);
}

/**
 * The resource of a key of the app, or of the key that an alias of the app is for.
 */
function keyResourceOf(key: kms.IKeyRef): kms.CfnKey | undefined {
  const own = [key, key.node.defaultChild].find(it => kms.CfnKey.isCfnKey(it));
  return own ?? (key instanceof kms.Alias ? keyResourceOf(key.aliasTargetKey) : undefined);
}
