import type { OrganizationRules } from './organization-rules';
import type { TemplateResource } from './template-resource';

/**
 * A rule of `EcrChecks`.
 */
export interface Check {
  /** The id in camelCase; it never changes. */
  readonly id: string;
  /** Only an error fails the synthesis. */
  readonly severity: 'error' | 'warning';
  /** The fix of a finding. */
  readonly fix: string;
  /** Whether the fix makes CloudFormation replace the resource with a new one. */
  readonly fixReplaces?: boolean;
  /** Whether it finds nothing unless the props of `EcrChecks` have what it asks for. */
  readonly isOptional?: boolean;
  /** The controls of others that ask for the same. */
  readonly controls?: { readonly [standard: string]: string };
  /** Finds the resources of all templates that break the rule. */
  find(resources: readonly TemplateResource[], rules: OrganizationRules): Finding[];
}

/**
 * A resource that breaks a rule.
 */
export interface Finding {
  readonly resource: TemplateResource;
  /** The path of the property in `Properties`; empty for the whole resource. */
  readonly property: string;
  /** The property, its value and the consequence. */
  readonly message: string;
}

/**
 * The name of a rule in reports and acknowledgements.
 */
export function ruleName({ id }: Check): string {
  return `EcrChecks.${id}`;
}
