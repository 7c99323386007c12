import { isKnown, show } from '../private/core/values';
import { SECRET_KEY, SECRET_PREFIX } from '../private/ecr/cache-secret';
import { upstreamAt } from '../private/ecr/upstreams';
import type { Check } from './check';
import { isIntrinsic } from './template-json';
import { ofType, referenceOf, type TemplateResource, textAt, valueAt } from './template-resource';

/**
 * The rule cannot be created, or cannot pull, because its secret is missing or invalid.
 */
export const unusableCredentials: Check = {
  id: 'unusableCredentials',
  severity: 'error',
  fix: 'use PullThroughCache, which creates a valid secret; another secret replaces a rule that is deployed, so that you have to remove it first',
  fixReplaces: true,
  find: resources => ofType(resources, 'AWS::ECR::PullThroughCacheRule')
    .flatMap(resource => problemsOf(resource, resources).map(message => ({ resource, property: 'CredentialArn', message }))),
};

function problemsOf({ properties, templatePath }: TemplateResource, resources: readonly TemplateResource[]): string[] {
  const arn = valueAt(properties, 'CredentialArn');
  const url = valueAt(properties, 'UpstreamRegistryUrl');
  if (arn === undefined) {
    return typeof url === 'string' && upstreamAt(url)?.takesCredentials ? [`'CredentialArn' must be the ARN of a secret for ${show(url)}, got none`] : [];
  }
  if (typeof arn === 'string') {
    return !isKnown(arn.split(':secret:')[1]?.slice(0, SECRET_PREFIX.length) ?? arn) || arn.includes(`:secret:${SECRET_PREFIX}`) ? [] : [`'CredentialArn' must be the ARN of a secret whose name begins with '${SECRET_PREFIX}', got ${show(arn)}`];
  }

  const secret = referred(arn, templatePath, resources, 'AWS::SecretsManager::Secret');
  return secret ? secretProblems(secret, resources) : [];
}

function secretProblems({ logicalId, properties, templatePath }: TemplateResource, resources: readonly TemplateResource[]): string[] {
  const name = valueAt(properties, 'Name');
  const key = valueAt(properties, 'KmsKeyId');
  const ownKey = isIntrinsic(key) ? referred(key, templatePath, resources, 'AWS::KMS::Key', 'AWS::KMS::Alias') : key !== undefined;
  return [
    ...name === undefined || typeof name === 'string' && !name.startsWith(SECRET_PREFIX)
      ? [`'CredentialArn' must be a secret whose name begins with '${SECRET_PREFIX}', got '${logicalId}' with ${name === undefined ? 'a name that CloudFormation generates' : `the name ${show(name)}`}`]
      : [],
    ...ownKey && !textAt(properties, 'KmsKeyId').includes(SECRET_KEY)
      ? [`'CredentialArn' must be a secret that the AWS managed key encrypts, got '${logicalId}' with a 'KmsKeyId': Amazon ECR cannot read it`]
      : [],
  ];
}

/** What a value refers to in its template. */
function referred(value: unknown, templatePath: string, resources: readonly TemplateResource[], ...types: string[]): TemplateResource | undefined {
  return ofType(resources, ...types).find(it => it.templatePath === templatePath && it.logicalId === referenceOf(value));
}
