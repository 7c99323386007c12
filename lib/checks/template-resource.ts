import { type Environment, registryRelation, type Relation } from '../private/core/environment';
import { flattened } from '../private/policy/statement-text';
import { isIntrinsic, isObject, type Properties } from './template-json';
import type { Branch } from './template-values';

/**
 * A resource as its template has it, in one branch of its conditions: a resource with `Fn::If` stands once for each branch.
 */
export interface TemplateResource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Properties;
  /** Whether a condition decides if it exists. */
  readonly conditional: boolean;
  /** The branch that its properties are from; empty if there is only one. */
  readonly branch: Branch;
  readonly templatePath: string;
  /** The path of its construct, if the CDK wrote it. */
  readonly constructPath?: string;
  readonly place: Place;
  /** The resource whose template body has this one, and the property with the body. */
  readonly host?: { readonly resource: TemplateResource; readonly property: string };
}

/**
 * Where resources are deployed to, as far as it is known: a registry is one account in one Region.
 */
export interface Place extends Environment {
  /** The template of the stack, of the outermost one for nested stacks. */
  readonly stack: string;
  /** The tags that CloudFormation adds to the resources of the stack. */
  readonly tags?: { readonly [key: string]: string };
}

/** What makes a private repository: itself, or a template for those that Amazon ECR makes. */
export const REPOSITORY = 'AWS::ECR::Repository';
export const TEMPLATE = 'AWS::ECR::RepositoryCreationTemplate';
export const PUBLIC_REPOSITORY = 'AWS::ECR::PublicRepository';
export const CACHE_RULE = 'AWS::ECR::PullThroughCacheRule';

/**
 * How the registries of two resources relate.
 */
export function relation({ place: a }: TemplateResource, { place: b }: TemplateResource): Relation {
  return a.stack === b.stack ? 'same' : registryRelation(a, b);
}

/**
 * Whether two resources are one, in two branches.
 */
export function isSame(a: TemplateResource, b: TemplateResource): boolean {
  return a.logicalId === b.logicalId && a.templatePath === b.templatePath && a.host?.resource.logicalId === b.host?.resource.logicalId;
}

/**
 * The resources of some types.
 */
export function ofType(resources: readonly TemplateResource[], ...types: string[]): TemplateResource[] {
  return resources.filter(({ type }) => types.includes(type));
}

/**
 * A property, or a property of a property. A property that is missing beside an `Fn::Transform` is unknown.
 */
export function valueAt(properties: Properties, ...path: string[]): unknown {
  let value: unknown = properties;
  for (const name of path) {
    const parent = value;
    value = isObject(parent) ? parent[name] : undefined;
    if (value === undefined && isObject(parent) && parent['Fn::Transform'] !== undefined) {
      return { 'Fn::Transform': parent['Fn::Transform'] };
    }
    if (isIntrinsic(value)) {
      return value;
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
 * The logical id that a value refers to.
 */
export function referenceOf(value: unknown): string | undefined {
  const target = isObject(value) ? value.Ref ?? [value['Fn::GetAtt']].flat()[0] : undefined;
  return typeof target === 'string' ? target.split('.')[0] : undefined;
}
