import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { CfnRepository } from 'aws-cdk-lib/aws-ecr';
import { LifecyclePolicy } from 'cdk-secure-ecr';
import { addPlatform } from '../../../bin/platform/platform';
import type { Place } from '../harness/accounts';

interface Context {
  readonly [key: string]: unknown;
  readonly platform: Record<'tooling' | 'staging' | 'production' | 'recovery', Place>;
}

const { context } = JSON.parse(readFileSync(join(__dirname, '../../../cdk.json'), 'utf8')) as { context: Context };

/** The environments that `cdk.json` names. */
export const PLACES = context.platform;

/** What the platform deploys first: staging shares the account of the builds. */
export function smallPlatform(app: App): void {
  app.node.setContext('platform', { ...context.platform, staging: PLACES.tooling });
  addPlatform(app);
}

/** What `cdk.json` describes, which gives staging its own account; and its repositories keep nine images. */
export function platform(app: App): void {
  app.node.setContext('platform', context.platform);
  addPlatform(app);
  for (const repository of app.node.findAll().filter(construct => CfnRepository.isCfnRepository(construct))) {
    repository.lifecyclePolicy = { lifecyclePolicyText: LifecyclePolicy.keepLatest(9).toJson() };
  }
}

/** The feature flags of the app. */
export const FLAGS: Record<string, unknown> = Object.fromEntries(Object.entries(context).filter(([key]) => key !== 'platform'));
