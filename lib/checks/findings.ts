import type { Check, Finding } from './check';
import type { OrganizationRules } from './organization-rules';
import type { TemplateResource } from './template-resource';
import { type Branch, withoutTokens } from './template-values';

/**
 * A rule and a resource that breaks it.
 */
export interface Violation extends Finding {
  readonly check: Check;
}

/**
 * Finds what breaks rules. A finding of only some branches of a resource names them.
 */
export function violationsOf(checks: readonly Check[], resources: readonly TemplateResource[], rules: OrganizationRules): Violation[] {
  const branches = new Map<string, Branch[]>();
  for (const { branch, ...resource } of resources) {
    branches.set(idOf(resource), [...branches.get(idOf(resource)) ?? [], branch]);
  }
  return checks.flatMap(check => merged(check.find(resources, rules), branches).map(finding => ({ check, ...finding })));
}

/** One finding for each message about a resource. */
function merged(findings: readonly Finding[], branches: ReadonlyMap<string, readonly Branch[]>): Finding[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = JSON.stringify([idOf(finding.resource), finding.property, finding.message]);
    groups.set(key, [...groups.get(key) ?? [], finding]);
  }
  return [...groups.values()].map(group => {
    const [{ resource, property, message }] = group;
    const all = branches.get(idOf(resource))!;
    const label = labelOf(group.map(finding => finding.resource.branch), all);
    return located({ resource, property, message: withoutTokens(label === '' ? message : `${message} (${label})`) });
  });
}

/** A finding in the body of a stack set belongs to the stack set, which is what the template has. */
function located({ resource, property, message }: Finding): Finding {
  const { host, logicalId } = resource;
  return host ? { resource: host.resource, property: host.property, message: `in the template body, '${logicalId}': ${message}` } : { resource, property, message };
}

/** The choices that make the difference between the branches with a finding and those without. */
function labelOf(found: readonly Branch[], all: readonly Branch[]): string {
  const [first] = all;
  const optionsIn = (branches: readonly Branch[], name: string): string[] => [...new Set(branches.map(branch => branch[name]))];
  const differing = Object.keys(first).filter(name => optionsIn(found, name).length < optionsIn(all, name).length);
  return found.length === all.length ? '' : differing.map(name => {
    const options = optionsIn(found, name);
    return options.every(option => option === 'true' || option === 'false')
      ? `if '${name}' is ${options.join()}`
      : `for '${name}' of ${options.map(option => `'${option}'`).join(', ')}`;
  }).join(' and ');
}

function idOf({ logicalId, templatePath, host }: Omit<TemplateResource, 'branch'>): string {
  return JSON.stringify([templatePath, host?.resource.logicalId, logicalId]);
}
