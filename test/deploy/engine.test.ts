import { DescribeRepositoriesCommand } from '@aws-sdk/client-ecr';
import { PLATFORM, REPLICA_REGION } from './harness/accounts';
import { Deployment } from './harness/cdk';
import { DeployedStack } from './harness/deployed-stack';
import { programEnvironment, publish } from './harness/environment';
import { HandWrittenStack, KEEP_FIVE, KEEP_NINE } from './stacks/hand-written';
import { REFUSED, templateOf } from './stacks/refused';

const ECR_TYPES = [
  'PublicRepository', 'PullThroughCacheRule', 'PullTimeUpdateExclusion', 'RegistryPolicy', 'RegistryScanningConfiguration',
  'ReplicationConfiguration', 'Repository', 'RepositoryCreationTemplate', 'SigningConfiguration',
].map(name => `AWS::ECR::${name}`);

describe('the emulator, with templates written by hand', () => {
  const deployment = new Deployment();
  const stack = new DeployedStack('HandWritten', { account: PLATFORM, region: 'us-east-1' });

  test('keeps every type of Amazon ECR as its template asks for it', async () => {
    await deployment.deploy(app => new HandWrittenStack(app, 'HandWritten'));
    const { compared, differences } = await stack.compare();
    expect(differences).toEqual([]);
    expect(compared).toEqual(expect.arrayContaining(ECR_TYPES));
    expect(await stack.read('AWS::ECR::Repository')).toMatchObject({ LifecyclePolicy: { LifecyclePolicyText: KEEP_FIVE } });
  });

  test('updates in place', async () => {
    const repository = await stack.only('AWS::ECR::Repository');
    await deployment.deploy(app => new HandWrittenStack(app, 'HandWritten', KEEP_NINE));
    expect(await stack.only('AWS::ECR::Repository')).toBe(repository);
    expect(await stack.compare()).toMatchObject({ differences: [] });
    expect(await stack.read('AWS::ECR::Repository')).toMatchObject({ LifecyclePolicy: { LifecyclePolicyText: KEEP_NINE } });
  });

  test('rolls back an update that Amazon ECR refuses, and keeps what was there', async () => {
    const refused = KEEP_FIVE.replace('"expire"', '"delete"');
    const { code, output } = await deployment.tryToDeploy(app => new HandWrittenStack(app, 'HandWritten', refused));
    expect(code).not.toBe(0);
    expect(output).toContain('Lifecycle policy validation failure');
    expect(await stack.status()).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await stack.read('AWS::ECR::Repository')).toMatchObject({ LifecyclePolicy: { LifecyclePolicyText: KEEP_NINE } });
  });

  test('finds a difference between a template and what is there', async () => {
    const { differences } = await stack.compare({ 'Repository.ImageTagMutability': 'MUTABLE' });
    expect(differences).toEqual(['Repository.ImageTagMutability: asked MUTABLE, is IMMUTABLE_WITH_EXCLUSION']);
  });

  test('destroys', async () => {
    await deployment.destroy();
    expect(await stack.status()).toBeUndefined();
    expect(await stack.clients.ecr.send(new DescribeRepositoriesCommand({}))).toMatchObject({
      repositories: [{ repositoryName: expect.stringMatching(/^cdk-hnb659fds-container-assets-/) as string }],
    });
  });
});

describe('the emulator refuses, and rolls back', () => {
  test.each(Object.entries(REFUSED))('%s', async (_, { write, answer }) => {
    const stack = new DeployedStack(`Refused${Object.values(REFUSED).findIndex(refused => refused.write === write)}`, { account: PLATFORM, region: REPLICA_REGION });
    expect(await stack.create(templateOf(write))).toBe('ROLLBACK_COMPLETE');
    expect((await stack.events()).filter(event => event.includes('CREATE_FAILED'))).toEqual([expect.stringContaining(answer)]);
  });
});

describe('a run', () => {
  test.each(['https://cloudformation.us-east-1.amazonaws.com', 'http://127.0.0.1.example.com', 'http://10.0.0.1:4566', 'localhost'])(
    'never deploys to %s, which is not a loopback address', endpoint => {
      expect(() => publish({ endpoint, upstream: 'localhost:5000' })).toThrow(`deployments go to a loopback address only, got ${endpoint}`);
    },
  );

  test('gives the CDK CLI the credentials of the emulator, and nothing of the user', () => {
    const { AWS_ENDPOINT_URL, HOME, PATH, ...rest } = programEnvironment(PLATFORM, REPLICA_REGION, '/nowhere');
    expect(new URL(AWS_ENDPOINT_URL!).hostname).toBe('127.0.0.1');
    expect({ HOME, PATH }).toEqual({ HOME: '/nowhere', PATH: process.env.PATH });
    expect(rest).toMatchObject({ AWS_ACCESS_KEY_ID: PLATFORM, AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' });
  });
});
