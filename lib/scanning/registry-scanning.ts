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
  fix: 'keep one RegistryScanning and move the filters of the other into it',
  fixForeign: 'move the filters of the first into the second',
};

/** As many repositories as a warning names. */
const NAMED = 5;

/**
 * The scanning of a registry.
 */
export interface IRegistryScanning extends IResource, ecr.IRegistryScanningConfigurationRef {
  /**
   * Who scans.
   */
  readonly scanType: ScanType;

  /**
   * The filters for repositories that are scanned on push.
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
 * A filter is 1 to 255 lowercase letters, digits and wildcards `*`, joined by `.`, `_`, `-` or `/`. With a wildcard it matches
 * whole names, as in `prod/*`; without one it matches every name that *contains* it: `prod` also matches `nonprod/api`.
 */
export interface RegistryScanningProps {
  /**
   * Who scans. Another type hides what the one before found.
   *
   * @default ScanType.BASIC - free of charge; enhanced scanning finds more, but has a price and turns Amazon Inspector on
   */
  readonly scanType?: ScanType;

  /**
   * Filters for repositories whose images are scanned once, when they are pushed: up to 100, each once.
   *
   * With basic scanning the images of all other repositories are scanned only when somebody asks, and `[]` means that for all of
   * them. With enhanced scanning, which has no scans on request, other repositories are not scanned at all.
   *
   * @default - every repository that `continuousScan` does not match
   */
  readonly scanOnPush?: string[];

  /**
   * Filters for repositories whose images are scanned again when new vulnerabilities become known: up to 100, each once.
   *
   * Only with `ScanType.ENHANCED`. Wins over `scanOnPush` where both match.
   *
   * @default - none
   */
  readonly continuousScan?: string[];

  /**
   * What happens to the scanning configuration when it leaves the stack. Deleting an enhanced configuration also tries to turn Amazon
   * Inspector off for Amazon ECR in the account.
   *
   * @see https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2516
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Decides for a whole registry which images are scanned for vulnerabilities, when, and by whom.
 *
 * With no props, basic scanning looks at every image of every repository when it is pushed, which costs nothing. A registry, which
 * is one account in one Region, has one scanning configuration: a second `RegistryScanning` for it in the same app is an error.
 * It takes the place of `scanOnPush` of the repositories, which Amazon ECR is giving up.
 *
 * `ScanType.ENHANCED` turns Amazon Inspector on for the account. In us-east-1 the first scan of an image costs about 0.09 USD, each
 * scan after that about 0.01 USD. When it is turned on, only images of the last 14 days are taken. How long images are scanned
 * again is a setting of Amazon Inspector, for which CloudFormation has no property.
 *
 * Warns about repositories of the app, in the same account and Region, that no filter matches. Removing it leaves the registry with
 * basic scanning and no rules.
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
        `'continuousScan' wins over 'scanOnPush' and matches all that ${idle.map(show).join(', ')} matches; leave it out of one of the two`,
      );
    }
  }

  /**
   * Warns at the resource: acknowledgements of a construct itself do not reach its late warnings in older versions of aws-cdk-lib.
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
        `no filter matches ${listOf(unscanned.map(({ path, name }) => name ? show(name) : `'${path}', whose name is not known before deployment`))}: `
        + `${basic ? 'images there are scanned only when somebody starts a scan' : 'images there are never scanned'}; `
        + `add filters to 'scanOnPush'${basic ? '' : " or 'continuousScan'"}, or leave it out for all repositories`,
      );
    }
  }
}

function typeProblems(scanType: ScanType, { scanOnPush, continuousScan = [] }: RegistryScanningProps): string[] {
  if (scanType === ScanType.BASIC && continuousScan.length > 0) {
    return [`'continuousScan' must go with 'scanType' ScanType.ENHANCED, got ${show(continuousScan)} with basic scanning, which scans on push only; use 'scanOnPush', or ScanType.ENHANCED at its price`];
  }
  if (scanType === ScanType.ENHANCED && scanOnPush?.length === 0 && continuousScan.length === 0) {
    return ["'scanOnPush' must have filters if 'continuousScan' has none, got []: enhanced scanning has no scans on request and would scan nothing; leave it out for all repositories, or use ScanType.BASIC"];
  }
  return [];
}

function ruleOf(scanFrequency: string, filters: readonly string[]): ecr.CfnRegistryScanningConfiguration.ScanningRuleProperty[] {
  return filters.length > 0
    ? [{ scanFrequency, repositoryFilters: filters.map(filter => ({ filter, filterType: 'WILDCARD' })) }]
    : [];
}

/**
 * The name of a repository, if it is known by the end of the synthesis.
 */
function knownNameOf(repository: ecr.CfnRepository): string | undefined {
  const name: unknown = Stack.of(repository).resolve(repository.repositoryName);
  return typeof name === 'string' ? name : undefined;
}

function listOf(items: readonly string[]): string {
  const more = items.length - NAMED;
  return more > 0 ? `${items.slice(0, NAMED).join(', ')} and ${more} more` : items.join(', ');
}
