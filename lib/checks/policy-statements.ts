import { PUBLIC_REPOSITORY_POLICY, type PolicyPlace, REGISTRY_POLICY, REPOSITORY_POLICY } from '../private/policy/action-problems';
import type { StatementJson } from '../private/policy/statement-json';
import { isObject, type Properties } from './template-json';
import { PUBLIC_REPOSITORY, REPOSITORY, TEMPLATE, type TemplateResource, valueAt } from './template-resource';
import { readJsonText } from './template-text';
import { tokenized } from './template-values';

const RESOURCE_POLICIES: { readonly [type: string]: { readonly property: string; readonly place: PolicyPlace } } = {
  [REPOSITORY]: { property: 'RepositoryPolicyText', place: REPOSITORY_POLICY },
  [TEMPLATE]: { property: 'RepositoryPolicy', place: REPOSITORY_POLICY },
  [PUBLIC_REPOSITORY]: { property: 'RepositoryPolicyText', place: PUBLIC_REPOSITORY_POLICY },
  'AWS::ECR::RegistryPolicy': { property: 'PolicyText', place: REGISTRY_POLICY },
};

/** Types with policies of identities: IAM, permission sets of IAM Identity Center, and functions and state machines of AWS SAM. */
const IDENTITIES = /^AWS::(?:IAM::(?:Group|ManagedPolicy|Policy|Role|User|\w+Policy)|SSO::PermissionSet|Serverless::(?:Function|StateMachine))$/;
const DOCUMENTS = ['PolicyDocument', 'InlinePolicy'];
const MANAGED_LISTS = ['ManagedPolicyArns', 'ManagedPolicies', 'Policies'];

/**
 * A policy that a resource has. Its texts have tokens for values that are only known at deployment, as in a policy of a construct.
 */
export interface PolicyJson {
  readonly resource: TemplateResource;
  readonly property: string;
  readonly document: Properties;
  readonly statements: readonly StatementJson[];
}

/**
 * The policy of a repository, of those that a template makes, or of a registry.
 */
export interface ResourcePolicyJson extends PolicyJson {
  readonly place: PolicyPlace;
}

/**
 * The policies of repositories, of those that templates make, and of registries.
 */
export function resourcePolicies(resources: readonly TemplateResource[]): ResourcePolicyJson[] {
  return resources.flatMap(resource => {
    const policy = Object.hasOwn(RESOURCE_POLICIES, resource.type) ? RESOURCE_POLICIES[resource.type] : undefined;
    return policy === undefined ? [] : policyOf(resource, policy.property, valueAt(resource.properties, policy.property))
      .map(it => ({ ...it, place: policy.place }));
  });
}

/**
 * The policies of roles, users, groups, permission sets and functions.
 */
export function identityPolicies(resources: readonly TemplateResource[]): PolicyJson[] {
  return resources.filter(({ type }) => IDENTITIES.test(type)).flatMap(resource => [
    ...DOCUMENTS.flatMap(property => policyOf(resource, property, valueAt(resource.properties, property))),
    ...listAt(resource, 'Policies').flatMap((policy, index) => {
      const path = `Policies[${index}]`;
      const [at, document] = isObject(policy) && policy.Statement === undefined ? [`${path}.PolicyDocument`, valueAt(policy, 'PolicyDocument')] : [path, policy];
      return isObject(policy) ? policyOf(resource, at, document) : [];
    }),
  ]);
}

/**
 * The names of the managed policies of an identity, with the path of each. AWS SAM takes names in place of ARNs.
 */
export function managedPolicies(resources: readonly TemplateResource[]): Array<{ resource: TemplateResource; property: string; name: string }> {
  const identities = resources.filter(({ type }) => IDENTITIES.test(type));
  return identities.flatMap(resource => MANAGED_LISTS.flatMap(list => listAt(resource, list).flatMap((entry, index) => {
    const text = tokenized(entry);
    return typeof text === 'string' ? [{ resource, property: `${list}[${index}]`, name: text.slice(text.lastIndexOf('/') + 1) }] : [];
  })));
}

/**
 * The path of a statement in a policy that is not a text.
 */
export function statementPath({ property, document, statements }: PolicyJson, statement: StatementJson): string {
  return Array.isArray(document.Statement) ? `${property}.Statement[${statements.indexOf(statement)}]` : property;
}

/** A list of policies; AWS SAM takes a single one. */
function listAt({ properties }: TemplateResource, property: string): unknown[] {
  const value = valueAt(properties, property);
  return value === undefined ? [] : [value].flat();
}

function policyOf(resource: TemplateResource, property: string, value: unknown): PolicyJson[] {
  const document = tokenized(typeof value === 'string' ? readJsonText(property, value).value : value);
  return isObject(document) ? [{ resource, property, document, statements: [document.Statement].flat().filter(isObject) }] : [];
}
