/**
 * The severity of a finding of `EcrChecks`.
 */
export enum CheckSeverity {
  /**
   * Fails the synthesis.
   */
  ERROR = 'error',

  /**
   * Reports the finding.
   */
  WARNING = 'warning',
}

/**
 * A parsed CloudFormation template to check.
 */
export interface CheckedTemplate {
  /**
   * The template as an object, with intrinsic functions in their long form such as `{ 'Fn::Sub': '…' }`.
   */
  readonly template: { [section: string]: any }; // eslint-disable-line @typescript-eslint/no-explicit-any -- jsii has no 'unknown'

  /**
   * The name of its file, for findings.
   *
   * @default - `template 1`, `template 2`, …
   */
  readonly fileName?: string;

  /**
   * The account that it is deployed to.
   *
   * @default - unknown: rules do not compare its registry with those of other templates
   */
  readonly account?: string;

  /**
   * The Region that it is deployed to.
   *
   * @default - unknown: rules do not compare its registry with those of other templates
   */
  readonly region?: string;
}

/**
 * A resource of a template that breaks a rule of `EcrChecks`.
 */
export interface CheckFinding {
  /**
   * The rule, such as `EcrChecks.mutableTags`. It never changes its name.
   */
  readonly ruleId: string;

  /**
   * Whether the finding fails the synthesis of an app.
   */
  readonly severity: CheckSeverity;

  /**
   * The name of the file of the template.
   */
  readonly fileName: string;

  /**
   * The logical id of the resource.
   */
  readonly logicalId: string;

  /**
   * The CloudFormation type of the resource.
   */
  readonly resourceType: string;

  /**
   * The path of the property below `Properties`, such as `Policies[0].PolicyDocument`. The path may not exist, because a missing property
   * is also a finding: show its longest existing part. Empty for the whole resource.
   */
  readonly propertyPath: string;

  /**
   * The property, its value and the consequence.
   */
  readonly message: string;

  /**
   * The change that fixes the finding.
   */
  readonly fix: string;

  /**
   * Whether the change makes CloudFormation replace the resource with a new one.
   */
  readonly fixReplaces: boolean;

  /**
   * The controls of other standards and tools that ask for the same, by name, such as `AWS Security Hub`.
   */
  readonly controls: { [standard: string]: string };

  /**
   * The path of the construct of the resource, if the CDK wrote it into the template.
   *
   * @default - unknown
   */
  readonly constructPath?: string;
}
