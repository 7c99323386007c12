import { isKnown, show } from '../core/values';
import { LIMITS } from './limits';

// The grammar of repository names, as the API model states it; the expression of the CDK is narrower and rejects 'a__b' and 'a--b'.
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
const PART = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const PATH = `${PART}(?:\\/${PART})*`;
const REPOSITORY_NAME = new RegExp(`^${PATH}$`);
const NAMESPACE_OR_ROOT = new RegExp(`^(?:${PATH}\\/?|ROOT)$`);

// The valid prefixes of a name. This is narrower than the expression of the API, which also accepts filters that match no name, such as '-a/'.
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_RepositoryFilter.html
const REPLICATION_FILTER = new RegExp(`^(?:${PART}\\/)*(?:${PART}(?:\\.|__?|-+)?)?$`);

// The narrower grammar of ECR Public: one separator between letters and digits.
// https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_CreateRepository.html
const PUBLIC_REPOSITORY_NAME = /^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/;

// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_SigningRepositoryFilter.html
const GLOB_PART = '[a-z0-9*]+(?:[._-][a-z0-9*]+)*';
const SIGNING_FILTER = new RegExp(`^${GLOB_PART}(?:\\/${GLOB_PART})*$`);

const TAG_FILTER = /^[0-9a-zA-Z._*-]+$/;
const ACCOUNT = /^[0-9]{12}$/;
const REGION = /^[0-9a-z-]{2,25}$/;

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_OrganizationalUnit.html
const ORGANIZATION_ID = 'o-[a-z0-9]{10,32}';
const UNIT_ID = 'ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}';
const ORGANIZATION = new RegExp(`^${ORGANIZATION_ID}$`);
const ORGANIZATIONAL_UNIT = new RegExp(`^${ORGANIZATION_ID}/(\\*|r-[a-z0-9]{4,32})(/(\\*|${UNIT_ID}))*/${UNIT_ID}$`);

/**
 * Problems with the name of a private repository.
 *
 * @param prop the prop that the user set
 * @param name its value
 */
export function repositoryNameProblems(prop: string, name: string | undefined): string[] {
  if (!isKnown(name)) {
    return [];
  }

  const problems = lengthProblems(prop, name, LIMITS.repositoryName);
  if (!REPOSITORY_NAME.test(name)) {
    problems.push(`'${prop}' must be lowercase letters and digits, joined by '.', '_', '__' or '-' and nested by '/', such as 'team/api', got ${show(name)}`);
  }
  return problems;
}

/**
 * Problems with the name of a public repository.
 *
 * @param prop the prop that the user set
 * @param name its value
 */
export function publicRepositoryNameProblems(prop: string, name: string | undefined): string[] {
  if (!isKnown(name)) {
    return [];
  }

  const problems = lengthProblems(prop, name, LIMITS.publicRepositoryName);
  if (!PUBLIC_REPOSITORY_NAME.test(name)) {
    problems.push(`'${prop}' must be lowercase letters and digits, joined by one '.', '_' or '-' and nested by '/', such as 'team/api', got ${show(name)}`);
  }
  return problems;
}

/**
 * Problems with the prefix of a pull through cache rule or a repository creation template.
 *
 * @param prop the prop that the user set
 * @param prefix its value
 * @param length how long it may be
 */
export function namespaceProblems(prop: string, prefix: string | undefined, length: { min: number; max: number }): string[] {
  if (!isKnown(prefix)) {
    return [];
  }

  const problems = lengthProblems(prop, prefix, length);
  if (!NAMESPACE_OR_ROOT.test(prefix)) {
    problems.push(`'${prop}' must be 'ROOT' or a path of lowercase names such as 'team/docker-hub', got ${show(prefix)}`);
  }
  return problems;
}

/**
 * Problems with the prefix of repository names in the filter of a replication rule.
 *
 * @param prop the prop that the user set, with the index of the entry
 * @param prefix its value
 */
export function replicationFilterProblems(prop: string, prefix: string): string[] {
  if (!isKnown(prefix)) {
    return [];
  }

  const problems = lengthProblems(prop, prefix, LIMITS.replicationFilterCharacters);
  if (!REPLICATION_FILTER.test(prefix)) {
    problems.push(`'${prop}' must be a valid prefix of repository names in lowercase, such as 'prod/', without wildcards, got ${show(prefix)}`);
  }
  return problems;
}

/**
 * Problems with the pattern of repository names in the filter of a signing rule.
 *
 * @param prop the prop that the user set, with the index of the entry
 * @param filter its value
 */
export function signingFilterProblems(prop: string, filter: string): string[] {
  if (!isKnown(filter)) {
    return [];
  }

  const problems = lengthProblems(prop, filter, LIMITS.signingFilterCharacters);
  if (!SIGNING_FILTER.test(filter)) {
    problems.push(`'${prop}' must be a repository name such as 'team/api' or, with '*' for any text, 'team/*', without '__', '--' or an outer '/', got ${show(filter)}`);
  }
  return problems;
}

/**
 * Problems with one filter of `mutableTags`.
 *
 * @param prop the prop that the user set, with the index of the entry
 * @param filter its value
 */
export function tagFilterProblems(prop: string, filter: string): string[] {
  if (!isKnown(filter)) {
    return [];
  }

  const problems = lengthProblems(prop, filter, { min: 1, max: LIMITS.mutabilityFilterCharacters });
  if (filter.length > 0 && !TAG_FILTER.test(filter)) {
    problems.push(`'${prop}' must be a tag such as 'latest' or, with '*' for any text, 'prod-*': letters, digits, '.', '_', '-' and '*', got ${show(filter)}`);
  }
  return problems;
}

/**
 * Problems with the id of an AWS account.
 */
export function accountProblems(prop: string, account: string | undefined): string[] {
  return isKnown(account) && !ACCOUNT.test(account) ? [`'${prop}' must be an AWS account id of 12 digits, got ${show(account)}`] : [];
}

/**
 * Problems with the name of an AWS Region.
 */
export function regionProblems(prop: string, region: string | undefined): string[] {
  return isKnown(region) && !REGION.test(region) ? [`'${prop}' must be an AWS Region such as 'eu-west-1', got ${show(region)}`] : [];
}

/**
 * Problems with the id of an organization in AWS Organizations.
 */
export function organizationProblems(prop: string, organizationId: string | undefined): string[] {
  return isKnown(organizationId) && !ORGANIZATION.test(organizationId)
    ? [`'${prop}' must be the id of an organization such as 'o-a1b2c3d4e5', got ${show(organizationId)}`]
    : [];
}

/**
 * Problems with the path of an organizational unit in AWS Organizations, from the id of its organization.
 */
export function organizationPathProblems(prop: string, path: string | undefined): string[] {
  return isKnown(path) && !ORGANIZATIONAL_UNIT.test(path) ? [
    `'${prop}' must be the path of an organizational unit from its organization, such as 'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111', `
    + `got ${show(path)}; the id of a unit is not unique across organizations; use PullConsumer.organization for a whole organization`,
  ] : [];
}

/**
 * Problems with a value of which AWS defines the list.
 */
export function oneOfProblems(prop: string, value: unknown, allowed: readonly string[]): string[] {
  return isKnown(value) && !allowed.includes(value as string) ? [`'${prop}' must be one of ${allowed.map(show).join(', ')}, got ${show(value)}`] : [];
}

/**
 * Problems with the length of a text.
 */
export function lengthProblems(prop: string, text: string, { min, max }: { min: number; max: number }): string[] {
  return text.length < min || text.length > max
    ? [`'${prop}' must be ${min} to ${max} characters long, got ${text.length}: ${show(text)}`]
    : [];
}

/**
 * Problems with a text that may have any character: its length, and unpaired surrogates, which JSON parsers reject.
 */
export function freeTextProblems(prop: string, text: string, length: { min: number; max: number }): string[] {
  return [
    ...lengthProblems(prop, text, length),
    .../\p{Surrogate}/u.test(text) ? [`'${prop}' must not have unpaired surrogates, got one in ${show(text)}`] : [],
  ];
}
