import { Command, CommanderError, Option, type OutputConfiguration } from 'commander';
import { CommandError } from './core/command-error';
import { ExitCode, type Io } from './core/io';
import { VERSION } from './core/version';

/** The name of the command, which is that of its package, so that `npx` finds it. */
export const COMMAND = 'cdk-secure-ecr-cli';

/**
 * Runs the command.
 *
 * @returns the exit code: 0 nothing found, 1 findings, 2 could not do it
 */
export async function run(args: readonly string[], io: Io): Promise<ExitCode> {
  let code = ExitCode.CLEAN;
  const program = build(io, result => {
    code = result;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? ExitCode.CLEAN : ExitCode.FAILED;
    }
    io.stderr(error instanceof CommandError ? `${COMMAND}: ${error.message}\n` : `${COMMAND}: unexpected error; please report it\n${(error as Error).stack ?? String(error)}\n`);
    return ExitCode.FAILED;
  }
}

const FORMATS = ['table', 'json', 'sarif', 'markdown'];

type Finish = (code: ExitCode) => void;

/** Parsed by commander, which checks what the options declare. */
type Options = Record<string, unknown>;

function build(io: Io, finish: Finish): Command {
  const program = new Command(COMMAND)
    .description('Checks CloudFormation templates, audits Amazon ECR registries and adopts them as AWS CDK code. Nothing is ever written to AWS.')
    .version(VERSION)
    .showHelpAfterError('(add --help for the options and an example)')
    .addHelpText('after', '\nExit codes: 0 nothing found, 1 findings, 2 the command failed.');
  const add = (name: string): Command => program.command(name).exitOverride().configureOutput(outputOf(io));
  program.exitOverride().configureOutput(outputOf(io));

  addCheck(add('check'), io, finish);
  addDiff(add('diff'), io, finish);
  addSnapshot(add('snapshot'), io, finish);
  addAudit(add('audit'), io, finish);
  addAdopt(add('adopt'), io, finish);
  addLifecycle(add('lifecycle'), io, finish);
  addPermissions(add('permissions'), io, finish);
  return program;
}

/* eslint-disable @typescript-eslint/no-require-imports -- a command loads when it runs, so that --help is quick */

function addCheck(command: Command, io: Io, finish: Finish): void {
  withFindingOptions(command
    .description('Applies the rules of EcrChecks to CloudFormation templates: JSON, YAML, AWS SAM, folders and cdk.out.')
    .argument('<path...>', "templates, folders, or '-' for standard input"))
    .addHelpText('after', example(`${COMMAND} check cdk.out`, `${COMMAND} check templates/ --format sarif --output findings.sarif`))
    .action((paths: string[], options: Options) => finish((require('./commands/check') as typeof import('./commands/check')).check(paths, options as never, io)));
}

function addDiff(command: Command, io: Io, finish: Finish): void {
  command
    .description('Compares two templates and reports each replacement, deletion and new name of an Amazon ECR resource or its KMS key.')
    .argument('<old>', "the deployed template ('aws cloudformation get-template'), or a folder such as cdk.out; or a change set ('describe-change-set') as the only argument")
    .argument('[new]', 'the template or folder to deploy')
    .addOption(formatOption())
    .addOption(outputOption())
    .addHelpText('after', example(`${COMMAND} diff deployed.json cdk.out/App.template.json`, `${COMMAND} diff change-set.json`))
    .action((before: string, after: string | undefined, options: Options) => (
      finish((require('./commands/diff') as typeof import('./commands/diff')).diff(before, after, options as never, io))
    ));
}

function addSnapshot(command: Command, io: Io, finish: Finish): void {
  command
    .description('Reads registries into a dump. Nothing is written to AWS. Run again after an interruption, it reads the rest.')
    .requiredOption('--out <dir>', 'the folder of the dump')
    .option('--profile <name...>', 'profiles of the AWS configuration, also for IAM Identity Center (SSO) (default: the environment)')
    .option('--region <name...>', 'Regions (default: that of the environment or the profile)')
    .option('--concurrency <number>', 'how many repositories to read at a time', '8')
    .option('--findings', 'read the findings of Amazon Inspector as well')
    .addHelpText('after', example(`${COMMAND} snapshot --out dump --region eu-west-1 us-east-1`, `${COMMAND} snapshot --out dump --profile prod test`))
    .action(async (options: Options) => finish(await (require('./commands/snapshot') as typeof import('./commands/snapshot')).snapshot(options as never, io)));
}

function addAudit(command: Command, io: Io, finish: Finish): void {
  withFindingOptions(command
    .description('Reports on the registries of a dump: findings, storage and cost, images that nothing removes, unused repositories, access from outside.')
    .argument('[dir]', "the folder of the dump, as 'snapshot' or the AWS CLI writes it", 'dump'), [...FORMATS, 'html'])
    .option('--html <file>', 'write one self-contained HTML page as well')
    .option('--at <date>', 'the moment of the report (default: when the snapshot was taken, or now)')
    .option('--price <amount>', 'the price of a GB of storage for a month', '0.1')
    .option('--compare <dir>', 'an older dump: report the changes since then')
    .addHelpText('after', example(`${COMMAND} audit dump --html report.html`, `${COMMAND} audit dump --compare last-week --format json`))
    .action((dir: string, options: Options) => finish((require('./commands/audit') as typeof import('./commands/audit')).audit(dir, options as never, io)));
}

function addAdopt(command: Command, io: Io, finish: Finish): void {
  command
    .description('Writes an AWS CDK app in TypeScript that imports the registries of a dump as they are. Nothing is written to AWS.')
    .argument('[dir]', "the folder of the dump, as 'snapshot' or the AWS CLI writes it", 'dump')
    .requiredOption('--out <app>', 'the folder of the app; it must be new or empty')
    .addOption(new Option('--stacks <grouping>', 'a stack for each namespace, or for the registry').choices(['namespace', 'registry']).default('namespace'))
    .option('--stack <name=prefix,...>', 'a stack for repositories with these prefixes, before --stacks; may be repeated', (option: string, all: string[] = []) => [...all, option])
    .option('--exclude <pattern...>', "repositories that stay outside of the app, such as 'docker-hub/*'")
    .addHelpText('after', example(`${COMMAND} adopt dump --out registry`, `${COMMAND} adopt dump --out registry --stack Payments=payments/,billing/ --exclude 'docker-hub/*'`))
    .action((dir: string, options: Options) => finish((require('./commands/adopt') as typeof import('./commands/adopt')).adopt(dir, options as never, io)));
}

function addLifecycle(parent: Command, io: Io, finish: Finish): void {
  const load = (): typeof import('./commands/lifecycle') => require('./commands/lifecycle') as typeof import('./commands/lifecycle');
  const policies = "a file with a policy or the output of 'aws ecr get-lifecycle-policy', or standard, production or development";
  const add = (name: string): Command => parent.command(name).exitOverride().configureOutput(outputOf(io));
  const withPushes = (command: Command): Command => command
    .option('--pushes <tag=number...>', "pushes a day by tag, such as 'release-*=0.5'")
    .option('--images <file>', "learn the pushes from the output of 'aws ecr describe-images', or - for standard input")
    .option('--manifests <file...>', "outputs of 'aws ecr batch-get-image', which say what belongs to an index")
    .option('--dump <dir>', 'learn the pushes from a dump, instead of --images')
    .option('--repository <name>', 'a repository of the dump')
    .option('--at <date>', 'the moment at which the images were listed (default: now)')
    .option('--runs <number>', 'runs with pushes at random moments (default: 50 for learned pushes, otherwise 0)')
    .option('--days <number>', 'how many days to look ahead')
    .option('--image-size <mebibytes>', 'the compressed size of an image')
    .option('--unique-share <share>', 'the share of an image that no other image has, from 0 to 1')
    .option('--price <amount>', 'the price of a GB of storage for a month');
  parent.description('Previews, checks, forecasts and compares lifecycle policies.')
    .addHelpText('after', example(`${COMMAND} lifecycle preview --images images.json --policy policy.json`));

  add('preview')
    .description('Prints what a policy does to each image of a repository, and why.')
    .option('--images <file>', "the output of 'aws ecr describe-images', or - for standard input")
    .option('--manifests <file...>', "outputs of 'aws ecr batch-get-image', so that indexes keep their images")
    .option('--policy <policy>', `${policies} (default with --dump: the policy of the repository)`)
    .option('--dump <dir>', 'a dump, instead of --images')
    .option('--repository <name>', 'a repository of the dump')
    .option('--at <date>', 'the moment to preview (default: now)')
    .option('--rows <number>', 'how many images to list', '100')
    .addHelpText('after', example(`${COMMAND} lifecycle preview --images images.json --policy production`, `${COMMAND} lifecycle preview --dump dump --repository team/web`))
    .action((options: Options) => finish(load().preview(options as never, io)));
  withFindingOptions(add('lint')
    .description('Reports what is invalid or probably unintended in policies.')
    .argument('[policy...]', "files with policies or outputs of 'aws ecr get-lifecycle-policy'")
    .option('--dump <dir>', 'check the policies of all repositories of a dump'))
    .addHelpText('after', example(`${COMMAND} lifecycle lint policy.json`, `${COMMAND} lifecycle lint --dump dump --format markdown`))
    .action((files: string[], options: Options) => finish(load().lint(files, options as never, io)));
  withPushes(add('forecast')
    .description('Prints images, storage and cost over time, and how far back each tag can be rolled back.')
    .argument('<policy>', policies))
    .addHelpText('after', example(`${COMMAND} lifecycle forecast production --pushes 'release-*=0.5' 'pr-*=20'`, `${COMMAND} lifecycle forecast policy.json --images images.json --manifests manifests.json`))
    .action((policy: string, options: Options) => finish(load().forecast(policy, options, io)));
  withPushes(add('compare')
    .description('Prints the forecasts of several policies side by side.')
    .argument('<policy...>', policies))
    .addHelpText('after', example(`${COMMAND} lifecycle compare standard policy.json --pushes 'release-*=0.5' 'pr-*=20'`, `${COMMAND} lifecycle compare standard policy.json --dump dump --repository team/web`))
    .action((names: string[], options: Options) => finish(load().compare(names, options, io)));
}

function addPermissions(command: Command, io: Io, finish: Finish): void {
  command
    .description("Prints the IAM policy that 'snapshot' needs. All actions are read-only.")
    .option('--findings', 'add the actions that read scan findings')
    .addHelpText('after', example(`${COMMAND} permissions > policy.json`))
    .action((options: Options) => finish((require('./commands/permissions') as typeof import('./commands/permissions')).permissions(options, io)));
}

/* eslint-enable @typescript-eslint/no-require-imports */

function withFindingOptions(command: Command, formats: readonly string[] = FORMATS): Command {
  return command
    .addOption(formatOption(formats))
    .addOption(new Option('--min-severity <severity>', 'ignore findings below a severity').choices(['error', 'warning', 'note']).default('note'))
    .option('--baseline <file>', 'ignore the findings that a baseline lists')
    .option('--write-baseline <file>', 'write all findings as a baseline, and exit with 0')
    .addOption(outputOption());
}

function formatOption(formats: readonly string[] = FORMATS): Option {
  return new Option('--format <format>', 'the format of the report').choices(formats).default('table');
}

function outputOption(): Option {
  return new Option('--output <file>', 'write the report to a file instead of standard output');
}

function example(...lines: string[]): string {
  return `\nExample${lines.length > 1 ? 's' : ''}:\n${lines.map(line => `  ${line}`).join('\n')}`;
}

function outputOf(io: Io): OutputConfiguration {
  const width = (): number => io.columns ?? 100;
  return { writeOut: io.stdout, writeErr: io.stderr, getOutHelpWidth: width, getErrHelpWidth: width };
}
