import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { CommandError, messageOf } from '../core/command-error';
import { readText, reasonOf } from '../core/files';
import { isObject, stringAt, valueAt } from '../core/json';
import { SyntaxProblem } from './source';
import { Template } from './template';

/**
 * A template that was found, with the account and Region that a cloud assembly states.
 */
export interface FoundTemplate {
  readonly template: Template;
  readonly account?: string;
  readonly region?: string;
  /** The path of the template of the outermost stack. */
  readonly stack: string;
}

/**
 * The templates of paths.
 */
export interface Discovery {
  readonly templates: readonly FoundTemplate[];
  /** Files in folders that are no templates. */
  readonly skipped: number;
  /** Templates of nested stacks that are not local files: where they are, by the path of the parent. */
  readonly unread: readonly string[];
}

const TEMPLATE_FILE = /\.(?:json|ya?ml|template)$/i;
const IGNORED_FOLDER = /^(?:\.(?!aws-sam$).*|node_modules)$/;

/** A key `Resources` at the top of a text, which every template has. */
const RESOURCES = /(?:^|[{,\s])["']?Resources["']?\s*:/;
const AWS_TYPE = /["']?Type["']?\s*:\s*["']?AWS::/;

/**
 * Finds the templates in files, folders and cloud assemblies (`cdk.out`), and those of nested stacks that are local files.
 *
 * Throws, with every problem at once, if a named file cannot be read or is no template, and if a file of a folder is a broken template.
 *
 * @param paths files and folders; `-` is standard input
 */
export function discover(paths: readonly string[]): Discovery {
  const run = new DiscoveryRun();
  for (const path of paths) {
    run.addNamed(path);
  }
  if (run.problems.length > 0) {
    throw CommandError.of(run.problems);
  }
  return run;
}

interface Place {
  readonly account?: string;
  readonly region?: string;
}

class DiscoveryRun implements Discovery {
  readonly unread: string[] = [];
  readonly problems: string[] = [];
  skipped = 0;

  private readonly found = new Map<string, { template: Template; place: Place }>();
  private readonly seen = new Set<string>();
  private readonly parents = new Map<string, string>();

  get templates(): FoundTemplate[] {
    return [...this.found].map(([path, { template }]) => {
      const stack = this.outermost(path);
      return { template, ...this.found.get(stack)!.place, stack };
    });
  }

  addNamed(path: string): void {
    try {
      if (path !== '-' && statSync(path).isDirectory()) {
        this.addFolder(path);
      } else {
        this.addFile(path, { named: true });
      }
    } catch (error) {
      this.problems.push(error instanceof CommandError ? error.message : `cannot read ${shown(path)}: ${reasonOf(error)}`);
    }
  }

  private addFolder(folder: string): void {
    const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => a.name < b.name ? -1 : 1);
    const stacks = entries.some(({ name }) => name === 'manifest.json') ? stacksIn(join(folder, 'manifest.json')) : undefined;
    if (stacks) {
      for (const { file, account, region } of stacks.templates) {
        this.addFile(join(folder, file), { named: true, isStack: true, account, region });
      }
      for (const nested of stacks.assemblies) {
        this.addFolder(join(folder, nested));
      }
      return;
    }
    for (const entry of entries) {
      const path = join(folder, entry.name);
      // A link may lead to a file, as in a monorepo; links to folders are not followed, as they may lead in circles.
      const isFile = entry.isFile() || (entry.isSymbolicLink() && statSync(path, { throwIfNoEntry: false })?.isFile() === true);
      if (entry.isDirectory() && !IGNORED_FOLDER.test(entry.name)) {
        this.addFolder(path);
      } else if (isFile && TEMPLATE_FILE.test(entry.name)) {
        this.addFile(path, { named: false });
      }
    }
  }

  /** A nested stack is a part of the stack that it is in, also if its file is found first. */
  private outermost(path: string): string {
    const seen = new Set<string>();
    let at = path;
    for (let parent = this.parents.get(at); parent !== undefined && !seen.has(parent); parent = this.parents.get(at)) {
      seen.add(parent);
      at = parent;
    }
    return at;
  }

  private addFile(path: string, options: Place & { named: boolean; isStack?: boolean }): void {
    if (this.seen.has(path)) {
      return;
    }
    this.seen.add(path);
    const text = readText(path);
    const template = this.parse(path, text, options);
    if (!template) {
      return;
    }
    const { account, region } = options;
    this.found.set(path, { template, place: { account, region } });
    this.addNested(template, path);
  }

  private parse(path: string, text: string, { named, isStack }: { named: boolean; isStack?: boolean }): Template | undefined {
    if (!named && !RESOURCES.test(text)) {
      this.skipped += 1;
      return undefined;
    }
    try {
      const template = Template.parse(shown(path), text, isStack);
      if (!template && named) {
        this.problems.push(`${shown(path)} must be a CloudFormation template, got a text without 'Resources' that have an AWS type`);
      } else if (!template) {
        this.skipped += 1;
      }
      return template;
    } catch (error) {
      if (!named && error instanceof SyntaxProblem && !AWS_TYPE.test(text)) {
        this.skipped += 1;
      } else {
        this.problems.push(messageOf(error));
      }
      return undefined;
    }
  }

  private addNested(template: Template, path: string): void {
    for (const { logicalId, type, json } of template.resources.values()) {
      const file = nestedFileOf(type, json);
      if (file === undefined) {
        continue;
      }
      const nested = typeof file === 'string' ? join(dirname(path), file) : undefined;
      if (nested !== undefined && path !== '-' && statSync(nested, { throwIfNoEntry: false })?.isFile()) {
        this.parents.set(nested, path);
        this.addFile(nested, { named: true });
      } else {
        this.unread.push(`${shown(path)}: ${logicalId}`);
      }
    }
  }
}

/** The template of a nested stack: what the CDK recorded, or a local path as `aws cloudformation package` and AWS SAM take it. */
function nestedFileOf(type: string, json: unknown): unknown {
  switch (type) {
    case 'AWS::CloudFormation::Stack':
      return stringAt(json, 'Metadata', 'aws:asset:path') ?? valueAt(json, 'Properties', 'TemplateURL') ?? null;
    case 'AWS::Serverless::Application':
      return valueAt(json, 'Properties', 'Location') ?? null;
    default:
      return undefined;
  }
}

/** The stacks and the nested assemblies of a cloud assembly; undefined if the manifest is of something else. */
function stacksIn(path: string): { templates: Array<{ file: string; account?: string; region?: string }>; assemblies: string[] } | undefined {
  let manifest: unknown;
  try {
    manifest = JSON.parse(readText(path));
  } catch {
    return undefined;
  }
  const artifacts = valueAt(manifest, 'artifacts');
  if (!isObject(artifacts) || typeof valueAt(manifest, 'version') !== 'string') {
    return undefined;
  }
  const all = Object.values(artifacts);
  return {
    templates: all.flatMap(artifact => {
      const file = stringAt(artifact, 'properties', 'templateFile');
      const [account, region] = (stringAt(artifact, 'environment') ?? '').replace('aws://', '').split('/');
      return file === undefined || stringAt(artifact, 'type') !== 'aws:cloudformation:stack' ? [] : [{ file, account: known(account), region: known(region) }];
    }),
    assemblies: all.flatMap(artifact => stringAt(artifact, 'type') === 'cdk:cloud-assembly' ? stringAt(artifact, 'properties', 'directoryName') ?? [] : []),
  };
}

/** A part of an environment, which the CDK calls `unknown-account` or `unknown-region` if it does not know it. */
function known(part: string | undefined): string | undefined {
  return part === undefined || part === '' || part.startsWith('unknown-') ? undefined : part;
}

/**
 * A path as messages and reports show it: relative to the working directory where it is below it, with `/`.
 */
export function shown(path: string): string {
  if (path === '-') {
    return 'stdin';
  }
  const relativePath = relative(process.cwd(), path);
  return (relativePath === '' || relativePath.startsWith('..') ? path : relativePath).split(sep).join('/') || basename(path);
}
