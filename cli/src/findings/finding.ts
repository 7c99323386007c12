/** Severities, the most serious one first. */
export const SEVERITIES = ['error', 'warning', 'note'] as const;

export type Severity = typeof SEVERITIES[number];

/**
 * A place in a file, from 1.
 */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/**
 * A resource that breaks a rule.
 */
export interface Finding {
  /** The id of the rule, such as `EcrChecks.mutableTags`. */
  readonly rule: string;
  readonly severity: Severity;
  /** The property, its value and the consequence. */
  readonly message: string;
  /** How to correct it. */
  readonly fix?: string;
  /** Whether the fix makes CloudFormation replace the resource. */
  readonly replaces: boolean;
  /** The controls of others that ask for the same, by standard. */
  readonly controls: { readonly [standard: string]: string };
  /** Relative to the working directory, with `/`. */
  readonly file: string;
  readonly position?: Position;
  /** The logical id in a template, the name in a registry. */
  readonly resource: string;
  readonly type?: string;
  /** The path of the property below the resource; empty for the resource itself. */
  readonly property: string;
  /** Why somebody decided not to correct it. */
  readonly suppression?: string;
  /** Whether a baseline lists it. */
  readonly known?: boolean;
}

/**
 * Whether a severity is at least another one.
 */
export function isAtLeast(severity: Severity, least: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(least);
}

/**
 * Whether a finding is reported and fails the command.
 */
export function isOpen({ suppression, known }: Finding): boolean {
  return suppression === undefined && known !== true;
}
