import { type Environment, registryRelation, type Relation } from '../private/core/environment';
import { flattened } from '../private/policy/statement-text';

/**
 * A resource as its template has it.
 */
export interface TemplateResource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Properties;
  /** Whether a condition decides if it exists. */
  readonly conditional: boolean;
  readonly templatePath: string;
  readonly place: Place;
}

/**
 * Where resources are deployed to, as far as it is known: a registry is one account in one Region.
 */
export interface Place extends Environment {
  /** The template of the stack, of the outermost one for nested stacks. */
  readonly stack: string;
}

export interface Properties {
  readonly [name: string]: unknown;
}

/** What makes a private repository: itself, or a template for those that Amazon ECR makes. */
export const REPOSITORY = 'AWS::ECR::Repository';
export const TEMPLATE = 'AWS::ECR::RepositoryCreationTemplate';

/**
 * How the registries of two resources stand to each other.
 */
export function relation({ place: a }: TemplateResource, { place: b }: TemplateResource): Relation {
  return a.stack === b.stack ? 'same' : registryRelation(a, b);
}

/**
 * The resources of some types.
 */
export function ofType(resources: readonly TemplateResource[], ...types: string[]): TemplateResource[] {
  return resources.filter(({ type }) => types.includes(type));
}

/**
 * A property, or a property of a property; undefined as well if it is the pseudo parameter for no value.
 */
export function valueAt(properties: Properties, ...path: string[]): unknown {
  let value: unknown = properties;
  for (const name of path) {
    value = isObject(value) ? value[name] : undefined;
    if (isIntrinsic(value)) {
      return (value as Properties).Ref === 'AWS::NoValue' ? undefined : value;
    }
  }
  return value ?? undefined;
}

/**
 * A property as text, with `${…}` for what only the deployment knows; empty if there is none.
 */
export function textAt(properties: Properties, ...path: string[]): string {
  const value = flattened(valueAt(properties, ...path));
  return typeof value === 'string' ? value : '';
}

/**
 * Whether only the deployment knows a value.
 */
export function isIntrinsic(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 1 && /^(?:Ref|Condition|Fn::.+)$/.test(Object.keys(value)[0]);
}

/**
 * The logical id that a value refers to.
 */
export function referenceOf(value: unknown): string | undefined {
  const target = isObject(value) ? value.Ref ?? [value['Fn::GetAtt']].flat()[0] : undefined;
  return typeof target === 'string' ? target.split('.')[0] : undefined;
}

/**
 * Whether a value is an object with properties, and no list.
 */
export function isObject(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
