import type { RuleModel } from '../rule-model';
import { tagsTest } from '../tag-pattern';

/**
 * A rule with a test for the tags of an image.
 */
export interface CompiledRule extends RuleModel {
  readonly selects: (tags: readonly string[]) => boolean;
}

export function compileRules(rules: readonly RuleModel[]): CompiledRule[] {
  return rules.map(rule => ({ ...rule, selects: tagsTest(rule.tags) }));
}
