import { CfnDeletionPolicy, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { readPolicy } from '../lifecycle/policy-reader';
import { policyProblems as rulesProblems } from '../lifecycle/rule-problems';
import { show } from '../private/core/values';
import { repositoryNameProblems } from '../private/ecr/names';
import { areTagsMutable, exclusionProblems, mutableTagsProblems } from '../private/ecr/tag-mutability';
import { REPOSITORY_POLICY } from '../private/policy/action-problems';
import type { StatementJson } from '../private/policy/statement-json';
import { statementProblems } from '../private/policy/statement-problems';
import type { RepositoryProperties, RepositoryResource } from './repository-resource';

const POLICY = 'RepositoryPolicyText';
const FILTERS = 'ImageTagMutabilityExclusionFilters';

interface Choice {
  readonly encryptionType: string;
  readonly removalPolicy: RemovalPolicy;
}

/**
 * Problems with what Aspects, setters and overrides have made of a repository since it was constructed.
 *
 * @param resource its resource
 * @param properties the `changedProperties` of the resource
 */
export function lateChangeProblems(resource: RepositoryResource, properties: RepositoryProperties | undefined): string[] {
  return [
    ...properties === undefined ? [] : propertyProblems(resource, properties),
    ...removalProblems(resource, properties?.EmptyOnDelete ?? resource.emptyOnDelete),
  ];
}

/**
 * Warns about such changes that are legal but weaken the repository.
 *
 * @param repository the construct that the user wrote
 * @param resource its resource
 * @param properties the `changedProperties` of the resource; none if it has not changed
 * @param chosen the encryption and the removal policy that the user chose
 */
export function warnOfLateChanges(
  repository: IConstruct, resource: RepositoryResource, properties: RepositoryProperties, chosen: Choice,
): void {
  const warn = (id: string, message: string): void => {
    Validations.of(resource).addWarning(`cdk-secure-ecr:SecureRepository.${id}`, message);
  };
  const mutability = properties.ImageTagMutability;
  if (resource.isChanged('ImageTagMutability') && (mutability === undefined || typeof mutability === 'string') && areTagsMutable(mutability ?? 'MUTABLE', filtersOf(properties))) {
    warn('tagsMadeMutable', `every tag can move to another image, because something set ImageTagMutability to ${show(mutability)} after construction; use 'mutableTags'`);
  }
  const encryption = properties.EncryptionConfiguration as { readonly EncryptionType?: unknown } | undefined;
  const finalType = encryption?.EncryptionType ?? 'AES256';
  if (resource.isChanged('EncryptionConfiguration') && typeof finalType === 'string' && finalType !== chosen.encryptionType) {
    warn('encryptionChanged', `images are encrypted with ${show(finalType)} in place of ${show(chosen.encryptionType)}, and CloudFormation replaces a repository that exists, `
      + "because something changed EncryptionConfiguration after construction; use 'encryption'");
  }
  const empties = properties.EmptyOnDelete ?? resource.emptyOnDelete;
  if (resource.finalDeletionPolicy === CfnDeletionPolicy.DELETE && chosen.removalPolicy !== RemovalPolicy.DESTROY && empties !== true) {
    warn('deletedWithImages', `the deletion of ${show(repository.node.path)} fails while it holds images, because something set its removal policy to DESTROY after construction; `
      + "set 'emptyOnDelete' too, or leave the repository out of the Aspect");
  }
}

function propertyProblems(resource: RepositoryResource, properties: RepositoryProperties): string[] {
  const { RepositoryName: name, ImageTagMutability: mutability = 'MUTABLE', LifecyclePolicy: lifecycle } = properties;
  const text = (lifecycle as { readonly LifecyclePolicyText?: unknown } | undefined)?.LifecyclePolicyText;
  const filters = filtersOf(properties);
  return [
    ...typeof name === 'string' ? repositoryNameProblems('RepositoryName', name) : [],
    ...typeof mutability === 'string' ? exclusionProblems(FILTERS, mutability, filters.length) : [],
    ...filters.length > 0 ? mutableTagsProblems(FILTERS, filters) : [],
    ...typeof text === 'string' && resource.isChanged('LifecyclePolicy') ? lifecycleProblems(text) : [],
    ...resource.isChanged(POLICY) ? policyProblems(properties[POLICY]) : [],
  ].map(problem => `${problem} (changed after construction)`);
}

function filtersOf({ [FILTERS]: filters }: RepositoryProperties): string[] {
  return Array.isArray(filters)
    ? filters.map(filter => (filter as { readonly ImageTagMutabilityExclusionFilterValue?: unknown }).ImageTagMutabilityExclusionFilterValue).filter(value => typeof value === 'string')
    : [];
}

function lifecycleProblems(text: string): string[] {
  const { rules, problems } = readPolicy(text);
  return [...problems, ...rulesProblems(rules)].map(problem => `'LifecyclePolicyText' is a policy that ECR refuses: ${problem}`);
}

function policyProblems(policy: unknown): string[] {
  const statements = [(policy as { readonly Statement?: unknown } | undefined)?.Statement ?? []].flat() as StatementJson[];
  return statements.flatMap((statement, index) => statementProblems(`${POLICY}.Statement[${index}]`, statement, REPOSITORY_POLICY, statements));
}

function removalProblems(resource: RepositoryResource, emptyOnDelete: unknown): string[] {
  const policy = resource.finalDeletionPolicy;
  return emptyOnDelete === true && policy !== CfnDeletionPolicy.DELETE
    ? [`'emptyOnDelete' must go with 'removalPolicy' RemovalPolicy.DESTROY, got the DeletionPolicy ${show(policy)} after construction; set both to delete images with the repository`]
    : [];
}
