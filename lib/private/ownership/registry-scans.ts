import * as ecr from 'aws-cdk-lib/aws-ecr';
import type { IConstruct } from 'constructs';
import { inRegistry, rendered } from './app-registry';

/**
 * Whether the app sets the scan type of the registry of a construct to enhanced (true) or basic (false) scanning; undefined if it sets no scan type.
 */
export function hasEnhancedScanning(scope: IConstruct): boolean | undefined {
  const [configuration] = inRegistry(scope, it => ecr.CfnRegistryScanningConfiguration.isCfnRegistryScanningConfiguration(it));
  return configuration && rendered<string>(configuration, configuration.scanType) === 'ENHANCED';
}

/**
 * Whether no scan starts when an image is pushed to a repository of this app: it has `scanOnPush` off, and the app has no scanning
 * configuration that may be for its registry.
 */
export function isNeverScanned(resource: ecr.CfnRepository): boolean {
  const scanning = rendered<{ scanOnPush?: unknown }>(resource, resource.imageScanningConfiguration);
  return scanning?.scanOnPush === false
    && inRegistry(resource, it => ecr.CfnRegistryScanningConfiguration.isCfnRegistryScanningConfiguration(it), ['same', 'unknown']).length === 0;
}
