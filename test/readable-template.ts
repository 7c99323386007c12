/**
 * A template as a reviewer wants to read it: without what the CDK adds for bootstrapping, without hashes of assets, and with policies that are JSON
 * in a string taken apart.
 */
export function readable(template: object): string {
  const { Parameters = {}, Rules = {}, ...rest } = template as { Parameters?: Record<string, unknown>; Rules?: Record<string, unknown> };
  const { BootstrapVersion, ...parameters } = Parameters;
  const { CheckBootstrapVersion, ...rules } = Rules;
  return JSON.stringify({ ...filled('Parameters', parameters), ...filled('Rules', rules), ...rest }, readableValue, 2);
}

function filled(key: string, section: object): object {
  return Object.keys(section).length > 0 ? { [key]: section } : {};
}

function readableValue(key: string, value: unknown): unknown {
  if (typeof value !== 'string') {
    return value;
  }
  return key === 'LifecyclePolicyText' || key === 'LifecyclePolicy' ? JSON.parse(value) as unknown : value.replace(/\b[0-9a-f]{64}\b/g, '<hash>');
}
