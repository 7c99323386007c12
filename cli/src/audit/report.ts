import { groupBy } from '../core/group-by';
import { counted, textTable } from '../core/text-table';
import { type Finding, isOpen, SEVERITIES, type Severity } from '../findings/finding';
import type { Access } from './access';
import { GIGABYTE, gigabytes, type RegistryAudit, type Totals } from './audit';
import type { Change } from './changes';
import { namesOf } from './gaps';
import { UNUSED_DAYS, type Volume } from './images';

/**
 * An audit of the registries of a dump.
 */
export interface Audit {
  readonly at: Date;
  /** What a GB of storage costs in a month. */
  readonly price: number;
  readonly registries: readonly RegistryAudit[];
  /** The findings that are left after suppressions, severities and baseline. */
  readonly findings: readonly Finding[];
  /** The differences to an older dump; undefined if there is none. */
  readonly changes?: readonly Change[];
}

/** The costs of a month, without the currency: prices are those that the user states. */
export function cost({ bytes }: Volume, price: number): string {
  return (bytes / GIGABYTE * price).toFixed(2);
}

/** The totals of a registry, as rows of a name and a value. */
export function totalRows(totals: Totals, price: number): Array<[string, string]> {
  const removal = (volume: Volume): string => `${counted(volume.images, 'image')}, ${gigabytes(volume)}, ${cost(volume, price)} a month`;
  return [
    ['repositories', totals.repositories.toLocaleString('en-US')],
    ['images', `${totals.images.toLocaleString('en-US')}, of which ${totals.untagged.toLocaleString('en-US')} untagged, ${totals.archived.toLocaleString('en-US')} archived`],
    ['storage', `${gigabytes(totals)}, ${cost(totals, price)} a month at most: images share layers`],
    ["today's policies remove", removal(totals.today)],
    ['standard() would remove', removal(totals.standard)],
    ['production() would remove', removal(totals.production)],
    ['no rule ever removes', removal(totals.neverRemoved)],
    [`unused for ${UNUSED_DAYS} days`, counted(totals.unused, 'repository', 'repositories')],
    ['without a scan result', counted(totals.unscanned, 'image')],
    ['in use', totals.inUse === undefined ? 'not known: the dump has no in-use data of Amazon Inspector' : `${counted(totals.inUse, 'image')}, as far as Amazon Inspector knows`],
  ];
}

/** The findings by rule: the rule, its severity, and what it is about. */
export function findingGroups(findings: readonly Finding[]): FindingGroup[] {
  const rank = ({ severity }: FindingGroup): number => SEVERITIES.indexOf(severity);
  return [...groupBy(findings.filter(isOpen), ({ rule }) => rule)]
    .map(([rule, group]) => ({ rule, severity: group[0].severity, fix: group[0].fix ?? '', findings: group }))
    .sort((a, b) => rank(a) - rank(b) || b.findings.length - a.findings.length);
}

export interface FindingGroup {
  readonly rule: string;
  readonly severity: Severity;
  readonly fix: string;
  readonly findings: readonly Finding[];
}

export function accessRow({ kind, id, rights, where }: Access): string[] {
  return [kind, kind === 'public' ? 'every AWS account' : id, rights.join(', '), `${where.length}`, namesOf(where)];
}

/**
 * The audit as text, for a terminal.
 */
export function renderAudit({ at, price, registries, findings, changes }: Audit): string {
  const blocks = registries.map(({ account, region, totals, access, unseen }) => [
    `Registry ${account} ${region}, ${at.toISOString().slice(0, 10)}`,
    indented(textTable(totalRows(totals, price))),
    ...access.length === 0 ? [] : ['\nPrincipals outside of the account (Deny statements are not evaluated)', indented(textTable([
      ['KIND', 'PRINCIPAL', 'MAY', 'POLICIES', 'OF'], ...access.map(accessRow),
    ], [3]))],
    ...unseen.length === 0 ? [] : ['\nNot seen', indented(textTable(unseen.map(({ call, reason, count }) => [call, `${count}`, reason]), [1]))],
  ].join('\n'));
  const groups = findingGroups(findings);
  return [
    ...blocks,
    ...changes === undefined ? [] : [['Changes since the older dump', indented(changes.length === 0 ? 'none' : textTable(changes.map(({ registry, subject, change }) => [registry, subject, change])))].join('\n')],
    groups.length === 0 ? 'No findings' : ['Findings', ...groups.map(({ rule, severity, fix, findings: group }) => [
      `  ${severity}  ${rule}: ${counted(new Set(group.map(({ resource }) => resource)).size, 'resource')}`,
      `    ${namesOf([...new Set(group.map(({ resource }) => resource))])}`,
      `    ${group[0].message}`,
      `    fix: ${fix}`,
    ].join('\n'))].join('\n'),
  ].join('\n\n') + '\n';
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ');
}
