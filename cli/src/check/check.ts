import type { Finding } from '../findings/finding';
import { type FoundTemplate } from '../template/discover';
import type { Path } from '../template/source';
import type { TemplateResource } from '../template/template';
import { ruleIds, type Violation, violationsIn } from './engine';
import { METADATA_KEY, type Suppression, type Suppressions, suppressionsOf } from './suppressions';

/**
 * The findings in templates, with the suppressed ones.
 */
export function checkTemplates(found: readonly FoundTemplate[]): Finding[] {
  const violations = violationsIn(found.map(({ template, account, region }) => ({ json: template.json, account, region })));
  const rules = ruleIds();
  const byResource = new Map<TemplateResource, Suppressions>();
  for (const { template } of found) {
    for (const resource of template.resources.values()) {
      byResource.set(resource, suppressionsOf(resource, rules));
    }
  }
  const used = new Set<Suppression>();
  const findings = violations.map(violation => {
    const { template } = found[violation.template];
    const resource = template.resources.get(violation.logicalId)!;
    const suppression = byResource.get(resource)!.suppressions.find(({ id }) => id === violation.rule);
    if (suppression) {
      used.add(suppression);
    }
    return findingOf(found[violation.template], resource, violation, suppression);
  });
  const fromSuppressions = found.flatMap(it => [...it.template.resources.values()].flatMap(resource => (
    suppressionFindings(it, resource, byResource.get(resource)!, used)
  )));
  return [...findings, ...fromSuppressions];
}

function findingOf({ template }: FoundTemplate, resource: TemplateResource, violation: Violation, suppression: Suppression | undefined): Finding {
  const { rule, severity, message, fix, replaces, controls, property } = violation;
  const path = pathOf(property);
  return {
    rule,
    severity,
    message,
    fix,
    replaces,
    controls,
    file: template.path,
    position: template.locate(resource.logicalId, ...path.length === 0 ? [] : ['Properties', ...path]),
    resource: resource.logicalId,
    type: resource.type,
    property,
    suppression: suppression?.reason,
  };
}

/** Suppressions that do not count, which must not look as if they did. */
function suppressionFindings(
  { template }: FoundTemplate,
  { logicalId, type }: TemplateResource,
  { suppressions, problems }: Suppressions,
  used: ReadonlySet<Suppression>,
): Finding[] {
  const at = (index: number): Path => ['Metadata', METADATA_KEY, 'suppress', ...index === -1 ? [] : [index]];
  const common = { replaces: false, controls: {}, file: template.path, resource: logicalId, type, property: `Metadata.${METADATA_KEY}` };
  return [
    ...problems.map(({ index, message }): Finding => ({
      ...common, rule: 'invalidSuppression', severity: 'error', message, position: template.locate(logicalId, ...at(index)),
    })),
    ...suppressions.filter(suppression => !used.has(suppression)).map(({ id, index }): Finding => ({
      ...common,
      rule: 'unusedSuppression',
      severity: 'note',
      message: `${id} does not report this resource any more`,
      fix: 'remove the suppression',
      position: template.locate(logicalId, ...at(index)),
    })),
  ];
}

/** `Policies[0].PolicyDocument` as a path. */
function pathOf(property: string): Path {
  return property.split(/[.[\]]+/).filter(part => part !== '').map(part => /^\d+$/.test(part) ? Number(part) : part);
}
