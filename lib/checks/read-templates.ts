import { existsSync, readFileSync } from 'fs';
import { basename, dirname, join } from 'path';
import { isObject, type Properties, type TemplateResource } from './template-resource';

/**
 * A template of a cloud assembly.
 */
export interface TemplateFile {
  readonly path: string;
  /** The registry that its resources belong to. */
  readonly registry: string;
}

interface Manifest {
  readonly artifacts?: { readonly [id: string]: { readonly environment?: string; readonly properties?: { readonly templateFile?: string } } };
}

interface Template {
  readonly Resources?: { readonly [logicalId: string]: ResourceJson };
}

interface ResourceJson {
  readonly Type: string;
  readonly Condition?: string;
  readonly Metadata?: Properties;
  readonly Properties?: Properties;
}

/**
 * The templates of stacks, with the account and Region that the cloud assembly tells.
 */
export function templateFiles(paths: readonly string[]): TemplateFile[] {
  return paths.map(path => {
    const artifacts = Object.values(read<Manifest>(join(dirname(path), 'manifest.json')).artifacts ?? {});
    return { path, registry: registryName(artifacts.find(it => it.properties?.templateFile === basename(path))?.environment, path) };
  });
}

/**
 * The name of a registry: that of its environment, or where that is unknown, of the template.
 */
export function registryName(environment: string | undefined, path: string): string {
  return environment === undefined || environment.includes('unknown-') ? path : environment;
}

/**
 * The resources of templates, and of the nested stacks in them.
 */
export function readTemplates(files: readonly TemplateFile[]): TemplateResource[] {
  const seen = new Set(files.map(({ path }) => path));
  const waiting = [...files];
  const resources: TemplateResource[] = [];
  for (let file = waiting.shift(); file; file = waiting.shift()) {
    const { path, registry } = file;
    for (const [logicalId, json] of Object.entries(read<Template>(path).Resources ?? {})) {
      const { Type: type, Properties: properties = {} } = json;
      resources.push({ logicalId, type, properties, conditional: json.Condition !== undefined, templatePath: path, registry });
      const asset = type === 'AWS::CloudFormation::Stack' ? json.Metadata?.['aws:asset:path'] : undefined;
      const nested = typeof asset === 'string' ? join(dirname(path), asset) : path;
      if (!seen.has(nested) && existsSync(nested)) {
        seen.add(nested);
        waiting.push({ path: nested, registry });
      }
    }
  }
  return resources;
}

function read<T extends object>(path: string): T {
  const value: unknown = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
  return (isObject(value) ? value : {}) as T;
}
