import { parseJson } from '../private/core/json';
import { show } from '../private/core/values';
import type { Check } from './check';
import { isObject } from './template-json';
import { valueAt } from './template-resource';

/** The properties that hold a template, or its place. */
const TEMPLATES: { readonly [type: string]: readonly string[] } = {
  'AWS::CloudFormation::Stack': ['TemplateURL'],
  'AWS::CloudFormation::StackSet': ['TemplateBody', 'TemplateURL'],
  'AWS::Serverless::Application': ['Location'],
};

/**
 * This library has no reader for YAML, since it has no dependencies: a template in YAML must not count as one without findings.
 */
export const uncheckedTemplate: Check = {
  id: 'uncheckedTemplate',
  severity: 'warning',
  fix: "write the template as JSON, or check it on its own with 'npx cdk-secure-ecr-cli check' or EcrChecks.findingsIn()",
  find: resources => resources.flatMap(resource => (TEMPLATES[resource.type] ?? []).flatMap(property => {
    const value = valueAt(resource.properties, property);
    const unread = typeof value === 'string' && (property === 'TemplateBody' ? !isObject(parseJson(property, value).value) : isLocal(value) && /\.ya?ml$/i.test(value));
    return unread ? [{
      resource,
      property,
      message: `'${property}' must be JSON to be checked, got ${property === 'TemplateBody' ? 'YAML' : show(value)}: no rule of EcrChecks has seen what it deploys`,
    }] : [];
  })),
};

/** Whether a template is a file, which tools such as AWS SAM upload before the deployment. */
export function isLocal(url: string): boolean {
  return !/^[a-z0-9]+:\/\//i.test(url);
}
