import { Token } from 'aws-cdk-lib';
import { readPolicy, type ReadPolicy, readRules, textLengthProblems } from '../lifecycle/policy-reader';
import { policyProblems } from '../lifecycle/rule-problems';
import { isKnown, show } from '../private/core/values';
import { isIntrinsic } from './template-json';
import { REPOSITORY, type TemplateResource, valueAt } from './template-resource';
import { readJsonText } from './template-text';

const NONE: ReadPolicy = { rules: [], problems: [] };

/** The members of a rule that may be tokens, as in a policy that a construct writes. */
const MAY_BE_UNKNOWN = ['countNumber', 'description', 'tagPatternList', 'tagPrefixList'];

/**
 * The path of the text of a lifecycle policy, which CloudFormation keeps in different places for repositories and templates.
 */
export function lifecyclePath({ type }: TemplateResource): string[] {
  return type === REPOSITORY ? ['LifecyclePolicy', 'LifecyclePolicyText'] : ['LifecyclePolicy'];
}

/**
 * The lifecycle policy of a repository or a template; undefined if there is none.
 */
export function lifecycleText(resource: TemplateResource): unknown {
  const text = valueAt(resource.properties, ...lifecyclePath(resource));
  return text === '' ? undefined : text;
}

/**
 * The rules of that policy, and every reason why Amazon ECR would refuse it; neither if there is none, or only the deployment knows it.
 */
export function readLifecycle(resource: TemplateResource): ReadPolicy {
  const text = lifecycleText(resource);
  if (text === undefined || isIntrinsic(text)) {
    return NONE;
  }
  if (typeof text !== 'string') {
    return { rules: [], problems: [`it is a text, got ${show(text)}`] };
  }
  if (Token.isUnresolved(text)) {
    return withPolicyProblems(readPartly(text));
  }
  const { rules, problems } = readPolicy(text);
  return withPolicyProblems({ rules, problems: [...problems, ...textLengthProblems(text)] });
}

function withPolicyProblems({ rules, problems }: ReadPolicy): ReadPolicy {
  return { rules, problems: [...problems, ...policyProblems(rules)] };
}

/** Reads a text with values that are only known at deployment. */
function readPartly(text: string): ReadPolicy {
  const { value, problem } = readJsonText('text', text);
  const unknown: string[] = [];
  JSON.stringify(value, function (this: unknown, name: string, entry: unknown) {
    if (typeof entry === 'string' && !isKnown(entry) && !Array.isArray(this)) {
      unknown.push(name);
    }
    return entry;
  });
  return problem || unknown.some(name => !MAY_BE_UNKNOWN.includes(name)) ? NONE : readRules(value, []);
}
