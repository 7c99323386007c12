import { createHash } from 'node:crypto';
import type { Log, ReportingDescriptor, Result } from 'sarif';
import { VERSION } from '../core/version';
import { type Finding } from './finding';
import type { Report } from './report';

const GUIDE = 'https://github.com/cdk-secure-ecr/cdk-secure-ecr/blob/main/docs/guide/checks.md';

/**
 * A report for code scanning, as SARIF 2.1.0.
 *
 * Suppressed findings are included with their reason, known ones with the baseline state `unchanged`.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function renderSarif({ findings }: Report): string {
  const rules = [...new Map(findings.map(finding => [finding.rule, ruleOf(finding)])).values()];
  const compared = findings.some(({ known }) => known);
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{
      tool: { driver: { name: 'cdk-secure-ecr-cli', version: VERSION, informationUri: GUIDE, rules } },
      columnKind: 'utf16CodeUnits',
      results: findings.map(finding => resultOf(finding, rules.findIndex(({ id }) => id === finding.rule), compared)),
    }],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function ruleOf({ rule, fix, severity, controls }: Finding): ReportingDescriptor {
  return {
    id: rule,
    name: rule.replace(/\W/g, ''),
    shortDescription: { text: fix ?? rule },
    helpUri: GUIDE,
    ...fix === undefined ? {} : { help: { text: fix } },
    defaultConfiguration: { level: severity },
    properties: { tags: ['security', ...Object.entries(controls).map(([standard, control]) => `${standard} ${control}`)] },
  };
}

function resultOf(finding: Finding, ruleIndex: number, compared: boolean): Result {
  const { rule, severity, message, fix, replaces, file, position, resource, property, suppression, known } = finding;
  const advice = fix === undefined ? '' : `\nFix: ${fix}${replaces ? ' (replaces the resource)' : ''}`;
  return {
    ruleId: rule,
    ruleIndex,
    level: severity,
    message: { text: `${message}${advice}` },
    locations: [{
      physicalLocation: {
        artifactLocation: { uri: encodeURI(file) },
        region: { startLine: position?.line ?? 1, startColumn: position?.column ?? 1 },
      },
      logicalLocations: [{ name: resource, fullyQualifiedName: property === '' ? resource : `${resource}.${property}`, kind: 'resource' }],
    }],
    partialFingerprints: { 'resourceRule/v1': createHash('sha256').update(JSON.stringify([rule, file, resource, property])).digest('hex').slice(0, 32) },
    ...suppression === undefined ? {} : { suppressions: [{ kind: 'inSource', justification: suppression }] },
    ...compared ? { baselineState: known ? 'unchanged' : 'new' } : {},
  };
}
