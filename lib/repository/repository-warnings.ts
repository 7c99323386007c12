import { Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { LIMITS } from '../private/limits';
import { allTagsMutable, filtersOfManyWildcards } from '../private/tag-mutability';
import { isKnown, show } from '../private/values';

/**
 * Warns of `mutableTags` that are legal but surely not meant.
 */
export function addMutableTagsWarnings(scope: Construct, mutableTags: readonly string[] | undefined): void {
  if (!isKnown(mutableTags)) {
    return;
  }
  if (allTagsMutable(mutableTags)) {
    Validations.of(scope).addWarning(
      'cdk-secure-ecr:SecureRepository.allTagsMutable',
      "'mutableTags' ['*'] lets every tag move to another image, against AWS Security Hub ECR.2; name the tags that have to move",
    );
    return;
  }
  for (const filter of filtersOfManyWildcards(mutableTags)) {
    Validations.of(scope).addWarning(
      'cdk-secure-ecr:SecureRepository.mutableTagWildcards',
      `'mutableTags' has ${show(filter)} with more than ${LIMITS.mutabilityFilterWildcards} '*', which ECR may refuse; use fewer`,
    );
  }
}
