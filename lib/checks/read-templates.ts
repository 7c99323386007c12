import { readFileSync, statSync } from 'fs';
import { basename, dirname, join } from 'path';
import { failUnscopedIfAny } from '../private/core/errors';
import { parseJson } from '../private/core/json';
import { isKnown, show } from '../private/core/values';
import { withoutLoops } from './for-each';
import { entriesOf, isObject, type Properties } from './template-json';
import { type Place, type TemplateResource, valueAt } from './template-resource';
import { type TemplateScope, variantsOf } from './template-values';
import { isLocal } from './unchecked-template';

/**
 * A template, and where its stack is deployed to.
 */
export interface TemplateFile {
  readonly path: string;
  readonly place: Place;
  /** The template, if it is read already. */
  readonly template?: Properties;
}

/**
 * The templates of stacks, with the account and Region that the cloud assembly tells.
 */
export function templateFiles(paths: readonly string[]): TemplateFile[] {
  const stacks = new Map([...new Set(paths.map(path => dirname(path)))].map(folder => [folder, stacksIn(folder)]));
  return paths.map(path => {
    const { environment, tags } = stacks.get(dirname(path))?.get(basename(path)) ?? {};
    const [account, region] = environment?.replace('aws://', '').split('/') ?? [];
    return { path, place: { account: known(account), region: known(region), stack: path, tags } };
  });
}

/**
 * The resources of templates, of the nested stacks in them, and of the bodies of stack sets.
 */
export function readTemplates(files: readonly TemplateFile[]): TemplateResource[] {
  const waiting = [...files];
  const seen = new Set<string>();
  const resources: TemplateResource[] = [];
  for (let file = waiting.shift(); file; file = waiting.shift()) {
    if (!seen.has(file.path)) {
      seen.add(file.path);
      const template = file.template ?? read(file.path);
      resources.push(...resourcesIn(template, file.path, file.place));
      waiting.push(...nestedFiles(template, file));
    }
  }
  return resources;
}

function resourcesIn({ Parameters, Mappings, Resources }: Properties, templatePath: string, place: Place, host?: TemplateResource['host']): TemplateResource[] {
  const scope: TemplateScope = {
    parameters: isObject(Parameters) ? Parameters : {},
    mappings: isObject(Mappings) ? Mappings : {},
    account: isKnown(place.account) ? place.account : undefined,
    region: isKnown(place.region) ? place.region : undefined,
  };
  return entriesOf(withoutLoops(Resources, scope.parameters)).flatMap(([logicalId, json]) => {
    const { Type, Condition } = json;
    const constructPath = valueAt(json, 'Metadata', 'aws:cdk:path');
    const common = {
      logicalId,
      type: typeof Type === 'string' ? Type : '',
      conditional: Condition !== undefined,
      templatePath,
      ...typeof constructPath === 'string' ? { constructPath } : {},
      place,
      ...host ? { host } : {},
    };
    const fixed = typeof Condition === 'string' ? { [Condition]: 'true' } : undefined;
    const variants = variantsOf(propertiesOf(json), scope, fixed).map(variant => ({ ...common, ...variant }));
    return [...variants, ...bodiesOf(variants[0])];
  });
}

/** The properties of a resource; a macro beside them may add others. */
function propertiesOf({ Properties: properties, 'Fn::Transform': transform }: Properties): Properties {
  return { ...isObject(properties) ? properties : {}, ...transform === undefined ? {} : { 'Fn::Transform': transform } };
}

/** The resources that a stack set deploys to other accounts, as far as its template is JSON. */
function bodiesOf(resource: TemplateResource): TemplateResource[] {
  const property = 'TemplateBody';
  const body = resource.type === 'AWS::CloudFormation::StackSet' ? valueAt(resource.properties, property) : undefined;
  const template = typeof body === 'string' ? parseJson(property, body).value : body;
  const place = { stack: `${resource.templatePath}#${resource.logicalId}` };
  return isObject(template) ? resourcesIn(template, resource.templatePath, place, { resource, property }) : [];
}

/** The templates of nested stacks that are files: of the cloud assembly, or beside a template that a tool has yet to package. */
function nestedFiles({ Resources }: Properties, { path, place }: TemplateFile): TemplateFile[] {
  return entriesOf(Resources).filter(([, { Type }]) => Type === 'AWS::CloudFormation::Stack').flatMap(([, json]) => {
    const url = valueAt(json, 'Properties', 'TemplateURL');
    const asset = valueAt(json, 'Metadata', 'aws:asset:path') ?? (typeof url === 'string' && isLocal(url) && !/\.ya?ml$/i.test(url) ? url : undefined);
    const file = typeof asset === 'string' ? join(dirname(path), asset) : '';
    return isFile(file) ? [{ path: file, place }] : [];
  });
}

/** A stack as the manifest of a cloud assembly has it. */
interface StackFacts {
  readonly environment?: string;
  readonly tags?: Place['tags'];
}

/** The stacks of a cloud assembly, by the names of their templates. */
function stacksIn(folder: string): Map<string, StackFacts> {
  const file = join(folder, 'manifest.json');
  const manifest = isFile(file) ? read(file) : undefined;
  return new Map(entriesOf(isObject(manifest) ? manifest.artifacts : undefined).flatMap(([, artifact]) => {
    const template = valueAt(artifact, 'properties', 'templateFile');
    const tags = valueAt(artifact, 'properties', 'tags');
    return typeof template === 'string' && typeof artifact.environment === 'string'
      ? [[template, { environment: artifact.environment, tags: isObject(tags) ? tags as Place['tags'] : undefined }] as [string, StackFacts]]
      : [];
  }));
}

/** A part of an environment, which the CDK calls `unknown-account` or `unknown-region` if nobody told it. */
function known(part: string | undefined): string | undefined {
  return part?.startsWith('unknown-') ? undefined : part;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** The JSON object in a file. A template that cannot be read is an error: a check that reads nothing finds nothing. */
function read(path: string): Properties {
  const { value, problem } = isFile(path) ? parseJson('template', readFileSync(path, 'utf8')) : { value: undefined, problem: "'template' must be a file that exists" };
  failUnscopedIfAny('UnreadableTemplate', isObject(value) ? [] : [
    `${problem ?? `'template' must be a JSON object, got ${show(value)}`}, at ${path}; convert YAML to JSON, or pass the parsed template to EcrChecks.findingsIn()`,
  ]);
  return value as Properties;
}
