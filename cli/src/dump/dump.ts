import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '../core/command-error';
import { layout } from './layout';
import type { NamedOutputs, RegistryOutputs, Repository, RepositoryOutputs } from './outputs';
import { type Call, readCall, valueOf } from './read-call';

/**
 * Opens a dump: the registries in a folder, at `<account>/<region>`, or one registry in the folder itself.
 *
 * Throws if no registry has a readable `describe-repositories.json`. Everything else may be missing: it counts as not known.
 */
export function openDump(path: string): RegistryDump[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new CommandError(`${path} must be a folder with a dump, as 'snapshot' writes it`);
  }
  const registries = [path, ...foldersIn(path), ...foldersIn(path).flatMap(foldersIn)]
    .filter(folder => ['output', 'error'].some(file => existsSync(layout[file as 'output'](folder, 'describe-repositories'))))
    .map(folder => new RegistryDump(folder));
  const problems = registries.flatMap(registry => registry.problems);
  if (registries.length === 0) {
    problems.push(`${path} has no registry: expected ${join('<account>', '<region>', 'describe-repositories.json')}, or describe-repositories.json in the folder itself`);
  }
  if (registries.every(registry => registry.problems.length > 0)) {
    throw CommandError.of(problems);
  }
  return registries;
}

function foldersIn(path: string): string[] {
  return readdirSync(path, { withFileTypes: true }).filter(entry => entry.isDirectory() && entry.name !== 'repositories').map(({ name }) => join(path, name)).sort();
}

/**
 * A registry: an account in a Region.
 */
export class RegistryDump {
  /** The id of the account; `unknown` if the dump does not state it. */
  readonly account: string;
  readonly region: string;
  readonly repositories: readonly RepositoryDump[];
  /** Why the registry cannot be read; then it has no repositories here. */
  readonly problems: readonly string[];

  private readonly calls = new Map<string, Call<unknown>>();

  constructor(readonly path: string) {
    const call = this.call('describe-repositories');
    const repositories = valueOf(call)?.repositories ?? [];
    const reason = call.state === 'unknown' ? call.reason : 'it is missing';
    this.problems = call.state === 'read' ? [] : [`${layout.output(path, 'describe-repositories')}: ${reason}`];
    this.repositories = repositories.map(repository => new RepositoryDump(this, repository));

    const [, , , region, account] = (repositories.find(it => it.repositoryArn !== undefined)?.repositoryArn ?? '').split(':');
    const [folderAccount, folderRegion] = path.split(/[\\/]/).slice(-2);
    const isPlace = /^\d{12}$/.test(folderAccount ?? '');
    this.account = account ?? valueOf(this.call('describe-registry'))?.registryId ?? (isPlace ? folderAccount : 'unknown');
    this.region = region ?? (isPlace ? folderRegion : 'unknown');
  }

  /**
   * A call for the registry.
   */
  call<O extends keyof RegistryOutputs>(operation: O): Call<RegistryOutputs[O]> {
    const known = this.calls.get(operation) ?? readCall(operation, layout.output(this.path, operation), layout.error(this.path, operation));
    this.calls.set(operation, known);
    return known as Call<RegistryOutputs[O]>;
  }

  /**
   * A call that the dump has once for each key or setting.
   *
   * @param name the id of the key, which may be given as an ARN, or the name of the setting
   */
  named<O extends keyof NamedOutputs>(operation: O, name: string): Call<NamedOutputs[O]> {
    const path = layout.named(this.path, operation, name.slice(name.lastIndexOf('/') + 1));
    const known = this.calls.get(path) ?? readCall(operation, `${path}.json`, `${path}.error.txt`);
    this.calls.set(path, known);
    return known as Call<NamedOutputs[O]>;
  }
}

/** The outputs that grow with the images. They are read each time, so that a registry with millions of images fits into memory. */
const LARGE: readonly string[] = ['describe-images', 'batch-get-image', 'list-findings'];

/**
 * A repository.
 */
export class RepositoryDump {
  readonly name: string;

  private readonly calls = new Map<string, Call<unknown>>();

  constructor(readonly registry: RegistryDump, readonly description: Repository) {
    this.name = description.repositoryName;
  }

  /**
   * A call for the repository.
   */
  call<O extends keyof RepositoryOutputs>(operation: O): Call<RepositoryOutputs[O]> {
    const path = layout.repository(this.registry.path, this.name);
    const call = this.calls.get(operation) ?? readCall(operation, layout.output(path, operation), layout.error(path, operation));
    if (!LARGE.includes(operation)) {
      this.calls.set(operation, call);
    }
    return call as Call<RepositoryOutputs[O]>;
  }
}
