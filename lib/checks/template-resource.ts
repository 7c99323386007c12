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
  /** Resources with the same registry, which is one account in one Region, surely share it. */
  readonly registry: string;
}

export interface Properties {
  readonly [name: string]: unknown;
}

/** What makes a private repository: itself, or a template for those that Amazon ECR makes. */
export const REPOSITORY = 'AWS::ECR::Repository';
export const TEMPLATE = 'AWS::ECR::RepositoryCreationTemplate';

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
 * A property that is a text or a list of texts, as a list of those that can be read before deployment.
 */
export function textsAt(properties: Properties, ...path: string[]): string[] {
  return [valueAt(properties, ...path)].flat().filter(value => typeof value === 'string');
}

/**
 * Whether only the deployment knows a value.
 */
export function isIntrinsic(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 1 && /^(?:Ref|Condition|Fn::.+)$/.test(Object.keys(value)[0]);
}

/**
 * Whether a value is an object with properties, and no list.
 */
export function isObject(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
