import { CfnDeletionPolicy, Stack, Validations } from 'aws-cdk-lib';
import { CfnRepository, type IRepository } from 'aws-cdk-lib/aws-ecr';
import type { Construct, IConstruct } from 'constructs';
import type { LifecyclePolicy } from '../lifecycle/lifecycle-policy';
import { areDifferent } from '../private/core/environment';
import { warnAtSynthesis } from '../private/core/late-warnings';
import { isKnown, show } from '../private/core/values';
import { LIMITS } from '../private/ecr/limits';
import { KEYED_RESOURCES } from '../private/ecr/registry-resources';
import { filtersOfManyWildcards } from '../private/ecr/tag-mutability';
import { ownersRelatedTo } from '../private/ownership/claims';
import { isNeverScanned } from '../private/ownership/registry-scans';
import { isAlias, keyDeletionPolicyOf, warnOfForeignKey } from './key-problems';
import type { RepositoryEncryption } from './repository-encryption';
import { isKeyLeftOver, shareDefaultKey } from './repository-key';
import type { RepositoryResource } from './repository-resource';

/**
 * Warns about `mutableTags` that are valid but probably unintended.
 */
export function addMutableTagsWarnings(scope: Construct, mutableTags: readonly string[] | undefined): void {
  if (!isKnown(mutableTags)) {
    return;
  }
  if (mutableTags.some(filter => /^\*+$/.test(filter))) {
    Validations.of(scope).addWarning(
      'cdk-secure-ecr:SecureRepository.allTagsMutable',
      "every tag can be moved to another image, because 'mutableTags' has '*', and AWS Security Hub ECR.2 fails; list the tags that must be mutable",
    );
    return;
  }
  for (const filter of filtersOfManyWildcards(mutableTags)) {
    Validations.of(scope).addWarning(
      'cdk-secure-ecr:SecureRepository.mutableTagWildcards',
      `'mutableTags' has ${show(filter)} with more than ${LIMITS.mutabilityFilterWildcards} '*', which ECR may reject; use fewer`,
    );
  }
}

/**
 * Warns about parts of a lifecycle policy that are valid but probably unintended. The warning about pulls of scanners is decided at
 * synthesis, when the app has all its exclusions.
 *
 * @param scope the construct that the user wrote
 * @param className its class
 * @param lifecycle its lifecycle policy
 * @param mutableTags the mutable tags
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
          warn(scope.node.defaultChild!); // in older versions of the CDK, acknowledgements of the scope do not apply to its late warnings
        }
        return [];
      },
    });
  }
}

/**
 * Warns about a key that does not suit the repository, and about keys and repositories of which one is deleted without the other.
 *
 * @param repository the construct that the user wrote
 * @param resource its resource
 * @param encryption its encryption
 * @param isDefault whether it is the default
 */
export function addKeyWarnings(repository: IConstruct, resource: RepositoryResource, { key }: RepositoryEncryption, isDefault: boolean): void {
  if (key === undefined) {
    return;
  }
  const name = show(key.node.path);
  warnOfForeignKey(repository, 'SecureRepository', key, "'kms:CreateGrant' and 'kms:DescribeKey' for the role that deploys this stack");
  if (isAlias(key)) {
    Validations.of(repository).addWarning(
      'cdk-secure-ecr:SecureRepository.aliasKey',
      `the repository keeps the key that the alias ${name} stands for when it is created, also after the alias moves to another key; pass the key itself`,
    );
  }
  const stays = (): boolean => resource.finalDeletionPolicy !== CfnDeletionPolicy.DELETE;
  warnAtSynthesis(repository, resource, 'cdk-secure-ecr:SecureRepository.keyRemoved', () => stays() && keyDeletionPolicyOf(key) === CfnDeletionPolicy.DELETE
    ? `the images cannot be read after the stack is deleted, because the key ${name} is deleted with the stack and the repository is retained; `
      + "set the 'removalPolicy' of the key to RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE"
    : undefined);
  if (isDefault) {
    shareDefaultKey(repository, stays);
    warnAtSynthesis(repository, resource, 'cdk-secure-ecr:SecureRepository.keyLeft', () => isKeyLeftOver(repository)
      ? `the key ${name} stays and costs money after the deletion of the stack, which deletes all repositories that it encrypts; `
        + 'call applyRemovalPolicy of SecureRepository.defaultKeyOf with RemovalPolicy.DESTROY'
      : undefined);
  }
}

/**
 * Warns about rules for the events of a repository in another account or Region.
 */
export function warnOfForeignEvents(repository: IRepository): void {
  const { account, region } = Stack.of(repository);
  if (areDifferent(repository.env.account, account) || areDifferent(repository.env.region, region)) {
    Validations.of(repository).addWarning(
      'cdk-secure-ecr:SecureRepository.foreignEvents',
      `this rule never matches, because the events of '${repository.node.path}' are in account ${repository.env.account} and Region ${repository.env.region}; `
      + 'ask the owner to forward them to the event bus of this account and Region',
    );
  }
}

/**
 * Warns about rules for scans of a repository that is not scanned.
 *
 * @param repository the repository
 * @param reader the consumer of the scans
 */
export function warnOfMissingScans(repository: IRepository, reader: string): void {
  const resource = repository.node.defaultChild;
  if (CfnRepository.isCfnRepository(resource)) {
    warnAtSynthesis(repository, resource, 'cdk-secure-ecr:SecureRepository.neverScanned', () => isNeverScanned(resource)
      ? `${reader} never receives a scan, because no image is scanned when it is pushed: 'scanOnPush' is false, and the app has no RegistryScanning for this registry; `
        + 'omit \'scanOnPush\', or acknowledge this if another app configures scanning'
      : undefined);
  }
}
