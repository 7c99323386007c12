import { letsEverybodyIn, type StatementJson } from '../private/policy/repository-policy';
import { flattened } from '../private/policy/statement-text';
import type { Check } from './check';
import { resourcePolicies } from './policy-statements';
import { isIntrinsic } from './template-json';

/**
 * Any AWS account can use the images, or push its own.
 */
export const everybodyAllowed: Check = {
  id: 'everybodyAllowed',
  severity: 'error',
  fix: "name accounts in 'Principal', or an organization in a condition on aws:PrincipalOrgID: CrossAccountPull writes both",
  controls: { 'cdk-nag': 'AwsSolutions-ECR1', 'checkov': 'CKV_AWS_32' },
  find: resources => resourcePolicies(resources).filter(({ statements }) => statements.some(letsIn)).map(({ resource, property }) => ({
    resource,
    property,
    message: `'${property}' must not allow the principal '*' without a condition on its organization, account or ARN: any AWS account gets in`,
  })),
};

/** A condition that only the deployment knows may keep strangers out. */
function letsIn(statement: StatementJson): boolean {
  const conditions = statement.Condition ?? {};
  return ![conditions, ...Object.values(conditions)].some(isIntrinsic) && letsEverybodyIn(flattened(statement) as StatementJson);
}
