import { type CfnResource, type IResource, RemovalPolicy, Resource, Stack, Token, Validations } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import type { Construct } from 'constructs';
import { relationOf } from '../private/core/environment';
import { failIfAny } from '../private/core/errors';
import { isKnown, show } from '../private/core/values';
import { undocumented } from '../private/ecr/partitions';
import { REGISTRY_SETTINGS } from '../private/ecr/registry-resources';
import { scanFilterProblems } from '../private/ecr/scan-filter-problems';
import { EVERY_REPOSITORY, isCovered, matchesFilter } from '../private/ecr/scan-filters';
import { checkArguments } from '../private/input/check-arguments';
import { injectable } from '../private/input/injectable';
import { publicClass } from '../private/input/public-class';
import { claimProblems, claimResource, type OwnedKind } from '../private/ownership/claims';
import { makeRegistrySetting } from '../private/ownership/logical-ids';
import { ScanType } from './scan-type';

const SCANNING_CONFIGURATION: OwnedKind = {
  ...REGISTRY_SETTINGS.scanning,
  warningId: 'cdk-secure-ecr:RegistryScanning.environmentUnknown',
  fix: 'keep one RegistryScanning and move the filters of the other to it',
  fixForeign: 'move the filters of the first into the second',
};

/** The maximum number of repositories in a warning. */
const NAMED = 5;

/**
 * The scanning of a registry.
 */
export interface IRegistryScanning extends IResource, ecr.IRegistryScanningConfigurationRef {
  /**
   * The scan type.
   */
  readonly scanType: ScanType;

  /**
   * The filters of the repositories that are scanned on push.
   */
  readonly scanOnPush: string[];

  /**
   * The filters for repositories that are scanned continuously.
   */
  readonly continuousScan: string[];
}

/**
 * Properties for defining a `RegistryScanning`.
 *
 * A filter is 1 to 255 lowercase letters, digits and wildcards `*`, joined by `.`, `_`, `-` or `/`. A filter with a wildcard
 * matches whole names, as in `prod/*`. A filter without a wildcard matches every name that *contains* it: `prod` also matches `nonprod/api`.
 */
export interface RegistryScanningProps {
  /**
   * The scan type. Changing it hides the findings of the previous type.
   *
   * @default ScanType.BASIC - free of charge; enhanced scanning finds more vulnerabilities, but is charged and activates Amazon Inspector
   */
  readonly scanType?: ScanType;

  /**
   * The filters of the repositories whose images are scanned once, when they are pushed: up to 100, without duplicates.
   *
   * With basic scanning, images of other repositories are scanned on request only, and `[]` applies this to all repositories. With
   * enhanced scanning, which does not support scans on request, other repositories are not scanned.
   *
   * @default - every repository that `continuousScan` does not match
   */
  readonly scanOnPush?: string[];

  /**
   * The filters of the repositories whose images are scanned again when new vulnerabilities become known: up to 100, without duplicates.
   *
   * Requires `ScanType.ENHANCED`. It takes precedence over `scanOnPush` if both match.
   *
   * @default - none
   */
  readonly continuousScan?: string[];

  /**
   * The removal policy of the scanning configuration when it is removed from the stack. Deleting an enhanced configuration also tries
   * to deactivate Amazon Inspector for Amazon ECR in the account.
   *
   * @see https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2516
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * The scanning configuration of a registry: the images to scan for vulnerabilities, the frequency, and the scan type.
 *
 * With no props, basic scanning scans every image of every repository when it is pushed, free of charge. A registry, which
 * is one account in one Region, has one scanning configuration: a second `RegistryScanning` for it in the same app is an error.
 * It replaces `scanOnPush` of the repositories, which Amazon ECR is deprecating.
 *
 * `ScanType.ENHANCED` activates Amazon Inspector for the account. In us-east-1, the first scan of an image costs about 0.09 USD, and
 * each later scan about 0.01 USD. On activation, Amazon Inspector only scans images of the last 14 days. The duration of
 * continuous scanning is a setting of Amazon Inspector, for which CloudFormation has no property.
 *
 * Warns about repositories of the app in the same account and Region that no filter matches. Deleting the scanning configuration
 * leaves the registry with basic scanning and no rules.
 *
 * @resource AWS::ECR::RegistryScanningConfiguration
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html
 */
@injectable
export class RegistryScanning extends Resource implements IRegistryScanning {
  static {
    publicClass(this, 'RegistryScanning');
  }

  /**
   * Uniquely identifies this class.
   */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-secure-ecr.RegistryScanning';

  public readonly scanType: ScanType;

  public readonly scanOnPush: string[];

  public readonly continuousScan: string[];

  public readonly registryScanningConfigurationRef: ecr.RegistryScanningConfigurationReference;

  constructor(scope: Construct, id: string, props: RegistryScanningProps = {}) {
    checkArguments('RegistryScanning', [scope, id, props]);
    super(scope, id);

    const { scanType = ScanType.BASIC, continuousScan = [] } = props;
    failIfAny(this, 'InvalidRegistryScanning', [
      ...scanFilterProblems('scanOnPush', props.scanOnPush ?? []),
      ...scanFilterProblems('continuousScan', continuousScan),
      ...typeProblems(scanType, props),
      ...claimProblems(this, SCANNING_CONFIGURATION),
    ]);

    this.scanType = scanType;
    this.scanOnPush = props.scanOnPush ?? (isCovered(EVERY_REPOSITORY, continuousScan) ? [] : [EVERY_REPOSITORY]);
    this.continuousScan = continuousScan;
    const resource = makeRegistrySetting(this, 'SecureEcrRegistryScanning', (at, name) => new ecr.CfnRegistryScanningConfiguration(at, name, {
      scanType,
      rules: [...ruleOf('SCAN_ON_PUSH', this.scanOnPush), ...ruleOf('CONTINUOUS_SCAN', continuousScan)],
    }));
    resource.applyRemovalPolicy(props.removalPolicy ?? RemovalPolicy.RETAIN);
    this.registryScanningConfigurationRef = resource.registryScanningConfigurationRef;

    claimResource(this, SCANNING_CONFIGURATION, resource);
    this.warnAboutFilters();
    const undocumentedThere = scanType === ScanType.ENHANCED ? undocumented('enhancedScanning', this.env.region) : undefined;
    if (undocumentedThere) {
      Validations.of(this).addWarning('cdk-secure-ecr:RegistryScanning.undocumentedPartition', undocumentedThere);
    }
    this.node.addValidation({
      validate: () => {
        this.warnAboutRepositories(resource);
        return [];
      },
    });
  }

  private warnAboutFilters(): void {
    const idle = this.scanOnPush.filter(filter => isKnown(filter) && isCovered(filter, this.continuousScan));
    if (idle.length > 0) {
      Validations.of(this).addWarning(
        'cdk-secure-ecr:RegistryScanning.scanOnPushWithoutEffect',
        `${idle.map(show).join(', ')} of 'scanOnPush' has no effect, because 'continuousScan' matches all its repositories and takes precedence; remove it from one of the two`,
      );
    }
  }

  /**
   * The warning is on the resource, because acknowledgements of a construct do not apply to its late warnings in older versions of aws-cdk-lib.
   */
  private warnAboutRepositories(resource: CfnResource): void {
    const filters = [...this.scanOnPush, ...this.continuousScan];
    if (filters.some(filter => Token.isUnresolved(filter))) {
      return;
    }

    const unscanned = this.node.root.node.findAll()
      .filter(it => ecr.CfnRepository.isCfnRepository(it))
      .filter(it => relationOf(it, this) === 'same')
      .map(it => ({ path: it.node.path, name: knownNameOf(it) }))
      .filter(({ name }) => name === undefined ? !isCovered(EVERY_REPOSITORY, filters) : !filters.some(filter => matchesFilter(name, filter)));
    if (unscanned.length > 0) {
      const basic = this.scanType === ScanType.BASIC;
      Validations.of(resource).addWarning(
        'cdk-secure-ecr:RegistryScanning.unscannedRepositories',
        `images are not scanned on push, because no filter matches ${listOf(unscanned.map(({ path, name }) => name ? show(name) : `'${path}', whose name is not known before deployment`))}: `
        + `${basic ? 'they are scanned on request only' : 'they are never scanned'}; `
        + `add filters to 'scanOnPush'${basic ? '' : " or 'continuousScan'"}, or omit it for all repositories`,
      );
    }
  }
}

function typeProblems(scanType: ScanType, { scanOnPush, continuousScan = [] }: RegistryScanningProps): string[] {
  if (scanType === ScanType.BASIC && continuousScan.length > 0) {
    return [`'continuousScan' must be used with 'scanType' ScanType.ENHANCED, got ${show(continuousScan)} with basic scanning, which scans on push only; use 'scanOnPush', or ScanType.ENHANCED, which is charged`];
  }
  if (scanType === ScanType.ENHANCED && scanOnPush?.length === 0 && continuousScan.length === 0) {
    return ["'scanOnPush' must have filters if 'continuousScan' has none, got [], with which enhanced scanning scans nothing, because it does not support scans on request; omit it for all repositories, or use ScanType.BASIC"];
  }
  return [];
}

function ruleOf(scanFrequency: string, filters: readonly string[]): ecr.CfnRegistryScanningConfiguration.ScanningRuleProperty[] {
  return filters.length > 0
    ? [{ scanFrequency, repositoryFilters: filters.map(filter => ({ filter, filterType: 'WILDCARD' })) }]
    : [];
}

/**
 * The name of a repository, if it is known at the end of the synthesis.
 */
function knownNameOf(repository: ecr.CfnRepository): string | undefined {
  const name: unknown = Stack.of(repository).resolve(repository.repositoryName);
  return typeof name === 'string' ? name : undefined;
}

function listOf(items: readonly string[]): string {
  const more = items.length - NAMED;
  return more > 0 ? `${items.slice(0, NAMED).join(', ')} and ${more} more` : items.join(', ');
}
