import { DescribeRepositoriesCommand, GetRegistryScanningConfigurationCommand, GetRepositoryPolicyCommand, SetRepositoryPolicyCommand } from '@aws-sdk/client-ecr';
import { type App, type CfnResource, Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { ExistingPolicy, LifecyclePolicy, RegistryScanning, RepositoryEncryption, SecureRepository } from 'cdk-secure-ecr';
import { CONSUMER, HOME_REGION } from './harness/accounts';
import { Deployment, env } from './harness/cdk';
import { Clients } from './harness/clients';
import { DeployedStack } from './harness/deployed-stack';
import { RegistryClient } from './harness/registry-client';

const PLACE = { account: CONSUMER, region: HOME_REGION };
const NAMED = 'adopted/named';
/** A policy that somebody adds by hand, with a principal that this library refuses elsewhere. */
const BY_HAND = {
  Version: '2008-10-17',
  Statement: [{ Sid: 'Everybody', Effect: 'Allow', Principal: '*', Action: ['ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'] }],
};

/** An app with constructs of the CDK: named and unnamed repositories, and a setting of the registry. */
function before(app: App): void {
  const stack = new Stack(app, 'Adopted', env(CONSUMER));
  new ecr.Repository(stack, 'Named', { repositoryName: NAMED });
  new ecr.Repository(stack, 'Unnamed', { imageTagMutability: ecr.TagMutability.IMMUTABLE });
  new ecr.CfnRegistryScanningConfiguration(stack, 'Scan', { scanType: 'BASIC', rules: [] });
}

/** The same app with constructs of this library, as the guide has it. */
function after(app: App, repositoryPolicy?: ReturnType<typeof ExistingPolicy.fromJson>): void {
  const stack = new Stack(app, 'Adopted', env(CONSUMER));
  const props = { encryption: RepositoryEncryption.AES_256, lifecycle: LifecyclePolicy.none() };
  new SecureRepository(stack, 'Named', { ...props, repositoryName: NAMED, mutableTags: ['*'], repositoryPolicy });
  new SecureRepository(stack, 'Unnamed', props);
  const scanning = new RegistryScanning(stack, 'Scanning');
  (scanning.node.defaultChild as CfnResource).overrideLogicalId('Scan');
}

describe('an app of the CDK that adopts this library', () => {
  const deployment = new Deployment();
  const stack = new DeployedStack('Adopted', PLACE);
  const owner = new Clients(PLACE);
  const host = `${CONSUMER}.dkr.ecr.${HOME_REGION}.amazonaws.com`;
  const created = async (): Promise<Record<string, number>> => {
    const { repositories = [] } = await owner.ecr.send(new DescribeRepositoriesCommand({}));
    const adopted = repositories.filter(({ repositoryName }) => repositoryName!.startsWith('adopted'));
    return Object.fromEntries(adopted.map(({ repositoryName, createdAt }) => [repositoryName!, createdAt!.getTime()]));
  };
  const policy = async (): Promise<unknown> => owner.ecr.send(new GetRepositoryPolicyCommand({ repositoryName: NAMED }))
    .then(({ policyText }) => JSON.parse(policyText!) as unknown, (error: Error) => error.name);
  const addPolicyByHand = () => owner.ecr.send(new SetRepositoryPolicyCommand({ repositoryName: NAMED, policyText: JSON.stringify(BY_HAND) }));
  const digests: Record<string, string | undefined> = {};
  let ids: Record<string, string>;
  let times: Record<string, number>;

  beforeAll(async () => {
    await deployment.deploy(before);
    ids = await stack.physicalIds();
    times = await created();
    const client = await RegistryClient.login(owner, host);
    for (const name of Object.keys(times)) {
      const { code, pushed } = await client.push(`${host}/${name}`, 'v1', layout => layout.image(name));
      expect(code).toBe(0);
      digests[name] = pushed.digest;
    }
    await addPolicyByHand();
  });

  afterAll(() => deployment.destroy());

  test('keeps its policies, word for word', async () => {
    await deployment.deploy(app => after(app, ExistingPolicy.fromJson(BY_HAND)));

    expect(await policy()).toEqual(BY_HAND);
  });

  test('keeps the physical names of all resources, and adds none', async () => {
    const now = await stack.physicalIds();

    expect(Object.fromEntries(Object.entries(now).filter(([id]) => id !== 'CDKMetadata'))).toEqual(Object.fromEntries(Object.entries(ids).filter(([id]) => id !== 'CDKMetadata')));
    expect(await created()).toEqual(times);
  });

  test('keeps all images, which can be pulled', async () => {
    const client = await RegistryClient.login(owner, host);
    for (const [name, digest] of Object.entries(digests)) {
      expect(await client.pull(`${host}/${name}:v1`)).toMatchObject({ code: 0, pulled: { digest } });
    }
    expect(Object.keys(digests)).toHaveLength(2);
  });

  test('keeps the setting of the registry, and updates it', async () => {
    const { scanningConfiguration } = await owner.ecr.send(new GetRegistryScanningConfigurationCommand({}));

    expect(scanningConfiguration).toMatchObject({ scanType: 'BASIC', rules: [{ scanFrequency: 'SCAN_ON_PUSH' }] });
  });

  test('loses a policy that was added by hand without ExistingPolicy', async () => {
    await deployment.deploy(app => after(app));

    expect(await policy()).toBe('RepositoryPolicyNotFoundException');
  });

  test('fails to deploy, and rolls back, with a named repository that would be replaced', async () => {
    const { code } = await deployment.tryToDeploy(app => {
      after(app);
      (app.node.findChild('Adopted').node.findChild('Named').node.defaultChild as ecr.CfnRepository).encryptionConfiguration = { encryptionType: 'AES256' };
    });

    expect(code).not.toBe(0);
    expect(await stack.status()).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await created()).toEqual(times);
  });

  test('goes back to the constructs of the CDK with all names and images', async () => {
    await deployment.deploy(before);

    expect(await created()).toEqual(times);
    const client = await RegistryClient.login(owner, host);
    expect(await client.pull(`${host}/${NAMED}:v1`)).toMatchObject({ code: 0 });
  });
});

describe('not done by the emulator for Amazon ECR, so not proven here', () => {
  test.todo('repositories and registry settings that no stack owns are imported');
});
