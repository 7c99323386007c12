import { Stack, Validations } from 'aws-cdk-lib';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { areDifferent } from '../private/core/environment';
import { show } from '../private/core/values';
import { SECRET_KEY, SECRET_PREFIX } from '../private/ecr/cache-secret';
import { normalPrefix } from '../private/ecr/prefixes';
import { keepLogicalId } from '../private/ownership/logical-ids';
import type { UpstreamRegistry } from './upstream-registry';

const KEYS = ['username', 'accessToken'];

/**
 * Creates the secret for an upstream with a random value, which its owner replaces after the deployment.
 *
 * ECR requires the secret when the rule is created, but uses the credentials only for pulls. The generated value does not change
 * with the template, so that updates do not overwrite the value of the owner.
 */
export function createCredentials(scope: Construct, prefix: string, upstream: UpstreamRegistry): secretsmanager.ISecret {
  const secret = new secretsmanager.Secret(scope, 'Credentials', {
    secretName: `${SECRET_PREFIX}${normalPrefix(prefix)}`,
    description: `Credentials for ${upstream.url}: put in {"username": "...", "accessToken": "..."}`,
    generateSecretString: { secretStringTemplate: JSON.stringify({ username: 'unset' }), generateStringKey: 'accessToken' },
  });
  keepLogicalId(secret.node.defaultChild as secretsmanager.CfnSecret, 'Credentials', normalPrefix(prefix));
  acknowledgeServiceLimits(secret);
  return secret;
}

/**
 * Problems with the secret in the props, also if the upstream needs no credentials.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-creating-secret.html
 */
export function credentialsProblems(
  scope: Construct, prop: string, upstream: UpstreamRegistry, secret: secretsmanager.ISecret | undefined,
): string[] {
  if (!secret) {
    return [];
  }
  if (!upstream.takesCredentials) {
    return [`'${prop}' must not be set for ${upstream.url}, from which Amazon ECR pulls without credentials, got ${show(secret.node.path)}`];
  }

  return [
    ...nameProblems(prop, secret),
    ...placeProblems(scope, prop, secret),
    ...keyProblems(prop, secret),
    ...valueProblems(prop, secret),
  ];
}

function nameProblems(prop: string, secret: secretsmanager.ISecret): string[] {
  const resource = resourceOf(secret);
  const name: unknown = Stack.of(secret).resolve(resource ? resource.name : secret.secretName);
  const fix = `name it '${SECRET_PREFIX}<name>', because Amazon ECR cannot use other secrets`;
  if (name === undefined) {
    return [`'${prop}' must be a secret with a name that begins with '${SECRET_PREFIX}', got ${show(secret.node.path)} without 'secretName'; ${fix}`];
  }
  return typeof name === 'string' && !name.startsWith(SECRET_PREFIX)
    ? [`'${prop}' must be a secret with a name that begins with '${SECRET_PREFIX}', got ${show(name)}; ${fix}`]
    : [];
}

function placeProblems(scope: Construct, prop: string, secret: secretsmanager.ISecret): string[] {
  const { account, region } = Stack.of(scope);
  const problems: string[] = [];
  if (areDifferent(account, secret.env.account)) {
    problems.push(`'${prop}' must be a secret of account ${account}, got one of ${secret.env.account}; Amazon ECR reads it in the account of the cache`);
  }
  if (areDifferent(region, secret.env.region)) {
    problems.push(`'${prop}' must be a secret of Region ${region}, got one of ${secret.env.region}; use a replica of the secret in that Region`);
  }
  return problems;
}

function keyProblems(prop: string, secret: secretsmanager.ISecret): string[] {
  const key: unknown = Stack.of(secret).resolve(secret.encryptionKey?.keyArn ?? resourceOf(secret)?.kmsKeyId);
  const known = secret.encryptionKey !== undefined || typeof key === 'string';
  return known && !JSON.stringify(key).includes(SECRET_KEY)
    ? [`'${prop}' must be a secret that the AWS managed key encrypts, got ${show(secret.node.path)} with a customer managed key; `
      + "omit its 'encryptionKey', because Amazon ECR cannot read it with a customer managed key"]
    : [];
}

function valueProblems(prop: string, secret: secretsmanager.ISecret): string[] {
  const resource = resourceOf(secret);
  if (!resource) {
    return [];
  }

  const stack = Stack.of(secret);
  const value: unknown = stack.resolve(resource.secretString);
  if (typeof value === 'string' && !value.includes('{{resolve:')) {
    return [`'${prop}' must not have its value in the template, got ${show(secret.node.path)} with plain text; omit 'credentials' and set the value of the secret after the deployment`];
  }
  const generated = stack.resolve(resource.generateSecretString) as { secretStringTemplate?: unknown; generateStringKey?: string } | undefined;
  const text = value ?? generated?.secretStringTemplate ?? '';
  const missing = typeof text === 'string' ? KEYS.filter(key => key !== generated?.generateStringKey && !text.includes(`"${key}"`)) : [];
  return (value !== undefined || generated) && missing.length > 0
    ? [`'${prop}' must be JSON with the keys ${KEYS.map(show).join(' and ')}, got ${show(secret.node.path)} without ${missing.map(show).join(' and ')}`]
    : [];
}

function resourceOf(secret: secretsmanager.ISecret): secretsmanager.CfnSecret | undefined {
  return secret.node.defaultChild as secretsmanager.CfnSecret | undefined;
}

function acknowledgeServiceLimits(secret: secretsmanager.ISecret): void {
  const rotation = 'Only the upstream registry can issue a new token; its owner puts the token into the secret';
  const key = 'Amazon ECR can read the secret of a pull through cache rule only if the AWS managed key encrypts it';
  Validations.of(secret).acknowledge(
    { id: 'AwsSolutions-SMG4', reason: rotation },
    { id: 'HIPAA.Security-SecretsManagerRotationEnabled', reason: rotation },
    { id: 'NIST.800.53.R5-SecretsManagerRotationEnabled', reason: rotation },
    { id: 'HIPAA.Security-SecretsManagerUsingKMSKey', reason: key },
    { id: 'NIST.800.53.R5-SecretsManagerUsingKMSKey', reason: key },
    { id: 'PCI.DSS.321-SecretsManagerUsingKMSKey', reason: key },
  );
}
