import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack, type StackProps } from 'aws-cdk-lib';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { SecureRepository } from 'cdk-secure-ecr';
import * as examples from '../../examples';
import { APP_PROPS, ENVIRONMENT } from '../environment';
import { nagFindings } from '../nag';
import { PROJECT, run } from '../packaging/sandbox';
import type { Finding } from './checkers';

/** A synthesized template, as the checkers get it. */
export interface TemplateFile {
  readonly name: string;
  readonly file: string;
  readonly account: string;
  readonly region: string;
}

type StackClass = new (scope: App, id: string, props?: StackProps) => Stack;

/** A `SecureRepository` with no props and nothing around it. */
class BareStack extends Stack {
  constructor(scope: App, id: string, props?: StackProps) {
    super(scope, id, props);
    new SecureRepository(this, 'Api');
  }
}

/**
 * Synthesizes a bare `SecureRepository`, every example and the app, each as it is deployed, and checks the first two with cdk-nag on the way,
 * which looks at constructs and not at templates. (`test/app.test.ts` does that for the app.)
 */
export function synthesizeAll(folder: string): { templates: TemplateFile[]; nag: Finding[] } {
  const nag: Finding[] = [];
  const templates = Object.entries({ BareStack, ...examples as unknown as Record<string, StackClass> }).flatMap(([className, StackToCheck]) => {
    const name = className.replace(/Stack$/, '');
    const app = new App({ ...APP_PROPS, outdir: join(folder, 'assemblies', name) });
    new StackToCheck(app, name, { env: ENVIRONMENT });
    const assembly = app.synth();
    nag.push(...nagFindings(app).map(({ rule, path }) => ({ checker: 'cdk-nag', rule, template: name, resource: path, message: '' })));
    return write(folder, assembly);
  });

  const platform = join(folder, 'assemblies', 'platform');
  run(PROJECT, 'npx', '--no-install', 'cdk', 'synth', '--quiet', '--no-notices', '--output', platform);
  return { templates: [...templates, ...write(folder, new CloudAssembly(platform))], nag };
}

function write(folder: string, assembly: CloudAssembly): TemplateFile[] {
  mkdirSync(join(folder, 'templates'), { recursive: true });
  return assembly.stacksRecursively.map(({ stackName, template, environment: { account, region } }) => {
    const file = join(folder, 'templates', `${stackName}.json`);
    writeFileSync(file, JSON.stringify(template, undefined, 2));
    return { name: stackName, file, account, region };
  });
}
