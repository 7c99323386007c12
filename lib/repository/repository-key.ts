import { Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';

/**
 * The customer managed key that the repositories and templates of one stack share, made when the first of them asks for it.
 *
 * One key per stack because a key costs by the month: a hundred repositories with a key each would cost a hundred times as much
 * and protect no better, since ECR alone uses the key, through grants that name the repository.
 */
export function defaultRepositoryKey(scope: IConstruct): kms.Key {
  const stack = Stack.of(scope);
  return (stack.node.tryFindChild('SecureRepositoryKey') as kms.Key | undefined)
    ?? new kms.Key(stack, 'SecureRepositoryKey', { description: 'Encrypts the images in the ECR repositories of this stack', enableKeyRotation: true });
}
