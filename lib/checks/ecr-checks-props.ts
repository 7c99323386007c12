/**
 * Properties for defining `EcrChecks`.
 */
export interface EcrChecksProps {
  /**
   * The rules whose findings fail the synthesis, such as `mutableTags`; all others are warnings.
   *
   * An app that exists starts with `[]` and adds one rule after the other. Fails with a name that is no rule.
   *
   * @default - the severity of each rule in the documentation
   */
  readonly errors?: string[];
}
