import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { adoptRegistries } from '../adopt/adopt';
import type { Grouping } from '../adopt/stacks';
import { CommandError } from '../core/command-error';
import { writeAtomically } from '../core/files';
import { ExitCode, type Io } from '../core/io';
import { counted } from '../core/text-table';
import { openDump } from '../dump/dump';

/**
 * The options of `adopt`.
 */
export interface AdoptOptions {
  readonly out: string;
  readonly stacks: 'namespace' | 'registry';
  readonly stack?: readonly string[];
  readonly exclude?: readonly string[];
}

/** How many omissions the command prints. */
const SHOWN = 20;

/**
 * `adopt`: writes a CDK app that imports registries as they are.
 */
export function adopt(path: string, { out, stacks, stack = [], exclude = [] }: AdoptOptions, io: Io): ExitCode {
  if (existsSync(out) && readdirSync(out).length > 0) {
    throw new CommandError(`'--out' must be a new or an empty folder, got ${out}; an app that exists is not overwritten`);
  }
  const grouping: Grouping = { by: stacks, named: stack.map(namedStack) };
  const { files, model, omissions } = adoptRegistries(openDump(path), grouping, name => exclude.some(pattern => matches(name, pattern)));
  files.forEach((text, file) => writeAtomically(join(out, file), text));

  const resources = model.stacks.reduce((sum, { mapping }) => sum + Object.keys(mapping).length, 0);
  io.stdout(`${counted(resources, 'resource')} in ${counted(model.stacks.length, 'stack')}: read ${join(out, 'README.md')} for the commands of the import and for what to tighten next\n`);
  if (omissions.length === 0) {
    return ExitCode.CLEAN;
  }
  const more = omissions.length > SHOWN ? [`and ${omissions.length - SHOWN} more`] : [];
  io.stderr(`not in the app:\n${[...omissions.slice(0, SHOWN).map(({ subject, reason }) => `  ${subject}: ${reason}`), ...more].join('\n')}\n`);
  return ExitCode.FINDINGS;
}

function namedStack(option: string): { name: string; prefixes: string[] } {
  const [, name, prefixes] = /^([A-Za-z][A-Za-z0-9]*)=(.+)$/.exec(option) ?? [];
  if (name === undefined) {
    throw new CommandError(`'--stack' must be a name with prefixes, such as 'Payments=payments/,billing/', got '${option}'`);
  }
  return { name, prefixes: prefixes.split(',') };
}

/** Whether a name matches a pattern, in which `*` stands for any text. */
function matches(name: string, pattern: string): boolean {
  return new RegExp(`^${pattern.split('*').map(part => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&')).join('.*')}$`).test(name);
}
