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
 * What one message of `ScanFindings` is about. Amazon ECR itself only ever tells of images.
 */
export enum FindingGranularity {
  /** A message for each image that was scanned, with the number of findings: by Amazon Inspector the first scan only. */
  IMAGE = 'IMAGE',
  /** A message for each finding of Amazon Inspector, also of those that later scans make, and no summary of its first scan. */
  FINDING = 'FINDING',
}

/**
 * Properties for defining `ScanFindings`.
 */
export interface ScanFindingsProps {
  /**
   * The repositories whose findings are told, of this account and Region.
   *
   * @default - the whole registry, or what `repositoryPrefixes` says
   */
  readonly repositories?: ecr.IRepositoryRef[];

  /**
   * How the names of repositories begin whose findings are told, such as `prod/`, besides `repositories`.
   *
   * @default - the whole registry, or what `repositories` says
   */
  readonly repositoryPrefixes?: string[];

  /**
   * Only findings at least as bad as this. Amazon Inspector counts what is below MEDIUM in a total only, so that LOW tells of any finding.
   *
   * @default FindingSeverity.HIGH
   */
  readonly minimumSeverity?: FindingSeverity;

  /**
   * What one message is about. No event tells which findings are new to an image that was scanned before, so that IMAGE is silent about
   * those, and FINDING tells of all findings in a new image one by one.
   *
   * @default FindingGranularity.IMAGE
   */
  readonly granularity?: FindingGranularity;

  /**
   * Where the events go, as they are: 1 to 5 targets.
   *
   * @default - a topic of its own, with messages for people
   */
  readonly targets?: events.IRuleTarget[];

  /**
   * Who reads the messages of the topic; not with `targets`.
   *
   * @default ScanFindingsFormat.TEXT
   */
  readonly format?: ScanFindingsFormat;

  /**
   * The key that encrypts the messages of the topic; not with `targets`. Its policy must let IAM policies of this account give access to
   * it, as the policies of the CDK do.
   *
   * @default - a customer managed key of its own
   */
  readonly encryptionKey?: kms.IKeyRef;
}

/**
 * Tells of vulnerabilities that scans find in images, whichever scanner the registry uses: one rule for the events of basic scanning,
 * one for those of enhanced scanning, which differ in shape.
 *
 * Without `targets`, a topic that is encrypted with a customer managed key gets messages that people can read: repository, tags, digest,
 * counts and a link. Amazon EventBridge alone can publish there, through a role; in the policies of topics and keys it supports
 * no conditions, and without them every account could publish.
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
   * The role that publishes to the topic, if there is one.
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
      description: `Images in which Amazon ECR found something ${severity} or worse`,
      eventPattern: basicPattern(this, props, severity),
    });
    const enhanced = new events.Rule(this, 'EnhancedRule', {
      description: single ? `Findings of Amazon Inspector in images, ${severity} or worse` : `Images in which Amazon Inspector found something ${severity} or worse`,
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
   * Sends the events, as they are, to one more target.
   *
   * @param target the target; 5 targets at most, the topic among them
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
          `the events of '${repository.node.path}' stay in account ${repository.env.account} and Region ${repository.env.region}, where these rules do not see them; `
          + 'ask the owner to forward them to the event bus of this account and Region',
        );
      }
    }
    if (props.granularity === FindingGranularity.FINDING) {
      warnAtSynthesis(this, this.enhancedRule.node.defaultChild!, 'cdk-secure-ecr:ScanFindings.findingsOfBasicScanning', () => hasEnhancedScanning(this) === false
        ? "no message is about a single finding, because the registry has basic scanning, which reports images only; leave 'granularity' out, or use ScanType.ENHANCED"
        : undefined);
    }
    const length = leastPatternLength(props);
    if (length > LIMITS.eventPatternCharacters) {
      Validations.of(this).addWarning(
        'cdk-secure-ecr:ScanFindings.longPattern',
        `'repositories' and 'repositoryPrefixes' make an event pattern of at least ${length} characters, and Amazon EventBridge takes ${LIMITS.eventPatternCharacters} `
        + 'by default; use fewer with common prefixes, several constructs, or raise the quota',
      );
    }
  }
}

function scanFindingsProblems(scope: Construct, props: ScanFindingsProps): string[] {
  const { repositories, repositoryPrefixes, targets, format, encryptionKey } = props;
  const problems: string[] = [];
  if (repositories?.length === 0) {
    problems.push("'repositories' must name at least one repository, got []; leave it out for the whole registry");
  }
  if (repositoryPrefixes?.length === 0) {
    problems.push("'repositoryPrefixes' must have at least one prefix, got []; leave it out for the whole registry");
  }
  problems.push(...(repositoryPrefixes ?? []).flatMap((prefix, index) => replicationFilterProblems(`repositoryPrefixes[${index}]`, prefix)));
  for (const twice of duplicatesOf(repositoryPrefixes ?? [])) {
    problems.push(`'repositoryPrefixes' must name each prefix once, got ${show(twice)} twice`);
  }
  if (targets) {
    problems.push(...targetProblems(targets.length));
    for (const [prop, value] of Object.entries({ format, encryptionKey })) {
      if (value !== undefined) {
        problems.push(`'${prop}' must be left out with 'targets', got both; it is for the topic, and targets get the events as they are`);
      }
    }
  }
  if (encryptionKey) {
    problems.push(...encryptionProblems(scope, 'encryptionKey', RepositoryEncryption.customerManagedKey(encryptionKey)));
    if (isAlias(encryptionKey)) {
      problems.push(`'encryptionKey' must be a key, got the alias ${show(encryptionKey.node.path)}; pass the key that it stands for`);
    }
  }
  return problems;
}

function targetProblems(count: number): string[] {
  const { min, max } = LIMITS.eventRuleTargets;
  return count < min || count > max
    ? [`'targets' must be ${min} to ${max} targets, got ${count}; leave it out for a topic of its own, which passes on to many subscribers`]
    : [];
}

/**
 * The name of the only repository, where there is only one.
 */
function onlyNameOf({ repositories = [], repositoryPrefixes = [] }: ScanFindingsProps): string | undefined {
  return repositories.length === 1 && repositoryPrefixes.length === 0 ? repositories[0].repositoryRef.repositoryName : undefined;
}
