import { readFileSync } from 'node:fs';
import { groupBy } from '../core/group-by';
import { VERSION } from '../core/version';
import { PolicyFiles, stackCode } from './code';
import type { Model, StackCode } from './model';
import { Names, pascalCase } from './names';
import { printJson, quote } from './print';
import { LIMITS } from './stacks';

/**
 * The files of the generated app, by path.
 */
export function projectFiles({ stacks }: Model): Map<string, string> {
  const policies = new PolicyFiles();
  const files = new Map(stacks.map(stack => [`lib/${stack.plan.file}.ts`, stackCode(stack, policies)]));
  policies.files.forEach((text, path) => files.set(path, text));
  files.set('bin/app.ts', appCode(stacks));
  for (const { path, mapping } of stacks.flatMap(importsOf)) {
    files.set(path, `${JSON.stringify(mapping, undefined, 2)}\n`);
  }
  const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
  files.set('cdk.json', json({ app: 'ts-node --prefer-ts-exts bin/app.ts' }));
  files.set('tsconfig.json', json(TSCONFIG));
  files.set('package.json', json({
    name: 'ecr-registry',
    version: '1.0.0',
    private: true,
    scripts: { build: 'tsc --noEmit', diff: 'cdk diff --all', synth: 'cdk synth --quiet' },
    dependencies: { 'aws-cdk-lib': `^${installed('aws-cdk-lib')}`, 'cdk-secure-ecr': `^${VERSION}`, 'constructs': `^${installed('constructs')}` },
    devDependencies: { '@types/node': '^22.0.0', 'aws-cdk': '^2.1000.0', 'ts-node': '^10.9.2', 'typescript': '~6.0.0' },
  }));
  files.set('.gitignore', 'cdk.out/\nnode_modules/\n');
  return files;
}

const TSCONFIG = {
  compilerOptions: {
    target: 'es2022',
    lib: ['es2022'],
    module: 'node16',
    moduleResolution: 'node16',
    types: ['node'],
    rootDir: '.',
    strict: true,
    esModuleInterop: true,
    resolveJsonModule: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
    skipLibCheck: true,
  },
  include: ['bin', 'lib'],
};

/** The version of a dependency, so that the app begins with one that works. */
function installed(name: string): string {
  return (JSON.parse(readFileSync(require.resolve(`${name}/package.json`), 'utf8')) as { version: string }).version;
}

/**
 * The import operations of a stack: the path of the mapping for `cdk import`, and the mapping.
 */
export function importsOf({ plan, mapping }: StackCode): Array<{ path: string; mapping: StackCode['mapping'] }> {
  const entries = Object.entries(mapping);
  return Array.from({ length: Math.ceil(entries.length / LIMITS.imports) }, (_, index) => ({
    path: `import/${plan.id}${entries.length > LIMITS.imports ? `.${index + 1}` : ''}.json`,
    mapping: Object.fromEntries(entries.slice(index * LIMITS.imports, (index + 1) * LIMITS.imports)),
  }));
}

function appCode(stacks: readonly StackCode[]): string {
  if (stacks.length === 0) {
    return "import { App } from 'aws-cdk-lib';\n\nnew App();\n";
  }
  const places = groupBy(stacks, ({ plan: { registry } }) => `${registry.account} ${registry.region}`);
  const names = Names.ofVariables();
  const classes = new Names(['App']);
  const imports: string[] = [];
  const blocks: string[] = [];
  for (const group of places.values()) {
    const { account, region } = group[0].plan.registry;
    const isKnown = account !== 'unknown';
    const env = isKnown ? places.size === 1 ? 'env' : names.take(`${region.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())}`, `In${account}`) : undefined;
    const lines = env === undefined ? [] : [`const ${env} = ${printJson({ account, region })};`];
    for (const { plan } of group) {
      const name = classes.take(plan.className, `${pascalCase(region, '')}`);
      imports.push(`import { ${name === plan.className ? name : `${plan.className} as ${name}`} } from '../lib/${plan.file}';`);
      const props = [
        ...plan.stackName === plan.id ? [] : [`stackName: ${quote(plan.stackName)}`],
        ...env === undefined ? [] : [env === 'env' ? 'env' : `env: ${env}`],
      ];
      lines.push(`new ${name}(app, ${quote(plan.id)}${props.length === 0 ? '' : `, { ${props.join(', ')} }`});`);
    }
    blocks.push(lines.join('\n'));
  }
  return `import { App } from 'aws-cdk-lib';\n${imports.sort((a, b) => pathOf(a) < pathOf(b) ? -1 : 1).join('\n')}\n\nconst app = new App();\n\n${blocks.join('\n\n')}\n`;
}

function pathOf(importLine: string): string {
  return importLine.slice(importLine.indexOf(' from '));
}
