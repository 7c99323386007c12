/**
 * The AWS Construct Library guidelines, as awslint checks them: `npm run lint`. A finding that is not in the table fails, and so does a
 * row of the table without a finding.
 */
import { spawnSync } from 'node:child_process';

/** A finding of awslint, as `rule:scope`, and why the library keeps it. */
export const ACCEPTED: { readonly [finding: string]: string } = {
  'duration-prop-name:LifecycleForecastTag.rollbackDays': 'a result in days, not a prop',
  'duration-prop-type:LifecycleForecastTag.rollbackDays': 'a result in days, not a prop',
  'duration-prop-name:LifecycleHistoryPushes.observedDays': 'a result in days, not a prop',
  'duration-prop-type:LifecycleHistoryPushes.observedDays': 'a result in days, not a prop',
  'mixin-file-location:RepositoryDefaults': 'the library has rooms by topic, and one mixin',
  'mixin-namespace:RepositoryDefaults': 'a submodule for one class would be a second import in every language',
  'events-in-interface:PullThroughCache.onSyncFailed': 'events arrive in the account and Region of the cache, and an imported cache may be elsewhere',
  'events-generic:PullThroughCache': 'a failed synchronization is the only event of a cache that needs a reaction',
  'from-method:SecureRepository': 'imports are named after the resource, as in the CDK: `fromRepositoryName`, `fromRepositoryArn`',
  'no-grants:ScanGate.grantRead': 'a gate is a value with one permission, which needs no class of grants',
  'resource-interface:QuotaAlarm': 'it is a `cloudwatch.Alarm`, whose interface is `cloudwatch.IAlarm`',
  'props-physical-name:RepositoryTemplateProps': 'AWS calls the name of a creation template its prefix',
  'props-physical-name:PullThroughCacheProps': 'AWS calls the name of a cache its prefix',
  'props-physical-name:PublicRepositoryProps': 'the name is called `repositoryName`, as that of a private repository',
  'props-physical-name:ReplicationSetupProps': 'a registry has one replication configuration, without a name',
  'props-physical-name:RegistryScanningProps': 'a registry has one scanning configuration, without a name',
  'props-physical-name:ImageSigningProps': 'a registry has one signing configuration, without a name',
};

/** A line such as `error: [awslint:no-grants:cdk-secure-ecr.ScanGate.grantRead] …`. Findings in types of the CDK have another scope. */
const FINDING = /^(?:error|warning): \[awslint:([\w-]+):cdk-secure-ecr\.([^\]]+)\] /;

/** The findings that the table does not accept, with their messages, and the rows of the table that accept nothing. */
export function differences(output: string, accepted: { readonly [finding: string]: string } = ACCEPTED): string[] {
  const found = new Map<string, string>(output.split('\n').flatMap(line => {
    const [, rule, scope] = FINDING.exec(line) ?? [];
    return rule === undefined ? [] : [[`${rule}:${scope}`, line] as const];
  }));
  return [
    ...[...found].filter(([finding]) => !Object.hasOwn(accepted, finding)).map(([, line]) => line),
    ...Object.keys(accepted).filter(finding => !found.has(finding)).map(finding => `awslint does not report ${finding}: remove it from tools/awslint.ts`),
  ];
}

if (require.main === module) {
  // The exit code of awslint counts its findings, so that only the output tells whether it worked.
  const { stdout, stderr, error } = spawnSync(process.execPath, [require.resolve('awslint/bin/awslint'), '--no-compile', '--no-config'], {
    encoding: 'utf8', maxBuffer: 2 ** 26, env: { ...process.env, AWSLINT_BASE_CONSTRUCT: '1', FORCE_COLOR: '0' },
  });
  const problems = error ? [error.message] : differences(`${stdout}\n${stderr}`);
  if (problems.length > 0) {
    console.error(problems.join('\n'));
    process.exitCode = 1;
  }
}
