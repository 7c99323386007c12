import { AwsSolutionsChecks, HIPAASecurityChecks, type NagPack, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import type { IConstruct } from 'constructs';

const PACKS: Array<new () => NagPack> = [AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks];

/** A rule of a pack that a resource breaks. */
export interface NagFinding {
  readonly rule: string;
  readonly path: string;
}

/**
 * What AwsSolutions, HIPAA, NIST 800-53 r5 and PCI DSS find in a tree of constructs.
 *
 * @param scope the app or a stack
 * @param options whether to report what is acknowledged as well
 */
export function nagFindings(scope: IConstruct, { acknowledgedToo = false } = {}): NagFinding[] {
  return PACKS.flatMap(Pack => {
    const pack = new Pack();
    if (acknowledgedToo) {
      Object.assign(pack, { isAcknowledged: () => false });
    }
    return pack.validateScope(scope).violations.flatMap(({ ruleName, violatingResources }) => {
      return violatingResources.map(({ constructPath }) => ({ rule: ruleName, path: constructPath ?? '' }));
    });
  });
}
