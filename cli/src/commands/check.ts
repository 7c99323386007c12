import { checkTemplates } from '../check/check';
import { type ExitCode, type Io } from '../core/io';
import { counted } from '../core/text-table';
import { discover } from '../template/discover';
import { type FindingOptions, report } from './finding-options';

/**
 * `check`: applies the rules of the library to CloudFormation templates.
 */
export function check(paths: readonly string[], options: FindingOptions, io: Io): ExitCode {
  const { templates, skipped, unread } = discover(paths);
  const resources = templates.reduce((sum, { template }) => sum + template.resources.size, 0);
  return report(checkTemplates(templates), {
    summary: [
      `${counted(templates.length, 'template')} with ${counted(resources, 'resource')} checked${skipped === 0 ? '' : `; ${counted(skipped, 'other file')} skipped`}`,
      ...unread.length === 0 ? [] : [`not checked, as their templates are not local files: ${unread.join(', ')}`],
    ],
    facts: { templates: templates.map(({ template }) => template.path), resources, skippedFiles: skipped, uncheckedNestedStacks: unread },
  }, options, io);
}
