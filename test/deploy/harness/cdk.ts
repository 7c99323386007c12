import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { DEPLOYER, HOME_REGION, type Place } from './accounts';
import { newDirectory, programEnvironment } from './environment';
import { type Outcome, run, succeed } from './processes';

const CLI = join(__dirname, '..', '..', '..', 'node_modules', 'aws-cdk', 'bin', 'cdk');

/** The outputs of a deployment, by stack and name. */
export type Outputs = Record<string, Record<string, string>>;

/** A CDK app that is synthesized here and deployed by the AWS CDK CLI with the credentials of another account. */
export class Deployment {
  private readonly home = newDirectory();

  constructor(private readonly context: Record<string, unknown> = {}) {}

  /** Synthesizes and deploys with change sets; fails if the CLI does. */
  public async deploy(build: (app: App) => void, ...stacks: string[]): Promise<Outputs> {
    const { code, output } = await this.tryToDeploy(build, ...stacks);
    if (code !== 0) {
      throw new Error(`cdk deploy exited with ${code}:\n${lastLines(output)}`);
    }
    return JSON.parse(readFileSync(join(this.home, 'outputs.json'), 'utf8')) as Outputs;
  }

  /** Synthesizes and deploys, and tells how it went. */
  public async tryToDeploy(build: (app: App) => void, ...stacks: string[]): Promise<Outcome> {
    this.synthesize(build);
    return this.cdk('deploy', ...stacksOrAll(stacks), '--require-approval', 'never', '--concurrency', '8', '--outputs-file', join(this.home, 'outputs.json'));
  }

  /** Only synthesizes, which decides what the next `destroy` destroys. */
  public synthesize(build: (app: App) => void): void {
    rmSync(this.assembly, { recursive: true, force: true });
    const app = new App({ context: this.context, outdir: this.assembly });
    build(app);
    app.synth();
  }

  /** Destroys what the last deployment made, if there was one; fails if the CLI does. */
  public async destroy(...stacks: string[]): Promise<void> {
    if (!existsSync(join(this.assembly, 'manifest.json'))) {
      return;
    }
    const { code, output } = await this.cdk('destroy', ...stacksOrAll(stacks), '--force');
    if (code !== 0) {
      throw new Error(`cdk destroy exited with ${code}:\n${lastLines(output)}`);
    }
  }

  private get assembly(): string {
    return join(this.home, 'cdk.out');
  }

  private cdk(...args: string[]): Promise<Outcome> {
    return run(process.execPath, [CLI, ...args, '--app', this.assembly, '--no-notices', '--ci'], {
      cwd: this.home,
      env: programEnvironment(DEPLOYER, HOME_REGION, this.home),
    });
  }
}

/** Imports resources that exist into a stack of an app that is synthesized already, by the mapping in a file; fails if the CLI does. */
export async function importResources(assembly: string, stack: string, mapping: string, { account, region }: Place): Promise<void> {
  const home = newDirectory();
  await succeed(process.execPath, [CLI, 'import', stack, '--resource-mapping', mapping, '--app', assembly, '--no-notices', '--ci'], {
    cwd: home, env: programEnvironment(account, region, home),
  });
}

/** The differences between a stack and its synthesized template, as the CLI reports them. */
export async function diff(assembly: string, { account, region }: Place): Promise<Outcome> {
  const home = newDirectory();
  return run(process.execPath, [CLI, 'diff', '--app', assembly, '--no-notices', '--ci', '--no-change-set'], {
    cwd: home, env: programEnvironment(account, region, home),
  });
}

/** Bootstraps Regions of one account with the CLI. Another account may deploy there. */
export async function bootstrap(account: string, regions: readonly string[]): Promise<void> {
  const home = newDirectory();
  await succeed(process.execPath, [
    CLI, 'bootstrap', ...regions.map(region => `aws://${account}/${region}`), '--trust', DEPLOYER,
    '--cloudformation-execution-policies', 'arn:aws:iam::aws:policy/AdministratorAccess', '--no-notices',
  ], { cwd: home, env: programEnvironment(account, regions[0], home) });
}

/** Environment of a stack. */
export function env(account: string, region: string = HOME_REGION): { env: Place } {
  return { env: { account, region } };
}

function stacksOrAll(stacks: string[]): string[] {
  return stacks.length > 0 ? stacks : ['--all'];
}

function lastLines(output: string): string {
  return output.trimEnd().split('\n').slice(-40).join('\n');
}
