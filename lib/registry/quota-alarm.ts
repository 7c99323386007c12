import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { failIfAny } from '../private/core/errors';
import { isKnown, show } from '../private/core/values';
import { checkArguments } from '../private/input/check-arguments';
import { publicClass } from '../private/input/public-class';

/**
 * Properties for defining a `QuotaAlarm`.
 */
export interface QuotaAlarmProps {
  /**
   * What has a quota: `repository.metricImageCount()` or `RegistryMetrics.repositoryCount()`.
   */
  readonly metric: cloudwatch.Metric;

  /**
   * How much of the quota may be used: above 0, at most 100.
   *
   * @default 80
   */
  readonly percentOfQuota?: number;

  /**
   * The name of the alarm.
   *
   * @default - CloudFormation makes one up
   */
  readonly alarmName?: string;

  /**
   * What whoever gets the alarm should know.
   *
   * @default - which quota is almost used
   */
  readonly alarmDescription?: string;
}

/**
 * Rings when a registry comes near a quota: images in a repository, or repositories in a Region. Pushes fail when it is reached.
 *
 * It compares with the quota that the account has at that time, raised or not.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Quotas-Visualize-Alarms.html
 */
export class QuotaAlarm extends cloudwatch.Alarm {
  static {
    publicClass(this, 'QuotaAlarm');
  }

  constructor(scope: Construct, id: string, props: QuotaAlarmProps) {
    checkArguments('QuotaAlarm', [scope, id, props]);
    super(scope, id, alarmProps(scope, props));
  }
}

function alarmProps(scope: Construct, { metric, percentOfQuota = 80, ...names }: QuotaAlarmProps): cloudwatch.AlarmProps {
  failIfAny(scope, 'InvalidQuotaAlarm', [...metricProblems(metric), ...percentProblems(percentOfQuota)]);
  return {
    metric: new cloudwatch.MathExpression({
      expression: '100 * used / SERVICE_QUOTA(used)',
      usingMetrics: { used: metric },
      period: metric.period,
      label: '% of the quota',
    }),
    threshold: percentOfQuota,
    evaluationPeriods: 1,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: cloudwatch.TreatMissingData.IGNORE,
    alarmDescription: 'Amazon ECR is near a quota: ask for a higher one, or let lifecycle rules delete more',
    ...names,
  };
}

function metricProblems({ namespace, metricName, dimensions }: cloudwatch.Metric): string[] {
  return namespace === 'AWS/Usage' && metricName === 'ResourceCount' && dimensions?.Service === 'ECR'
    ? []
    : [`'metric' must be repository.metricImageCount() or RegistryMetrics.repositoryCount(), got ${show(`${namespace} ${metricName}`)}; `
      + 'make other alarms with createAlarm() of the metric'];
}

function percentProblems(percent: number): string[] {
  return !isKnown(percent) || (percent > 0 && percent <= 100) ? [] : [`'percentOfQuota' must be above 0 and at most 100, got ${percent}`];
}
