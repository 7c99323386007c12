import type { TemplateResource } from './template-resource';

/**
 * A rule of `EcrChecks`.
 */
export interface Check {
  /** In camelCase; it never changes. */
  readonly id: string;
  /** Only an error fails the synthesis. */
  readonly severity: 'error' | 'warning';
  /** What to do about a finding. */
  readonly fix: string;
  /** The controls of others that ask for the same. */
  readonly controls?: { readonly [standard: string]: string };
  /** What breaks the rule among the resources of all templates. */
  find(resources: readonly TemplateResource[]): Finding[];
}

/**
 * A resource that breaks a rule.
 */
export interface Finding {
  readonly resource: TemplateResource;
  /** The property that it is about. */
  readonly property: string;
  /** What is wrong: property, value and consequence. */
  readonly message: string;
}

/**
 * What reports and acknowledgements call a rule.
 */
export function ruleName({ id }: Check): string {
  return `EcrChecks.${id}`;
}
