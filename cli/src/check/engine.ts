import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EcrChecks } from 'cdk-secure-ecr';
import type { JsonObject } from '../core/json';

/**
 * A template, and where its stack is deployed to as far as it is known.
 */
export interface CheckedTemplate {
  readonly json: JsonObject;
  readonly account?: string;
  readonly region?: string;
  /** What templates of one stack, the nested ones included, have in common. */
  readonly stack: string;
}

/**
 * A rule that a resource of a template breaks.
 */
export interface Violation {
  /** The index of the template. */
  readonly template: number;
  readonly logicalId: string;
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly fix?: string;
  readonly controls: { readonly [standard: string]: string };
  /** The property, such as `Policies[0].PolicyDocument`; empty for the resource. */
  readonly property: string;
}

/** The ids of the rules. */
export function ruleIds(): string[] {
  return new EcrChecks().ruleIds ?? [];
}

/**
 * Applies the rules of the library to templates, all of them at once: some rules compare the resources of several stacks.
 */
export function violationsIn(templates: readonly CheckedTemplate[]): Violation[] {
  const folder = mkdtempSync(join(tmpdir(), 'cdk-secure-ecr-cli-'));
  try {
    const files = templates.map(({ json }, index) => writeTemplate(folder, index, json));
    writeManifest(folder, templates);
    const { violations } = new EcrChecks().validate({ templatePaths: files });
    return violations.flatMap(({ ruleName, severity, description, fix, ruleMetadata = {}, violatingResources }) => (
      violatingResources.map(({ resourceLogicalId, templatePath, locations }): Violation => ({
        template: files.indexOf(templatePath!),
        logicalId: resourceLogicalId!,
        rule: ruleName,
        severity: severity === 'error' ? 'error' : 'warning',
        message: description,
        fix,
        controls: ruleMetadata,
        property: (locations[0] ?? '').replace(/^Properties\.?/, ''),
      }))
    ));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeTemplate(folder: string, index: number, json: JsonObject): string {
  const path = join(folder, `${index}.template.json`);
  writeFileSync(path, JSON.stringify(json));
  return path;
}

/** The environments of the stacks, in the form of a cloud assembly. */
function writeManifest(folder: string, templates: readonly CheckedTemplate[]): void {
  const artifacts = Object.fromEntries(templates.map(({ account = 'unknown-account', region = 'unknown-region' }, index) => [
    String(index), { environment: `aws://${account}/${region}`, properties: { templateFile: `${index}.template.json` } },
  ]));
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ artifacts }));
}
