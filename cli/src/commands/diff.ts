import { statSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { CommandError } from '../core/command-error';
import { readText } from '../core/files';
import type { ExitCode, Io } from '../core/io';
import { isObject } from '../core/json';
import { counted } from '../core/text-table';
import { changeSetFindings, isChangeSet } from '../diff/change-set';
import { templateFindings } from '../diff/templates';
import type { Finding } from '../findings/finding';
import { discover, shown } from '../template/discover';
import { parseSource } from '../template/source';
import { Template } from '../template/template';
import { type FindingOptions, report } from './finding-options';

/**
 * `diff`: reports the changes of resources of Amazon ECR that lose something.
 *
 * @param before a template, a folder or a change set
 * @param after a template or a folder; undefined for a change set
 */
export function diff(before: string, after: string | undefined, options: Pick<FindingOptions, 'format' | 'output'>, io: Io): ExitCode {
  const { findings, compared } = after === undefined ? ofChangeSet(before)
    : isFolder(before) || isFolder(after) ? ofFolders(before, after) : ofFiles(before, after);
  return report(findings, { summary: [`${compared} compared`], facts: { compared } }, { ...options, minSeverity: 'note' }, io);
}

interface Comparison {
  readonly findings: readonly Finding[];
  readonly compared: string;
}

function ofChangeSet(path: string): Comparison {
  const { value } = parseSource(shown(path), readText(path));
  if (!isChangeSet(value)) {
    throw new CommandError(`${shown(path)} must be the output of 'aws cloudformation describe-change-set' with a list 'Changes'; name two files to compare templates`);
  }
  return { findings: changeSetFindings(value, shown(path)), compared: '1 change set' };
}

function ofFiles(before: string, after: string): Comparison {
  return { findings: templateFindings(readTemplate(before), readTemplate(after), shown(after)), compared: '1 template' };
}

/** Two cloud assemblies, or folders: templates belong together if their paths in the folders are equal. */
function ofFolders(before: string, after: string): Comparison {
  if (!isFolder(before) || !isFolder(after)) {
    throw new CommandError(`${shown(before)} and ${shown(after)} must both be files or both be folders`);
  }
  const oldTemplates = templatesIn(before);
  const newTemplates = templatesIn(after);
  return {
    findings: [...oldTemplates].flatMap(([name, template]) => templateFindings(template, newTemplates.get(name), shown(`${after}/${name}`))),
    compared: counted(oldTemplates.size, 'template'),
  };
}

function templatesIn(folder: string): Map<string, Template> {
  return new Map(discover([folder]).templates.map(({ template }) => [relative(folder, template.path).split(sep).join('/'), template]));
}

/** A template, also as `aws cloudformation get-template` prints it: an object, or YAML in a string. */
function readTemplate(path: string): Template {
  const text = readText(path);
  const { value } = parseSource(shown(path), text);
  const body = isObject(value) ? value.TemplateBody : undefined;
  const template = Template.parse(shown(path), body === undefined ? text : typeof body === 'string' ? body : JSON.stringify(body), true);
  if (!template) {
    throw new CommandError(`${shown(path)} must be a CloudFormation template, got a text without 'Resources' that have an AWS type`);
  }
  return template;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
