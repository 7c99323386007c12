import { Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import { failIfAny } from '../private/core/errors';

const ID = 'SecureRepositoryKey';

const keys = new WeakMap<Stack, kms.Key>();

/**
 * The customer managed key that the repositories and templates of one stack share, made when the first of them asks for it.
 *
 * One key per stack because a key costs by the month: a hundred repositories with a key each would cost a hundred times as much
 * and protect no better, since ECR alone uses the key, through grants that name the repository.
 */
export function defaultRepositoryKey(scope: IConstruct): kms.Key {
  const stack = Stack.of(scope);
  const existing = keys.get(stack);
  if (existing) {
    return existing;
  }

  const other = stack.node.tryFindChild(ID);
  failIfAny(scope, 'DefaultKeyIdTaken', other
    ? [`'${other.node.path}' must have another id, '${ID}' is that of the default key of the stack; rename it, or set 'encryption'`]
    : []);
  const key = new kms.Key(stack, ID, { description: 'Encrypts the images in the ECR repositories of this stack', enableKeyRotation: true });
  keys.set(stack, key);
  return key;
}
