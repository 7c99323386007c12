import { isObject, type JsonObject, stringAt, valueAt } from '../core/json';
import type { Position } from '../findings/finding';
import { expandLoops } from './for-each';
import { parseSource, type Path, type Source } from './source';

/**
 * A resource of a template, with the place that it was written at.
 */
export interface TemplateResource {
  readonly logicalId: string;
  readonly type: string;
  readonly json: JsonObject;
  /** The path of the resource in the text. */
  readonly path: Path;
}

/**
 * A CloudFormation template, with its loops expanded as far as they are known.
 */
export class Template {
  /**
   * Parses a template; undefined if the text is something else: it has no `Resources` with types.
   *
   * @param isStack whether it is known to be the template of a stack, which may have no resources
   */
  static parse(path: string, text: string, isStack = false): Template | undefined {
    const source = parseSource(path, text);
    const { value } = source;
    const isEmpty = isObject(value) && (value.Resources === undefined || (isObject(value.Resources) && Object.keys(value.Resources).length === 0));
    return isTemplate(value) || (isStack && isEmpty) ? new Template(path, source) : undefined;
  }

  readonly resources: ReadonlyMap<string, TemplateResource>;
  readonly json: JsonObject;

  private constructor(readonly path: string, private readonly source: Source) {
    const json = source.value as JsonObject;
    const written = expandLoops(json);
    this.resources = new Map(written.map(({ logicalId, json: resource, path: at }): [string, TemplateResource] => [
      logicalId, { logicalId, type: stringAt(resource, 'Type') ?? '', json: resource, path: at },
    ]));
    this.json = { ...json, Resources: Object.fromEntries([...this.resources].map(([id, resource]) => [id, resource.json])) };
  }

  /**
   * The place of a property, or of the resource if it lacks the property.
   */
  locate(logicalId: string, ...property: Path): Position {
    const resource = this.resources.get(logicalId);
    const exists = valueAt(resource?.json, ...property.slice(0, 2)) !== undefined;
    return this.source.locate(resource ? [...resource.path, ...exists ? property : []] : []);
  }
}

function isTemplate(value: unknown): value is JsonObject {
  const resources = valueAt(value, 'Resources');
  return isObject(resources) && Object.entries(resources).some(([id, resource]) => (
    id.startsWith('Fn::ForEach::') || /^(?:AWS|Alexa|Custom)::/.test(stringAt(resource, 'Type') ?? '')
  ));
}
