import type { Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';

/**
 * The key that `SecureRepository` makes once a stack, written by hand.
 */
export function makeKey(stack: Stack): kms.Key {
  return new kms.Key(stack, 'SecureRepositoryKey', {
    description: 'Encrypts the images in the ECR repositories of this stack',
    enableKeyRotation: true,
  });
}
