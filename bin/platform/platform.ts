import type { App } from 'aws-cdk-lib';
import { PullConsumer } from 'cdk-secure-ecr';
import { BuildStack } from './build-stack';
import { environmentsOf } from './environments';
import { ImagesStack } from './images-stack';
import { RecoveryStack } from './recovery-stack';
import { WorkloadStack } from './workload-stack';

/**
 * A whole company's container platform over four environments.
 */
export function addPlatform(app: App): void {
  const { tooling, staging, production, recovery } = environmentsOf(app);
  const foreign = [...new Set([staging.account, production.account])].filter(account => account !== tooling.account);
  const consumers = foreign.length > 0 ? [PullConsumer.accounts(foreign)] : [];

  const replicas = new RecoveryStack(app, 'Recovery', { env: recovery, tooling });
  const images = new ImagesStack(app, 'Images', { env: tooling, consumers, recovery });
  images.node.addDependency(replicas); // what is pushed before them is not replicated later
  new BuildStack(app, 'Build', { env: tooling, repositories: images.repositories, signing: images.signing });

  new WorkloadStack(app, 'Staging', { env: staging, registry: tooling, consumers });
  new WorkloadStack(app, 'Production', { env: production, registry: tooling, consumers });
  new WorkloadStack(app, 'Standby', { env: recovery, registry: recovery, consumers, desiredCount: 0 });
}
