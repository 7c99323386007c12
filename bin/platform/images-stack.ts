import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import {
  CrossAccountPull, FindingGranularity, type IImageSigning, ImageSelection, ImageSigning, type ISecureRepository, LifecyclePolicy, LifecycleRule,
  type PullConsumer, RegistryScanning, ReplicationSetup, ReplicationTarget, ScanFindings, ScanType, SecureRepository,
} from 'cdk-secure-ecr';
import type { Construct } from 'constructs';
import type { Environment } from './environments';

export interface ImagesStackProps extends StackProps {
  readonly consumers: PullConsumer[];
  readonly recovery: Environment;
}

/** What every repository of the platform is called: the prefix that replication goes by. */
export const NAMESPACE = 'platform/';

/** The service that the workload stacks run. */
export const WEB = `${NAMESPACE}web`;

/**
 * The tooling account: the images of all teams, who may pull them, how they are signed and scanned, and where they
 * are copied.
 */
export class ImagesStack extends Stack {
  public readonly repositories: ISecureRepository[];
  public readonly signing: IImageSigning;

  constructor(scope: Construct, id: string, props: ImagesStackProps) {
    super(scope, id, props);

    // What runs anywhere is tagged 'release-…' or moved to 'prod-…', and neither is ever deleted for its age.
    const lifecycle = LifecyclePolicy.of(
      LifecycleRule.protect({ images: ImageSelection.anyOfTagPatterns('release-*', 'prod-*') }),
      LifecycleRule.expire({ images: ImageSelection.tagPattern('pr-*'), olderThan: Duration.days(30) }),
      LifecycleRule.expire({ images: ImageSelection.UNTAGGED, olderThan: Duration.days(7) }),
    );
    this.repositories = [
      new SecureRepository(this, 'Web', { repositoryName: WEB, mutableTags: ['prod-*'], lifecycle }),
      new SecureRepository(this, 'Worker', { repositoryName: `${NAMESPACE}worker`, lifecycle }),
    ];

    this.signing = new ImageSigning(this, 'Signing', { rules: [{ repositoryFilters: [`${NAMESPACE}*`] }] });

    // What we build is scanned again whenever a vulnerability becomes known; base images in the caches, once.
    new RegistryScanning(this, 'Scanning', { scanType: ScanType.ENHANCED, continuousScan: [`${NAMESPACE}*`] });
    // Whoever subscribes to its topic hears of each, also in images that were clean when they were pushed.
    new ScanFindings(this, 'Findings', { repositoryPrefixes: [NAMESPACE], granularity: FindingGranularity.FINDING });

    if (props.consumers.length > 0) {
      new CrossAccountPull(this, 'Pull', { repositories: this.repositories, consumers: props.consumers });
    }
    const { account, region } = props.recovery;
    new ReplicationSetup(this, 'Replication', {
      destinations: [account === this.account ? ReplicationTarget.region(region) : ReplicationTarget.account(account, region)],
      repositoryPrefixes: [NAMESPACE],
    });
  }
}
