import { DescribeVpcEndpointsCommand } from '@aws-sdk/client-ec2';
import { CreateRepositoryCommand, DeleteRegistryPolicyCommand, DescribeImageReplicationStatusCommand, type ImageReplicationStatus } from '@aws-sdk/client-ecr';
import { CONSUMER, HOME_REGION, PLATFORM, REPLICA, REPLICA_REGION, SECOND_CONSUMER } from './harness/accounts';
import { Deployment } from './harness/cdk';
import { Clients } from './harness/clients';
import { DeployedStack } from './harness/deployed-stack';
import { become } from './harness/people';
import { READERS } from './harness/read-back';
import { RegistryClient } from './harness/registry-client';
import { company } from './stacks/company';

const HOME = `${PLATFORM}.dkr.ecr.${HOME_REGION}.amazonaws.com`;
const COPY = `${REPLICA}.dkr.ecr.${REPLICA_REGION}.amazonaws.com`;

describe('a company that shares, copies and caches images', () => {
  const deployment = new Deployment();
  const stacks = {
    images: new DeployedStack('CompanyImages', { account: PLATFORM, region: HOME_REGION }),
    recovery: new DeployedStack('Recovery', { account: REPLICA, region: REPLICA_REGION }),
    workload: new DeployedStack('Workload', { account: CONSUMER, region: HOME_REGION }),
  };

  beforeAll(() => deployment.deploy(app => company(app, { keep: 10, consumers: [CONSUMER] })));

  test.each(Object.entries(stacks))('%s: everything is there as the template asks', async (_, stack) => {
    expect(await stack.compare()).toMatchObject({ differences: [] });
  });

  test('SecureRepository: the registry has what the props ask for', async () => {
    expect(await stacks.images.read('AWS::ECR::Repository')).toMatchObject({
      EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: expect.stringMatching(`^arn:aws:kms:${HOME_REGION}:${PLATFORM}:key/`) as string },
      ImageScanningConfiguration: { ScanOnPush: true },
      ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      ImageTagMutabilityExclusionFilters: [
        { ImageTagMutabilityExclusionFilterType: 'WILDCARD', ImageTagMutabilityExclusionFilterValue: 'prod-*' },
      ],
      RepositoryName: 'company/web',
    });
    expect(await keeps(stacks.images)).toContain(10);
    expect(await stacks.images.read('AWS::KMS::Key')).toMatchObject({ EnableKeyRotation: true, KeyState: 'Enabled' });
  });

  test('CrossAccountPull: the repository trusts the account of the consumer', async () => {
    expect(await trusted(stacks.images)).toEqual([`arn:aws:iam::${CONSUMER}:root`]);
  });

  test('ReplicationSetup and ReplicationDestination: both registries have their half', async () => {
    expect(await stacks.images.read('AWS::ECR::ReplicationConfiguration')).toEqual({
      ReplicationConfiguration: {
        Rules: [{
          Destinations: [{ Region: REPLICA_REGION, RegistryId: REPLICA }],
          RepositoryFilters: [{ Filter: 'company/', FilterType: 'PREFIX_MATCH' }],
        }],
      },
    });
    expect(await stacks.recovery.read('AWS::ECR::RegistryPolicy')).toMatchObject({
      PolicyText: {
        Statement: [{
          Action: ['ecr:CreateRepository', 'ecr:ReplicateImage', 'ecr:TagResource'],
          Principal: { AWS: `arn:aws:iam::${PLATFORM}:root` },
          Resource: `arn:aws:ecr:${REPLICA_REGION}:${REPLICA}:repository/company/*`,
        }],
      },
    });
    expect(await stacks.recovery.read('AWS::ECR::RepositoryCreationTemplate')).toMatchObject({ AppliedFor: ['REPLICATION'], Prefix: 'company' });
  });

  test('EcrVpcEndpoints: the trio is in the VPC, with private names and policies', async () => {
    const { VpcEndpoints } = await stacks.workload.clients.ec2.send(new DescribeVpcEndpointsCommand({}));
    const mine = Object.fromEntries(VpcEndpoints!.map(endpoint => [endpoint.ServiceName!.replace(/^com\.amazonaws\.[^.]+\./, ''), endpoint]));
    expect(Object.keys(mine).sort()).toEqual(['ecr.api', 'ecr.dkr', 's3']);
    expect(mine['ecr.dkr']).toMatchObject({ PrivateDnsEnabled: true, VpcEndpointType: 'Interface' });
    expect(mine['ecr.api'].PolicyDocument).toContain('ecr:GetAuthorizationToken');
    expect(mine.s3).toMatchObject({ VpcEndpointType: 'Gateway' });
    expect(mine.s3.PolicyDocument).toContain(`arn:aws:s3:::prod-${HOME_REGION}-starport-layer-bucket/*`);
  });

  test('a pushed image is copied, into a repository as strict as the original', async () => {
    expect(await replicated('company/web', 'v1')).toEqual([{ region: REPLICA_REGION, registryId: REPLICA, status: 'COMPLETE' }]);
    const replica = await READERS['AWS::ECR::Repository'](stacks.recovery.clients, 'company/web', {});
    expect(replica).toMatchObject({
      EncryptionConfiguration: { EncryptionType: 'KMS' },
      ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      LifecyclePolicy: expect.anything() as object,
      Tags: [{ Key: 'origin', Value: 'replica' }],
    });
  });

  test('what is outside the prefix is not copied', async () => {
    await stacks.images.clients.ecr.send(new CreateRepositoryCommand({ repositoryName: 'company-x/web' }));
    expect(await replicated('company-x/web', 'v1')).toEqual([]);
  });

  test.each([[HOME, 'original'], [COPY, 'copy']])('the consumer pulls from %s: the %s', async registry => {
    const task = await RegistryClient.login(await become(CONSUMER, 'company-task'), registry);
    expect(await task.pull(`${registry}/company/web:v1`)).toMatchObject({ code: 0 });
  });

  describe('after an update: fewer images are kept, and one more account pulls', () => {
    beforeAll(() => deployment.deploy(app => company(app, { keep: 5, consumers: [CONSUMER, SECOND_CONSUMER] })));

    test('the same repository keeps fewer images', async () => {
      expect(await keeps(stacks.images)).toContain(5);
      expect(await stacks.images.status()).toBe('UPDATE_COMPLETE');
    });

    test('the repository trusts both accounts, and the second pulls what was pushed before', async () => {
      expect((await trusted(stacks.images)).sort()).toEqual([`arn:aws:iam::${CONSUMER}:root`, `arn:aws:iam::${SECOND_CONSUMER}:root`]);
      const task = await RegistryClient.login(await become(SECOND_CONSUMER, 'company-task'), HOME);
      expect(await task.pull(`${HOME}/company/web:v1`)).toMatchObject({ code: 0 });
    });

    test.each(Object.entries(stacks))('%s: everything is there as the template asks', async (_, stack) => {
      expect(await stack.compare()).toMatchObject({ differences: [] });
    });
  });

  test('without the half of the destination nothing is copied', async () => {
    await stacks.recovery.clients.ecr.send(new DeleteRegistryPolicyCommand({}));
    expect(await replicated('company/web', 'v2')).toEqual([
      { region: REPLICA_REGION, registryId: REPLICA, status: 'FAILED', failureCode: 'AccessDeniedException' },
    ]);
  });

  describe('after it is destroyed', () => {
    beforeAll(() => deployment.destroy());

    test.each(Object.entries(stacks))('%s is gone', async (_, stack) => {
      expect(await stack.status()).toBeUndefined();
    });

    test('the registries have no rules left', async () => {
      const home = new Clients({ account: PLATFORM, region: HOME_REGION });
      expect(await READERS['AWS::ECR::ReplicationConfiguration'](home, '', {})).toEqual({ ReplicationConfiguration: { Rules: [] } });
    });
  });
});

/** Pushes an image to the home registry, and tells where it was copied. */
async function replicated(repositoryName: string, tag: string): Promise<ImageReplicationStatus[]> {
  const owner = new Clients({ account: PLATFORM, region: HOME_REGION });
  const client = await RegistryClient.login(owner, HOME);
  const { pushed } = await client.push(`${HOME}/${repositoryName}`, tag, layout => layout.image(`${repositoryName} ${tag}`));
  const { replicationStatuses } = await owner.ecr.send(new DescribeImageReplicationStatusCommand({
    repositoryName, imageId: { imageDigest: pushed.digest },
  }));
  return replicationStatuses!;
}

/** The counts of the rules in the lifecycle policy of the only repository of a stack. */
async function keeps(stack: DeployedStack): Promise<number[]> {
  const { LifecyclePolicy } = await stack.read('AWS::ECR::Repository') as { LifecyclePolicy: { LifecyclePolicyText: string } };
  const { rules } = JSON.parse(LifecyclePolicy.LifecyclePolicyText) as { rules: { selection: { countNumber: number } }[] };
  return rules.map(({ selection }) => selection.countNumber);
}

/** The principals of the repository policy of the only repository of a stack. */
async function trusted(stack: DeployedStack): Promise<string[]> {
  const { RepositoryPolicyText } = await stack.read('AWS::ECR::Repository') as {
    RepositoryPolicyText: { Statement: { Principal: { AWS: string | string[] } }[] };
  };
  return RepositoryPolicyText.Statement.flatMap(({ Principal }) => Principal.AWS);
}
