import { App, Stack } from 'aws-cdk-lib';
import { LifecyclePolicy, ReplicationDestination, ReplicationSetup, ReplicationSource, ReplicationTarget } from 'cdk-secure-ecr';

const app = new App();
const images = new Stack(app, 'Images', { env: { account: '111122223333', region: 'eu-west-1' } });
const recovery = new Stack(app, 'Recovery', { env: { account: '444455556666', region: 'eu-central-1' } });

const setup = new ReplicationSetup(images, 'Replication', {
  destinations: [ReplicationTarget.region('eu-central-1'), ReplicationTarget.account('444455556666', 'eu-central-1')],
  repositoryPrefixes: ['prod/'],
});
new ReplicationDestination(recovery, 'Replicas', { sources: [ReplicationSource.setup(setup)], lifecycle: LifecyclePolicy.production() });
