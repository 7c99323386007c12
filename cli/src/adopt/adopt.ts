import { groupBy } from '../core/group-by';
import type { RegistryDump } from '../dump/dump';
import { commented, findingsOf, type LiveFinding } from './findings';
import { type Model, modelOf } from './model';
import { Names } from './names';
import { projectFiles } from './project';
import { accountSettings, planRegistry } from './registry';
import { type Adoption, renderReadme } from './report';
import { planRepository } from './repositories';
import { type Grouping, stacksOf } from './stacks';
import type { Omission, Unit } from './unit';
import { unknownFields } from './unknown-fields';

/**
 * An app for registries.
 */
export interface AdoptedApp extends Adoption {
  /** The files of the app, by path. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Writes the app for the registries of a dump.
 *
 * @param isLeftOut repositories that stay outside of the app on request
 */
export function adoptRegistries(registries: readonly RegistryDump[], grouping: Grouping, isLeftOut: (name: string) => boolean): AdoptedApp {
  const readable = registries.filter(({ problems }) => problems.length === 0);
  const ids = new Names();
  const omissions: Omission[] = registries.flatMap(({ problems }) => problems.map(reason => ({ subject: 'a registry', reason })));
  const unmanaged: Omission[] = [];
  const findings: LiveFinding[] = [];
  const plans = readable.flatMap(registry => {
    const place = readable.length === 1 ? '' : `${registry.account} ${registry.region}: `;
    const live = findingsOf(registry);
    findings.push(...live);
    const bySubject = groupBy(live, ({ subject }) => subject);

    const settings = planRegistry(registry);
    const repositories = registry.repositories.map(repository => isLeftOut(repository.name)
      ? { omissions: [{ subject: repository.name, reason: "left out with '--exclude'" }] }
      : planRepository(repository));
    const found = [...settings.omissions, ...repositories.flatMap(it => it.omissions), ...unknownFields(registry)];
    const located = ({ subject, reason }: Omission): Omission => ({ subject: `${place}${subject}`, reason });
    omissions.push(...found.map(located));
    unmanaged.push(...accountSettings(registry).map(located));
    const units = [...settings.units, ...repositories.flatMap((it): Unit[] => 'unit' in it && it.unit !== undefined ? [it.unit] : [])];
    return stacksOf(registry, units.map(unit => commented(unit, bySubject.get(unit.subject) ?? [])), grouping, ids, readable.length === 1);
  });
  const model: Model = modelOf(plans);
  const adoption: Adoption = {
    model,
    omissions: [...omissions, ...model.omissions],
    unmanaged,
    findings,
    places: readable.map(({ account, region }) => `${account} ${region}`),
  };
  const files = projectFiles(model);
  files.set('README.md', renderReadme(adoption));
  return { ...adoption, files };
}
