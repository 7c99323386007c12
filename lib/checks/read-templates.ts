import { readFileSync, statSync } from 'fs';
import { basename, dirname, join } from 'path';
import { parseJson } from '../private/core/json';
import { isObject, type Place, type Properties, type TemplateResource, valueAt } from './template-resource';

/**
 * A template of a cloud assembly.
 */
export interface TemplateFile {
  readonly path: string;
  readonly place: Place;
}

/**
 * The templates of stacks, with the account and Region that the cloud assembly tells.
 */
export function templateFiles(paths: readonly string[]): TemplateFile[] {
  const environments = new Map([...new Set(paths.map(path => dirname(path)))].map(folder => [folder, environmentsIn(folder)]));
  return paths.map(path => {
    const [account, region] = environments.get(dirname(path))?.get(basename(path))?.replace('aws://', '').split('/') ?? [];
    return { path, place: { account: known(account), region: known(region), stack: path } };
  });
}

/**
 * The resources of templates, and of the nested stacks in them.
 */
export function readTemplates(files: readonly TemplateFile[]): TemplateResource[] {
  const waiting = [...files];
  const seen = new Set<string>();
  const resources: TemplateResource[] = [];
  for (let file = waiting.shift(); file; file = waiting.shift()) {
    if (!seen.has(file.path)) {
      seen.add(file.path);
      const found = resourcesIn(file);
      resources.push(...found.map(({ resource }) => resource));
      waiting.push(...found.flatMap(({ nested }) => nested));
    }
  }
  return resources;
}

function resourcesIn({ path, place }: TemplateFile): Array<{ resource: TemplateResource; nested: TemplateFile[] }> {
  return entriesOf(read(path), 'Resources').map(([logicalId, json]) => {
    const type = typeof json.Type === 'string' ? json.Type : '';
    const properties = isObject(json.Properties) ? json.Properties : {};
    const asset = type === 'AWS::CloudFormation::Stack' ? valueAt(json, 'Metadata', 'aws:asset:path') : undefined;
    return {
      resource: { logicalId, type, properties, conditional: json.Condition !== undefined, templatePath: path, place },
      nested: typeof asset === 'string' ? [{ path: join(dirname(path), asset), place }] : [],
    };
  });
}

/** The environments of the stacks of a cloud assembly, by the names of their templates. */
function environmentsIn(folder: string): Map<string, string> {
  return new Map(entriesOf(read(join(folder, 'manifest.json')), 'artifacts').flatMap(([, artifact]) => {
    const file = valueAt(artifact, 'properties', 'templateFile');
    return typeof file === 'string' && typeof artifact.environment === 'string' ? [[file, artifact.environment] as [string, string]] : [];
  }));
}

/** A part of an environment, which the CDK calls `unknown-account` or `unknown-region` if nobody told it. */
function known(part: string | undefined): string | undefined {
  return part?.startsWith('unknown-') ? undefined : part;
}

function entriesOf(json: Properties, property: string): Array<[string, Properties]> {
  const value = json[property];
  return Object.entries(isObject(value) ? value : {}).filter((entry): entry is [string, Properties] => isObject(entry[1]));
}

/** What a file of JSON holds: nothing if it is no file, or something else. */
function read(path: string): Properties {
  const value = statSync(path, { throwIfNoEntry: false })?.isFile() ? parseJson(path, readFileSync(path, 'utf8')).value : undefined;
  return isObject(value) ? value : {};
}
