import { parseJson } from '../private/core/json';
import type { StatementJson } from '../private/policy/repository-policy';
import { isObject, type Properties } from './template-json';
import { REPOSITORY, TEMPLATE, type TemplateResource, valueAt } from './template-resource';

const RESOURCE_POLICIES: { readonly [type: string]: string } = {
  [REPOSITORY]: 'RepositoryPolicyText',
  [TEMPLATE]: 'RepositoryPolicy',
  'AWS::ECR::RegistryPolicy': 'PolicyText',
};
const IDENTITIES = /^AWS::IAM::(?:Group|ManagedPolicy|Policy|Role|User|\w+Policy)$/;

/**
 * A policy that a resource has, and where.
 */
export interface PolicyJson {
  readonly resource: TemplateResource;
  readonly property: string;
  readonly document: Properties;
  readonly statements: readonly StatementJson[];
}

/**
 * The policies of repositories, of those that templates make, and of registries.
 */
export function resourcePolicies(resources: readonly TemplateResource[]): PolicyJson[] {
  return resources.flatMap(resource => {
    const property = RESOURCE_POLICIES[resource.type] as string | undefined;
    return property === undefined ? [] : policyOf(resource, property, valueAt(resource.properties, property));
  });
}

/**
 * The policies of roles, users and groups.
 */
export function identityPolicies(resources: readonly TemplateResource[]): PolicyJson[] {
  return resources.filter(({ type }) => IDENTITIES.test(type)).flatMap(resource => {
    const inline = valueAt(resource.properties, 'Policies');
    return [
      ...policyOf(resource, 'PolicyDocument', valueAt(resource.properties, 'PolicyDocument')),
      ...(Array.isArray(inline) ? inline : []).flatMap((policy, index) => (
        policyOf(resource, `Policies[${index}].PolicyDocument`, isObject(policy) ? valueAt(policy, 'PolicyDocument') : undefined)
      )),
    ];
  });
}

function policyOf(resource: TemplateResource, property: string, value: unknown): PolicyJson[] {
  const document = typeof value === 'string' ? parseJson(property, value).value : value;
  return isObject(document) ? [{ resource, property, document, statements: [document.Statement].flat().filter(isObject) }] : [];
}
