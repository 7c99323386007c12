import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import * as cdk from 'aws-cdk-lib';
import * as ts from 'typescript';
import { folderOf } from './harness';

export interface SynthesizedStack {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly template: any;
}

/**
 * Synthesizes a generated app in this process: its files are transpiled, and `new App()` writes to another folder.
 */
export function synthesize(folder: string, outdir: string = folderOf()): SynthesizedStack[] {
  const apps: cdk.App[] = [];
  class App extends cdk.App {
    constructor() {
      super({ outdir, analyticsReporting: false });
      apps.push(this);
    }
  }
  const core = new Proxy(cdk, { get: (target, name) => name === 'App' ? App : target[name as keyof typeof target] });
  const modules = new Map<string, { exports: any }>();
  const load = (path: string): any => {
    const known = modules.get(path);
    if (known) {
      return known.exports;
    }
    const module = { exports: {} as any };
    modules.set(path, module);
    const source = readFileSync(path, 'utf8');
    if (path.endsWith('.json')) {
      module.exports = { default: JSON.parse(source), __esModule: true };
    } else {
      const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true };
      const { outputText } = ts.transpileModule(source, { compilerOptions });
      const required = (name: string): unknown => {
        if (name === 'aws-cdk-lib') {
          return core;
        }
        if (name === 'cdk-secure-ecr') {
          return jest.requireActual('../../lib');
        }
        return name.startsWith('.') ? load(resolve(dirname(path), name.endsWith('.json') ? name : `${name}.ts`)) : jest.requireActual(name);
      };
      // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the generated code
      new Function('exports', 'require', 'module', outputText)(module.exports, required, module);
    }
    return module.exports;
  };
  load(join(folder, 'bin/app.ts'));
  return apps[0].synth().stacks.map(({ stackName: name, environment: { account, region }, template }) => ({ name, account, region, template }));
}

/**
 * The errors of a strict compilation of generated apps, all at once: reading the CDK takes most of the time.
 */
export function compile(folders: readonly string[]): string[] {
  const project = join(__dirname, '../..');
  const configurations = folders.map(folder => {
    const { config } = ts.readConfigFile(join(folder, 'tsconfig.json'), path => readFileSync(path, 'utf8'));
    return ts.parseJsonConfigFileContent(config, ts.sys, folder);
  });
  const { options } = configurations[0];
  const fileNames = configurations.flatMap(configuration => configuration.fileNames);
  const program = ts.createProgram(fileNames, {
    ...options,
    noEmit: true,
    rootDir: undefined,
    typeRoots: [join(project, 'node_modules/@types')],
    paths: {
      'cdk-secure-ecr': [join(project, 'lib/index.ts')],
      'aws-cdk-lib': [join(project, 'node_modules/aws-cdk-lib/index.d.ts')],
      'aws-cdk-lib/*': [join(project, 'node_modules/aws-cdk-lib/*/index.d.ts')],
      'constructs': [join(project, 'node_modules/constructs/lib/index.d.ts')],
    },
  });
  return ts.getPreEmitDiagnostics(program)
    .map(({ messageText, file, start }) => `${file?.fileName}:${start}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
}
