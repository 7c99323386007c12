import { ruleIds } from '../check/engine';
import { groupBy } from '../core/group-by';
import { counted } from '../core/text-table';
import type { LiveFinding } from './findings';
import type { Model } from './model';
import { importsOf } from './project';
import type { Omission } from './unit';

/**
 * What the report of an adoption is made of.
 */
export interface Adoption {
  readonly model: Model;
  readonly omissions: readonly Omission[];
  /** Settings that CloudFormation does not manage. */
  readonly unmanaged: readonly Omission[];
  readonly findings: readonly LiveFinding[];
  readonly places: readonly string[];
}

/** How many subjects a line names. */
const NAMED = 10;

/**
 * The README of the generated app: how to import it, what it does not have, and what to tighten next.
 */
export function renderReadme({ model, omissions, unmanaged, findings, places }: Adoption): string {
  const { stacks, mirrored } = model;
  const resources = stacks.reduce((sum, { mapping }) => sum + Object.keys(mapping).length, 0);
  return [
    '# Amazon ECR as code',
    `The registry ${places.join(', ')} as an AWS CDK app: ${counted(resources, 'resource')} in ${counted(stacks.length, 'stack')}. Each setting, policy and tag is written as it is today.`,
    '## Import',
    'An import changes no setting of a resource: CloudFormation begins to manage it. Run this once for each account and Region that has no bootstrap stack yet: `npx cdk bootstrap`. Then:',
    fence('sh', ['npm install', 'npm run build', ...stacks.flatMap(stack => importsOf(stack).map(({ path }) => `npx cdk import ${stack.plan.id} --resource-mapping ${path}`)), 'npx cdk diff --all']),
    'The last command must report no difference besides the metadata of the CDK. Stop and compare if it reports more.',
    '## Changes today',
    'None of these changes a setting that exists:',
    bullets([
      'Repositories are retained: removing one from the app, or deleting the stack, leaves the repository and its images.',
      'AES256 is the default of Amazon ECR and is not written to templates, because a template that adds it replaces the repository.',
      'CloudFormation adds its own tags, `aws:cloudformation:…`, to repositories.',
    ]),
    ...section('Not in the app', 'These stay as they are in AWS, outside of the app:', [...omissions, ...unmanaged].map(line)),
    ...section(
      'Written with constructs of the CDK',
      'The constructs of cdk-secure-ecr reject or change these settings, so that the construct that mirrors the resource has them word for word:',
      mirrored.map(line),
    ),
    '## Tighten next',
    findings.length === 0 ? 'Nothing: the rules of `EcrChecks` report no finding.' : 'In this order. Deploy one step at a time, and look at `cdk diff` before each:',
    ...findings.length === 0 ? [] : [steps(findings).join('\n')],
  ].join('\n\n') + '\n';
}

/** Steps that need no preparation, then those that delete images, then those that replace a repository. */
function steps(findings: readonly LiveFinding[]): string[] {
  const order = ruleIds();
  const rank = ([{ rule, severity, replaces }]: LiveFinding[]): number => (
    (replaces ? 4 : 0) + (/Lifecycle/.test(rule) ? 2 : 0) + (severity === 'error' ? 0 : 1) + order.indexOf(rule) / 1000
  );
  return [...groupBy(findings, ({ rule }) => rule).values()].sort((a, b) => rank(a) - rank(b)).map((group, index) => {
    const [{ rule, severity, fix, replaces }] = group;
    const subjects = [...new Set(group.map(({ subject }) => subject))];
    const effect = replaces ? 'replaces the repository: create a new one and move its images' : /Lifecycle/.test(rule) ? 'deletes images: preview it first' : 'in place';
    return `${index + 1}. \`${rule}\` (${severity}, ${effect}): ${names(subjects)}. To correct it, ${fix}.`;
  });
}

function names(subjects: readonly string[]): string {
  const more = subjects.length - NAMED;
  return `${subjects.slice(0, NAMED).map(subject => `\`${subject}\``).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function line({ subject, reason }: Omission): string {
  return `\`${subject}\`: ${reason.replace(/\.$/, '')}.`;
}

function section(title: string, intro: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`## ${title}`, intro, bullets(items)];
}

function bullets(items: readonly string[]): string {
  return items.map(item => `- ${item}`).join('\n');
}

function fence(language: string, lines: readonly string[]): string {
  return ['```' + language, ...lines, '```'].join('\n');
}
