import { templateOf } from '../audit/registry-template';
import { violationsIn, type Violation } from '../check/engine';
import type { RegistryDump } from '../dump/dump';
import { type Unit, withComments } from './unit';

/** A rule that a resource of the registry breaks today. */
export interface LiveFinding extends Violation {
  /** The repository, prefix or setting. */
  readonly subject: string;
}

/**
 * What the rules of the library report about a registry as it is.
 */
export function findingsOf(registry: RegistryDump): LiveFinding[] {
  const { json, names } = templateOf(registry);
  return violationsIn([{ json, account: registry.account, region: registry.region }])
    .map(violation => ({ ...violation, subject: names.get(violation.logicalId) ?? 'registry scanning' }));
}

/** The safer setting for a rule, in the props of the constructs. */
const SAFER: { readonly [rule: string]: string } = {
  'EcrChecks.mutableTags': "tags can be moved to another image. Safer: leave 'mutableTags' out, or name the few tags that move, such as 'latest'",
  'EcrChecks.noCustomerManagedKey': "no customer managed key. Safer: leave 'encryption' out, for new repositories: the encryption of this one cannot change",
  'EcrChecks.noLifecyclePolicy': 'images are never deleted. Safer: LifecyclePolicy.production(), after a preview',
  'EcrChecks.anyPrincipalAllowed': 'a statement allows every AWS account. Safer: name accounts or an organization, with CrossAccountPull',
  'EcrChecks.broadPermissions': 'a statement allows more than it needs to. Safer: repository.grants.pull, push or pullPush',
};

const NOT_SCANNED = "images are not scanned when they are pushed. Safer: leave 'scanOnPush' out";

/** Whether the repository itself turns scanning off; otherwise the registry does not scan it. */
function isScanOff({ live }: Unit): boolean {
  return (live[0].properties.ImageScanningConfiguration as { ScanOnPush?: boolean } | undefined)?.ScanOnPush === false;
}

/**
 * Adds comments with the safer settings to the code of a unit.
 */
export function commented(unit: Unit, findings: readonly LiveFinding[]): Unit {
  const comments = new Map<string, string[]>();
  for (const { rule, property, message } of findings) {
    const [setting] = property.split(/[.[]/);
    const safer = rule === 'EcrChecks.notScanned' && isScanOff(unit) ? NOT_SCANNED : SAFER[rule];
    const sentence = safer === undefined ? `${message}.` : `Today, ${safer}.`;
    const lines = comments.get(setting) ?? [];
    comments.set(setting, lines.includes(sentence) ? lines : [...lines, sentence]);
  }
  return comments.size === 0 ? unit : {
    ...unit,
    candidates: unit.candidates.map(([first, ...others]) => [withComments(first, comments), ...others]),
  };
}
