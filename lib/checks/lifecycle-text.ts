import { REPOSITORY, type TemplateResource, valueAt } from './template-resource';

/**
 * The lifecycle policy of a repository or a template, which CloudFormation keeps in different places; undefined if there is none.
 */
export function lifecycleText({ type, properties }: TemplateResource): unknown {
  const text = type === REPOSITORY ? valueAt(properties, 'LifecyclePolicy', 'LifecyclePolicyText') : valueAt(properties, 'LifecyclePolicy');
  return text === '' ? undefined : text;
}
