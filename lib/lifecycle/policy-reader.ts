import { duplicateKeysIn, parseJson } from '../private/core/json';
import { duplicatesOf, isKnown, show } from '../private/core/values';
import { COUNT_TYPES, countTypeFacts, type CountType } from '../private/ecr/count-types';
import { LIMITS } from '../private/ecr/limits';
import type { RuleModel, TagModel } from './rule-model';
import { countProblems, tagListProblems } from './rule-problems';

/**
 * The rules of a policy text, sorted by priority, and every reason why ECR would refuse it. Rules with problems are left out.
 */
export interface ReadPolicy {
  readonly rules: RuleModel[];
  readonly problems: string[];
}

type Json = Record<string, unknown>;

const RULE_KEYS = ['rulePriority', 'description', 'selection', 'action'];
const SELECTION_KEYS = ['tagStatus', 'tagPatternList', 'tagPrefixList', 'storageClass', 'countType', 'countUnit', 'countNumber'];
const TAG_LISTS = ['tagPatternList', 'tagPrefixList'] as const;

/**
 * The policy text in the output of `aws ecr get-lifecycle-policy`, or else the text itself.
 */
export function policyTextIn(text: string): string {
  const output = (isKnown(text) ? parseJson('text', text).value : undefined) as Json | null | undefined;
  return typeof output?.lifecyclePolicyText === 'string' ? output.lifecyclePolicyText : text;
}

/**
 * Problems with the length of a text that is sent to ECR as it is.
 */
export function textLengthProblems(text: string): string[] {
  const { min, max } = LIMITS.lifecycleCharacters;
  return text.length < min || text.length > max ? [`'text' must be ${min} to ${max} characters long, got ${text.length}`] : [];
}

/**
 * Reads the text of a policy as strictly as ECR does.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
 */
export function readPolicy(text: string): ReadPolicy {
  if (!isKnown(text)) {
    return { rules: [], problems: ["'text' must be known at synthesis, got a token; use LifecyclePolicy.of() with tokens as values"] };
  }
  const { value, problem } = parseJson('text', text);
  return problem
    ? { rules: [], problems: [problem] }
    : readRules(value, duplicateKeysIn(text).map(path => `'${path}' must be given once, got it twice; keep one of them, because the other one is ignored`));
}

/**
 * Reads a policy whose JSON is parsed already. Its counts, tags and descriptions may be tokens.
 *
 * @param value the policy
 * @param problems the problems of its text
 */
export function readRules(value: unknown, problems: string[]): ReadPolicy {
  const policy = objectAt('text', value, ['rules'], ['rules'], problems);
  const rules: unknown = policy.rules;
  if (!Array.isArray(rules)) {
    problems.push(...rules === undefined || rules === null ? [] : [`'rules' must be a list, got ${show(rules)}`]);
    return { rules: [], problems };
  }
  if (rules.length === 0) {
    problems.push("'rules' must have at least one rule, got none; remove the policy to keep every image");
  }

  const models = rules.flatMap((rule, index) => readRule(`rules[${index}]`, rule, problems));
  for (const twice of duplicatesOf(models.map(rule => String(rule.priority)))) {
    problems.push(`'rules' must have a rulePriority of its own for each rule, got ${twice} twice`);
  }
  return { rules: models.sort((a, b) => a.priority - b.priority), problems };
}

function readRule(path: string, value: unknown, problems: string[]): RuleModel[] {
  const before = problems.length;
  const rule = objectAt(path, value, RULE_KEYS, ['rulePriority', 'selection', 'action'], problems);
  if (problems.length > before) {
    return [];
  }

  problems.push(...countProblems(`${path}.rulePriority`, rule.rulePriority));
  if (rule.description !== undefined && typeof rule.description !== 'string') {
    problems.push(`'${path}.description' must be a string, got ${show(rule.description)}`);
  }
  const selection = objectAt(`${path}.selection`, rule.selection, SELECTION_KEYS, ['tagStatus', 'countType', 'countNumber'], problems);
  const action = objectAt(`${path}.action`, rule.action, ['type', 'targetStorageClass'], ['type'], problems);
  if (problems.length > before) {
    return [];
  }

  problems.push(
    ...tagProblems(`${path}.selection`, selection),
    ...conditionProblems(`${path}.selection`, selection),
    ...actionProblems(path, selection, action),
  );
  return problems.length > before ? [] : [{
    path,
    priority: rule.rulePriority as number,
    description: rule.description as string | undefined,
    tags: tagsOf(selection),
    storageClass: selection.storageClass === 'archive' ? 'archive' : 'standard',
    countType: selection.countType as CountType,
    countNumber: selection.countNumber as number,
    action: action.type as RuleModel['action'],
    allOfByName: false,
  }];
}

/** The members of an object; an empty object stands for what is none, after its problem was noted. */
function objectAt(path: string, value: unknown, known: string[], required: string[], problems: string[]): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    problems.push(`'${path}' must be an object, got ${show(value)}`);
    return {};
  }

  const json = value as Json;
  for (const key of Object.keys(json)) {
    if (!known.includes(key)) {
      problems.push(`'${path}' must only have ${known.map(name => `'${name}'`).join(', ')}, got ${show(key)}`);
    } else if (json[key] === null) {
      problems.push(`'${path}.${key}' must not be null; leave the key out`);
    }
  }
  for (const key of required.filter(name => !Object.hasOwn(json, name))) {
    problems.push(`'${path}' must have '${key}', got ${show(json)}`);
  }
  return json;
}

function tagProblems(path: string, selection: Json): string[] {
  const problems = oneOf(`${path}.tagStatus`, selection.tagStatus, ['tagged', 'untagged', 'any']);
  const lists = TAG_LISTS.filter(list => selection[list] !== undefined);
  if (selection.tagStatus !== 'tagged') {
    problems.push(...lists.map(list => `'${path}.${list}' must be left out unless tagStatus is "tagged", got ${show(selection[list])}`));
    return problems;
  }

  if (lists.length !== 1) {
    const got = lists.length === 0 ? 'neither' : 'both';
    problems.push(`'${path}' must have one of 'tagPatternList' and 'tagPrefixList' when tagStatus is "tagged", got ${got}`);
  }
  for (const list of lists) {
    const entries = selection[list];
    problems.push(...Array.isArray(entries) && entries.every(entry => typeof entry === 'string')
      ? tagListProblems(`${path}.${list}`, list, entries)
      : [`'${path}.${list}' must be a list of strings, got ${show(entries)}`]);
  }
  return problems;
}

function conditionProblems(path: string, { countType, countUnit, countNumber, storageClass }: Json): string[] {
  const problems = [
    ...oneOf(`${path}.countType`, countType, Object.keys(COUNT_TYPES)),
    ...storageClass === undefined ? [] : oneOf(`${path}.storageClass`, storageClass, ['standard', 'archive']),
  ];
  if (problems.length > 0) {
    return problems;
  }

  const facts = countTypeFacts(countType as CountType);
  if (countUnit !== facts.unit) {
    problems.push(facts.unit === undefined
      ? `'${path}.countUnit' must be left out with countType ${show(countType)}, got ${show(countUnit)}`
      : `'${path}.countUnit' must be ${show(facts.unit)} with countType ${show(countType)}, got ${show(countUnit)}`);
  }
  if (storageClass === undefined ? facts.storageClass !== 'standard' : facts.storageClass !== storageClass) {
    problems.push(storageClass === undefined
      ? `'${path}.storageClass' must be ${show(facts.storageClass)} with countType ${show(countType)}, got ${show(storageClass)}`
      : `'${path}.countType' must be ${countTypesOf(storageClass)} with storageClass ${show(storageClass)}, got ${show(countType)}`);
  }
  return [...problems, ...countProblems(`${path}.countNumber`, countNumber, facts.min)];
}

function actionProblems(path: string, { countType }: Json, { type, targetStorageClass }: Json): string[] {
  const problems = oneOf(`${path}.action.type`, type, ['expire', 'transition']);
  if (type === 'transition' ? targetStorageClass !== 'archive' : targetStorageClass !== undefined) {
    problems.push(type === 'transition'
      ? `'${path}.action.targetStorageClass' must be "archive" with type "transition", got ${show(targetStorageClass)}`
      : `'${path}.action.targetStorageClass' must be left out unless type is "transition", got ${show(targetStorageClass)}`);
  }
  const { actions } = COUNT_TYPES[countType as CountType] as { actions?: readonly string[] } | undefined ?? {};
  if (problems.length === 0 && actions && !actions.includes(type as string)) {
    problems.push(`'${path}.action.type' must be ${actions.map(show).join(' or ')} with countType ${show(countType)}, got ${show(type)}`);
  }
  return problems;
}

function countTypesOf(storageClass: unknown): string {
  return Object.entries(COUNT_TYPES).filter(([, facts]) => facts.storageClass === storageClass).map(([countType]) => show(countType)).join(' or ');
}

function oneOf(prop: string, value: unknown, allowed: readonly string[]): string[] {
  return allowed.includes(value as string) ? [] : [`'${prop}' must be one of ${allowed.map(show).join(', ')}, got ${show(value)}`];
}

function tagsOf(selection: Json): TagModel {
  const list = TAG_LISTS.find(name => selection[name] !== undefined);
  return { status: selection.tagStatus as TagModel['status'], list, entries: list ? selection[list] as string[] : [] };
}
