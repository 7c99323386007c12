import { Stack, Validations } from 'aws-cdk-lib';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import * as events from 'aws-cdk-lib/aws-events';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { areDifferent } from '../private/core/environment';
import { failIfAny } from '../private/core/errors';
import { targetInStage } from '../private/core/event-target';
import { warnAtSynthesis } from '../private/core/late-warnings';
import { duplicatesOf, show } from '../private/core/values';
import { LIMITS } from '../private/ecr/limits';
import { replicationFilterProblems } from '../private/ecr/names';
import { checkArguments } from '../private/input/check-arguments';
import { publicClass } from '../private/input/public-class';
import { hasEnhancedScanning } from '../private/ownership/registry-scans';
import { isAlias, keyProblems, warnOfForeignKey } from '../repository/key-problems';
import { encryptionProblems, RepositoryEncryption } from '../repository/repository-encryption';
import { FindingSeverity } from '../repository/repository-events';
import { basicMessage, enhancedMessage, findingMessage, type FindingsMessage, renderMessage, ScanFindingsFormat } from './scan-findings-message';
import { basicPattern, enhancedPattern, findingPattern, leastPatternLength } from './scan-findings-pattern';
import { createFindingsTopic } from './scan-findings-topic';

/**
 * The granularity of the messages of `ScanFindings`. Amazon ECR reports images only.
 */
export enum FindingGranularity {
  /** A message for each scanned image with the number of findings. With Amazon Inspector, for its first scan only. */
  IMAGE = 'IMAGE',
  /** A message for each finding of Amazon Inspector, including findings of later scans, and no summary of the first scan. */
  FINDING = 'FINDING',
}

/**
 * Properties for defining `ScanFindings`.
 */
export interface ScanFindingsProps {
  /**
   * The repositories whose findings are reported, in this account and Region.
   *
   * @default - the whole registry, or the repositories of `repositoryPrefixes`
   */
  readonly repositories?: ecr.IRepositoryRef[];

  /**
   * The name prefixes of repositories whose findings are reported, such as `prod/`, in addition to `repositories`.
   *
   * @default - the whole registry, or `repositories`
   */
  readonly repositoryPrefixes?: string[];

  /**
   * The minimum severity of the findings. Amazon Inspector counts findings below MEDIUM in a total only, so that LOW reports any finding.
   *
   * @default FindingSeverity.HIGH
   */
  readonly minimumSeverity?: FindingSeverity;

  /**
   * The granularity of the messages. Events do not identify the new findings of an image that was scanned before. Therefore IMAGE does
   * not report them, and FINDING reports each finding of a new image.
   *
   * @default FindingGranularity.IMAGE
   */
  readonly granularity?: FindingGranularity;

  /**
   * The targets of the unchanged events: 1 to 5 targets.
   *
   * @default - a new topic with readable messages
   */
  readonly targets?: events.IRuleTarget[];

  /**
   * The format of the messages of the topic. It cannot be used with `targets`.
   *
   * @default ScanFindingsFormat.TEXT
   */
  readonly format?: ScanFindingsFormat;

  /**
   * The key that encrypts the messages of the topic. It cannot be used with `targets`. Its policy must delegate access to the IAM policies
   * of this account, as key policies of the CDK do.
   *
   * @default - a new customer managed key
   */
  readonly encryptionKey?: kms.IKeyRef;
}

/**
 * Reports vulnerabilities found by basic or enhanced scanning. It has one rule for the events of each scan type, because their formats
 * differ.
 *
 * Without `targets`, it sends readable messages (repository, tags, digest, counts and a link) to a topic that is encrypted with a customer
 * managed key. Only Amazon EventBridge can publish to the topic, with a role. EventBridge supports no conditions in the policies
 * of topics and keys, and without them every account could publish.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced-events.html
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
 */
export class ScanFindings extends Construct {
  static {
    publicClass(this, 'ScanFindings');
  }

  /**
   * The rule for the events of Amazon ECR.
   */
  public readonly basicRule: events.IRule;

  /**
   * The rule for the events of Amazon Inspector.
   */
  public readonly enhancedRule: events.IRule;

  /**
   * The topic, unless there are `targets`.
   */
  public readonly topic?: sns.ITopic;

  /**
   * The role that publishes to the topic, unless there are `targets`.
   */
  public readonly role?: iam.IRole;

  private readonly rules: events.Rule[];
  private numberOfTargets = 0;

  constructor(scope: Construct, id: string, props: ScanFindingsProps = {}) {
    checkArguments('ScanFindings', [scope, id, props]);
    super(scope, id);
    failIfAny(this, 'InvalidScanFindings', scanFindingsProblems(this, props));

    const severity = props.minimumSeverity ?? FindingSeverity.HIGH;
    const single = props.granularity === FindingGranularity.FINDING;
    const basic = new events.Rule(this, 'BasicRule', {
      description: `Images with findings of Amazon ECR of severity ${severity} or higher`,
      eventPattern: basicPattern(this, props, severity),
    });
    const enhanced = new events.Rule(this, 'EnhancedRule', {
      description: single ? `Findings of Amazon Inspector in images of severity ${severity} or higher` : `Images with findings of Amazon Inspector of severity ${severity} or higher`,
      eventPattern: single ? findingPattern(this, props, severity) : enhancedPattern(this, props, severity),
    });
    this.basicRule = basic;
    this.enhancedRule = enhanced;
    this.rules = [basic, enhanced];

    if (props.targets) {
      props.targets.forEach(target => this.addTarget(target));
    } else {
      const { encryptionKey } = props;
      const { topic, role } = createFindingsTopic(this, encryptionKey);
      if (encryptionKey) {
        warnOfForeignKey(this, 'ScanFindings', encryptionKey, "'kms:Decrypt' and 'kms:GenerateDataKey' for the role that publishes messages");
        this.node.addValidation({ validate: () => keyProblems(this, 'encryptionKey', encryptionKey) });
      }
      const publish = (message: FindingsMessage): events.IRuleTarget => ({
        bind: () => ({ arn: topic.topicArn, role, input: renderMessage(message, props.format ?? ScanFindingsFormat.TEXT), targetResource: topic }),
      });
      basic.addTarget(publish(basicMessage(this)));
      enhanced.addTarget(publish(single ? findingMessage(this) : enhancedMessage(this, onlyNameOf(props))));
      this.numberOfTargets = 1;
      this.topic = topic;
      this.role = role;
    }

    this.warn(props);
  }

  /**
   * Sends the unchanged events to another target.
   *
   * @param target the target; at most 5 targets, including the topic
   */
  public addTarget(target: events.IRuleTarget): void {
    failIfAny(this, 'TooManyTargets', targetProblems(this.numberOfTargets + 1));
    this.numberOfTargets += 1;
    this.rules.forEach(rule => rule.addTarget(targetInStage(this, target)));
  }

  private warn(props: ScanFindingsProps): void {
    const { account, region } = Stack.of(this);
    for (const repository of props.repositories ?? []) {
      if (areDifferent(repository.env.account, account) || areDifferent(repository.env.region, region)) {
        Validations.of(this).addWarning(
          'cdk-secure-ecr:ScanFindings.foreignRepository',
          `these rules never match, because the events of '${repository.node.path}' are in account ${repository.env.account} and Region ${repository.env.region}; `
          + 'ask the owner to forward them to the event bus of this account and Region',
        );
      }
    }
    if (props.granularity === FindingGranularity.FINDING) {
      warnAtSynthesis(this, this.enhancedRule.node.defaultChild!, 'cdk-secure-ecr:ScanFindings.findingsOfBasicScanning', () => hasEnhancedScanning(this) === false
        ? "no messages are sent for single findings, because the registry has basic scanning, which reports images only; omit 'granularity', or use ScanType.ENHANCED"
        : undefined);
    }
    const length = leastPatternLength(props);
    if (length > LIMITS.eventPatternCharacters) {
      Validations.of(this).addWarning(
        'cdk-secure-ecr:ScanFindings.longPattern',
        `'repositories' and 'repositoryPrefixes' make an event pattern of at least ${length} characters, and Amazon EventBridge accepts ${LIMITS.eventPatternCharacters} `
        + 'by default; use fewer with common prefixes, use several constructs, or request a higher quota',
      );
    }
  }
}

function scanFindingsProblems(scope: Construct, props: ScanFindingsProps): string[] {
  const { repositories, repositoryPrefixes, targets, format, encryptionKey } = props;
  const problems: string[] = [];
  if (repositories?.length === 0) {
    problems.push("'repositories' must have at least one repository, got []; omit it for the whole registry");
  }
  if (repositoryPrefixes?.length === 0) {
    problems.push("'repositoryPrefixes' must have at least one prefix, got []; omit it for the whole registry");
  }
  problems.push(...(repositoryPrefixes ?? []).flatMap((prefix, index) => replicationFilterProblems(`repositoryPrefixes[${index}]`, prefix)));
  for (const twice of duplicatesOf(repositoryPrefixes ?? [])) {
    problems.push(`'repositoryPrefixes' must not have duplicates, got ${show(twice)} twice`);
  }
  if (targets) {
    problems.push(...targetProblems(targets.length));
    for (const [prop, value] of Object.entries({ format, encryptionKey })) {
      if (value !== undefined) {
        problems.push(`'${prop}' must not be used with 'targets', got both; it applies to the topic, and targets receive the unchanged events`);
      }
    }
  }
  if (encryptionKey) {
    problems.push(...encryptionProblems(scope, 'encryptionKey', RepositoryEncryption.customerManagedKey(encryptionKey)));
    if (isAlias(encryptionKey)) {
      problems.push(`'encryptionKey' must be a key, got the alias ${show(encryptionKey.node.path)}; pass the key of the alias`);
    }
  }
  return problems;
}

function targetProblems(count: number): string[] {
  const { min, max } = LIMITS.eventRuleTargets;
  return count < min || count > max
    ? [`'targets' must be ${min} to ${max} targets, got ${count}; omit it for a topic, which can have many subscribers`]
    : [];
}

/**
 * The name of the repository, if there is only one.
 */
function onlyNameOf({ repositories = [], repositoryPrefixes = [] }: ScanFindingsProps): string | undefined {
  return repositories.length === 1 && repositoryPrefixes.length === 0 ? repositories[0].repositoryRef.repositoryName : undefined;
}
