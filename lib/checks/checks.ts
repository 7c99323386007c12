import { anyPrincipalAllowed } from './any-principal-allowed';
import { autoDeleteTag } from './auto-delete-tag';
import { broadPermissions } from './broad-permissions';
import type { Check } from './check';
import { doubtfulLifecyclePolicy } from './doubtful-lifecycle-policy';
import { doubtfulPolicy } from './doubtful-policy';
import { fixedDeploymentTag } from './fixed-deployment-tag';
import { forbiddenUpstream } from './forbidden-upstream';
import { ineffectivePolicy } from './ineffective-policy';
import { invalidLifecyclePolicy } from './invalid-lifecycle-policy';
import { invalidName } from './invalid-name';
import { invalidProperty } from './invalid-property';
import { missingEndpoints } from './missing-endpoints';
import { missingTag } from './missing-tag';
import { mutableTags } from './mutable-tags';
import { namingConvention } from './naming-convention';
import { noCacheTemplate } from './no-cache-template';
import { noCustomerManagedKey } from './no-customer-managed-key';
import { noLifecyclePolicy } from './no-lifecycle-policy';
import { noPrivateDns } from './no-private-dns';
import { notScanned } from './not-scanned';
import { ownedTwice } from './owned-twice';
import { uncheckedTemplate } from './unchecked-template';
import { unusableCredentials } from './unusable-credentials';

/** The rules of `EcrChecks`, by name. */
export const CHECKS: readonly Check[] = [
  autoDeleteTag,
  broadPermissions,
  doubtfulLifecyclePolicy,
  doubtfulPolicy,
  anyPrincipalAllowed,
  fixedDeploymentTag,
  forbiddenUpstream,
  ineffectivePolicy,
  invalidLifecyclePolicy,
  invalidName,
  invalidProperty,
  missingEndpoints,
  missingTag,
  mutableTags,
  namingConvention,
  noCacheTemplate,
  noCustomerManagedKey,
  noLifecyclePolicy,
  noPrivateDns,
  notScanned,
  ownedTwice,
  uncheckedTemplate,
  unusableCredentials,
];
