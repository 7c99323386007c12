import { Size } from 'aws-cdk-lib';
import { ImageInventory, LifecycleComparison, type LifecycleForecastProps, type LifecyclePolicy } from 'cdk-secure-ecr';
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

/**
 * The options of `lifecycle preview`.
 */
export interface PreviewOptions {
  readonly images?: string;
  readonly manifests?: readonly string[];
  readonly policy?: string;
  readonly dump?: string;
  readonly repository?: string;
  readonly at?: string;
  readonly rows: string;
}

/**
 * `lifecycle preview`: prints what a policy does to the images of a repository.
 */
export function preview({ images: file, manifests = [], policy: policyName, dump, repository: name, at, rows }: PreviewOptions, io: Io): ExitCode {
  const repository = dump === undefined ? undefined : repositoryOf(dump, name);
  if ((file === undefined) === (repository === undefined)) {
    throw new CommandError("give the images with '--images FILE', or with '--dump DIR --repository NAME'");
  }
  const policy = policyName === undefined ? livePolicy(repository) : readLifecyclePolicy(policyName);
  const moment = at === undefined ? io.now() : new Date(at);
  if (Number.isNaN(moment.getTime())) {
    throw new CommandError(`'--at' must be a date such as 2026-11-25, got ${at}`);
  }
  io.stdout(`${inWords(() => {
    const inventory = repository ? inventoryOf(repository) : ImageInventory.fromDescribeImages(readText(file!), ...manifests.map(readText));
    return policy.preview({ images: inventory, at: moment }).toTable({ maxRows: Number(rows) });
  })}\n`);
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
export interface ForecastOptions {
  readonly pushes: readonly string[];
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
  io.stdout(`${inWords(() => policy.forecast(forecastProps(options)).toTable())}\n`);
  return ExitCode.CLEAN;
}

/**
 * `lifecycle compare`: prints the forecasts of several policies side by side.
 */
export function compare(names: readonly string[], options: ForecastOptions, io: Io): ExitCode {
  const policies = names.map(name => [name, readLifecyclePolicy(name)] as const);
  io.stdout(`${inWords(() => (
    LifecycleComparison.of(Object.fromEntries(policies.map(([name, policy]) => [name, policy.forecast(forecastProps(options))]))).toTable()
  ))}\n`);
  return ExitCode.CLEAN;
}

function forecastProps({ pushes, days, imageSize, uniqueShare, price }: ForecastOptions): LifecycleForecastProps {
  const pushesPerDay = Object.fromEntries(pushes.map((entry): [string, number] => {
    const [, tag, rate] = /^(.+)=([\d.]+)$/.exec(entry) ?? [];
    if (tag === undefined) {
      throw new CommandError(`'--pushes' must be tags with pushes a day, such as 'release-*=0.5', got '${entry}'`);
    }
    return [tag, Number(rate)];
  }));
  return {
    pushesPerDay,
    days: days === undefined ? undefined : Number(days),
    imageSize: imageSize === undefined ? undefined : Size.mebibytes(Number(imageSize)),
    uniqueShare: uniqueShare === undefined ? undefined : Number(uniqueShare),
    pricePerGbMonth: price === undefined ? undefined : Number(price),
  };
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

function inventoryOf(repository: RepositoryDump): ReturnType<typeof ImageInventory.fromDescribeImages> {
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
