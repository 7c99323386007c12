import { duplicatesOf, isKnown, show } from '../core/values';
import { LIMITS } from './limits';
import { tagFilterProblems } from './names';

/**
 * The tag mutability properties of `AWS::ECR::Repository` and `AWS::ECR::RepositoryCreationTemplate`.
 */
export interface RenderedTagMutability {
  readonly imageTagMutability: string;
  readonly imageTagMutabilityExclusionFilters?: Array<{
    readonly imageTagMutabilityExclusionFilterType: string;
    readonly imageTagMutabilityExclusionFilterValue: string;
  }>;
}

const IMMUTABLE: RenderedTagMutability = { imageTagMutability: 'IMMUTABLE' };
const MUTABLE: RenderedTagMutability = { imageTagMutability: 'MUTABLE' };

/**
 * Whether every tag is mutable: `['*']`, which is `MUTABLE` in the API.
 */
export function allTagsMutable(mutableTags: readonly string[] | undefined): boolean {
  return mutableTags?.length === 1 && mutableTags[0] === '*';
}

/**
 * The mutable tags as CloudFormation properties. They are always explicit, because CloudFormation keeps the old value when a
 * property is removed from a template.
 */
export function renderTagMutability(mutableTags: readonly string[] | undefined): RenderedTagMutability {
  if (!mutableTags || mutableTags.length === 0) {
    return IMMUTABLE;
  }
  if (allTagsMutable(mutableTags)) {
    return MUTABLE;
  }
  return {
    imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
    imageTagMutabilityExclusionFilters: mutableTags.map(value => ({
      imageTagMutabilityExclusionFilterType: 'WILDCARD',
      imageTagMutabilityExclusionFilterValue: value,
    })),
  };
}

/**
 * Problems with `mutableTags`.
 */
export function mutableTagsProblems(prop: string, mutableTags: readonly string[] | undefined): string[] {
  if (mutableTags === undefined) {
    return [];
  }
  if (!isKnown(mutableTags)) {
    return [`'${prop}' must be a list of known length, got a token; list the entries, which may be tokens`];
  }

  const problems = mutableTags.flatMap((filter, index) => tagFilterProblems(`${prop}[${index}]`, filter));
  const { max } = LIMITS.mutabilityFilters;
  if (mutableTags.length > max) {
    problems.push(`'${prop}' must have at most ${max} entries, got ${mutableTags.length}; one filter such as 'prod-*' covers many tags`);
  }
  for (const twice of duplicatesOf(mutableTags)) {
    problems.push(`'${prop}' must not have duplicates, got ${show(twice)} twice`);
  }
  return problems;
}

/**
 * The filters of `mutableTags` with more wildcards than the service may accept.
 */
export function filtersOfManyWildcards(mutableTags: readonly string[]): string[] {
  return mutableTags.filter(filter => isKnown(filter) && filter.split('*').length - 1 > LIMITS.mutabilityFilterWildcards);
}

/** The values of `ImageTagMutability`. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutImageTagMutability.html */
export const TAG_MUTABILITIES = ['MUTABLE', 'IMMUTABLE', 'IMMUTABLE_WITH_EXCLUSION', 'MUTABLE_WITH_EXCLUSION'];

/**
 * Problems between the tag mutability of a repository and its exclusion filters.
 */
export function exclusionProblems(prop: string, mutability: string, filters: number): string[] {
  if (/_WITH_EXCLUSION$/.test(mutability)) {
    return filters > 0 ? [] : [`'${prop}' must have at least one filter for ${mutability}, got none; add a filter, or leave out the exclusion`];
  }
  return filters > 0 && TAG_MUTABILITIES.includes(mutability) ? [`'${prop}' must be left out for ${mutability}, got ${filters}; set ${mutability}_WITH_EXCLUSION`] : [];
}

/**
 * Whether tags are mutable in a repository with immutable tags: an exclusion for every tag inverts the setting.
 */
export function areTagsMutable(mutability: string, filters: readonly string[]): boolean {
  return mutability !== 'IMMUTABLE' && (mutability === 'IMMUTABLE_WITH_EXCLUSION') === filters.some(filter => /^\*+$/.test(filter));
}
