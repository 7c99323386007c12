import { Stack, Validations } from 'aws-cdk-lib';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import type { Construct, IConstruct } from 'constructs';
import type { LifecyclePolicy } from '../lifecycle/lifecycle-policy';
import { areDifferent } from '../private/core/environment';
import { isKnown, show } from '../private/core/values';
import { LIMITS } from '../private/ecr/limits';
import { KEYED_RESOURCES } from '../private/ecr/registry-resources';
import { filtersOfManyWildcards } from '../private/ecr/tag-mutability';
import { ownersRelatedTo } from '../private/ownership/claims';

/**
 * Warns of `mutableTags` that are legal but surely not meant.
 */
export function addMutableTagsWarnings(scope: Construct, mutableTags: readonly string[] | undefined): void {
  if (!isKnown(mutableTags)) {
    return;
  }
  if (mutableTags.some(filter => /^\*+$/.test(filter))) {
    Validations.of(scope).addWarning(
      'cdk-secure-ecr:SecureRepository.allTagsMutable',
      "'mutableTags' with '*' lets every tag move to another image, against AWS Security Hub ECR.2; name the tags that have to move",
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

/**
 * Warns about parts of a lifecycle policy that are legal but probably unintended. Whether pulls of scanners count is known late, when
 * the app has all its exclusions.
 *
 * @param scope the construct that the user wrote
 * @param className its class
 * @param lifecycle its lifecycle policy
 * @param mutableTags the tags that can move
 */
export function addLifecycleWarnings(scope: Construct, className: string, lifecycle: LifecyclePolicy, mutableTags?: string[]): void {
  for (const { id, message } of lifecycle.findings({ mutableTags })) {
    const warn = (at: IConstruct): void => {
      Validations.of(at).addWarning(`cdk-secure-ecr:${className}.lifecycle${id.charAt(0).toUpperCase()}${id.slice(1)}`, message);
    };
    if (id !== 'scannersCountAsPulls') {
      warn(scope);
      continue;
    }
    scope.node.addValidation({
      validate: () => {
        if (ownersRelatedTo(scope, KEYED_RESOURCES.exclusion.type).every(relation => relation === 'different')) {
          warn(scope.node.defaultChild!); // acknowledgements of the scope itself do not reach its late warnings in older versions of the CDK
        }
        return [];
      },
    });
  }
}

/**
 * Warns of rules for the events of a repository that happen in another account or Region.
 */
export function warnOfForeignEvents(repository: ecr.IRepository): void {
  const { account, region } = Stack.of(repository);
  if (areDifferent(repository.env.account, account) || areDifferent(repository.env.region, region)) {
    Validations.of(repository).addWarning(
      'cdk-secure-ecr:SecureRepository.foreignEvents',
      `the events of '${repository.node.path}' stay in account ${repository.env.account} and Region ${repository.env.region}, where this rule does not see them; `
      + 'ask the owner to forward them to the event bus of this account and Region',
    );
  }
}
