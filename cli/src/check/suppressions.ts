import { isObject, listAt, stringAt, valueAt } from '../core/json';
import type { TemplateResource } from '../template/template';

/** The key in the `Metadata` of a resource. */
export const METADATA_KEY = 'cdk-secure-ecr';

/**
 * A rule that somebody suppresses for a resource.
 */
export interface Suppression {
  /** The id of the rule; `EcrChecks.` may be left out. */
  readonly id: string;
  readonly reason: string;
  readonly index: number;
}

/**
 * The suppressions of a resource, and the entries that are none.
 */
export interface Suppressions {
  readonly suppressions: readonly Suppression[];
  readonly problems: ReadonlyArray<{ readonly index: number; readonly message: string }>;
}

/**
 * The suppressions in the metadata of a resource, and those that do not count.
 *
 * ```yaml
 * Metadata:
 *   cdk-secure-ecr:
 *     suppress:
 *       - { id: EcrChecks.mutableTags, reason: the tags of this repository move by design }
 * ```
 */
export function suppressionsOf({ json }: TemplateResource, ruleIds: readonly string[]): Suppressions {
  const value = valueAt(json, 'Metadata', METADATA_KEY, 'suppress');
  const suppressions: Suppression[] = [];
  const problems: Array<{ index: number; message: string }> = [];
  listAt(json, 'Metadata', METADATA_KEY, 'suppress').forEach((entry, index) => {
    const written = stringAt(entry, 'id');
    const id = ruleIds.find(rule => rule === written || rule === `EcrChecks.${written}`);
    const reason = stringAt(entry, 'reason')?.trim() ?? '';
    if (!isObject(entry) || written === undefined) {
      problems.push({ index, message: `each entry of 'suppress' must have an 'id' and a 'reason', got ${JSON.stringify(entry)}` });
    } else if (id === undefined) {
      problems.push({ index, message: `'id' must be the id of a rule, got '${written}'; the rules are ${ruleIds.join(', ')}` });
    } else if (reason === '') {
      problems.push({ index, message: `'reason' must explain why '${written}' is suppressed, got none: the suppression is ignored` });
    } else {
      suppressions.push({ id, reason, index });
    }
  });
  if (value !== undefined && !Array.isArray(value)) {
    problems.push({ index: -1, message: `'suppress' must be a list of entries with 'id' and 'reason', got ${JSON.stringify(value)}` });
  }
  return { suppressions, problems };
}
