import { CfnDeletionPolicy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import { failIfAny } from '../private/core/errors';
import { keyDeletionPolicyOf } from './key-problems';

const ID = 'SecureRepositoryKey';

/** The shared key of a stack. */
interface SharedKey {
  readonly key: kms.Key; // eslint-disable-line awscdk/no-construct-in-interface -- not a prop
  /** Whether each of its repositories stays when the stack is deleted. */
  readonly stays: Array<() => boolean>;
  /** Whether the key is made for a repository that is deleted with the stack, and for none that stays. */
  leaves: boolean;
}

const keys = new WeakMap<Stack, SharedKey>();

/**
 * The customer managed key that the repositories and templates of one stack share, created for the first of them.
 *
 * The stack has one key, because a key has a monthly cost: a key for each of a hundred repositories costs a hundred times as much
 * and does not improve protection, because only ECR uses the key, through grants for each repository.
 *
 * The key stays when the stack is deleted, unless all its repositories are deleted too: it would cost money and protect nothing.
 *
 * @param scope a construct of the stack
 * @param stays whether what asks for the key stays when the stack is deleted
 */
export function defaultRepositoryKey(scope: IConstruct, stays = true): kms.Key {
  const stack = Stack.of(scope);
  let shared = keys.get(stack);
  if (shared === undefined) {
    keys.set(stack, shared = { key: createKey(scope, stack, stays), stays: [], leaves: !stays });
  }
  if (stays && shared.leaves) {
    shared.leaves = false;
    shared.key.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  }
  return shared.key;
}

/**
 * Notes a repository with the shared key, for `isKeyLeftOver`.
 *
 * @param scope the repository
 * @param stays whether it is retained when the stack is deleted, called at synthesis
 */
export function shareDefaultKey(scope: IConstruct, stays: () => boolean): void {
  keys.get(Stack.of(scope))!.stays.push(stays);
}

/**
 * Whether the shared key stays although no repository that it encrypts does.
 */
export function isKeyLeftOver(scope: IConstruct): boolean {
  const { key, stays } = keys.get(Stack.of(scope))!;
  return keyDeletionPolicyOf(key) !== CfnDeletionPolicy.DELETE && !stays.some(it => it());
}

function createKey(scope: IConstruct, stack: Stack, stays: boolean): kms.Key {
  const other = stack.node.tryFindChild(ID);
  failIfAny(scope, 'DefaultKeyIdTaken', other
    ? [`'${other.node.path}' must not have the id '${ID}', which is the id of the default key of the stack; rename the construct, or set 'encryption'`]
    : []);
  return new kms.Key(stack, ID, {
    description: 'Encrypts the images in the ECR repositories of this stack',
    enableKeyRotation: true,
    removalPolicy: stays ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
  });
}
