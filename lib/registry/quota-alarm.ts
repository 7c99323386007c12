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
   * The metric with a quota: `repository.metricImageCount()` or `RegistryMetrics.repositoryCount()`.
   */
  readonly metric: cloudwatch.Metric;

  /**
   * The percentage of the quota that triggers the alarm: above 0, at most 100.
   *
   * @default 80
   */
  readonly percentOfQuota?: number;

  /**
   * The name of the alarm.
   *
   * @default - a name that CloudFormation generates
   */
  readonly alarmName?: string;

  /**
   * The description of the alarm.
   *
   * @default - a description that names the quota
   */
  readonly alarmDescription?: string;
}

/**
 * Alarms when usage approaches a service quota: images in a repository, or repositories in a Region. Pushes fail when the quota is reached.
 *
 * The alarm uses the current quota of the account, including quota increases.
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
    alarmDescription: 'Usage of Amazon ECR approaches a service quota: request a quota increase, or expire more images with lifecycle rules',
    ...names,
  };
}

function metricProblems({ namespace, metricName, dimensions }: cloudwatch.Metric): string[] {
  return namespace === 'AWS/Usage' && metricName === 'ResourceCount' && dimensions?.Service === 'ECR'
    ? []
    : [`'metric' must be repository.metricImageCount() or RegistryMetrics.repositoryCount(), got ${show(`${namespace} ${metricName}`)}; `
      + 'use createAlarm() of other metrics'];
}

function percentProblems(percent: number): string[] {
  return !isKnown(percent) || (percent > 0 && percent <= 100) ? [] : [`'percentOfQuota' must be above 0 and at most 100, got ${percent}`];
}
