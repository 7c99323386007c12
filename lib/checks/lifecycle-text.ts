import { readPolicy, type ReadPolicy } from '../lifecycle/policy-reader';
import { policyProblems } from '../lifecycle/rule-problems';
import { show } from '../private/core/values';
import { isIntrinsic, REPOSITORY, type TemplateResource, valueAt } from './template-resource';

/**
 * The lifecycle policy of a repository or a template, which CloudFormation keeps in different places; undefined if there is none.
 */
export function lifecycleText({ type, properties }: TemplateResource): unknown {
  const text = type === REPOSITORY ? valueAt(properties, 'LifecyclePolicy', 'LifecyclePolicyText') : valueAt(properties, 'LifecyclePolicy');
  return text === '' ? undefined : text;
}

/**
 * The rules of that policy, and every reason why Amazon ECR would refuse it; neither if there is none, or only the deployment knows it.
 */
export function readLifecycle(resource: TemplateResource): ReadPolicy {
  const text = lifecycleText(resource);
  if (text === undefined || isIntrinsic(text)) {
    return { rules: [], problems: [] };
  }
  if (typeof text !== 'string') {
    return { rules: [], problems: [`it is a text, got ${show(text)}`] };
  }
  const { rules, problems } = readPolicy(text);
  return { rules, problems: [...problems, ...policyProblems(rules)] };
}
