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
