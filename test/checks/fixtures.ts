import { App, CfnResource, type IPolicyValidationContext, Stack } from 'aws-cdk-lib';
import { EcrChecks, LifecyclePolicy } from '../../lib';
import { ENVIRONMENT } from '../environment';

export const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555';
export const POLICY = LifecyclePolicy.standard().toJson();

/** A repository without a finding, written by hand. */
export const GOOD = {
  ImageTagMutability: 'IMMUTABLE',
  ImageScanningConfiguration: { ScanOnPush: true },
  LifecyclePolicy: { LifecyclePolicyText: POLICY },
  EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: KEY },
};

/** The same for a template. */
export const GOOD_TEMPLATE = {
  Prefix: 'team',
  AppliedFor: ['CREATE_ON_PUSH'],
  CustomRoleArn: 'arn:aws:iam::111122223333:role/templates',
  ImageTagMutability: 'IMMUTABLE',
  LifecyclePolicy: POLICY,
  EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: KEY },
};

export function newStack(): Stack {
  return new Stack(new App({ analyticsReporting: false }), 'Stack', { env: ENVIRONMENT });
}

export function add(stack: Stack, id: string, type: string, properties: object): CfnResource {
  return new CfnResource(stack, id, { type, properties: { ...properties } });
}

export const repository = (stack: Stack, properties: object, id = 'Api') => add(stack, id, 'AWS::ECR::Repository', { ...GOOD, ...properties });
export const template = (stack: Stack, properties: object) => add(stack, 'Template', 'AWS::ECR::RepositoryCreationTemplate', { ...GOOD_TEMPLATE, ...properties });

/** What the oldest supported version of the CDK tells a plugin; newer ones tell more. */
export const contextOf = (...templatePaths: string[]) => ({ templatePaths }) as Partial<IPolicyValidationContext> as IPolicyValidationContext;

/** Rules that most resources of these tests break, since they have only the properties that the test is about. */
export const INCOMPLETE = ['EcrChecks.invalidProperty', 'EcrChecks.noCacheTemplate', 'EcrChecks.noPrivateDns'];

/** The rules that a stack breaks, with what the report says. */
export function found(stack: Stack): string[] {
  return new EcrChecks().validateScope(stack).violations.filter(({ ruleName }) => !INCOMPLETE.includes(ruleName)).map(({ ruleName, description }) => `${ruleName.replace('EcrChecks.', '')}: ${description}`);
}

/** The rules that a repository breaks. */
export function foundIn(properties: object): string[] {
  const stack = newStack();
  repository(stack, properties);
  return found(stack);
}

export function foundInTemplate(properties: object): string[] {
  const stack = newStack();
  template(stack, properties);
  return found(stack);
}

/** A policy that deletes images with tags that begin like all of these. */
export function lifecycle(tagPrefixList: string[], countNumber = 14): string {
  return JSON.stringify({
    rules: [{ rulePriority: 1, selection: { tagStatus: 'tagged', tagPrefixList, countType: 'sinceImagePushed', countUnit: 'days', countNumber }, action: { type: 'expire' } }],
  });
}
