import { type App } from 'aws-cdk-lib';

/**
 * An account and Region that a part of the platform is deployed to.
 */
export interface Environment {
  readonly account: string;
  readonly region: string;
}

/**
 * The environments of the platform, from the context key `platform` in `cdk.json`.
 */
export interface Environments {
  /** Builds the images and owns them. */
  readonly tooling: Environment;
  /** Pulls them, in the Region of the tooling environment. */
  readonly staging: Environment;
  /** Pulls them, in the Region of the tooling environment. */
  readonly production: Environment;
  /** Has a copy of them in another Region, and runs them when the first Region is down. */
  readonly recovery: Environment;
}

const NAMES = ['tooling', 'staging', 'production', 'recovery'] as const;

/**
 * Reads the environments and fails with all that is missing or cannot work.
 */
export function environmentsOf(app: App): Environments {
  const environments = (app.node.tryGetContext('platform') ?? {}) as Partial<Environments>;
  const problems = NAMES.flatMap(name => {
    const { account = '', region = '' } = environments[name] ?? {};
    return /^\d{12}$/.test(account) && /^[a-z]+(-[a-z]+)+-\d$/.test(region)
      ? []
      : [`context 'platform.${name}' must have an account of 12 digits and a Region, got ${JSON.stringify(environments[name])}; see cdk.json`];
  });

  const { tooling, staging, production, recovery } = environments as Environments;
  if (problems.length === 0) {
    for (const [name, { region }] of [['staging', staging], ['production', production]] as const) {
      if (region !== tooling.region) {
        problems.push(`context 'platform.${name}' must be in ${tooling.region} like the images, got ${region}: VPC endpoints reach the registry of their own Region only`);
      }
    }
    if (recovery.region === tooling.region) {
      problems.push(`context 'platform.recovery' must be in another Region than ${tooling.region}`);
    }
  }
  if (problems.length > 0) {
    throw new Error(problems.join('\n'));
  }
  return { tooling, staging, production, recovery };
}
