import { LifecyclePolicy } from 'cdk-secure-ecr';
import { CommandError, messageOf } from '../core/command-error';
import { readText } from '../core/files';
import { stringAt } from '../core/json';

const PRESETS: ReadonlyMap<string, () => LifecyclePolicy> = new Map([
  ['standard', () => LifecyclePolicy.standard()],
  ['production', () => LifecyclePolicy.production()],
  ['development', () => LifecyclePolicy.development()],
]);

/** The names of the presets, for messages. */
export const PRESET_NAMES = [...PRESETS.keys()];

/**
 * Reads a policy: a preset, the text of a policy, or what `aws ecr get-lifecycle-policy` prints.
 */
export function readLifecyclePolicy(name: string): LifecyclePolicy {
  const preset = PRESETS.get(name);
  return preset ? preset() : parseLifecyclePolicy(name, policyText(readText(name)));
}

/**
 * Parses the text of a policy.
 *
 * @param name for messages
 */
export function parseLifecyclePolicy(name: string, text: string): LifecyclePolicy {
  try {
    return LifecyclePolicy.fromJson(text);
  } catch (error) {
    throw new CommandError(`${name}: ${messageOf(error)}`);
  }
}

/**
 * The text of a policy in a file.
 */
export function policyText(text: string): string {
  try {
    return stringAt(JSON.parse(text), 'lifecyclePolicyText') ?? text;
  } catch {
    return text;
  }
}
