import { Stack, type StackProps } from 'aws-cdk-lib';
import { RegistryScanning, ScanType, SecureRepository } from 'cdk-secure-ecr';
import type { Construct } from 'constructs';

/**
 * Amazon Inspector scans every image when it is pushed, and those of the production again whenever new vulnerabilities become known.
 *
 * The setting is for the whole registry: deploy it in one stack of each account and Region. It has a price for each image.
 */
export class RegistryScanningStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    new RegistryScanning(this, 'Scanning', {
      scanType: ScanType.ENHANCED,
      continuousScan: ['prod/*', 'base/*'],
    });

    new SecureRepository(this, 'Payments', { repositoryName: 'prod/payments' });
  }
}
