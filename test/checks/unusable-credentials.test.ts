import { add, found, KEY, newStack } from './fixtures';

describe('unusableCredentials', () => {
  const ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:';

  function rule(properties: object, secret?: object): string[] {
    const stack = newStack();
    if (secret) {
      add(stack, 'Secret', 'AWS::SecretsManager::Secret', secret);
    }
    add(stack, 'Rule', 'AWS::ECR::PullThroughCacheRule', { EcrRepositoryPrefix: 'docker-hub', UpstreamRegistryUrl: 'registry-1.docker.io', ...properties });
    return found(stack);
  }

  test.each(['registry-1.docker.io', 'ghcr.io', 'registry.gitlab.com', 'cgr.dev', 'contoso.azurecr.io'])('finds %s without credentials', UpstreamRegistryUrl => {
    expect(rule({ UpstreamRegistryUrl })).toEqual([`unusableCredentials: 'CredentialArn' must be the ARN of a secret for "${UpstreamRegistryUrl}", got none`]);
  });

  test.each(['public.ecr.aws', 'registry.k8s.io', 'quay.io', '111122223333.dkr.ecr.eu-west-1.amazonaws.com'])('lets %s pass without', UpstreamRegistryUrl => {
    expect(rule({ UpstreamRegistryUrl })).toEqual([]);
  });

  test('holds an ARN to the name that Amazon ECR can use', () => {
    expect(rule({ CredentialArn: `${ARN}ecr-pullthroughcache/docker-hub-AbCdEf` })).toEqual([]);
    expect(rule({ CredentialArn: `${ARN}ecr-pull-through/docker-hub-AbCdEf` })).toEqual([expect.stringContaining("whose name begins with 'ecr-pullthroughcache/'")]);
    expect(rule({ CredentialArn: { 'Fn::ImportValue': 'secret' } })).toEqual([]);
    expect(rule({ CredentialArn: { Ref: 'Parameter' } })).toEqual([]);
  });

  test.each([{ Ref: 'Secret' }, { 'Fn::GetAtt': ['Secret', 'Id'] }])('holds the secret behind %j to its name and its key', CredentialArn => {
    expect(rule({ CredentialArn }, { Name: 'ecr-pullthroughcache/docker-hub' })).toEqual([]);
    expect(rule({ CredentialArn }, { Name: 'ecr-pullthroughcache/docker-hub', KmsKeyId: 'alias/aws/secretsmanager' })).toEqual([]);
    expect(rule({ CredentialArn }, { Name: { 'Fn::Sub': 'ecr-pullthroughcache/${Upstream}' } })).toEqual([]);
    expect(rule({ CredentialArn }, { Name: 'docker-hub' })).toEqual([expect.stringContaining(`got 'Secret' with the name "docker-hub"`)]);
    expect(rule({ CredentialArn }, {})).toEqual([expect.stringContaining("got 'Secret' with a name that CloudFormation generates")]);
    expect(rule({ CredentialArn }, { Name: 'ecr-pullthroughcache/docker-hub', KmsKeyId: KEY })).toEqual([expect.stringContaining('Amazon ECR cannot read it')]);
  });

  test.each<[string, unknown, boolean]>([
    ['the AWS managed key by its ARN', { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':kms:eu-west-1:111122223333:alias/aws/secretsmanager']] }, false],
    ['a parameter', { Ref: 'Parameter' }, false],
    ['a choice', { 'Fn::If': ['C', { Ref: 'AWS::NoValue' }, { Ref: 'Key' }] }, false],
    ['a key of the template', { 'Fn::GetAtt': ['Key', 'Arn'] }, true],
    ['a key of the template, in short', { 'Fn::GetAtt': 'Key.Arn' }, true],
  ])('with %s for the key of the secret', (_what, KmsKeyId, expected) => {
    const stack = newStack();
    add(stack, 'Key', 'AWS::KMS::Key', {});
    add(stack, 'Secret', 'AWS::SecretsManager::Secret', { Name: 'ecr-pullthroughcache/docker-hub', KmsKeyId });
    add(stack, 'Rule', 'AWS::ECR::PullThroughCacheRule', { EcrRepositoryPrefix: 'docker-hub', UpstreamRegistryUrl: 'registry-1.docker.io', CredentialArn: { Ref: 'Secret' } });
    expect(found(stack)).toEqual(expected ? [expect.stringContaining('Amazon ECR cannot read it')] : []);
  });
});
