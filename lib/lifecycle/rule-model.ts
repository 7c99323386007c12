import { Token } from 'aws-cdk-lib';
import { countTypeFacts, type CountType } from '../private/ecr/count-types';

/** Which tags an image must carry, as ECR spells it. */
export interface TagModel {
  readonly status: 'any' | 'tagged' | 'untagged';
  readonly list?: 'tagPatternList' | 'tagPrefixList';
  readonly entries: string[];
}

/** One rule of a policy text, with the place where the user wrote it. */
export interface RuleModel {
  readonly path: string;
  readonly priority: number;
  readonly description?: string;
  readonly tags: TagModel;
  readonly storageClass: 'archive' | 'standard';
  readonly countType: CountType;
  readonly countNumber: number;
  readonly action: 'expire' | 'transition';
  /** Whether the user asked by name for images that match every entry of the list. */
  readonly allOfByName: boolean;
}

/**
 * The policy text: minified, sorted by priority, without a key that ECR would fill in itself. ECR has refused policies that spell
 * out null or default values. https://github.com/cloudposse/terraform-aws-ecr/issues/158
 */
export function renderRules(rules: readonly RuleModel[]): string {
  return `{"rules":[${rules.map(renderRule).join(',')}]}`;
}

/**
 * What a rule selects, as sentences and tables show it: `'release-*'`, `untagged` or `any image`.
 */
export function describeTags(tags: TagModel): string {
  if (tags.status !== 'tagged') {
    return tags.status === 'any' ? 'any image' : 'untagged';
  }
  const suffix = tags.list === 'tagPrefixList' ? '*' : '';
  return tags.entries.map(entry => `'${entry}${suffix}'`).join(' and ');
}

/**
 * A rule as sentences name it: `rule 1 'release-*'` or `rule 3 (any image)`.
 */
export function describeRule({ priority, tags }: RuleModel): string {
  return `rule ${priority} ${tags.status === 'tagged' ? describeTags(tags) : `(${describeTags(tags)})`}`;
}

function renderRule(rule: RuleModel): string {
  const { tags } = rule;
  const { unit } = countTypeFacts(rule.countType);
  const selection = members({
    tagStatus: JSON.stringify(tags.status),
    [tags.list ?? '']: tags.list && JSON.stringify(tags.entries),
    storageClass: rule.storageClass === 'archive' ? '"archive"' : undefined,
    countType: JSON.stringify(rule.countType),
    countUnit: unit && JSON.stringify(unit),
    countNumber: renderNumber(rule.countNumber),
  });
  return members({
    rulePriority: renderNumber(rule.priority),
    description: rule.description ? JSON.stringify(rule.description) : undefined,
    selection,
    action: rule.action === 'expire' ? '{"type":"expire"}' : '{"type":"transition","targetStorageClass":"archive"}',
  });
}

function members(values: Record<string, string | undefined>): string {
  const present = Object.entries(values).filter(([, value]) => value !== undefined);
  return `{${present.map(([key, value]) => `"${key}":${value}`).join(',')}}`;
}

/** A number that is not known yet becomes text without quotes, so that the deployed policy holds a number. */
function renderNumber(value: number): string {
  return Token.isUnresolved(value) ? Token.asString(value) : String(value);
}
