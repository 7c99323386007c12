import { Size } from 'aws-cdk-lib';
import { ImageInventory, LifecycleComparison, type LifecycleForecastProps, type LifecyclePolicy, type RegistryImage } from 'cdk-secure-ecr';
import { CommandError, messageOf } from '../core/command-error';
import { readText } from '../core/files';
import { ExitCode, type Io } from '../core/io';
import { counted } from '../core/text-table';
import { openDump, type RepositoryDump } from '../dump/dump';
import { layout } from '../dump/layout';
import { type Finding } from '../findings/finding';
import { parseLifecyclePolicy, policyText, readLifecyclePolicy } from '../lifecycle/policies';
import { shown } from '../template/discover';
import { type FindingOptions, report } from './finding-options';

/** Where the images of a repository are read from. */
interface InventorySource {
  readonly images?: string;
  readonly manifests?: readonly string[];
  readonly dump?: string;
  readonly repository?: string;
  readonly at?: string;
}

/**
 * The options of `lifecycle preview`.
 */
export interface PreviewOptions extends InventorySource {
  readonly policy?: string;
  readonly rows: string;
}

/**
 * `lifecycle preview`: prints what a policy does to the images of a repository.
 */
export function preview({ policy: policyName, rows, ...source }: PreviewOptions, io: Io): ExitCode {
  const policy = policyName === undefined
    ? livePolicy(source.dump === undefined ? undefined : repositoryOf(source.dump, source.repository))
    : readLifecyclePolicy(policyName);
  const moment = momentIn(source, io);
  io.stdout(`${inWords(() => policy.preview({ images: inventoryIn(source), at: moment }).toTable({ maxRows: Number(rows) }))}\n`);
  return ExitCode.CLEAN;
}

/**
 * `lifecycle lint`: reports what is invalid or probably unintended in policies.
 */
export function lint(files: readonly string[], options: FindingOptions & { readonly dump?: string }, io: Io): ExitCode {
  const policies = [
    ...files.map(file => ({ file: shown(file), resource: shown(file), text: policyText(readText(file)) })),
    ...options.dump === undefined ? [] : openDump(options.dump).flatMap(registry => registry.repositories).flatMap(repository => {
      const call = repository.call('get-lifecycle-policy');
      const file = shown(layout.output(layout.repository(repository.registry.path, repository.name), 'get-lifecycle-policy'));
      return call.state === 'read' ? [{ file, resource: repository.name, text: call.value.lifecyclePolicyText }] : [];
    }),
  ];
  if (files.length === 0 && options.dump === undefined) {
    throw new CommandError("name at least one policy, or a dump with '--dump DIR'");
  }
  return report(policies.flatMap(lintPolicy), { summary: [`${counted(policies.length, 'policy', 'policies')} checked`], facts: { policies: policies.length } }, options, io);
}

function lintPolicy({ file, resource, text }: { file: string; resource: string; text: string }): Finding[] {
  const common = { replaces: false, controls: {}, file, resource, property: '' };
  let policy: LifecyclePolicy;
  try {
    policy = parseLifecyclePolicy(resource, text);
  } catch (error) {
    return [{ ...common, rule: 'invalidLifecyclePolicy', severity: 'error', message: messageOf(error) }];
  }
  return policy.findings().map(({ id, message }): Finding => ({ ...common, rule: id, severity: 'warning', message }));
}

/**
 * The options of `lifecycle forecast` and `lifecycle compare`.
 */
export interface ForecastOptions extends InventorySource {
  readonly pushes?: readonly string[];
  readonly runs?: string;
  readonly days?: string;
  readonly imageSize?: string;
  readonly uniqueShare?: string;
  readonly price?: string;
}

/**
 * `lifecycle forecast`: prints how a repository grows under a policy.
 */
export function forecast(policyName: string, options: ForecastOptions, io: Io): ExitCode {
  const policy = readLifecyclePolicy(policyName);
  io.stdout(`${inWords(() => policy.forecast(forecastProps(options, io)).toTable())}\n`);
  return ExitCode.CLEAN;
}

/**
 * `lifecycle compare`: prints the forecasts of several policies side by side.
 */
export function compare(names: readonly string[], options: ForecastOptions, io: Io): ExitCode {
  const policies = names.map(name => [name, readLifecyclePolicy(name)] as const);
  io.stdout(`${inWords(() => {
    const props = forecastProps(options, io);
    return LifecycleComparison.of(Object.fromEntries(policies.map(([name, policy]) => [name, policy.forecast(props)]))).toTable();
  })}\n`);
  return ExitCode.CLEAN;
}

function forecastProps({ pushes, days, imageSize, uniqueShare, price, runs, ...source }: ForecastOptions, io: Io): LifecycleForecastProps {
  const isLearned = source.images !== undefined || source.dump !== undefined;
  if (isLearned === (pushes !== undefined)) {
    throw new CommandError("give the pushes with '--pushes', or a history to learn them from with '--images FILE' or '--dump DIR --repository NAME'");
  }
  return {
    ...pushes === undefined ? { inventory: inventoryIn(source), at: momentIn(source, io) } : { pushesPerDay: pushesPerDayIn(pushes) },
    days: days === undefined ? undefined : Number(days),
    imageSize: imageSize === undefined ? undefined : Size.mebibytes(Number(imageSize)),
    uniqueShare: uniqueShare === undefined ? undefined : Number(uniqueShare),
    pricePerGbMonth: price === undefined ? undefined : Number(price),
    runs: runs === undefined ? undefined : Number(runs),
  };
}

function pushesPerDayIn(pushes: readonly string[]): Record<string, number> {
  return Object.fromEntries(pushes.map((entry): [string, number] => {
    const [, tag, rate] = /^(.+)=([\d.]+)$/.exec(entry) ?? [];
    if (tag === undefined) {
      throw new CommandError(`'--pushes' must be tags with pushes a day, such as 'release-*=0.5', got '${entry}'`);
    }
    return [tag, Number(rate)];
  }));
}

function inventoryIn({ images: file, manifests = [], dump, repository: name }: InventorySource): RegistryImage[] {
  if ((file === undefined) === (dump === undefined)) {
    throw new CommandError("give the images with '--images FILE', or with '--dump DIR --repository NAME'");
  }
  return dump === undefined
    ? ImageInventory.fromDescribeImages(readText(file!), ...manifests.map(readText))
    : inventoryOf(repositoryOf(dump, name));
}

function momentIn({ at }: InventorySource, io: Io): Date {
  const moment = at === undefined ? io.now() : new Date(at);
  if (Number.isNaN(moment.getTime())) {
    throw new CommandError(`'--at' must be a date such as 2026-11-25, got ${at}`);
  }
  return moment;
}

function repositoryOf(dump: string, name: string | undefined): RepositoryDump {
  const all = openDump(dump).flatMap(registry => registry.repositories);
  const found = all.filter(repository => repository.name === name);
  if (found.length !== 1) {
    const names = all.slice(0, 20).map(repository => repository.name).join(', ');
    throw new CommandError(found.length === 0
      ? `'--repository' must be one of the dump, such as ${names}; got ${name ?? 'nothing'}`
      : `several registries of the dump have a repository ${name}; name the folder of one registry with '--dump'`);
  }
  return found[0];
}

function inventoryOf(repository: RepositoryDump): RegistryImage[] {
  const images = repository.call('describe-images');
  const manifests = repository.call('batch-get-image');
  if (images.state !== 'read') {
    throw new CommandError(`the dump does not know the images of ${repository.name}: ${images.state === 'unknown' ? images.reason : 'there are none'}`);
  }
  return ImageInventory.fromDescribeImages(JSON.stringify(images.value), ...manifests.state === 'read' ? [JSON.stringify(manifests.value)] : []);
}

function livePolicy(repository: RepositoryDump | undefined): LifecyclePolicy {
  const call = repository?.call('get-lifecycle-policy');
  if (repository === undefined || call?.state !== 'read') {
    throw new CommandError(`give a policy with '--policy'${call === undefined ? '' : `: ${call.state === 'none' ? 'the repository has none' : 'the dump does not know it'}`}`);
  }
  return parseLifecyclePolicy(repository.name, call.value.lifecyclePolicyText);
}

/** The library explains invalid values in its errors. */
function inWords(action: () => string): string {
  try {
    return action();
  } catch (error) {
    throw new CommandError(messageOf(error));
  }
}
