/**
 * The tasks of a new user, each from the published documentation alone, in an empty folder with the package that npm would publish:
 * `npm run test:newcomer`, after `npm run build` and `npm run docs`. Code blocks come from the README and the guides as they are; where a
 * task puts several of them together, its app is in apps/ and may use only names of the library that the documentation mentions.
 */
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { typesOf } from '../../tools/assembly';
import { packCommand, packLibrary } from '../packaging/pack';
import { PROJECT, inSandbox, run } from '../packaging/sandbox';
import { type Command, MISTAKES, TASKS, type Template } from './tasks';

const { devDependencies } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as { devDependencies: Record<string, string> };
const GUIDES = readdirSync(join(PROJECT, 'docs/guide')).map(file => `docs/guide/${file}`);
const DOCUMENTATION = ['README.md', ...GUIDES].map(page => readFileSync(join(PROJECT, page), 'utf8')).join('\n');

/** The props, options and methods of the library. */
const MEMBERS = new Set(Object.values(typesOf(PROJECT))
  .flatMap(({ methods = [], properties = [] }) => [...methods, ...properties])
  .map(({ name }) => name));

/** A block of the documentation: the position counts the TypeScript blocks of a page. */
function blockOf(reference: string): string {
  const [page, position] = reference.split('#');
  const blocks = [...readFileSync(join(PROJECT, page), 'utf8').matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code);
  assert.ok(blocks[Number(position)], `${page} must have a block ${position}`);
  return blocks[Number(position)];
}

/** An app of our own, after a check that a reader of the documentation can know every name of the library in it. */
function appOf(file: string): string {
  const code = readFileSync(join(PROJECT, 'test/newcomer/apps', file), 'utf8');
  const imported = [...code.matchAll(/import \{([^}]+)\} from 'cdk-secure-ecr';/g)].flatMap(([, names]) => names.split(',').map(name => name.trim()).filter(Boolean));
  const members = [...code.matchAll(/\b(\w+)(?=:|\()/g)].map(([, name]) => name).filter(name => MEMBERS.has(name));
  const unknown = [...imported, ...members].filter(name => !new RegExp(`\\b${name}\\b`).test(DOCUMENTATION));
  assert.deepEqual(unknown, [], `${file} uses names that no page mentions`);
  return code;
}

/** Runs a program as the CDK CLI does, and returns the templates that it writes. */
function synthesize(folder: string, name: string): { templates: Template[]; stdout: string; stderr: string; status: number | null } {
  const outdir = join(folder, `${name}.out`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [`${name}.js`], { cwd: folder, encoding: 'utf8', env: { ...process.env, CDK_OUTDIR: outdir } });
  const files = existsSync(outdir) ? readdirSync(outdir).filter(file => file.endsWith('.template.json')) : [];
  return { status, stdout, stderr, templates: files.map(file => JSON.parse(readFileSync(join(outdir, file), 'utf8')) as Template) };
}

/** Runs a command of the documentation, and compares its exit code and output with what the task expects. */
function invoke(folder: string, { command, files = {}, status, shows }: Command): void {
  for (const [file, source] of Object.entries(files)) {
    cpSync(join(PROJECT, 'test/newcomer', source), join(folder, file), { recursive: true });
  }
  const start = command.split(' ').slice(0, 3).join(' ');
  assert.ok(DOCUMENTATION.includes(start), `no page mentions '${start}'`);
  const result = spawnSync(command.replace('npx ', 'npx --no-install '), { cwd: folder, encoding: 'utf8', shell: true });
  const printed = result.stdout + result.stderr;
  assert.equal(result.status, status, `${command}\n${printed}`);
  shows.forEach(pattern => assert.match(printed, pattern, command));
}

inSandbox(folder => {
  assert.ok(existsSync(join(PROJECT, '.jsii')), "run 'npm run build' first");
  const packages = [packLibrary(folder), packCommand(folder)].map(({ path }) => path);
  const app = join(folder, 'app');
  mkdirSync(app);
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'app', private: true }));
  writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({
    compilerOptions: { target: 'es2022', module: 'node16', moduleResolution: 'node16', strict: true, skipLibCheck: true, types: ['node'] },
  }));
  const installed = ['aws-cdk-lib', 'constructs', 'typescript', '@types/node'].map(name => `${name}@${devDependencies[name]}`);
  run(app, 'npm', 'install', '--no-audit', '--no-fund', '--loglevel', 'error', ...packages, ...installed);

  const programs = TASKS.map((task, index) => ({ ...task, names: task.from.map((_, part) => `task-${index}-${part}`) }));
  for (const { names, from } of programs) {
    names.forEach((name, part) => writeFileSync(join(app, `${name}.ts`), from[part].includes('#') ? blockOf(from[part]) : appOf(from[part])));
  }
  MISTAKES.forEach(({ code }, index) => writeFileSync(join(app, `mistake-${index}.ts`), code));
  run(app, 'npx', '--no-install', 'tsc', '-p', '.');

  const failed: string[] = [];
  const attempt = (title: string, step: () => void): void => {
    try {
      step();
      console.log(`done: ${title}`);
    } catch (error) {
      failed.push(title);
      console.error(`FAILED: ${title}\n${(error as Error).message}`);
    }
  };
  for (const { title, names, commands = [], check } of programs) {
    attempt(title, () => {
      const results = names.map(name => synthesize(app, name));
      results.forEach(({ status, stderr }) => assert.equal(status, 0, stderr));
      commands.forEach(command => invoke(app, { ...command, command: names.reduce((text, name, part) => text.replaceAll(`APP_${part}`, `${name}.out`), command.command) }));
      check?.(results.flatMap(({ templates }) => templates), results.map(({ stdout }) => stdout).join(''));
    });
  }
  MISTAKES.forEach(({ title, message }, index) => attempt(title, () => {
    const { stdout, stderr } = synthesize(app, `mistake-${index}`);
    assert.match(stdout + stderr, message);
  }));
  assert.deepEqual(failed, [], `of ${TASKS.length} tasks and ${MISTAKES.length} mistakes, these fail`);
  console.log(`${TASKS.length} tasks are done from the documentation, ${MISTAKES.length} mistakes are reported`);
});
