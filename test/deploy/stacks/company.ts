import { type App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import {
  CrossAccountPull, EcrVpcEndpoints, LifecyclePolicy, PullConsumer, ReplicationDestination, ReplicationSetup, ReplicationSource,
  ReplicationTarget, SecureRepository,
} from 'cdk-secure-ecr';
import { CONSUMER, HOME_REGION, PLATFORM, REPLICA, REPLICA_REGION } from '../harness/accounts';
import { env } from '../harness/cdk';

export interface Company {
  /** How many images each repository keeps. */
  readonly keep: number;
  /** The accounts that pull. */
  readonly consumers: string[];
}

/** What a company deploys: images that are shared, copied and pulled without a way to the internet. */
export function company(app: App, { keep, consumers }: Company): void {
  const pullConsumers = [PullConsumer.accounts(consumers)];

  const recovery = new Stack(app, 'Recovery', env(REPLICA, REPLICA_REGION));
  new ReplicationDestination(recovery, 'Replicas', {
    sources: [ReplicationSource.account(PLATFORM, ['company/'])],
    mutableTags: ['prod-*'],
    repositoryPolicy: CrossAccountPull.repositoryPolicy(recovery, pullConsumers),
    resourceTags: { origin: 'replica' },
  });

  const images = new Stack(app, 'CompanyImages', env(PLATFORM));
  const repository = new SecureRepository(images, 'Web', {
    emptyOnDelete: true,
    lifecycle: LifecyclePolicy.keepLatest(keep),
    mutableTags: ['prod-*'],
    removalPolicy: RemovalPolicy.DESTROY,
    repositoryName: 'company/web',
  });
  new CrossAccountPull(images, 'Pull', { repositories: [repository], consumers: pullConsumers });
  new ReplicationSetup(images, 'Replication', {
    destinations: [ReplicationTarget.account(REPLICA, REPLICA_REGION)],
    repositoryPrefixes: ['company/'],
  });

  for (const consumer of consumers) {
    workload(app, consumer, pullConsumers);
  }
}

/** An account that runs images: a role that may pull, and a network with endpoints for it. */
function workload(app: App, account: string, consumers: PullConsumer[]): void {
  const stack = new Stack(app, `Workload${account === CONSUMER ? '' : '2'}`, env(account));
  const role = new iam.Role(stack, 'Task', { assumedBy: new iam.AccountRootPrincipal(), roleName: 'company-task' });
  const registries = { Home: HOME_REGION, Replica: REPLICA_REGION };
  for (const [id, region] of Object.entries(registries)) {
    CrossAccountPull.fromCrossAccountPullAttributes(stack, id, {
      account: id === 'Home' ? PLATFORM : REPLICA, consumers, region, repositoryNames: ['company/web'],
    }).grants.pull(role);
  }

  const vpc = new ec2.Vpc(stack, 'Vpc', {
    availabilityZones: [`${HOME_REGION}a`, `${HOME_REGION}b`],
    natGateways: 0,
    restrictDefaultSecurityGroup: false,
    subnetConfiguration: [{ name: 'tasks', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
  });
  new EcrVpcEndpoints(stack, 'Endpoints', { vpc, pullOnly: true, reachableRegistries: [PLATFORM], restrictS3ToImageLayers: true });
}
