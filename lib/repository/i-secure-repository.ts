import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import type * as events from 'aws-cdk-lib/aws-events';
import type { OnImagePushedOptions, OnScanFindingsOptions } from './repository-events';
import type { RepositoryGrants } from './repository-grants';

/**
 * A private repository with the grants, events and metrics of this library, defined in this app or imported.
 */
export interface ISecureRepository extends ecr.IRepository {
  /**
   * Least-privilege permissions on the images of the repository.
   */
  readonly grants: RepositoryGrants;

  /**
   * Calls a target whenever an image is pushed; needs no CloudTrail trail.
   *
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
   * @param id the id of the rule
   * @param options the target, and the tags
   */
  onImagePushed(id: string, options?: OnImagePushedOptions): events.Rule;

  /**
   * Calls a target whenever an image is deleted, by a principal or by a lifecycle policy.
   *
   * @param id the id of the rule
   * @param options the target
   */
  onImageDeleted(id: string, options?: events.OnEventOptions): events.Rule;

  /**
   * Calls a target whenever an image moves to the archive storage class.
   *
   * @param id the id of the rule
   * @param options the target
   */
  onImageArchived(id: string, options?: events.OnEventOptions): events.Rule;

  /**
   * Calls a target whenever a scan completes: a basic scan of Amazon ECR or an enhanced scan of Amazon Inspector.
   *
   * @see https://docs.aws.amazon.com/inspector/latest/user/eventbridge-integration.html
   * @param id the id of the rule
   * @param options the target, and the minimum severity of the findings
   */
  onScanFindings(id: string, options?: OnScanFindingsOptions): events.Rule;

  /**
   * A metric of the repository in the namespace `AWS/ECR`.
   *
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-repository-metrics.html
   * @param metricName the name of the metric
   * @param options the statistic, period and other options of the metric
   */
  metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * The number of image pulls, as a sum.
   *
   * @param options the statistic, period and other options of the metric
   */
  metricPullCount(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * The number of images in the repository, as a maximum over 5 minutes; a `QuotaAlarm` accepts this metric.
   *
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/monitoring-usage.html
   * @param options the statistic, period and other options of the metric
   */
  metricImageCount(options?: cloudwatch.MetricOptions): cloudwatch.Metric;
}
