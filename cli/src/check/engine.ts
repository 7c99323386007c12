import { type CheckFinding, CheckSeverity, EcrChecks } from 'cdk-secure-ecr';
import { type JsonObject, valueAt } from '../core/json';

/**
 * A template, and the environment of its stack as far as it is known.
 */
export interface CheckedTemplate {
  readonly json: JsonObject;
  readonly account?: string;
  readonly region?: string;
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
  readonly fix: string;
  readonly replaces: boolean;
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
  const checked = templates.map(({ json, account, region }, index) => ({ template: json, account, region, fileName: String(index) }));
  // The command reads local templates of nested stacks, also in YAML, and lists those that it cannot read.
  const isRead = ({ ruleId, fileName, logicalId }: CheckFinding): boolean => ruleId === 'EcrChecks.uncheckedTemplate'
    && valueAt(templates[Number(fileName)].json, 'Resources', logicalId, 'Type') !== 'AWS::CloudFormation::StackSet';
  return new EcrChecks().findingsIn(checked).filter(finding => !isRead(finding)).map(finding => ({
    template: Number(finding.fileName),
    logicalId: finding.logicalId,
    rule: finding.ruleId,
    severity: finding.severity === CheckSeverity.ERROR ? 'error' : 'warning',
    message: finding.message,
    fix: finding.fix,
    replaces: finding.fixReplaces,
    controls: finding.controls,
    property: finding.propertyPath,
  }));
}
