import { Aws, type CfnOutput, Duration, Resource, Tokenization, Validations } from 'aws-cdk-lib';
import { BuildSpec } from 'aws-cdk-lib/aws-codebuild';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CodeBuildStep } from 'aws-cdk-lib/pipelines';
import { BRAND } from '../private/core/brand';
import { failIfAny } from '../private/core/errors';
import { warnAtSynthesis } from '../private/core/late-warnings';
import { knownNameOf } from '../private/core/physical-names';
import { shellQuote } from '../private/core/shell';
import { isKnown, show } from '../private/core/values';
import { GATE_ACTIONS, INSPECTOR_ACTIONS, START_SCAN_ACTIONS } from '../private/ecr/actions';
import { Grantee } from '../private/grants/grantee';
import { checkArguments } from '../private/input/check-arguments';
import { publicClass } from '../private/input/public-class';
import { hasEnhancedScanning } from '../private/ownership/registry-scans';
import { RepositoryGrants } from '../repository/repository-grants';
import { warnOfMissingScans } from '../repository/repository-warnings';
import { MissingScan } from './missing-scan';
import { gateScript } from './scan-gate-script';
import { ScanType } from './scan-type';

const LONGEST_HOURS = 24;
const TAG_OR_DIGEST = /^(\w[\w.-]{0,299}|sha256:[0-9a-f]{64})$/;
const VARIABLE = /^\$(?:(\w+)|\{(\w+)\})$/;

/**
 * Properties for defining a `ScanGate`.
 */
export interface ScanGateProps {
  /**
   * The repository of the images.
   *
   * [disable-awslint:prefer-ref-interface]
   */
  readonly repository: ecr.IRepository;

  /**
   * The maximum number of critical findings of an image: a whole number.
   *
   * @default 0
   */
  readonly maxCritical?: number;

  /**
   * The maximum number of high findings of an image: a whole number.
   *
   * @default 5
   */
  readonly maxHigh?: number;

  /**
   * The maximum number of medium findings of an image: a whole number.
   *
   * @default - any number
   */
  readonly maxMedium?: number;

  /**
   * The timeout for the results of all images of an index: whole seconds, at most 24 hours. With 0, the gate checks once.
   *
   * @default Duration.minutes(10)
   */
  readonly timeout?: Duration;

  /**
   * The action for an image that was not scanned. A scan can appear up to a minute after the push, so the gate always waits for it.
   *
   * @default MissingScan.REFUSE
   */
  readonly missingScan?: MissingScan;

  /**
   * Whether an image passes that the scanner does not support, such as one that was built from `scratch`.
   *
   * @default false
   */
  readonly allowUnsupported?: boolean;

  /**
   * The scan type of the registry. `ScanType.BASIC` omits the permission to read from Amazon Inspector, which has no resource.
   *
   * @default - either
   */
  readonly scanType?: ScanType;
}

/**
 * Options for `ScanGate.toPipelineStep`.
 */
export interface ScanGateStepOptions {
  /**
   * A tag, a digest, or a variable of the step that contains one, such as `$IMAGE_TAG`.
   */
  readonly image: string;

  /**
   * The variables of the step.
   *
   * @default - none
   */
  readonly env?: { [name: string]: string };

  /**
   * The variables of the step from outputs of stacks that the pipeline deploys before it.
   *
   * @default - none
   */
  readonly envFromCfnOutputs?: { [name: string]: CfnOutput };
}

/**
 * A gate that stops the deployment of images with critical findings or more than five high findings.
 *
 * It is a shell step that only needs the AWS CLI, for AWS CodeBuild, CDK Pipelines or any other CI system. It waits for the results
 * of basic or enhanced scanning, checks each image of a multi-architecture tag against the limits, prints the findings, and exits with
 *
 *
 * - 0: passed,
 * - 1: refused, too many findings,
 * - 2: no verdict: not scanned, not in time, or not supported by the scanner,
 * - 3: error: invalid arguments, no such image, or no permission.
 *
 * Findings without a severity (`UNDEFINED`, `UNTRIAGED`) do not count. The output contains the digest of each image: deploy this digest
 * if tags are mutable.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html
 */
export class ScanGate {
  static {
    publicClass(this, 'ScanGate');
  }

  private readonly props: ScanGateProps;
  private declare readonly [BRAND]: 'ScanGate';

  constructor(props: ScanGateProps) {
    checkArguments('ScanGate', [props]);
    failIfAny(props.repository, 'InvalidScanGate', [
      ...limitProblems('maxCritical', props.maxCritical),
      ...limitProblems('maxHigh', props.maxHigh),
      ...limitProblems('maxMedium', props.maxMedium),
      ...timeoutProblems(props.timeout),
      ...props.scanType === ScanType.ENHANCED && props.missingScan === MissingScan.START_SCAN
        ? ["'missingScan' must not be START_SCAN if 'scanType' is ENHANCED, which does not support scans on request; omit 'missingScan'"]
        : [],
    ]);
    this.props = props;

    this.warnOfScans();
    if (props.missingScan === MissingScan.PASS) {
      Validations.of(props.repository).addWarning(
        'cdk-secure-ecr:ScanGate.passesUnscanned',
        "every image passes the gate if scanning is disabled or slow, because 'missingScan' is PASS; use START_SCAN, or REFUSE once all images are scanned",
      );
    }
  }

  /**
   * Grants the permissions of the gate: to read the images and findings of the repository, to start scans if `missingScan` does,
   * and to read from Amazon Inspector, whose permissions have no resource, unless `scanType` is `BASIC`.
   *
   * @param grantee the principal that runs the gate
   */
  public grantRead(grantee: iam.IGrantable): iam.Grant {
    const { repository, scanType } = this.props;
    if (scanType !== ScanType.BASIC && Grantee.partsOf(grantee).some(part => part.isForeignTo(repository))) {
      Validations.of(repository).addWarning(
        'cdk-secure-ecr:ScanGate.foreignRepository',
        'the gate cannot read findings of enhanced scanning, which Amazon ECR shows in the account of the repository only; run the gate there, '
        + "or set 'scanType' to BASIC if the registry has basic scanning",
      );
    }
    return RepositoryGrants.fromRepository(repository)._actionsAnd(grantee, this.actions, this.inspectorActions);
  }

  /**
   * The same permissions as statements, such as for the role of a step in CDK Pipelines.
   */
  public toPolicyStatements(): iam.PolicyStatement[] {
    return [
      new iam.PolicyStatement({ actions: this.actions, resources: [this.props.repository.repositoryArn] }),
      ...this.inspectorActions.length > 0 ? [new iam.PolicyStatement({ actions: this.inspectorActions, resources: ['*'] })] : [],
    ];
  }

  /**
   * Returns the gate as a command for the build specification that pushes the images: `post_build: { commands: gate.toCommands('$TAG') }`.
   *
   * @param image a tag, a digest, or a variable of the shell that contains one, such as `$IMAGE_TAG`
   */
  public toCommands(image: string): string[] {
    failIfAny(this.props.repository, 'InvalidScanGateImage', imageProblems(image));
    const [, plain, braced] = VARIABLE.exec(image) ?? [];
    const variable = plain ?? braced;
    return [`(\n${this.render(this.nameWord, variable === undefined ? shellQuote(image) : `\${${variable}-}`)}\n)`];
  }

  /**
   * Returns the gate as a build specification, for an AWS CodeBuild project or action that only runs the gate.
   *
   * @param image a tag, a digest, or an environment variable of the project that contains one, such as `$IMAGE_TAG`
   */
  public toBuildSpec(image: string): BuildSpec {
    return BuildSpec.fromObject({ version: '0.2', phases: { build: { commands: this.toCommands(image) } } });
  }

  /**
   * Returns the gate as a step of CDK Pipelines with its permissions: `pipeline.addStage(prod, { pre: [gate.toPipelineStep('Gate', { image })] })`.
   *
   * The repository must be in the account of the pipeline.
   *
   * @param id the name of the step
   * @param options the image
   */
  public toPipelineStep(id: string, options: ScanGateStepOptions): CodeBuildStep {
    return new CodeBuildStep(id, {
      commands: this.toCommands(options.image),
      env: options.env,
      envFromCfnOutputs: options.envFromCfnOutputs,
      rolePolicyStatements: this.toPolicyStatements(),
    });
  }

  /**
   * Returns the gate as a script for any CI system. Call it with a tag or a digest: `sh scan-gate.sh v1`.
   *
   * To write it to a file, the name of the repository must be known, and its account and Region should be known. Without them, the
   * script uses the registry of the caller.
   */
  public toScript(): string {
    const name = knownNameOf(this.props.repository);
    return `#!/bin/sh\n${this.render(name === undefined ? this.nameWord : shellQuote(name), '${1-}')}\n`;
  }

  /**
   * The name of the repository as a word of a shell. Valid names need no quotes.
   */
  private get nameWord(): string {
    const { repository } = this.props;
    return Resource.isOwnedResource(repository) ? `'${repository.repositoryName}'` : shellQuote(repository.repositoryName);
  }

  private get actions(): string[] {
    return [...GATE_ACTIONS, ...this.props.missingScan === MissingScan.START_SCAN ? START_SCAN_ACTIONS : []];
  }

  private get inspectorActions(): string[] {
    return this.props.scanType === ScanType.BASIC ? [] : INSPECTOR_ACTIONS;
  }

  private warnOfScans(): void {
    const { repository, missingScan } = this.props;
    const resource = repository.node.defaultChild;
    if (!resource) {
      return;
    }
    if (missingScan === MissingScan.START_SCAN) {
      warnAtSynthesis(repository, resource, 'cdk-secure-ecr:ScanGate.startScanWithEnhanced', () => hasEnhancedScanning(repository)
        ? "the gate fails for images without a scan, because 'missingScan' is START_SCAN and the registry has enhanced scanning, which does not support scans on request; omit 'missingScan'"
        : undefined);
    } else {
      warnOfMissingScans(repository, 'a gate');
    }
  }

  private render(repository: string, image: string): string {
    const { maxCritical = 0, maxHigh = 5, maxMedium, timeout = Duration.minutes(10) } = this.props;
    const { account, region } = this.props.repository.env;
    const limits: Array<[string, number]> = [['CRITICAL', maxCritical], ['HIGH', maxHigh]];
    if (maxMedium !== undefined) {
      limits.push(['MEDIUM', maxMedium]);
    }
    return gateScript({
      repository,
      registryOptions: [
        account === Aws.ACCOUNT_ID ? '' : ` --registry-id ${shellQuote(account)}`,
        region === Aws.REGION ? '' : ` --region ${shellQuote(region)}`,
      ].join(''),
      image,
      limits: limits.map(([severity, limit]) => [severity, shellNumber(limit)]),
      timeout: shellNumber(timeout.toSeconds()),
      missingScan: this.props.missingScan ?? MissingScan.REFUSE,
      allowUnsupported: this.props.allowUnsupported ?? false,
    });
  }
}

function shellNumber(value: number): string {
  return isKnown(value) ? String(value) : shellQuote(Tokenization.stringifyNumber(value));
}

function limitProblems(prop: string, limit: number | undefined): string[] {
  return !isKnown(limit) || (Number.isSafeInteger(limit) && limit >= 0)
    ? []
    : [`'${prop}' must be a whole number, 0 or more, got ${limit}`];
}

function timeoutProblems(timeout: Duration | undefined): string[] {
  if (timeout === undefined || timeout.isUnresolved()) {
    return [];
  }
  const seconds = timeout.toSeconds({ integral: false });
  return Number.isInteger(seconds) && seconds <= LONGEST_HOURS * 3600
    ? []
    : [`'timeout' must be whole seconds and at most ${LONGEST_HOURS} hours, got ${timeout.toHumanString()}`];
}

function imageProblems(image: string): string[] {
  return !isKnown(image) || TAG_OR_DIGEST.test(image) || VARIABLE.test(image)
    ? []
    : [`'image' must be a tag such as 'v1', a digest such as 'sha256:' and 64 hexadecimal digits, or a variable such as '$IMAGE_TAG', got ${show(image)}`];
}
